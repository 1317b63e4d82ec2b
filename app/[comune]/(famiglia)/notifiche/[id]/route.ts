import { isUuid } from '#lib/kernel/uuid.ts'
import { openNotification } from '#lib/notifications/notification.commands.ts'
import { viewerOfFile } from '#lib/session/session.request.ts'

const missing = () => new Response(null, { status: 404, headers: { 'cache-control': 'private, no-store' } })

type Params = { params: Promise<{ comune: string; id: string }> }

/** Opens what a notification tells about, and marks it as read. Not of the reader: not found. */
export async function GET(_request: Request, { params }: Params): Promise<Response> {
  const { comune: municipalitySlug, id } = await params
  const viewer = await viewerOfFile(municipalitySlug)
  if (viewer instanceof Response) return viewer
  if (!isUuid(id)) return missing()
  const path = await openNotification(viewer, id)
  if (path === null) return missing()
  return new Response(null, {
    status: 303,
    headers: { location: `/${municipalitySlug}${path}`, 'cache-control': 'private, no-store' },
  })
}
