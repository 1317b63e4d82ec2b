import { spawnSync } from 'node:child_process'
import { build, isBuilt } from './build.ts'
import { generateTypes } from './database.ts'
import { type RouteSize, routeSizes } from './lib/bundle-sizes.ts'

type Step = { name: string; run: () => Promise<boolean> | boolean }

const tool = (program: string, ...args: string[]): boolean =>
  spawnSync(process.execPath, [`node_modules/.bin/${program}`, ...args], { stdio: 'inherit' }).status === 0

const kilobytes = (bytes: number): string => (bytes / 1000).toFixed(1).padStart(6)

function sizeLine({ route, kind, bytes, budget }: RouteSize): string {
  const mark = bytes > budget ? '✗' : ' '
  return `${mark} ${kilobytes(bytes)} / ${kilobytes(budget)} kB  ${kind.padEnd(8)}  ${route}`
}

async function sizesFit(): Promise<boolean> {
  if (!isBuilt()) await build({ quiet: true })
  const sizes = routeSizes()
  console.log(`\nFirst-load JavaScript, gzip, against its budget\n${sizes.map(sizeLine).join('\n')}`)
  return sizes.every(({ bytes, budget }) => bytes <= budget)
}

const STEPS: readonly Step[] = [
  { name: 'format, lint and import boundaries (biome)', run: () => tool('biome', 'check', '.') },
  { name: 'types (tsc)', run: () => tool('tsc', '-p', '.') },
  { name: 'nothing unused (knip)', run: () => tool('knip') },
  { name: 'db/schema.ts is what the migrations make', run: () => generateTypes({ verify: true }) },
  { name: 'JavaScript within its budgets', run: sizesFit },
]

/** Everything that can be judged without running a test; all of it, however early something fails. */
export async function main(): Promise<number> {
  const failed: string[] = []
  for (const { name, run } of STEPS) {
    const started = performance.now()
    const isGood = await run()
    console.log(`${isGood ? '✓' : '✗'} ${name} · ${((performance.now() - started) / 1000).toFixed(1)} s`)
    if (!isGood) failed.push(name)
  }
  if (failed.length > 0) console.log(`\nNot good: ${failed.join('; ')}`)
  return failed.length > 0 ? 1 : 0
}
