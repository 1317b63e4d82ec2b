import { databaseAnswers } from '#lib/health/health.queries.ts'

export const dynamic = 'force-dynamic'

/** For the load balancer and the monitor: 200 when a request could be served, 503 when not; no details for strangers. */
export async function GET(): Promise<Response> {
  const isWell = await databaseAnswers()
  return Response.json(
    { status: isWell ? 'ok' : 'unavailable' },
    { status: isWell ? 200 : 503, headers: { 'cache-control': 'no-store' } },
  )
}
