import { existsSync } from 'node:fs'
import path from 'node:path'
import { explain } from './explain.ts'

const SCRIPTS = path.dirname(import.meta.dirname)
/** The checkout: every script works from here, wherever it was called. */
export const ROOT = path.dirname(SCRIPTS)

/** The scripts that change the schema; `start` has the migrations run before web and worker. */
const OF_THE_OWNER: readonly string[] = ['database', 'start']

/** The files of variables that a script reads: the owner's address is in one of its own, which web and worker never read. */
const filesFor = (name = ''): string[] => [...(OF_THE_OWNER.includes(name) ? ['.env.migrate'] : []), '.env']

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
    console.error(explain(error) ?? error)
    process.exitCode = 1
  }
}
