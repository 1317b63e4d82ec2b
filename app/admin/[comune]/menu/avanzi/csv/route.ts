import { csvText, italianCsv } from '#lib/kernel/csv.ts'
import { readLeftoverFilter } from '#lib/kitchen/leftover.address.ts'
import { readLeftovers } from '#lib/kitchen/leftover.queries.ts'
import { COURSES } from '#lib/menus/dish.ts'
import { viewerOfFile } from '#lib/session/session.request.ts'
import { missingFile, overListBudget } from '#lib/web/refused-file.http.ts'
import { italian } from '#lib/words/language.ts'

/** Leftovers as a spreadsheet, with the filters of their page; a viewer who may not read them gets "not found". */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ comune: string }> },
): Promise<Response> {
  const { comune: municipalitySlug } = await params
  const viewer = await viewerOfFile(municipalitySlug)
  if (viewer instanceof Response) return viewer
  const refusal = overListBudget(viewer, italian)
  if (refusal) return refusal
  const asked = readLeftoverFilter(Object.fromEntries(new URL(request.url).searchParams))
  const page = await readLeftovers(viewer, asked)
  if (!page) return missingFile()
  const rows = page.rows.map((row) => [
    row.day,
    csvText(row.schoolName),
    csvText(row.className ?? ''),
    COURSES[row.course],
    row.grams ?? '',
    row.share ?? '',
  ])
  return new Response(
    italianCsv([['giorno', 'scuola', 'classe', 'portata', 'grammi', 'percentuale'], ...rows]),
    {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="avanzi-${municipalitySlug}.csv"`,
        'cache-control': 'private, no-store',
      },
    },
  )
}
