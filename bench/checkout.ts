import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { build, isBuilt } from '#scripts/build.ts'
import { Explained } from '#scripts/lib/explain.ts'
import { ROOT } from '#scripts/lib/run-script.ts'

/** A built checkout of one commit. */
export type Checkout = { root: string; commit: string }

/** A build leaves this file last: see scripts/build.ts, in every commit that can be compared. */
const STAMP = '.next/sources.sha256'

const git = (...args: string[]): string =>
  execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()

/** Runs a command in a checkout; what it prints goes to this terminal's errors. */
export async function runIn(
  root: string,
  [program = '', ...args]: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const child = spawn(program, args, { cwd: root, env: env as NodeJS.ProcessEnv, stdio: ['ignore', 2, 2] })
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Explained(`Non è riuscito in ${root}: ${program} ${args.join(' ')}`)
}

/** What a command needs of this process's environment, and nothing of the project's. */
export const bareEnvironment = (): Record<string, string | undefined> => ({
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  NEXT_TELEMETRY_DISABLED: '1',
})

/** This checkout, as it is on the disk. */
export async function ownCheckout(): Promise<Checkout> {
  if (!isBuilt()) await build({ quiet: true })
  const changed = git('status', '--porcelain', '-uno') === '' ? '' : '+'
  return { root: ROOT, commit: `${git('rev-parse', '--short', 'HEAD')}${changed}` }
}

function fullNameOf(name: string): string {
  try {
    return git('rev-parse', '--verify', `${name}^{commit}`)
  } catch (error) {
    throw new Explained(`Non conosco la versione «${name}»: serve un commit di questo repository.`, error)
  }
}

/**
 * Another commit in a work tree of its own under the system's temporary folder, with the dependencies of its own lock file,
 * built by its own script. It stays there for the next run; who deletes the folder gets it again.
 */
export async function checkoutOf(name: string): Promise<Checkout> {
  const commit = fullNameOf(name)
  const root = path.join(os.tmpdir(), `refettorio-bench-${commit.slice(0, 12)}`)
  if (existsSync(path.join(root, STAMP))) return { root, commit: commit.slice(0, 7) }
  console.log(`Preparo la versione ${commit.slice(0, 7)} in ${root}…`)
  git('worktree', 'prune')
  if (!existsSync(path.join(root, 'package.json'))) git('worktree', 'add', '--detach', root, commit)
  await runIn(root, ['npm', 'ci', '--prefer-offline', '--no-audit', '--no-fund'], bareEnvironment())
  await runIn(root, [process.execPath, 'scripts/run.mjs', 'build'], bareEnvironment())
  return { root, commit: commit.slice(0, 7) }
}
