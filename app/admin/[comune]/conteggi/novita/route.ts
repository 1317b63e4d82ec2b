import { parseDay } from '#lib/kernel/day.ts'
import { countsFingerprint } from '#lib/kitchen/count.queries.ts'
import { currentViewer } from '#lib/session/session.request.ts'

/** The fingerprint of the counts of `?giorno=`: an open page asks for it often, and reloads when it has changed. */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ comune: string }> },
): Promise<Response> {
  const viewer = await currentViewer((await params).comune)
  const day = parseDay(new URL(request.url).searchParams.get('giorno'))
  const fingerprint = viewer && day ? await countsFingerprint(viewer, day) : null
  return new Response(fingerprint ?? 'Non trovato', {
    status: fingerprint === null ? 404 : 200,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'private, no-store' },
  })
}
