import { env } from '#lib/kernel/env.ts'
import { deviceRenewalInput } from '#lib/notifications/choices.input.ts'
import { renewDevice } from '#lib/notifications/notification.commands.ts'
import { takeFromRateLimit } from '#lib/session/rate-limit.commands.ts'
import { fromOurPages } from '#lib/session/session.queries.ts'
import { readJson } from '#lib/web/form-request.http.ts'

/**
 * Where our service worker tells that the browser receives at another address now. It needs no session: the secret of
 * the old address is the proof, and the answer is the same whether or not it was right.
 */
export async function POST(request: Request): Promise<Response> {
  if (!fromOurPages(request.headers, env().PUBLIC_ORIGIN)) return new Response(null, { status: 403 })
  const wait = await takeFromRateLimit(request, 'renewal')
  if (wait > 0) return new Response(null, { status: 429, headers: { 'retry-after': String(wait) } })
  const typed = deviceRenewalInput.safeParse(await readJson(request))
  if (!typed.success) return new Response(null, { status: 400 })
  await renewDevice(typed.data)
  return new Response(null, { status: 204, headers: { 'cache-control': 'no-store' } })
}
