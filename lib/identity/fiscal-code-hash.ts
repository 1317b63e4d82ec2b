import { createHmac } from 'node:crypto'
import type { KeyRing } from '#lib/kernel/sealed.ts'

/**
 * What the portal keeps and compares instead of a fiscal code: 32 bytes that tell nothing without the key, as the
 * columns `fiscal_code_hash` hold them. The same person, whether through SPID or CIE, in whichever municipality, has one hash.
 * @param code a code that `parseFiscalCode` accepted (upper case, no spaces, no `TINIT-`)
 * @param key `FISCAL_CODE_KEY` as the environment has it (base64 of at least 32 bytes)
 */
export const hashFiscalCode = (code: string, key: string): Buffer =>
  createHmac('sha256', Buffer.from(key, 'base64')).update(`refettorio:fiscal-code:${code}`).digest()

/** The hash of a code with each key of the ring, the current one first: a code may be written under any of them while a key is replaced. */
export const fiscalCodeHashes = (code: string, { current, earlier }: KeyRing): [Buffer, ...Buffer[]] => [
  hashFiscalCode(code, current),
  ...earlier.map((key) => hashFiscalCode(code, key)),
]
