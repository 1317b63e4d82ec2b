import { globSync, readFileSync } from 'node:fs'
import { check } from 'recheck'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { parseAst } from 'vitest/node'

/**
 * An expression that tries a text again from many places needs time that grows with the square of its length, or doubles with
 * each character: one paste then stops the portal. Each expression of what people can reach is proved to be linear.
 */
const SOURCES = globSync(['{app,bridge,browser,components,db,lib}/**/*.{ts,tsx}', 'proxy.ts'])

/** Without a repetition that has no end, an expression is done after so many steps. */
const UNBOUNDED = /[*+]|\{\d+,\}/

/**
 * Expressions that the automaton cannot prove, each with what limits it instead. It proves the same today and tomorrow; the
 * prover's other way, trying texts at random, does not.
 */
const NOT_PROVED = [
  {
    file: 'components/office/editor/paste.ts',
    begins: '<!--',
    because: 'it runs in the browser of who pastes, once',
  },
  {
    file: 'lib/kernel/logged-path.ts',
    begins: '[\\w-]{43,}',
    because: 'a run that is too short ends after 42 characters',
  },
  {
    file: 'lib/communications/communication.ts',
    begins: '<[^<>]*>|',
    because: 'a field ends after 40 characters, a tag at the next one',
  },
  {
    file: 'lib/meals/meal-change.http.ts',
    begins: '^\\/api\\/([a-z]',
    because: 'it begins where the text begins, and a slug ends after 63 characters',
  },
  {
    file: 'lib/web/client-address.ts',
    begins: '^::ffff:',
    because: 'it begins where the text begins, and looks ahead over digits once',
  },
  {
    file: 'lib/payments/nexi.adapter.ts',
    begins: '^\\/(orders|operations)',
    because: 'it begins where the text begins, and looks ahead over three letters',
  },
] as const

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
  ({ pattern }) => UNBOUNDED.test(pattern),
)
const isListed = ({ file, pattern }: Expression): boolean =>
  NOT_PROVED.some((listed) => listed.file === file && pattern.startsWith(listed.begins))

/** What is wrong with an expression; null for one that is linear. */
async function faultOf({ file, pattern, flags }: Expression): Promise<string | null> {
  const judged = await check(pattern, flags, { checker: 'automaton', timeout: 240_000 })
  if (judged.status === 'safe') return null
  const what = judged.status === 'vulnerable' ? judged.complexity.summary : 'not proved'
  return `${file}: /${pattern}/${flags} is ${what}`
}

describe('a regular expression', () => {
  beforeAll(() => {
    vi.stubEnv('RECHECK_BACKEND', 'auto')
  })

  test('takes time in proportion to its text', { timeout: 300_000 }, async () => {
    const toProve = EXPRESSIONS.filter((one) => !isListed(one))
    const distinct = new Map(toProve.map((one) => [`/${one.pattern}/${one.flags}`, one]))
    expect(distinct.size).toBeGreaterThan(50)
    const faults = await Promise.all([...distinct.values()].map(faultOf))
    expect(faults.filter((fault) => fault !== null)).toEqual([])
  })

  test('is listed as not proved while it is there', () => {
    const gone = NOT_PROVED.filter(
      ({ file, begins }) => !EXPRESSIONS.some((one) => one.file === file && one.pattern.startsWith(begins)),
    )
    expect(gone).toEqual([])
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
