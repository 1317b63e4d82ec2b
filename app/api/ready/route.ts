import { checkHealth } from '#lib/health/health.commands.ts'
import { canServe } from '#lib/health/health.ts'
import { isWarm } from '#lib/web/warm-up.adapter.ts'

export const dynamic = 'force-dynamic'

/**
 * For what sends people here: 200 when this process has drawn its main pages and its database takes what people confirm, 503
 * before. A worker that stands still keeps no one out: `/api/health` tells the monitor.
 */
export async function GET(): Promise<Response> {
  const status = !isWarm() ? 'warming' : canServe(await checkHealth()) ? 'ready' : 'unavailable'
  return Response.json(
    { status },
    { status: status === 'ready' ? 200 : 503, headers: { 'cache-control': 'no-store' } },
  )
}
