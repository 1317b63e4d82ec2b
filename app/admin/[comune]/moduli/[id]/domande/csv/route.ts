import { allowedToStaff } from '#lib/access/capabilities.ts'
import { submissionsCsv } from '#lib/forms/office/submission.csv.ts'
import { submissionsToExport } from '#lib/forms/office/submission.queries.ts'
import { requireFresh, viewerOfFile } from '#lib/session/session.request.ts'
import { missingFile, overListBudget } from '#lib/web/refused-file.http.ts'
import { italian } from '#lib/words/language.ts'

type Context = { params: Promise<{ comune: string; id: string }> }

/**
 * Every submission of a form with its answers, as a spreadsheet file: diets, reactions, incomes of all families at a time, so only
 * just after SPID or CIE. A viewer who may not read them gets "not found".
 */
export async function GET(_request: Request, { params }: Context): Promise<Response> {
  const { comune: municipalitySlug, id } = await params
  const viewer = await viewerOfFile(municipalitySlug)
  if (viewer instanceof Response) return viewer
  if (!allowedToStaff(viewer, 'forms:manage')) return missingFile()
  await requireFresh(municipalitySlug)
  const refusal = overListBudget(viewer, italian)
  if (refusal) return refusal
  const rows = await submissionsToExport(viewer, id)
  if (!rows) return missingFile()
  return new Response(submissionsCsv(rows), {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="domande-${municipalitySlug}.csv"`,
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
    },
  })
}
