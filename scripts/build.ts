import { once } from 'node:events'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { writeIconSprite } from './icons.ts'
import { Explained, explain } from './lib/explain.ts'
import { killGroup, spawnTied } from './lib/processes.ts'
import { ROOT } from './lib/run-script.ts'
import { hashOfSources } from './lib/sources.ts'

/** Which sources the build beside it was made of. Written last, so that an interrupted build counts as none. */
const STAMP = '.next/sources.sha256'

const nextProgram = (): string => createRequire(import.meta.url).resolve('next/dist/bin/next')

/** Whether `.next` is the build of the sources as they are now. */
export const isBuilt = (): boolean => existsSync(STAMP) && readFileSync(STAMP, 'utf8') === hashOfSources()

/**
 * Builds the web application and its icon sprite.
 * @param quiet prints nothing, unless the build fails
 */
export async function build({ quiet, signal }: { quiet: boolean; signal?: AbortSignal }): Promise<void> {
  const sources = hashOfSources()
  rmSync(STAMP, { force: true })
  await writeIconSprite(ROOT)
  const { code, words } = await runNextBuild(quiet ? 'pipe' : 'inherit', signal)
  if (signal?.aborted) throw new Explained('Costruzione interrotta.')
  if (code !== 0) {
    throw new Explained(explain(new Error(words)) ?? `La costruzione del sito non è riuscita.\n${words}`)
  }
  writeFileSync(STAMP, sources)
}

async function runNextBuild(
  stream: 'pipe' | 'inherit',
  signal?: AbortSignal,
): Promise<{ code: number | null; words: string }> {
  const env = { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' }
  const child = spawnTied([nextProgram(), 'build'], env, ['ignore', stream, stream, 'ipc'])
  const end = () => killGroup(child.pid)
  signal?.addEventListener('abort', end, { once: true })
  process.once('exit', end)
  const output: Buffer[] = []
  for (const source of [child.stdout, child.stderr]) source?.on('data', (chunk: Buffer) => output.push(chunk))
  try {
    const [code] = (await once(child, 'close')) as [number | null]
    return { code, words: Buffer.concat(output).toString() }
  } finally {
    process.off('exit', end)
    signal?.removeEventListener('abort', end)
  }
}

export async function main(): Promise<undefined> {
  const interrupted = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort())
  await build({ quiet: false, signal: interrupted.signal })
}
