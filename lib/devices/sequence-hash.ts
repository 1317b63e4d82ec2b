import { argon2, createHmac, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import type { Sequence } from './sequence.ts'

/** OWASP Password Storage: argon2id with 19 MiB, two passes, one lane. */
const COST = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 } as const

const derive = promisify(argon2)

/**
 * The hash of a sequence that the database keeps: without the pepper a stolen table cannot be guessed at all.
 * @param salt 16 random bytes, new for each device
 * @param pepper `DEVICE_PEPPER` as the environment has it
 */
export function hashSequence(sequence: Sequence, salt: Buffer, pepper: string): Promise<Buffer> {
  const message = createHmac('sha256', Buffer.from(pepper, 'base64'))
    .update(`refettorio:sequence:${sequence}`)
    .digest()
  return derive('argon2id', { message, nonce: salt, ...COST })
}

/** Whether a sequence is the one behind a hash, in a time that does not tell how nearly. */
export async function isSequence(
  sequence: Sequence,
  kept: { salt: Buffer; hash: Buffer },
  pepper: string,
): Promise<boolean> {
  return timingSafeEqual(await hashSequence(sequence, kept.salt, pepper), kept.hash)
}
