/** What a log line says of where it comes from: `component: action`. */
export function partsOf(message: string): { component: string; action: string } {
  const at = message.indexOf(': ')
  if (at < 1) return { component: 'portal', action: message }
  return { component: message.slice(0, at), action: message.slice(at + 2) }
}

type Entry = { time?: unknown; msg?: unknown; words?: unknown; err?: { type?: unknown; message?: unknown } }

function entryOf(line: string): Entry | null {
  if (!line.startsWith('{')) return null
  try {
    return JSON.parse(line) as Entry
  } catch {
    return null
  }
}

/** A line of the log as a person reads it at a terminal: the words for people where it has some. What is no line of ours stays as it is. */
export function readableLine(line: string): string {
  const entry = entryOf(line.trim())
  if (!entry || typeof entry.msg !== 'string') return line.trimEnd()
  const { time, msg, words, err } = entry
  const clock = typeof time === 'string' ? `${time.slice(11, 19)} ` : ''
  const said = typeof words === 'string' ? words : msg
  const why = err
    ? ` (${[err.type, err.message].filter((part) => typeof part === 'string' && part).join(': ')})`
    : ''
  return `${clock}${said}${why}`
}
