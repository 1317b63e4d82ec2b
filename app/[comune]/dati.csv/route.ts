import { publicFigures } from '#lib/figures/figures.queries.ts'
import { csvText, italianCsv } from '#lib/kernel/csv.ts'
import { municipalityBySlug } from '#lib/school/municipality.queries.ts'
import { overPublicBudget } from '#lib/web/refused-file.http.ts'
import { readWords } from '#lib/words/words.request.ts'

/** The open data as a spreadsheet; an empty cell is a number too small to be shown. */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ comune: string }> },
): Promise<Response> {
  const { comune: municipalitySlug } = await params
  const municipality = await municipalityBySlug(municipalitySlug)
  const t = await readWords()
  if (!municipality) return new Response(t('Non trovato'), { status: 404 })
  const refusal = overPublicBudget(request, t)
  if (refusal) return refusal
  const { months } = await publicFigures(municipality)
  const rows = months.flatMap(({ month, schools }) =>
    schools.map(({ schoolName, serviceDays, meals, absent }) => [
      month,
      csvText(schoolName),
      serviceDays,
      meals ?? '',
      absent ?? '',
    ]),
  )
  return new Response(
    italianCsv([['mese', 'scuola', 'giorni_mensa', 'pasti_serviti', 'pasti_disdetti'], ...rows]),
    {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="mensa-${municipalitySlug}.csv"`,
        'cache-control': 'public, max-age=60',
        'access-control-allow-origin': '*',
      },
    },
  )
}
