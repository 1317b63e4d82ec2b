import { submissionsCsv } from '#lib/forms/office/submission.csv.ts'
import { submissionsToExport } from '#lib/forms/office/submission.queries.ts'
import { viewerOfFile } from '#lib/session/session.request.ts'

type Context = { params: Promise<{ comune: string; id: string }> }

/** Every submission of a form with its answers, as a spreadsheet file. A viewer who may not read them gets "not found". */
export async function GET(_request: Request, { params }: Context): Promise<Response> {
  const { comune: municipalitySlug, id } = await params
  const viewer = await viewerOfFile(municipalitySlug)
  if (viewer instanceof Response) return viewer
  const rows = await submissionsToExport(viewer, id)
  if (!rows)
    return new Response('Non trovato', { status: 404, headers: { 'cache-control': 'private, no-store' } })
  return new Response(submissionsCsv(rows), {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="domande-${municipalitySlug}.csv"`,
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
    },
  })
}
