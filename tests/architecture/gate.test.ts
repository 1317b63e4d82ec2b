import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { judgeWith, runSteps, type Step } from '#scripts/lib/steps.ts'
import { closingLines } from '#scripts/lib/test-report.ts'

/** README holds this file up as the pure rule: what must not pass the gate is planted in a copy of it. */
const RULE = 'lib/meals/cutoff.ts'
const SOUND = readFileSync(RULE, 'utf8')
const TYPE_ERROR = "export const broken: number = 'not a number'\n"
const DATABASE = "import { database } from '#db/client.ts'\nexport const rows = () => database()\n"
const ENVIRONMENT = 'export const secret = process.env.SECRET\n'

let copy = ''

beforeAll(() => {
  copy = mkdtempSync(path.join(os.tmpdir(), 'refettorio-gate-'))
  for (const entry of ['lib', 'db', 'package.json', 'tsconfig.json', 'biome.json', 'no-process-env.grit'])
    cpSync(entry, path.join(copy, entry), { recursive: true })
  symlinkSync(path.resolve('node_modules'), path.join(copy, 'node_modules'))
  const only = {
    extends: './tsconfig.json',
    include: [],
    files: [RULE],
    compilerOptions: { incremental: false },
  }
  writeFileSync(path.join(copy, 'only.json'), JSON.stringify(only))
})

afterAll(() => rmSync(copy, { recursive: true, force: true }))

/** What the gate's own tools say of the copy with `planted` in it. */
async function judge(planted: string) {
  writeFileSync(path.join(copy, RULE), `${SOUND}\n${planted}`)
  const [types, lint] = await Promise.all([
    judgeWith('tsc', ['-p', 'only.json'], copy),
    judgeWith('biome', ['lint', '--vcs-enabled=false', RULE], copy),
  ])
  return { types, lint }
}

describe('the gate', () => {
  test('lets the rule through as it is', async () => {
    const { types, lint } = await judge('')
    expect([types, lint.isGood]).toEqual([{ isGood: true, words: '' }, true])
  })

  test('refuses a type error in a rule', async () => {
    const { types } = await judge(TYPE_ERROR)
    expect(types.isGood).toBe(false)
    expect(types.words).toContain(`${RULE}(`)
    expect(types.words).toContain("Type 'string' is not assignable to type 'number'")
  })

  test('refuses a rule that imports the database, and says where the reading belongs', async () => {
    const { lint } = await judge(DATABASE)
    expect(lint.isGood).toBe(false)
    expect(lint.words).toContain('Rules are pure: put the reading in <noun>.queries.ts')
  })

  test('refuses a rule that reads the environment, and says what to use instead', async () => {
    const { lint } = await judge(ENVIRONMENT)
    expect(lint.isGood).toBe(false)
    expect(lint.words).toContain('Read the environment with env() of lib/kernel/env.ts')
  })

  test('runs every step, however early one fails, and names those that found something', async () => {
    const lines: string[] = []
    const step = (name: string, isGood: boolean): Step => ({
      name,
      judge: async () => ({ isGood, words: `what ${name} found` }),
    })
    const broken: Step = { name: 'broken', judge: () => Promise.reject(new Error('no such program')) }
    const groups = [[step('first', false)], [step('second', true), broken], [step('third', false)]]
    expect(await runSteps(groups, (line) => lines.push(line))).toEqual(['first', 'broken', 'third'])
    expect(lines.join('\n')).toMatch(/^✗ first · \d+\.\d s\nwhat first found\n✓ second · \d+\.\d s\n✗ broken/)
    expect(lines.join('\n')).toContain('no such program')
  })

  test('is what the one command of README and the builder run', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      scripts: Record<string, string>
    }
    expect(scripts.test).toBe('node --conditions=react-server scripts/run.mjs test')
    expect(readFileSync('.ci/run', 'utf8').trim().split('\n').at(-1)).toBe('npm ci && npm test')
  })
})

describe('the last lines of a run', () => {
  const file = (name: string, ms: number) => ({ file: name, project: 'rules', tests: 2, ms })
  const files = [
    file('quick', 10),
    file('slow', 61_000),
    ...Array.from({ length: 9 }, () => file('other', 500)),
  ]

  test('say the time, the slowest file, and last the count alone on its line', () => {
    const report = { passed: 12, failed: 1, skipped: 0, files }
    expect(closingLines(report, 125_000, { slowest: false })).toEqual([
      'Time 2 min 5 s · slowest file slow 61.0 s',
      '12 passed, 1 failed',
    ])
    expect(closingLines({ ...report, skipped: 3 }, 125_000, { slowest: false }).at(-1)).toBe(
      '12 passed, 1 failed, 3 skipped',
    )
  })

  test('list the slowest tenth of the files when asked', () => {
    const lines = closingLines({ passed: 12, failed: 0, skipped: 0, files }, 125_000, { slowest: true })
    expect(lines.slice(0, 2)).toEqual(['  61.0 s  slow (2 tests)', '   0.5 s  other (2 tests)'])
    expect(lines).toHaveLength(4)
  })
})
