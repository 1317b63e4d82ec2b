import { log } from '#lib/kernel/log.ts'
import { MAX_NOTIFICATION_BYTES, receiveNotification } from '#lib/payments/provider-notification.commands.ts'

type Context = { params: Promise<{ key: string }> }

/**
 * Where the payment provider tells us that something happened. Anyone may call it; nothing said here moves money.
 * Without a database the answer is 503, and the provider comes again.
 */
export async function POST(request: Request, { params }: Context): Promise<Response> {
  const { key } = await params
  try {
    const raw = await readAtMost(request, MAX_NOTIFICATION_BYTES)
    return new Response(null, { status: raw ? await receiveNotification(key, raw) : 413 })
  } catch (error) {
    log().error({ err: error }, 'payments: notification was not stored')
    return new Response(null, { status: 503, headers: { 'Retry-After': '10' } })
  }
}

/** The body, or null when it is longer than `most` bytes: the rest is not even read. */
async function readAtMost(request: Request, most: number): Promise<Uint8Array | null> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of request.body ?? []) {
    size += part.byteLength
    if (size > most) return null
    parts.push(part)
  }
  return Buffer.concat(parts)
}
