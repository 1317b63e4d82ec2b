import pino, { type Logger } from 'pino'
import { env } from './env.ts'

/** Keys that are removed from every log object, at any depth: people, secrets, health. */
const PRIVATE = [
  'authorization',
  'cookie',
  'diet',
  'email',
  'familyName',
  'fiscalCode',
  'fiscal_code',
  'givenName',
  'name',
  'password',
  'phone',
  'token',
]

let logger: Logger | undefined

/** The log of this process: one JSON object per line, UTC, on standard output. Log references and numbers, not people. */
export function log(): Logger {
  logger ??= pino({
    level: env().LOG_LEVEL,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: PRIVATE.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '…' },
  })
  return logger
}
