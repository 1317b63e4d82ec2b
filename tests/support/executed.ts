import { type Profiler, Session } from 'node:inspector'
import path from 'node:path'

const ROOT = `${process.cwd()}/`

/** Counts which files of the checkout execute: V8 notes every call of every function. Packages and the tests are left out. */
export class Coverage {
  readonly #session = new Session()

  constructor() {
    this.#session.connect()
    this.#session.post('Profiler.enable')
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })
  }

  /** The files with a function that was called since the last take, in no particular order. */
  take(): string[] {
    let found: string[] = []
    this.#session.post('Profiler.takePreciseCoverage', (error, { result }) => {
      if (error) throw error
      found = result.flatMap(executedIn)
    })
    return found
  }

  stop(): void {
    this.#session.post('Profiler.stopPreciseCoverage')
    this.#session.disconnect()
  }
}

function executedIn({ url, functions }: Profiler.ScriptCoverage): string[] {
  const file = path.normalize(url.replace(/^file:\/\//, '').replace(/\?.*$/, ''))
  if (!file.startsWith(ROOT) || /\/(node_modules|tests)\//.test(file)) return []
  return functions.some(({ ranges }) => ranges.some(({ count }) => count > 0))
    ? [file.slice(ROOT.length)]
    : []
}
