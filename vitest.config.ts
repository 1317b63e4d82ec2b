import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import os from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Outside Next there is no bundler that tells server from client: the marker package becomes an empty module. */
const alias = { 'server-only': file('tests/support/server-only.ts') }
const hooks = file('tests/support/hooks.ts')
const matchers = file('tests/support/dom.ts')
const built = file('tests/support/built.ts')
const cluster = file('tests/support/cluster.ts')
const traces = file('tests/support/traces.ts')

/**
 * The files of one kind share a worker, which loads the modules once: half of the time of a small file is loading them.
 * tests/support/hooks.ts ends with each file what it changed for the process; a file that mocks a module needs a worker of its own.
 */
const shared = { isolate: false }

const project = (name: string, options: Record<string, unknown> = {}) => ({
  resolve: { alias },
  test: {
    name,
    include: [`tests/${name}/**/*.test.{ts,tsx}`],
    environment: 'node',
    setupFiles: [hooks],
    // A busy machine may take six seconds over a correct rule, and the tests do not measure time.
    testTimeout: 30_000,
    ...options,
  },
})

/** These talk to a real PostgreSQL: one throwaway server per run, one database per test file. */
const onDatabase = { globalSetup: [cluster], hookTimeout: 60_000 }

/** Projects of one group run together; what measures time or fills the machine runs after the others, alone. */
const inGroup = (groupOrder: number) => ({ sequence: { groupOrder } })

/** Faults that take time by the millisecond, or fill the machine with processes: nothing else runs beside them. */
const ALONE = ['cutoff-race', 'embedded-postgres', 'failover', 'server-killed'].map(
  (name) => `tests/faults/${name}.test.ts`,
)

/**
 * Files that put something in the place of a module or of the clock, found by how they do it: what was loaded for them is of no use
 * to another file, and React keeps the timers that it found when it was loaded.
 */
const COMPONENTS_ALONE = globSync('tests/components/**/*.test.{ts,tsx}').filter((name) =>
  /vi\.(mock|doMock|useFakeTimers)\(/.test(readFileSync(name, 'utf8')),
)
const inDocument = { environment: 'jsdom', setupFiles: [hooks, matchers] }

/** Judges what all files before it recorded (tests/support/query-recorder.ts). */
const RAW_QUERIES = 'tests/data/raw-queries.test.ts'

/** Names the order of a shuffled run. Files come in any order; so do the tests of a file, unless they tell one story in a browser. */
const SEED = process.env.TEST_SEED
const anyOrder = SEED ? { sequence: { shuffle: { files: true, tests: true }, seed: Number(SEED) } } : {}

/** Two more than there are cores: half of the time of a file in a browser is waiting. */
const WORKERS = os.availableParallelism() + 2

/** Files that take minutes: started last, each would keep one core busy while the others wait. */
const SLOW = [
  'tests/e2e/language.test.ts',
  'tests/e2e/start.test.ts',
  'tests/faults/development.test.ts',
  'tests/faults/import-killed.test.ts',
  'tests/faults/messages.test.ts',
]

/** Shuffled by the seed when the run asks for it, so that no file leans on the one before it. */
function shuffled(files: readonly TestSpecification[], seed: string): TestSpecification[] {
  const rank = ({ moduleId }: TestSpecification) =>
    createHash('sha1').update(`${seed} ${moduleId}`).digest('hex')
  return files.toSorted((a, b) => rank(a).localeCompare(rank(b)))
}

class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    if (SEED) return shuffled(files, SEED)
    const sorted = await super.sort(files)
    const isSlow = ({ moduleId }: TestSpecification) => SLOW.some((name) => moduleId.endsWith(name))
    return [...sorted.filter(isSlow), ...sorted.filter((one) => !isSlow(one))]
  }
}

export default defineConfig({
  test: {
    maxWorkers: WORKERS,
    sequence: { sequencer: SlowestFirst, ...(SEED ? { seed: Number(SEED) } : {}) },
    projects: [
      project('rules', { ...shared, ...anyOrder }),
      project('architecture', shared),
      // A document takes longer to make than most of these files take to run: each worker makes one, and each test leaves it empty.
      project('components', { ...inDocument, ...shared, ...anyOrder, exclude: COMPONENTS_ALONE }),
      project('components', {
        ...inDocument,
        ...anyOrder,
        name: 'components-alone',
        include: COMPONENTS_ALONE,
      }),
      project('data', { ...onDatabase, ...shared, ...anyOrder, exclude: [RAW_QUERIES] }),
      project('actions', { ...onDatabase, ...anyOrder }),
      project('faults', { ...onDatabase, exclude: ALONE, testTimeout: 120_000 }),
      // Only for `npm run test:pooler`: it needs a program that npm does not bring.
      ...(process.env.TEST_POOLER ? [project('pooler', onDatabase)] : []),
      project('faults', {
        ...onDatabase,
        ...inGroup(1),
        name: 'faults-alone',
        include: ALONE,
        testTimeout: 120_000,
        fileParallelism: false,
      }),
      project('queries', { ...onDatabase, ...inGroup(2), include: [RAW_QUERIES] }),
      project('e2e', {
        ...onDatabase,
        ...shared,
        globalSetup: [cluster, built, traces],
        ...inGroup(2),
        testTimeout: 120_000,
        hookTimeout: 600_000,
        // As long as the browser waits for an element.
        expect: { poll: { timeout: 15_000 } },
      }),
    ],
  },
})
