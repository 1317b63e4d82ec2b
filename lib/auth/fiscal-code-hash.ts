import { createHmac } from 'node:crypto'

/**
 * What the portal keeps and compares instead of a fiscal code: 64 hexadecimal characters that tell nothing without
 * the key. The same person, whether through SPID or CIE, in whichever town, has one hash.
 * @param code a code that `parseFiscalCode` accepted (upper case, no spaces, no `TINIT-`)
 * @param key secret of at least 32 bytes, the same for every process and for ever: changing it unlinks everybody
 */
export const hashFiscalCode = (code: string, key: string): string =>
  createHmac('sha256', key).update(`refettorio:fiscal-code:${code}`).digest('hex')
