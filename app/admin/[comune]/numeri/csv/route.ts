import { officeFigures } from '#lib/figures/figures.queries.ts'
import { csvText, italianCsv } from '#lib/kernel/csv.ts'
import { viewerOfFile } from '#lib/session/session.request.ts'
import { missingFile, overListBudget } from '#lib/web/refused-file.http.ts'
import { italian } from '#lib/words/language.ts'

/** Meals by month and school as a spreadsheet, whole numbers; a viewer who may not read them gets "not found". */
export async function GET(
  _: Request,
  { params }: { params: Promise<{ comune: string }> },
): Promise<Response> {
  const { comune: municipalitySlug } = await params
  const viewer = await viewerOfFile(municipalitySlug)
  if (viewer instanceof Response) return viewer
  const refusal = overListBudget(viewer, italian)
  if (refusal) return refusal
  const figures = await officeFigures(viewer)
  if (!figures) return missingFile()
  const rows = figures.meals.map((row) => [
    row.month,
    csvText(row.schoolName),
    row.serviceDays,
    row.meals,
    row.absent,
  ])
  return new Response(
    italianCsv([['mese', 'scuola', 'giorni_mensa', 'pasti_serviti', 'pasti_disdetti'], ...rows]),
    {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="numeri-${municipalitySlug}.csv"`,
        'cache-control': 'private, no-store',
      },
    },
  )
}
