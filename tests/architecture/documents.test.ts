import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

const read = (file: string) => ({ file, text: readFileSync(file, 'utf8') })

const DOCUMENTS = globSync(['*.md', 'docs/**/*.md']).map(read)
const DECISIONS = globSync('docs/decisions/[0-9]*.md').sort().map(read)
const INDEX = read('docs/decisions/README.md')

/** Addresses of other files, in Markdown: [words](address). */
const linksOf = (text: string): string[] =>
  [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, address]) => address as string)

const isElsewhere = (address: string): boolean => /^(https?:|mailto:|#)/.test(address)

function brokenLinks({ file, text }: { file: string; text: string }): string[] {
  return linksOf(text)
    .filter((address) => !isElsewhere(address))
    .filter((address) => !existsSync(path.join(path.dirname(file), address.split('#')[0] as string)))
}

/** Not in the repository: an operator of the portal may put it there. */
const BY_OPERATORS = new Set(['public/marchi/'])

/** Paths of the repository that a text names in code marks. One with a placeholder (<room>, *) names a kind of file. */
function missingPaths(text: string): string[] {
  const named = [
    ...text.matchAll(/`((?:app|bench|components|db|docs|lib|public|scripts|simulators|tests)\/[^`\s]+)`/g),
  ]
  return named
    .map(([, name]) => name as string)
    .filter((name) => !/[<*…]/.test(name) && !BY_OPERATORS.has(name) && !existsSync(name))
}

const STATUS = /^- Status: (accepted|(?:amended|superseded) by \[(\d{4})\]\((\d{4}-[a-z0-9-]+\.md)\))/m

describe('the documents', () => {
  it('link only to files that exist', () => {
    expect(
      DOCUMENTS.flatMap((document) => brokenLinks(document).map((to) => `${document.file} → ${to}`)),
    ).toEqual([])
  })

  it('name only paths that exist', () => {
    expect(
      DOCUMENTS.flatMap(({ file, text }) => missingPaths(text).map((name) => `${file} names ${name}`)),
    ).toEqual([])
  })

  it('would be caught with a broken link or a path that is gone', () => {
    expect(brokenLinks({ file: 'README.md', text: '[a](docs/nothing.md) [b](https://example.org)' })).toEqual(
      ['docs/nothing.md'],
    )
    expect(missingPaths('`lib/nothing.ts` and `lib/<room>/<noun>.ts`')).toEqual(['lib/nothing.ts'])
  })
})

describe('the decisions', () => {
  it('are all numbered, each with its own number', () => {
    const files = globSync('docs/decisions/*').map((file) => path.basename(file))
    expect(files.filter((file) => file !== 'README.md' && !/^\d{4}-[a-z0-9-]+\.md$/.test(file))).toEqual([])
    const numbers = DECISIONS.map(({ file }) => path.basename(file).slice(0, 4))
    expect(numbers).toEqual([...new Set(numbers)])
  })

  it.each(DECISIONS)('$file has its number, a date and a status', ({ file, text }) => {
    const number = path.basename(file).slice(0, 4)
    expect(text).toMatch(
      new RegExp(`^# ${number} · \\S.*\\n\\n- Date: 20\\d\\d-[01]\\d-[0-3]\\d\\n- Status: `),
    )
    expect(text).toMatch(STATUS)
  })

  it.each(DECISIONS)('$file says why, what and at which price', ({ text }) => {
    const sections = [...text.matchAll(/^## (\w+)/gm)].map(([, name]) => name)
    expect(sections.slice(0, 3)).toEqual(['Context', 'Decision', 'Consequences'])
    expect(sections.slice(3).filter((name) => name !== 'Rejected')).toEqual([])
  })

  it('that are amended or superseded name a decision that says so too', () => {
    const replaced = DECISIONS.flatMap(({ file, text }) => {
      const [, , number, by] = text.match(STATUS) ?? []
      return number ? [{ file, number, by: by as string }] : []
    })
    expect(replaced.length).toBeGreaterThan(0)
    for (const { file, number, by } of replaced) {
      expect(by.slice(0, 4), file).toBe(number)
      const newer = readFileSync(`docs/decisions/${by}`, 'utf8')
      expect(newer, by).toMatch(new RegExp(`^- Status: .*(amends|supersedes) .*${path.basename(file)}`, 'm'))
    }
  })

  it('are all in the index, with their titles and status, in order', () => {
    const rows = [...INDEX.text.matchAll(/^\| \[(\d{4})\]\((\S+)\) \| (.+) \| (.+) \|$/gm)]
    expect(rows.map(([, number, file, title, status]) => [number, file, title, status])).toEqual(
      DECISIONS.map(({ file, text }) => [
        path.basename(file).slice(0, 4),
        path.basename(file),
        text.slice(text.indexOf(' · ') + 3, text.indexOf('\n')),
        text.match(STATUS)?.[1]?.replace(/\[(\d{4})\].*/, '$1'),
      ]),
    )
  })
})
