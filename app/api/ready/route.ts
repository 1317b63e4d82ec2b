import { databaseAnswers } from '#lib/health/health.queries.ts'
import { isWarm } from '#lib/web/warm-up.adapter.ts'

export const dynamic = 'force-dynamic'

/**
 * For what sends people here: 200 when this process has drawn its main pages and its database answers, 503 before. `/api/health`
 * says 200 earlier: a process that is still cold must not be restarted for it.
 */
export async function GET(): Promise<Response> {
  const status = !isWarm() ? 'warming' : (await databaseAnswers()) ? 'ready' : 'unavailable'
  return Response.json(
    { status },
    { status: status === 'ready' ? 200 : 503, headers: { 'cache-control': 'no-store' } },
  )
}
