/** Of PostgreSQL: the connection, its resources (a full disk, too many connections), a server that stops. */
const CLASSES = new Set(['08', '53'])
const CODES = new Set([
  '25006', // it only reads: a standby, or a primary that was promoted wrongly
  '25P03', // a transaction that waited too long for us
  '25P04', // a transaction that lasted too long
  '55P03', // a lock that did not come
  '57014', // a statement that took too long
  '57P01', // it was told to stop
  '57P02', // it crashed
  '57P03', // it is starting
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'EPIPE',
  'ETIMEDOUT',
])
/** What the driver says without a code. */
const SAID_BY_DRIVER =
  /^(timeout exceeded when trying to connect|Query read timeout|Connection terminated|Client has encountered a connection error|Client was closed)/

/** Whether this is the database's failure to serve, which passes by itself, and none of the statement. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code, message, cause, syscall } = error as Error & { code?: unknown; syscall?: unknown }
  // Its socket is not there.
  if (code === 'ENOENT' && syscall === 'connect') return true
  if (typeof code === 'string' && (CODES.has(code) || (code.length === 5 && CLASSES.has(code.slice(0, 2)))))
    return true
  return SAID_BY_DRIVER.test(message) || isDatabaseAway(cause)
}
