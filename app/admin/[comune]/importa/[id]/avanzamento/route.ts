import { importFingerprint } from '#lib/imports/office/import.queries.ts'
import { currentViewer } from '#lib/session/session.request.ts'

/** How far an import is, in a few bytes: an open page asks for it often, and reloads when it has changed. */
export async function GET(
  _request: Request,
  { params }: { params: Promise<{ comune: string; id: string }> },
): Promise<Response> {
  const { comune, id } = await params
  const viewer = await currentViewer(comune)
  const fingerprint = viewer ? await importFingerprint(viewer, id) : null
  return new Response(fingerprint ?? 'Non trovato', {
    status: fingerprint === null ? 404 : 200,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'private, no-store' },
  })
}
