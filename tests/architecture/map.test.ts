import { globSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { appFiles, filesBeforeNext } from '#tests/support/addresses.ts'
import { readModules } from '#tests/support/imports.ts'
import { KINDS } from '#tests/support/rooms.ts'

/** docs/architecture.md, held to the code: a page that is wrong misleads more than one that is missing. */
const PAGE = readFileSync('docs/architecture.md', 'utf8')

/** The rows of the table below a heading, each as its cells. */
function rowsOf(page: string, heading: string): string[][] {
  const [, section = ''] = page.split(`\n## ${heading}\n`)
  return (section.split('\n## ')[0] as string)
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(1)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}

const named = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, name]) => name as string)
const isFile = (name: string): boolean => /^(app|components|db|lib|public|scripts)\/\S+\.\w+$/.test(name)

/** `lib/a.ts · name`: a function of the page that its file does not have. */
function missingFunctions(page: string): string[] {
  return page.split('\n').flatMap((line) =>
    [...line.matchAll(/`([^`]+)` · ((?:`[\w]+`(?:, (?:then )?)?)+)/g)].flatMap(
      ([, file = '', names = '']) => {
        const source = readFileSync(file, 'utf8')
        return named(names)
          .filter((name) => !new RegExp(`\\b${name}\\b`).test(source))
          .map((name) => `${file} has no ${name}`)
      },
    ),
  )
}

describe('the page of architecture', () => {
  it('answers each of its ten questions with a file that exists', () => {
    const questions = rowsOf(PAGE, 'Ten questions')
    expect(questions).toHaveLength(10)
    for (const [question, answer = ''] of questions) {
      const files = named(answer).filter(isFile)
      expect(files.length, question).toBeGreaterThan(0)
      for (const file of files) expect(globSync(file), question).toEqual([file])
    }
  })

  it('says of each kind of file what the rule of imports says', () => {
    const said = Object.fromEntries(rowsOf(PAGE, 'Kinds of file'))
    const held = Object.entries(KINDS).map(([kind, { is }]) => [kind ? `\`.${kind}.ts\`` : '`<noun>.ts`', is])
    expect(said).toEqual(Object.fromEntries(held))
  })

  it('lists every room once, each below those that it imports', () => {
    const rooms = rowsOf(PAGE, 'Rooms of `lib/`').map(([name = '']) => named(name)[0] as string)
    expect(rooms.toSorted()).toEqual(readdirSync('lib').toSorted())
    const roomOf = (file: string) => file.split('/')[1] as string
    const upwards = readModules('lib/**/*.{ts,tsx}').flatMap(({ file, imports }) =>
      imports
        .filter(({ to, isOwn }) => isOwn && to.startsWith('lib/'))
        .filter(({ to }) => rooms.indexOf(roomOf(to)) > rooms.indexOf(roomOf(file)))
        .map(({ to }) => `${file} → ${to}`),
    )
    expect(upwards).toEqual([])
  })

  it('names every door by which a request may change something', () => {
    const doors = rowsOf(PAGE, 'Doors').flatMap(([, handler = '']) => named(handler))
    const changing = appFiles()
      .filter((file) => file.endsWith('route.ts'))
      .flatMap((file) => {
        const source = readFileSync(`app${file}`, 'utf8')
        if (!/\b(POST|PUT|PATCH|DELETE)\b|\.commands\.ts'/.test(source)) return []
        const [handler] = source.match(/(?<=^export .* from '#)lib\/\S+\.http\.ts(?=')/m) ?? []
        return [handler ?? `app${file}`]
      })
    const others = globSync('{proxy.ts,lib/entry/action.request.ts}')
    expect(doors.filter((name) => /\.tsx?$/.test(name)).toSorted()).toEqual(
      [...changing, ...filesBeforeNext(), ...others].toSorted(),
    )
  })

  it('names functions that their files have', () => {
    expect(missingFunctions(PAGE)).toEqual([])
    expect(missingFunctions('1. `db/client.ts` · `asFamily`, `asNobody`')).toEqual([
      'db/client.ts has no asNobody',
    ])
  })
})

describe('the table of rooms in both READMEs', () => {
  it.each(['README.md', 'README.en.md'])('%s names every room', (file) => {
    const text = readFileSync(file, 'utf8')
    const rows = text.split('\n').filter((line) => /^\| `[a-z]+`/.test(line))
    const rooms = rows.flatMap((line) => named(line.split('|')[1] as string))
    expect(rooms.toSorted()).toEqual(readdirSync('lib').toSorted())
  })
})
