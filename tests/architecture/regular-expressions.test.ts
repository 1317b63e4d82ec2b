import { globSync, readFileSync } from 'node:fs'
import { check } from 'recheck'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { parseAst } from 'vitest/node'

/**
 * An expression that tries a text again from many places needs time that grows with the square of its length, or doubles with
 * each character: one paste then stops the portal. Each expression of what people can reach is proved to be linear.
 */
const SOURCES = globSync(['{app,browser,components,db,lib}/**/*.{ts,tsx}', 'proxy.ts'])

/** Without a repetition that has no end, an expression is done after so many steps. */
const UNBOUNDED = /[*+]|\{\d+,\}/

/** Expressions that the prover gives up on, each with what limits them instead. */
const NOT_PROVED: Readonly<Record<string, string>> = {
  'components/office/editor/paste.ts': 'runs in the browser of who pastes, once',
  'lib/kernel/logged-path.ts': 'a run that is too short ends after 42 characters',
  'lib/communications/communication.ts': 'a field ends after 40 characters, a tag at the next one',
}

type Expression = { file: string; pattern: string; flags: string }

function expressionsIn(file: string, text: string): Expression[] {
  const found: Expression[] = []
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    const { regex } = node as { regex?: { pattern: string; flags: string } }
    if (regex) found.push({ file, ...regex })
    else for (const part of Object.values(node)) walk(part)
  }
  walk(parseAst(text, { lang: file.endsWith('x') ? 'tsx' : 'ts' }))
  return found
}

const EXPRESSIONS = SOURCES.flatMap((file) => expressionsIn(file, readFileSync(file, 'utf8'))).filter(
  ({ file, pattern }) => UNBOUNDED.test(pattern) && !Object.hasOwn(NOT_PROVED, file),
)

/** What is wrong with an expression; null for one that is linear. */
async function faultOf({ file, pattern, flags }: Expression): Promise<string | null> {
  const judged = await check(pattern, flags, { timeout: 60_000 })
  if (judged.status === 'safe') return null
  const what = judged.status === 'vulnerable' ? judged.complexity.summary : 'not proved'
  return `${file}: /${pattern}/${flags} is ${what}`
}

describe('a regular expression', () => {
  beforeAll(() => {
    vi.stubEnv('RECHECK_BACKEND', 'auto')
  })

  test('takes time in proportion to its text', { timeout: 300_000 }, async () => {
    const distinct = new Map(EXPRESSIONS.map((one) => [`/${one.pattern}/${one.flags}`, one]))
    expect(distinct.size).toBeGreaterThan(50)
    const faults = await Promise.all([...distinct.values()].map(faultOf))
    expect(faults.filter((fault) => fault !== null)).toEqual([])
  })

  test('would be caught when it doubles, or squares', async () => {
    const [doubles, squares, linear] = await Promise.all(
      [String.raw`<p>(?:\s|\u00a0)*<\/p>`, String.raw`\.+$`, String.raw`^\.+`].map((pattern) =>
        faultOf({ file: 'a.ts', pattern, flags: '' }),
      ),
    )
    expect(doubles).toContain('exponential')
    expect(squares).toContain('polynomial')
    expect(linear).toBeNull()
  })
})
