import pino, { type Logger, type LoggerOptions } from 'pino'
import { describeDefect } from './defect.ts'
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

/** How every process of the portal logs. */
export const logOptions = (level: LoggerOptions['level']): LoggerOptions => ({
  level,
  timestamp: pino.stdTimeFunctions.isoTime,
  redact: { paths: PRIVATE.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '…' },
  // Not pino's own, which prints every property of an error: those of a database error quote the row.
  serializers: { err: (error) => describeDefect(error) },
})

let logger: Logger | undefined

/** The log of this process: one JSON object per line, UTC, on standard output. Log references and numbers, not people. */
export function log(): Logger {
  logger ??= pino(logOptions(env().LOG_LEVEL))
  return logger
}
