/** What the log says of an error. */
export type Defect = {
  type: string
  message: string
  code?: string
  stack?: string
  cause?: Defect
}

const DEEPEST = 4
/** Data exceptions of PostgreSQL: their message quotes the value, as the other classes quote names only. */
const DATA_EXCEPTION = /^22[0-9A-Z]{3}$/
const QUOTED = /"[^"]*"/g

type Thrown = { name?: unknown; message?: unknown; code?: unknown; stack?: unknown; cause?: unknown }

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** The message, without the value that could not be read: it is of a row or of a form. */
function messageOf({ name, message, code }: Thrown): string {
  const quotesData = name === 'SyntaxError' || DATA_EXCEPTION.test(textOf(code))
  return quotesData ? textOf(message).replace(QUOTED, '"…"') : textOf(message)
}

/** Where it was thrown: the lines of the stack without the message above them. */
const placesOf = (stack: unknown): string =>
  textOf(stack)
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .join('\n')

/**
 * An error for the log, without personal data. Only these properties are named: a database error carries `detail`, `where` and
 * more, which quote the whole row with its fiscal code.
 */
export function describeDefect(thrown: unknown, depth = 1): Defect {
  if (typeof thrown !== 'object' || thrown === null) return { type: typeof thrown, message: '' }
  const error = thrown as Thrown
  const { code, cause } = error
  const stack = placesOf(error.stack)
  return {
    type: textOf(error.name),
    message: messageOf(error),
    ...(typeof code === 'string' ? { code } : {}),
    ...(stack ? { stack } : {}),
    ...(cause && depth < DEEPEST ? { cause: describeDefect(cause, depth + 1) } : {}),
  }
}
