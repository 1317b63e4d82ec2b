import { existsSync } from 'node:fs'
import path from 'node:path'
import { explain } from './explain.ts'

const SCRIPTS = path.dirname(import.meta.dirname)
/** The checkout: every script works from here, wherever it was called. */
export const ROOT = path.dirname(SCRIPTS)

/** The files of variables that a script reads beside `.env`: what opens something is in a file that only its reader reads. */
const OWN_FILES: Readonly<Record<string, readonly string[]>> = {
  web: ['.env.web'],
  worker: ['.env.worker'],
  'identity-doctor': ['.env.web'],
  database: ['.env.migrate'],
  town: ['.env.migrate'],
  start: ['.env.migrate', '.env.web', '.env.worker'],
}

/** The files of variables of a script, the shared one last: what is set already wins. */
export const filesFor = (name = ''): string[] => [...(OWN_FILES[name] ?? []), '.env']

/** Programs that run as services: what reads their log is a machine, and it reads every line. */
const SERVICES: readonly (string | undefined)[] = ['web', 'worker']

async function report(name: string | undefined, error: unknown): Promise<void> {
  const words = explain(error)
  if (!SERVICES.includes(name)) {
    console.error(words ?? error)
    return
  }
  const { log } = await import('#lib/kernel/log.ts')
  log().fatal(words ? { words } : { err: error }, `${name}: could not go on`)
}

/**
 * Runs `scripts/<name>.ts`, whose `main(args)` may return an exit code.
 * A failure that a person can act on is printed as its sentence; any other with its stack.
 */
export async function runScript(name: string | undefined, args: readonly string[]): Promise<void> {
  process.chdir(ROOT)
  try {
    for (const file of filesFor(name)) if (existsSync(file)) process.loadEnvFile(file)
    const { main } = (await import(path.join(SCRIPTS, `${name}.ts`))) as {
      main: (args: readonly string[]) => Promise<number | undefined>
    }
    const code = await main(args)
    if (code !== undefined) process.exitCode = code
  } catch (error) {
    await report(name, error)
    process.exitCode = 1
  }
}
