import { rmSync } from 'node:fs'
import os from 'node:os'
import { build, isBuilt } from './build.ts'
import { describeSchema } from './database.ts'
import { type RouteSize, routeSizes } from './lib/bundle-sizes.ts'
import { type Judgement, judgeWith, runSteps, type Step } from './lib/steps.ts'

const kilobytes = (bytes: number): string => (bytes / 1000).toFixed(1).padStart(6)

function sizeLine({ route, kind, bytes, budget }: RouteSize): string {
  const mark = bytes > budget ? '✗' : ' '
  return `${mark} ${kilobytes(bytes)} / ${kilobytes(budget)} kB  ${kind.padEnd(8)}  ${route}`
}

/**
 * The build of other sources left types of pages that may be gone since: they would be found missing.
 * One checker per core: each of them resolves the types that it shares with the others once more.
 */
function types(): Promise<Judgement> {
  if (!isBuilt())
    for (const folder of ['.next/types', '.next/dev/types']) rmSync(folder, { recursive: true, force: true })
  return judgeWith('tsc', ['-p', '.', '--checkers', String(os.availableParallelism())])
}

async function built(): Promise<Judgement> {
  if (!isBuilt()) await build({ quiet: true })
  return { isGood: true, words: '' }
}

/**
 * What comes before the tests. First what is judged by reading the checkout with every core; then the build, which leaves half of
 * them idle, beside what needs one.
 */
export const STEPS_BEFORE_TESTS: readonly (readonly Step[])[] = [
  [{ name: 'types (tsc)', judge: types }],
  [
    { name: 'the site is built', judge: built },
    {
      name: 'lint, format and imports (biome)',
      judge: () => judgeWith('biome', ['check', '--error-on-warnings', '.']),
    },
    { name: 'nothing unused (knip)', judge: () => judgeWith('knip', []) },
    {
      name: 'db/schema.ts and db/structure.sql are what the migrations make',
      judge: async () => ({
        isGood: await describeSchema({ verify: true }),
        words: 'Run npm run db:types and look at what changed.',
      }),
    },
  ],
]

/** What the browser loads first on each page, against its budget; needs the build. */
export const SIZE_STEP: Step = {
  name: 'first-load JavaScript, gzip, within its budgets',
  judge: async () => {
    await built()
    const sizes = routeSizes()
    return {
      isGood: sizes.length > 0 && sizes.every(({ bytes, budget }) => bytes <= budget),
      words: sizes.map(sizeLine).join('\n'),
    }
  },
}

/** `npm run check`: the gate of `npm test` without its tests, every finding of it. */
export async function main(): Promise<number> {
  const failed = await runSteps([...STEPS_BEFORE_TESTS, [SIZE_STEP]])
  if (failed.length > 0) console.log(`\nNot good: ${failed.join('; ')}`)
  return failed.length > 0 ? 1 : 0
}
