import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { ANY_PORT, type Bench } from '../bench.ts'

/** How long the worker takes over a list of new pupils, each of another family: comparing, applying, taking back. */
export type ListSeconds = { pupils: number; compared: number; applied: number; undone: number }

const run = promisify(execFile)

/** Imports a list beside the pupils of the large municipality, in a process of its own. */
export async function measureList({ here, options }: Bench): Promise<ListSeconds> {
  const script = path.join(import.meta.dirname, '..', 'list-run.ts')
  const args = ['--conditions=react-server', script, here.ownerUrl, String(options.listed)]
  const env = {
    PATH: process.env.PATH,
    NODE_ENV: 'production' as const,
    ...(await here.environment(ANY_PORT)),
  }
  const { stdout } = await run(process.execPath, args, { cwd: here.root, env })
  return JSON.parse(stdout.slice(stdout.lastIndexOf('{'))) as ListSeconds
}
