export const dynamic = 'force-dynamic'

/** For what restarts a process: 200 while this one answers, also without its database. */
export function GET(): Response {
  return Response.json({ status: 'ok' }, { headers: { 'cache-control': 'no-store' } })
}
