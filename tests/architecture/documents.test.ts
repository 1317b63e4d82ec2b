import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

const read = (file: string) => ({ file, text: readFileSync(file, 'utf8') })

const DOCUMENTS = globSync(['*.md', 'docs/**/*.md', 'bridge/*.md']).map(read)
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
    ...text.matchAll(
      /`((?:app|bench|bridge|components|db|docs|lib|public|scripts|simulators|tests)\/[^`\s]+)`/g,
    ),
  ]
  return named
    .map(([, name]) => name as string)
    .filter((name) => !/[<*…]/.test(name) && !BY_OPERATORS.has(name) && !existsSync(name))
}

/** Made by a command or by an editor, not by us. */
const UNMAPPED = new Set(['node_modules', 'test-results'])
/** Named in docs/operations.md, or without `run`: npm start, npm test. */
const OF_SERVERS = new Set(['start', 'test', 'build', 'web', 'worker'])

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

describe.each(['README.md', 'README.en.md'])('%s', (file) => {
  const { text } = read(file)
  const foldersOf = (pattern: string): string[] =>
    globSync(pattern, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)

  it('has every folder and every room of lib/ on its map', () => {
    const folders = foldersOf('*').filter((name) => !UNMAPPED.has(name))
    expect(folders.filter((name) => !new RegExp(`^${name}/ `, 'm').test(text))).toEqual([])
    expect(
      foldersOf('lib/*').filter((room) => !new RegExp(`^\\|.*\`${room}\`.*\\|.*\\|$`, 'm').test(text)),
    ).toEqual([])
  })

  it('names only commands that package.json has, and every one that a person starts', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      scripts: Record<string, string>
    }
    const named = [...text.matchAll(/`(?:npm run )?((?:db|test|identity):[a-z]+)|npm run ([a-z:]+)/g)].map(
      ([, short, long]) => (short ?? long) as string,
    )
    expect(named.filter((name) => !(name in scripts))).toEqual([])
    expect(Object.keys(scripts).filter((name) => !named.includes(name) && !OF_SERVERS.has(name))).toEqual([])
  })

  it('links to the other language, which has as many sections, rows and links', () => {
    const other = read(file === 'README.md' ? 'README.en.md' : 'README.md')
    expect(linksOf(text)).toContain(other.file)
    const shape = (document: string) =>
      ['^#+ ', '^\\|', '^- ', '```', '\\]\\('].map((mark) => document.match(new RegExp(mark, 'gm'))?.length)
    expect(shape(text)).toEqual(shape(other.text))
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
