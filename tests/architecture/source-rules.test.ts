import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Module, readModules } from '#tests/support/imports.ts'

/** What a linter cannot see: that no server action is without a guard. */
const SOURCES = globSync('{app,components,lib,db}/**/*.{ts,tsx}').map((file) => ({
  file,
  text: readFileSync(file, 'utf8'),
}))
const ACTIONS = SOURCES.filter(({ file }) => file.endsWith('/actions.ts'))
const GUARDS = ['familyAction', 'fillerAction', 'personAction', 'staffAction', 'citizenAction']

/** Lines that begin an export and are not `export const name = guard(`. */
function unguarded(text: string): string[] {
  const guarded = new RegExp(`^export const \\w+ = (${GUARDS.join('|')})\\(`)
  return text.split('\n').filter((line) => line.startsWith('export') && !guarded.test(line))
}

describe('changes from the browser', () => {
  it('come in through a guard, which asks where from, who and whether they may', () => {
    expect(ACTIONS.length).toBeGreaterThan(0)
    for (const { file, text } of ACTIONS) expect(unguarded(text), file).toEqual([])
  })

  it('have no other way in: server actions live in actions.ts only', () => {
    const elsewhere = SOURCES.filter(
      ({ file, text }) => !file.endsWith('/actions.ts') && /^\s*['"]use server['"]/m.test(text),
    )
    expect(elsewhere.map(({ file }) => file)).toEqual([])
  })

  it('would be noticed without the guard', () => {
    expect(
      unguarded(
        'export const pay = familyAction({\nexport async function leak() {}\nexport const x = other(',
      ),
    ).toHaveLength(2)
  })
})

describe('the pages', () => {
  it('carry no inline styles, which the content security policy would drop', () => {
    const styled = SOURCES.filter(
      ({ file, text }) => /^(app|components)\//.test(file) && /\sstyle=/.test(text),
    )
    expect(styled.map(({ file }) => file)).toEqual([])
  })

  it('of families and the public bundle no schema library and no table library', () => {
    const heavy = SOURCES.filter(
      ({ file, text }) =>
        /^(app|components)\//.test(file) &&
        !/\/(admin|office)\//.test(file) &&
        /^['"]use client['"]/.test(text) &&
        /from '(zod|zod\/.*|@tanstack\/react-table)'/.test(text),
    )
    expect(heavy.map(({ file }) => file)).toEqual([])
  })
})

describe('the statements of the application', () => {
  const tables = [...readFileSync('db/structure.sql', 'utf8').matchAll(/^CREATE (?:TABLE|VIEW) (\w+)/gm)].map(
    ([, name]) => name as string,
  )

  /** Where a text takes all columns of a table, whichever they are when it runs. */
  function takesAll(text: string): string[] {
    const named = tables.join('|')
    const all = [
      /\.(?:selectAll|returningAll)\(/g,
      /\breturning \*/g,
      new RegExp(`\\bselect \\* from (?:${named})\\b`, 'g'),
      /\bselect \* from \w+\((?!.*\bas )/g,
    ]
    const ofTable = text
      .split('`')
      .flatMap((statement) =>
        [...statement.matchAll(/\b(\w+)\.\*/g)].filter(([, alias]) =>
          new RegExp(`\\b(?:from|join) (?:${named}) (?:as )?${alias}\\b`).test(statement),
        ),
      )
    return [...all.flatMap((pattern) => text.match(pattern) ?? []), ...ofTable.map(([whole]) => whole)]
  }

  it('name their columns: a migration that adds one changes no answer of a running process', () => {
    const files = SOURCES.filter(
      ({ file }) => /^(app|components|lib)\//.test(file) || file === 'db/reading.ts',
    )
    const taking = files.filter(({ text }) => takesAll(text).length > 0).map(({ file }) => file)
    expect(taking).toEqual([])
  })

  it('would be noticed if they took them all', () => {
    for (const text of [
      "trx.selectFrom('person').selectAll()",
      'update outbox set attempts = 1 returning *',
      'select * from person where id = 1',
      'select * from next_protocol()',
      'select p.*, s.name from person p join school s on true',
    ])
      expect(takesAll(text), text).not.toEqual([])
    expect(takesAll('select r.*, count(*) over () from (select p.id from person p) r')).toEqual([])
  })
})

describe('the parts that the browser does not hydrate', () => {
  const modules = new Map(
    readModules('{components,lib}/**/*.{ts,tsx}').map((module) => [module.file, module]),
  )
  const textOf = new Map(SOURCES.map(({ file, text }) => [file, text]))
  const drawn = SOURCES.flatMap(({ text }) =>
    [...text.matchAll(/from '#drawn\/([^']+)'/g)].map(([, file]) => `components/${file}`),
  )

  /** These components and all that they draw. */
  function reached(starts: readonly string[]): string[] {
    const found = new Set<string>(starts)
    for (const file of found)
      for (const { to } of (modules.get(file) as Module | undefined)?.imports ?? [])
        if (to.startsWith('components/') && !isPlain(to)) found.add(to)
    return [...found]
  }
  /** What only gives words or a look: it may run in the browser, and needs not. */
  const isPlain = (file: string) => file === 'components/language/use-words.ts' || !file.endsWith('.tsx')
  const isAlive = (text: string) =>
    /^['"]use client['"]|\bon[A-Z]\w+=\{|\buse(State|Effect|Ref|Reducer)\(/m.test(text)

  it('have neither state nor handlers, which would be dead in them', () => {
    expect(drawn.length).toBeGreaterThan(0)
    expect(reached(drawn).filter((file) => isAlive(textOf.get(file) ?? ''))).toEqual([])
  })

  it('would be noticed with a button that does something', () => {
    expect(isAlive('<button onClick={press}>')).toBe(true)
    expect(isAlive(textOf.get('components/ui/countdown.tsx') ?? '')).toBe(true)
  })
})

describe('the tests of components', () => {
  it('never expect a truth that cannot fail: what getBy… finds is expected to be visible', () => {
    const idle = globSync('tests/components/**/*.tsx').filter((file) =>
      readFileSync(file, 'utf8').includes('.toBeTruthy()'),
    )
    expect(idle).toEqual([])
  })
})

describe('the tests in a browser', () => {
  /** What answers as the page is now, while it may still be arriving. */
  const AT_ONCE =
    /expect\(\s*await (?:[^\n]|\n\s+(?=\.))*?\.(count\(|isVisible\(|isHidden\(|allTextContents\(|allInnerTexts\(|all\(|evaluate\(\()/
  const expectsAtOnce = (text: string) => AT_ONCE.test(text)
  /** Looks at a page right after what may lead away from it, so that it may be the page before. */
  const LOOKS_TOO_SOON =
    /\.(?:click|press|tap|check|selectOption|goBack)\([^\n]*\)[^\n]*\n\s*(?:if \([^\n]*\) )?await expect(?:Sound|Accessible|Fits)\(/
  const looksTooSoon = (text: string) => LOOKS_TOO_SOON.test(text)

  it('expect of a page what they wait for: a page that still arrives is no failure', () => {
    const files = [...globSync('tests/e2e/*.ts'), 'tests/support/browser.ts']
    expect(files.filter((file) => expectsAtOnce(readFileSync(file, 'utf8')))).toEqual([])
  })

  it('wait for what a click leads to before they judge the page', () => {
    const files = globSync('tests/e2e/*.ts')
    expect(files.filter((file) => looksTooSoon(readFileSync(file, 'utf8')))).toEqual([])
  })

  it('never take any alert for the one they wait for: Next has one of its own on every page', () => {
    const anyAlert = /(?<!getByRole\('main'\)\.)getByRole\('alert'\)\.(?:first\(\)\.)?(?:waitFor|isVisible)/
    const files = globSync('tests/e2e/*.ts')
    expect(files.filter((file) => anyAlert.test(readFileSync(file, 'utf8')))).toEqual([])
    expect(anyAlert.test("await page.getByRole('alert').first().waitFor()")).toBe(true)
    expect(anyAlert.test("await page.getByRole('main').getByRole('alert').waitFor()")).toBe(false)
  })

  it('would be noticed if they expected it at once', () => {
    expect(expectsAtOnce('expect(\n  await page\n    .getByRole("row")\n    .allTextContents(),\n)')).toBe(
      true,
    )
    expect(expectsAtOnce('expect(await page.evaluate(() => document.activeElement?.id)).toBe("a")')).toBe(
      true,
    )
    expect(expectsAtOnce('await expect.poll(() => page.getByRole("row").count()).toBe(1)')).toBe(false)
    expect(looksTooSoon("await page.getByRole('link').click()\n    await expectSound(page)")).toBe(true)
    expect(looksTooSoon('await link.click()\n    await row.waitFor()\n    await expectSound(page)')).toBe(
      false,
    )
  })
})

describe('an enrolment', () => {
  /** Statements that write the table, by the query builder or in SQL. */
  const WRITES =
    /\b(?:insertInto|updateTable|deleteFrom|mergeInto)\(\s*'enrolment|\b(?:insert into|update|delete from|merge into) enrolment\b/

  it('is written by one file, which keeps absences and diets with it', () => {
    const writers = SOURCES.filter(({ file, text }) => !file.startsWith('db/') && WRITES.test(text))
    expect(writers.map(({ file }) => file)).toEqual(['lib/school/office/enrolment.commands.ts'])
  })

  it('is not written by a function of the database', () => {
    const writers = globSync('db/{functions,views}/*.sql').filter((file) =>
      WRITES.test(readFileSync(file, 'utf8')),
    )
    expect(writers).toEqual([])
  })
})

describe('a fiscal code', () => {
  /** What makes the hash with the current key alone; the first key of a request is compared under each key where it is written. */
  const WITH_ONE_KEY = ['lib/forms/submission.commands.ts', 'lib/identity/fiscal-code-hash.ts']

  it('is looked up under each key of the ring: hashOfCode says under which it is written', () => {
    const callers = SOURCES.filter(
      ({ file, text }) => file.startsWith('lib/') && /\bhashFiscalCode\(/.test(text),
    )
    expect(callers.map(({ file }) => file).sort()).toEqual(WITH_ONE_KEY)
  })
})

describe('an article before a date', () => {
  const FORMATS = 'longDate|numericDay|instantInWords'
  const ARTICLES = '[Ii]l|[Dd]al|[Aa]l|[Dd]el|[Nn]el|[Ss]ul'
  /** In a template without the tag that elides, or in the text of an element. */
  const BARE = new RegExp(
    `(?<!\\bdated)\`(?=[^\`]*?(?<!\\p{L})(?:${ARTICLES}) \\$\\{(?:${FORMATS})\\()|(?<!\\p{L})(?:${ARTICLES}) \\{(?:${FORMATS})\\(`,
    'u',
  )

  it('is written by the helper that says «l’11 dicembre»', () => {
    expect(SOURCES.filter(({ text }) => BARE.test(text)).map(({ file }) => file)).toEqual([])
  })

  it('would be noticed without it', () => {
    const template = ['`Dal $', '{longDate(day)} no`'].join('')
    expect(template).toMatch(BARE)
    expect('<p>fino al {numericDay(day)}</p>').toMatch(BARE)
    expect(`dated${template}`).not.toMatch(BARE)
  })
})

describe('a closure that was taken back', () => {
  it('is asked for in no statement but the office’s own', () => {
    const careless = SOURCES.filter(
      ({ file }) => file.startsWith('lib/') && !file.startsWith('lib/school/office/'),
    )
      .flatMap(({ file, text }) => text.split('`').map((statement) => ({ file, statement })))
      .filter(
        ({ statement }) => /\bfrom closure\b/.test(statement) && !statement.includes('undone_at is null'),
      )
    expect(careless.map(({ file }) => file)).toEqual([])
  })
})
