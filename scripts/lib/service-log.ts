import { describeDefect } from '#lib/kernel/defect.ts'
import { log } from '#lib/kernel/log.ts'

const METHODS = { debug: 'debug', log: 'info', info: 'info', warn: 'warn', error: 'error' } as const

/** What a library printed. Of an object nothing is told: it may be a row. */
const told = (arg: unknown): string => {
  if (arg instanceof Error) return describeDefect(arg).message
  return typeof arg === 'string' ? arg : `[${typeof arg}]`
}

/** From now on all that this process prints is a line of the log: what libraries print, what Node warns of, what no code caught. */
export function logEverything(component: string): void {
  for (const [method, level] of Object.entries(METHODS) as [keyof typeof METHODS, 'info'][])
    console[method] = (...args: unknown[]) =>
      log()[level]({ words: args.map(told).join(' ') }, `${component}: a library printed`)
  process.removeAllListeners('warning')
  process.on('warning', (warning) => log().warn({ err: warning }, `${component}: Node warned`))
  process.on('uncaughtException', (error) => {
    log().fatal({ err: error }, `${component}: ended by an error that no code caught`)
    process.exit(1)
  })
}
