import { parseDay } from '#lib/kernel/day.ts'
import { countsCsv } from '#lib/kitchen/count.csv.ts'
import { countsOfDay } from '#lib/kitchen/count.queries.ts'
import { viewerOfFile } from '#lib/session/session.request.ts'
import { missingFile, overListBudget } from '#lib/web/refused-file.http.ts'
import { italian } from '#lib/words/language.ts'

/** The counts of `?giorno=` as a spreadsheet file. A viewer who may not read them gets "not found". */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ comune: string }> },
): Promise<Response> {
  const { comune: municipalitySlug } = await params
  const viewer = await viewerOfFile(municipalitySlug)
  if (viewer instanceof Response) return viewer
  const refusal = overListBudget(viewer, italian)
  if (refusal) return refusal
  const day = parseDay(new URL(request.url).searchParams.get('giorno'))
  const counts = day ? await countsOfDay(viewer, day) : null
  if (!counts) return missingFile()
  return new Response(countsCsv(counts.day, counts.now, counts.schools), {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="conteggi-${municipalitySlug}-${counts.day}.csv"`,
      'cache-control': 'private, no-store',
    },
  })
}
