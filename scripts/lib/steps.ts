import { spawn } from 'node:child_process'
import { once } from 'node:events'

export type Judgement = { isGood: boolean; words: string }
/** One thing that the gate asks of the whole checkout. */
export type Step = { name: string; judge: () => Promise<Judgement> }

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`

/** Runs a program of `node_modules/.bin` and takes what it says: several may run side by side without mixing their lines. */
export async function judgeWith(
  program: string,
  args: readonly string[],
  folder = process.cwd(),
): Promise<Judgement> {
  const { FORCE_COLOR: _, ...withoutColours } = process.env
  const child = spawn(process.execPath, [`node_modules/.bin/${program}`, ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...withoutColours, ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' }) },
  })
  const output: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk))
  const [code] = (await once(child, 'close')) as [number | null]
  return { isGood: code === 0, words: Buffer.concat(output).toString().trim() }
}

/** A step that throws is not good, and its error is what it has to say. */
async function judgementOf({ judge }: Step): Promise<Judgement> {
  try {
    return await judge()
  } catch (error) {
    return { isGood: false, words: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

async function run(step: Step, say: (line: string) => void): Promise<boolean> {
  const started = performance.now()
  const { isGood, words } = await judgementOf(step)
  say(`${isGood ? '✓' : '✗'} ${step.name} · ${seconds(performance.now() - started)}`)
  if (!isGood && words) say(words)
  return isGood
}

/**
 * Runs every step, however early one fails; the steps of one group run side by side.
 * @returns the names of the steps that found something
 */
export async function runSteps(
  groups: readonly (readonly Step[])[],
  say: (line: string) => void = console.log,
): Promise<string[]> {
  const failed: string[] = []
  for (const group of groups) {
    const verdicts = await Promise.all(group.map((step) => run(step, say)))
    failed.push(...group.filter((_, index) => !verdicts[index]).map(({ name }) => name))
  }
  return failed
}
