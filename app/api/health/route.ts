import { checkHealth } from '#lib/health/health.commands.ts'

export const dynamic = 'force-dynamic'

/**
 * For the monitor: 200 when the installation works as a whole, 503 when not, with the names of its checks: `database` takes
 * writes, `schema` has the migrations of this version, `worker` lives. Reasons are for the log, not for strangers.
 */
export async function GET(): Promise<Response> {
  const checks = await checkHealth()
  const isWell = Object.values(checks).every(Boolean)
  return Response.json(
    { status: isWell ? 'ok' : 'unavailable', checks },
    { status: isWell ? 200 : 503, headers: { 'cache-control': 'no-store' } },
  )
}
