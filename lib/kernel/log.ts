import pino, { type LogFn, type Logger, type LoggerOptions } from 'pino'
import { describeDefect } from './defect.ts'
import { logLevel } from './env.ts'
import { partsOf, readableLine } from './log-line.ts'

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

/** Each line says in fields of their own which component speaks and what it did or could not do: `component: action`. */
function logMethod(this: Logger, args: Parameters<LogFn>, method: LogFn): void {
  const [first, message, ...rest] = args as [unknown, unknown?, ...unknown[]]
  const isBare = typeof first === 'string'
  const said = isBare ? first : typeof message === 'string' ? message : ''
  const fields = { ...partsOf(said), ...(isBare ? {} : (first as object)) }
  method.apply(this, [fields, said, ...(isBare ? [] : rest)] as Parameters<LogFn>)
}

/** How every process of the portal logs. */
export const logOptions = (level: LoggerOptions['level']): LoggerOptions => ({
  level,
  timestamp: pino.stdTimeFunctions.isoTime,
  redact: { paths: PRIVATE.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '…' },
  // Not pino's own, which prints every property of an error: those of a database error quote the row.
  serializers: { err: (error) => describeDefect(error) },
  hooks: { logMethod },
})

/** A person reads at a terminal; everything else is a machine. */
const forPeople = { write: (line: string) => process.stdout.write(`${readableLine(line)}\n`) }

let logger: Logger | undefined

/**
 * The log of this process: one JSON object per line, UTC, on standard output, and a readable line where that is a terminal. Log
 * references and numbers, not people. It speaks also where the environment is refused.
 */
export function log(): Logger {
  logger ??= process.stdout.isTTY ? pino(logOptions(logLevel()), forPeople) : pino(logOptions(logLevel()))
  return logger
}
