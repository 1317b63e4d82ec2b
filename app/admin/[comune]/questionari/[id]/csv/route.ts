import { officeQuestionnaire, officeResults } from '#lib/questionnaires/office/questionnaire.queries.ts'
import { resultsCsv } from '#lib/questionnaires/office/results.csv.ts'
import { resultsOf } from '#lib/questionnaires/questionnaire.ts'
import { viewerOfFile } from '#lib/session/session.request.ts'
import { missingFile, overListBudget } from '#lib/web/refused-file.http.ts'
import { italian } from '#lib/words/language.ts'

/** The results as a spreadsheet; "not found" before they may be read, and for a viewer who may not. */
export async function GET(
  _: Request,
  { params }: { params: Promise<{ comune: string; id: string }> },
): Promise<Response> {
  const { comune: municipalitySlug, id } = await params
  const viewer = await viewerOfFile(municipalitySlug)
  if (viewer instanceof Response) return viewer
  const refusal = overListBudget(viewer, italian)
  if (refusal) return refusal
  const found = await officeQuestionnaire(viewer, id)
  const results = found && (await officeResults(viewer, found))
  if (!results) return missingFile()
  return new Response(
    resultsCsv(resultsOf(found.questions, results.counts, found.anonymous), results.texts),
    {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="questionario-${id.slice(-12)}.csv"`,
        'cache-control': 'private, no-store',
      },
    },
  )
}
