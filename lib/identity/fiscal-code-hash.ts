import { createHmac } from 'node:crypto'

/**
 * What the portal keeps and compares instead of a fiscal code: 32 bytes that tell nothing without the key, as the
 * columns `fiscal_code_hash` hold them. The same person, whether through SPID or CIE, in whichever municipality, has one hash.
 * @param code a code that `parseFiscalCode` accepted (upper case, no spaces, no `TINIT-`)
 * @param key `FISCAL_CODE_KEY` as the environment has it (base64 of at least 32 bytes); changing it unlinks all citizens
 */
export const hashFiscalCode = (code: string, key: string): Buffer =>
  createHmac('sha256', Buffer.from(key, 'base64')).update(`refettorio:fiscal-code:${code}`).digest()
