import { createHash, timingSafeEqual } from 'node:crypto'
import { isUuid } from '#lib/kernel/uuid.ts'
import type { ParsedNotification } from './gateway.ts'

const KEY = /^[A-Za-z0-9_-]{22}[A-Za-z0-9_-]{32}$/

/**
 * The last part of a notification address: the municipality's id and a secret, both base64url.
 * The municipality must be in it, because the database shows a top-up only to a transaction that names its municipality.
 * @param random 24 bytes from a cryptographic source
 */
export function notificationKeyOf(municipalityId: string, random: Uint8Array): string {
  const id = Buffer.from(municipalityId.replaceAll('-', ''), 'hex')
  return id.toString('base64url') + Buffer.from(random).toString('base64url')
}

/** The municipality named by a notification address; null when the address cannot be one of ours. */
export function municipalityOfKey(key: string): string | null {
  if (!KEY.test(key)) return null
  const hex = Buffer.from(key.slice(0, 22), 'base64url').toString('hex')
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  return isUuid(id) ? id : null
}

/** Tokens are kept and compared only as their hash. */
export const hashOfSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest()

export type NotificationVerdict =
  | 'accepted'
  /** The provider was faster than its own reply to us, so there is no token yet to compare with. */
  | 'early'
  | 'malformed'
  | 'wrong-order'
  | 'wrong-token'

/**
 * What a notification is worth. None of these is a payment: an accepted one only makes us ask the provider.
 * @param ours the order it was addressed to; `secretHash` null while the provider's reply has not been stored
 */
export function judgeNotification(
  parsed: ParsedNotification,
  ours: { orderId: string; secretHash: Uint8Array | null },
): NotificationVerdict {
  if (!parsed.ok) return 'malformed'
  if (parsed.orderRef !== ours.orderId) return 'wrong-order'
  if (ours.secretHash === null) return 'early'
  if (parsed.secret === null) return 'wrong-token'
  return timingSafeEqual(hashOfSecret(parsed.secret), ours.secretHash) ? 'accepted' : 'wrong-token'
}
