import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'

const CIPHER = 'aes-256-gcm'
/** The first byte of what is sealed: how the rest is read. */
const FORMAT = 1
const KEY_ID_BYTES = 4
const IV_BYTES = 12
const TAG_BYTES = 16
const HEAD_BYTES = 1 + KEY_ID_BYTES
const BODY_AT = HEAD_BYTES + IV_BYTES + TAG_BYTES

/**
 * The keys of the environment, base64. `current` seals; all of them open. While a key is replaced, what was sealed with the one
 * before still opens.
 */
export type KeyRing = { current: string; earlier: readonly string[] }

/** A key for one purpose. What is derived for one says nothing of another, nor of the key itself (HKDF, RFC 5869). */
const subkey = (key: string, purpose: string, bytes = 32): Buffer =>
  Buffer.from(hkdfSync('sha256', Buffer.from(key, 'base64'), '', `refettorio:${purpose}`, bytes))

/** The name under which what is sealed remembers its key. It is derived, and tells nothing of the key. */
export const keyIdOf = (key: string): string => subkey(key, 'key-id', KEY_ID_BYTES).toString('hex')

/**
 * Encrypts bytes for the database, with AES-256-GCM and a key of this purpose.
 * @param purpose bound to the ciphertext: with another purpose it does not open
 * @returns format, id of the key, IV, tag and ciphertext, one after the other
 */
export function sealBytes(bytes: Uint8Array, purpose: string, { current }: KeyRing): Buffer {
  const head = Buffer.concat([Buffer.from([FORMAT]), Buffer.from(keyIdOf(current), 'hex')])
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv(CIPHER, subkey(current, `seal:${purpose}`), iv).setAAD(head)
  const body = Buffer.concat([cipher.update(bytes), cipher.final()])
  return Buffer.concat([head, iv, cipher.getAuthTag(), body])
}

/** The id of the key that sealed something; null when it was not sealed here. */
export const keyIdIn = (sealed: Buffer): string | null =>
  sealed.length >= BODY_AT && sealed[0] === FORMAT ? sealed.subarray(1, HEAD_BYTES).toString('hex') : null

/** Decrypts what `sealBytes` encrypted; null when it was changed, or made with a key that is not on the ring, or for another purpose. */
export function unsealBytes(sealed: Buffer, purpose: string, ring: KeyRing): Buffer | null {
  const id = keyIdIn(sealed)
  const key = [ring.current, ...ring.earlier].find((known) => keyIdOf(known) === id)
  if (!key) return null
  const iv = sealed.subarray(HEAD_BYTES, HEAD_BYTES + IV_BYTES)
  const tag = sealed.subarray(HEAD_BYTES + IV_BYTES, BODY_AT)
  try {
    const decipher = createDecipheriv(CIPHER, subkey(key, `seal:${purpose}`), iv, {
      authTagLength: TAG_BYTES,
    })
    decipher.setAAD(sealed.subarray(0, HEAD_BYTES)).setAuthTag(tag)
    return Buffer.concat([decipher.update(sealed.subarray(BODY_AT)), decipher.final()])
  } catch {
    return null
  }
}

/** Encrypts a text, as `sealBytes` does. */
export const seal = (text: string, purpose: string, ring: KeyRing): Buffer =>
  sealBytes(Buffer.from(text), purpose, ring)

/** Decrypts a text, as `unsealBytes` does. */
export const unseal = (sealed: Buffer, purpose: string, ring: KeyRing): string | null =>
  unsealBytes(sealed, purpose, ring)?.toString('utf8') ?? null

/** Seals again, with the current key, what another key of the ring sealed; null when there is nothing to do or it does not open. */
export function resealed(sealed: Buffer, purpose: string, ring: KeyRing): Buffer | null {
  if (keyIdIn(sealed) === keyIdOf(ring.current)) return null
  const bytes = unsealBytes(sealed, purpose, ring)
  return bytes && sealBytes(bytes, purpose, ring)
}

/** What is kept of a secret where only equality matters, with each key of the ring, the current one first. */
export const keyedHashes = (
  text: string,
  purpose: string,
  { current, earlier }: KeyRing,
): [Buffer, ...Buffer[]] => {
  const hash = (key: string) =>
    createHmac('sha256', subkey(key, `hash:${purpose}`))
      .update(text)
      .digest()
  return [hash(current), ...earlier.map(hash)]
}
