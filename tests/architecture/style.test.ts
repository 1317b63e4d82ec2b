import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

/** docs/style.md says which words our comments and log lines do without, and what to write in their place. */
const BANNED = /\b(whoever|nobody|somebody|anybody|whatever|at once|anew)\b/gi

const SOURCES = globSync([
  '{app,bench,bridge,browser,components,db,lib,scripts,simulators}/**/*.{ts,tsx,mjs,js}',
  '*.{ts,mjs}',
  'public/sw.js',
]).filter((file) => !file.endsWith('db/schema.ts'))

const TOKENS = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\/.*|\/\*[\s\S]*?\*\//g
/** Names in code marks: `nobody` is an account of the operating system. */
const NAMES = /`[^`]*`/g
const LOG_LINE = /\blog\(\)\s*\.\w+\([^;]*?\)(?=\n|$)/g

/** Comments of the program and of its SQL, and the words of its log lines. */
function prose(source: string): string[] {
  const tokens = source.match(TOKENS) ?? []
  const comments = tokens
    .filter((token) => token.startsWith('/'))
    .map((comment) => comment.replace(NAMES, ''))
  const inSql = tokens
    .filter((token) => token.startsWith('`'))
    .flatMap((token) => token.match(/--\s.*/g) ?? [])
  const logged = (source.match(LOG_LINE) ?? []).flatMap((line) => line.match(/'[^'\n]*'/g) ?? [])
  return [...comments, ...inSql, ...logged]
}

const bannedIn = (source: string): string[] => prose(source).flatMap((text) => text.match(BANNED) ?? [])

const FOUND = SOURCES.map((file) => ({ file, words: bannedIn(readFileSync(file, 'utf8')) })).filter(
  ({ words }) => words.length > 0,
)

/** The source of functions and policies, and the schema that is printed from them: every word of it is read by people. */
const IN_SQL = globSync('db/**/*.sql').map((file) => ({
  file,
  words: readFileSync(file, 'utf8').match(BANNED) ?? [],
}))

/** docs/style.md itself names the words, and what replaces them. */
const DOCUMENTS = globSync(['*.md', 'docs/**/*.md', 'bridge/*.md']).filter(
  (file) => file !== path.join('docs', 'style.md'),
)

describe('the documents', () => {
  it('do without the banned words, too', () => {
    const found = DOCUMENTS.map((file) => ({
      file,
      words: readFileSync(file, 'utf8').replace(NAMES, '').match(BANNED) ?? [],
    }))
    expect(found.filter(({ words }) => words.length > 0)).toEqual([])
  })
})

describe('comments and log lines', () => {
  it('do without the words that docs/style.md bans', () => {
    expect(FOUND).toEqual([])
  })

  it('of the schema do without them, too', () => {
    expect(IN_SQL.length).toBeGreaterThan(0)
    expect(IN_SQL.filter(({ words }) => words.length > 0)).toEqual([])
  })

  it('are read, and nothing else is', () => {
    const source = [
      "const title = 'nobody' // whoever reads this",
      '/** Once more, at once, as `nobody`. */',
      'sql`select 1 -- anew, for anybody`',
      "log().warn({ channel }, 'mail: nobody answers')",
      "const address = 'https://whatever.example'",
    ].join('\n')
    expect(bannedIn(source)).toEqual(['whoever', 'at once', 'anew', 'anybody', 'nobody'])
  })
})
