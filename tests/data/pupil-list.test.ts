import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { asStaff, inScope } from '#db/client.ts'
import type { StaffRole, Viewer } from '#lib/access/viewer.ts'
import { listQuery, readListState } from '#lib/lists/list.address.ts'
import { linesMatching, readListPage } from '#lib/lists/list.queries.ts'
import { type ListRow, listFor } from '#lib/lists/list.ts'
import { dropView, keepView } from '#lib/lists/list-view.commands.ts'
import { keptViews } from '#lib/lists/list-view.queries.ts'
import { PUPIL_LIST } from '#lib/people/office/pupil.list.ts'
import {
  chosenEnrolments,
  pupilList,
  pupilSource,
  pupilsToDownload,
} from '#lib/people/office/pupil-list.queries.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aHousehold,
  aMunicipality,
  aPupil,
  aSchool,
  aStaffViewer,
  type School,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import fc, { atLength } from '#tests/support/random.ts'

let municipality: TestMunicipality
let schools: School[]
let office: Viewer

const NAMES = ['Rossi', 'D’Angelo', 'dangelo', 'Müller', 'De Luca', 'Ábel', 'Zorzi']
const GIVEN = ['Anna', 'Èva', 'Ugo', 'anna']
const PERIODS = [
  ['2026-09-14', '2027-06-05'],
  ['2026-09-14', '2026-11-23'],
  ['2026-11-25', '2027-06-05'],
  ['2026-11-24', '2026-11-24'],
] as const
const DIETS = ['STD', 'D03']
const BANDS = ['F1', 'F2']

beforeAll(async () => {
  const { owner } = await testDatabase()
  await setClock('2026-11-24T08:00:00+01:00')
  municipality = await aMunicipality()
  const { municipalityId, serviceId } = municipality
  schools = [municipality.school, await aSchool(municipality), await aSchool(municipality)]
  office = await aStaffViewer(municipality, 'manager')
  for (const code of BANDS)
    await owner
      .insertInto('fare_band')
      .values({ municipality_id: municipalityId, service_id: serviceId, code, name: code })
      .execute()
  for (let n = 0; n < 60; n += 1) {
    const { householdId } = await aHousehold(municipality, { name: NAMES[n % 5] ?? '' })
    const [from, to] = PERIODS[n % PERIODS.length] as (typeof PERIODS)[number]
    const id = await aPupil(municipality, householdId, {
      ...{ name: GIVEN[n % GIVEN.length] ?? '', school: schools[n % 3] as School, from, to },
      diet: DIETS[n % 5 === 0 ? 1 : 0] ?? 'STD',
    })
    await owner
      .updateTable('pupil')
      .set({
        ...{ family_name: NAMES[(n * 5) % NAMES.length] ?? '', birth_date: `2018-0${1 + (n % 9)}-02` },
        ...(n % 7 === 0 ? { fiscal_code: null } : {}),
      })
      .where('id', '=', id)
      .execute()
    if (n % 3 > 0)
      await owner
        .insertInto('fare_assignment')
        .values({
          ...{
            municipality_id: municipalityId,
            pupil_id: id,
            service_id: serviceId,
            given_by: office.personId,
          },
          ...{ band_code: BANDS[n % 2] ?? 'F1', valid_from: '2026-09-14', valid_to: '2027-08-31' },
        })
        .execute()
  }
  // Another municipality, whose pupils must stay out.
  const other = await aMunicipality()
  await aPupil(other, (await aHousehold(other)).householdId)
}, 120_000)

/** Every enrolment as the tables have it, without the list's own statements. */
async function allLines() {
  const { owner } = await testDatabase()
  const { rows } = await sql<Record<string, string | null>>`
    select e.id, p.list_key, p.search_key, p.family_name || ' ' || p.given_name as nome, c.name as classe, s.name as scuola,
      s.id as "scuolaId", v.name as servizio, v.id as "servizioId", e.diet_code as dieta, e.valid_from::text as dal,
      e.valid_to::text as al, h.list_key as famiglia, p.birth_date::text as nascita, y.name as anno, p.fiscal_code as codice,
      (select f.band_code from fare_assignment f where f.pupil_id = p.id and f.service_id = e.service_id) as fascia
    from enrolment e join pupil p on p.id = e.pupil_id join household h on h.id = p.household_id join school s on s.id = e.school_id
    join school_class c on c.id = e.school_class_id join service v on v.id = e.service_id join school_year y on y.id = e.school_year_id
    where e.municipality_id = ${municipality.municipalityId}`.execute(owner)
  return rows
}
type Line = Awaited<ReturnType<typeof allLines>>[number]

const TODAY = '2026-11-24'
const day = (line: Line, key: string) => line[key] ?? ''
const stateOf = (line: Line) =>
  day(line, 'al') < TODAY ? 'finito' : day(line, 'dal') > TODAY ? 'futuro' : 'in-corso'
/** `search_key` of the words that these tests type. */
const key = (text: string) =>
  text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[\u0300-\u036f\s’']/g, '')

const KEEPS: Record<string, (line: Line, value: string) => boolean> = {
  cerca: (line, value) => value.split(' ').every((word) => (line.search_key ?? '').includes(key(word))),
  scuola: (line, value) => line.scuolaId === value,
  classe: (line, value) => line.classe?.toUpperCase() === value.toUpperCase(),
  servizio: (line, value) => line.servizioId === value,
  dieta: (line, value) => line.dieta === value,
  fascia: (line, value) => (value === 'intero' ? line.fascia === null : line.fascia === value),
  anno: (line, value) => line.anno === value,
  codice: (line, value) => (value === 'senza') === (line.codice === null),
  stato: (line, value) => stateOf(line) === value,
}

const compare = (a: string | null | undefined, b: string | null | undefined): number => {
  if (a === b) return 0
  if (a === null || a === undefined) return 1
  if (b === null || b === undefined) return -1
  return a < b ? -1 : 1
}

/** The list in TypeScript: what the database must answer. */
function expectedIds(lines: readonly Line[], params: SearchParams, viewer: Viewer): string[] {
  const state = readListState(listFor(PUPIL_LIST, viewer), params)
  const kept = lines.filter((line) =>
    Object.entries(state.filters).every(([filter, value]) => KEEPS[filter]?.(line, value)),
  )
  const ranked = kept.toSorted((a, b) => {
    for (const { key: column, isDown } of state.sort) {
      const field = column === 'nome' ? 'list_key' : column
      const [x, y] = [a[field], b[field]]
      const order = x === null || y === null ? compare(x, y) : (isDown ? -1 : 1) * compare(x, y)
      if (order !== 0) return order
    }
    const tie = compare(a.list_key, b.list_key) || compare(a.id, b.id)
    // The order that has an index goes the other way round as a whole.
    const [first, second] = state.sort
    return first?.key === 'nome' && first.isDown && !second ? -tie : tie
  })
  return ranked.map(({ id }) => id ?? '')
}

const idsShown = async (viewer: Viewer, params: SearchParams) =>
  (await pupilList(viewer, { ...params, righe: '200' }))?.page.rows.map(({ id }) => id)

const sortable = PUPIL_LIST.columns.filter(({ isSorted }) => isSorted).map(({ key: column }) => column)

describe('each filter and each sort of the pupils', () => {
  test('answers what the same list in TypeScript does', async () => {
    const lines = await allLines()
    const params = fc.record({
      cerca: fc.constantFrom('', '', 'anna', 'dangelo', 'muller', 'luca eva', 'nessuno', '%'),
      scuola: fc.constantFrom('', '', ...schools.map(({ id }) => id)),
      classe: fc.constantFrom('', '3a', '4B'),
      servizio: fc.constantFrom('', municipality.serviceId),
      dieta: fc.constantFrom('', '', ...DIETS),
      fascia: fc.constantFrom('', '', 'intero', ...BANDS),
      anno: fc.constantFrom('', '2026/2027', '2025/2026'),
      codice: fc.constantFrom('', '', 'senza', 'con'),
      stato: fc.constantFrom('', '', 'in-corso', 'futuro', 'finito'),
      ordina: fc
        .uniqueArray(fc.constantFrom(...sortable), { minLength: 1, maxLength: 3 })
        .chain((keys) => fc.tuple(...keys.map((column) => fc.constantFrom(column, `-${column}`)))),
    })
    await fc.assert(
      fc.asyncProperty(params, async (asked) => {
        const expected = asked.cerca === '%' ? [] : expectedIds(lines, asked, office)
        expect(await idsShown(office, asked)).toEqual(expected)
      }),
      { numRuns: atLength(60) },
    )
  })

  test.each(sortable.flatMap((column) => [column, `-${column}`]))('sorts by %s', async (ordina) => {
    const lines = await allLines()
    expect(await idsShown(office, { ordina, stato: '' })).toEqual(
      expectedIds(lines, { ordina, stato: '' }, office),
    )
  })

  test('has pages that hold every line once, and the last one for a number beyond it', async () => {
    const first = await pupilList(office, { stato: '' })
    const second = await pupilList(office, { stato: '', pagina: '2' })
    const beyond = await pupilList(office, { stato: '', pagina: '99' })
    expect([first?.page.total, first?.page.pages, beyond?.page.page]).toEqual([60, 2, 2])
    const ids = [...(first?.page.rows ?? []), ...(second?.page.rows ?? [])].map(({ id }) => id)
    expect(new Set(ids).size).toBe(60)
  })
})

const CLERKS: [role: StaffRole, sees: string[] | null][] = [
  ['operator', ['dieta', 'fascia', 'famiglia', 'telefono']],
  ['accountant', ['fascia', 'famiglia', 'telefono']],
  ['manager', ['dieta', 'fascia', 'famiglia', 'telefono']],
  ['school_office', []],
  ['editor', null],
  ['reader', null],
  ['kitchen', null],
  ['teacher', null],
]

async function download(viewer: Viewer, params: SearchParams): Promise<ListRow[] | null> {
  const file = await pupilsToDownload(viewer, params)
  if (!file) return null
  const rows: ListRow[] = []
  for await (const batch of file.batches) rows.push(...batch)
  return rows
}

describe('the roles and the pupils', () => {
  test.each(CLERKS)('the %s has the columns of the role, in the page and in the file', async (role, sees) => {
    const viewer = await aStaffViewer(municipality, role)
    const asked = { colonna: ['nome', 'dieta', 'fascia', 'famiglia', 'telefono'] }
    const opened = await pupilList(viewer, asked)
    const file = await pupilsToDownload(viewer, asked)
    expect(opened?.state.columns ?? null).toEqual(sees && ['nome', ...sees])
    expect(file?.state.columns ?? null).toEqual(sees && ['nome', ...sees])
    expect(
      Object.keys(opened?.options ?? {}).filter((filter) => opened?.options[filter]?.length === 0),
    ).toEqual(sees === null || sees.includes('dieta') ? [] : ['dieta'])
  })

  test('a school office has its own school, sorted and filtered the same', async () => {
    const school = await aStaffViewer(municipality, 'school_office')
    const own = (await allLines()).filter(({ scuolaId }) => scuolaId === municipality.school.id)
    expect(own.length).toBe(20)
    for (const asked of [
      {},
      { ordina: '-al', stato: '' },
      { cerca: 'anna', stato: '' },
      { classe: '3A', ordina: 'classe' },
    ])
      expect(await idsShown(school, asked)).toEqual(expectedIds(own, asked, school))
    expect(await idsShown(school, { scuola: schools[1]?.id, stato: '' })).toEqual([])
    const opened = await pupilList(school, { stato: '' })
    expect(JSON.stringify(opened)).not.toMatch(/D03|F1|famiglie\//)
    expect(opened?.options.scuola?.map(({ value }) => value)).toEqual([municipality.school.id])
  })

  test('no other transaction gets a line from the function of the school office', async () => {
    const teacher = await aStaffViewer(municipality, 'teacher')
    const count = async (viewer: Viewer, audience: 'staff' | 'family' | 'public') =>
      inScope({ municipalityId: viewer.municipalityId, personId: viewer.personId, audience }, async (trx) => {
        const { rows } = await sql<{
          n: number
        }>`select count(*)::int as n from own_school_enrolments() o`.execute(trx)
        return rows[0]?.n
      })
    const school = await aStaffViewer(municipality, 'school_office')
    expect(await count(school, 'staff')).toBe(20)
    expect(await count(teacher, 'staff')).toBe(0)
    expect(await count(school, 'family')).toBe(0)
    expect(await count(school, 'public')).toBe(0)
  })

  test('each reading and each file is written down, without what the filters held', async () => {
    const viewer = await aStaffViewer(municipality, 'operator')
    await pupilList(viewer, { cerca: 'zorzi', dieta: 'D03' })
    await download(viewer, { dieta: 'D03', colonna: ['nome', 'dieta'] })
    const { owner } = await testDatabase()
    const traces = await owner
      .selectFrom('audit_event')
      .select(['action', 'details'])
      .where('person_id', '=', viewer.personId)
      .orderBy('id')
      .execute()
    expect(traces).toEqual([
      {
        action: 'pupils.listed',
        details: { filters: 'cerca,dieta,stato', shown: expect.any(Number), page: 1 },
      },
      { action: 'pupils.downloaded', details: { filters: 'dieta,stato', columns: 'nome,dieta' } },
    ])
  })
})

describe('the file of the pupils', () => {
  test('has every line of the page’s address, in its order', async () => {
    const asked = { stato: '', ordina: ['scuola', '-nascita'] }
    const rows = await download(office, asked)
    expect(rows?.map(({ id }) => id)).toEqual(expectedIds(await allLines(), asked, office))
    expect(rows?.[0]?.cells).toMatchObject({ servizio: expect.any(String), stato: expect.any(String) })
  })
})

describe('more lines than are sorted', () => {
  test('are filtered as fewer are', async () => {
    const lines = await allLines()
    for (const filter of [
      { cerca: 'anna' },
      { cerca: 'dangelo' },
      { cerca: 'a' },
      { cerca: 'nessuno' },
      { fascia: 'F1' },
      { fascia: 'intero' },
      { classe: '3a' },
      { dieta: 'D03' },
      { anno: '2026/2027' },
      { anno: '2025/2026' },
      { codice: 'senza' },
      { codice: 'con', cerca: 'anna' },
      { scuola: municipality.school.id },
      { stato: 'finito' },
    ]) {
      const state = { ...stateOfAll(filter), size: 200 as const }
      const expected = expectedIds(lines, { stato: '', ...filter }, office)
      // Also a name that is looked up as if very many had it.
      for (const most of [0, 100])
        for (const many of [0, 100]) {
          const page = await asStaff(office, async (trx) =>
            readListPage(trx, await pupilSource(trx, office, state, many), state, { most, walked: 1_000 }),
          )
          expect(
            page.rows.map(({ id }) => id),
            `${JSON.stringify(filter)} ${most} ${many}`,
          ).toEqual(expected)
        }
    }
  })

  test('have pages as far as the thousandth, and no further', async () => {
    const state = { ...stateOfAll({ pagina: '9' }), size: 50 as const }
    const source = await asStaff(office, (trx) => pupilSource(trx, office, state))
    const page = (most: number, walked: number) =>
      asStaff(office, (trx) => readListPage(trx, source, state, { most, walked }))
    expect((await page(59, 30)).pages).toBe(1)
    expect((await page(59, 55)).pages).toBe(2)
    expect((await page(60, 30)).pages).toBe(2)
  })

  const LIMITS = { most: 20, batch: 7 }
  const stateOfAll = (params: SearchParams) =>
    readListState(listFor(PUPIL_LIST, office), { stato: '', ...params })

  test('have one order in the page, that of the name, and no page beyond', async () => {
    const lines = await allLines()
    for (const [ordina, order] of [
      ['dal', 'nome'],
      ['nome', 'nome'],
      ['-nome', '-nome'],
    ] as const) {
      const state = { ...stateOfAll({ ordina, pagina: '9' }), size: 50 as const }
      const page = await asStaff(office, async (trx) =>
        readListPage(trx, await pupilSource(trx, office, state), state, { most: LIMITS.most, walked: 1_000 }),
      )
      expect([page.total, page.hasMore, page.page]).toEqual([20, true, 1])
      expect(page.rows.map(({ id }) => id)).toEqual(
        expectedIds(lines, { ordina: order, stato: '' }, office).slice(0, 50),
      )
    }
  })

  test('are all in the file, each once, in the order of the name', async () => {
    for (const filter of [{}, { dieta: 'STD' }]) {
      const rows: ListRow[] = []
      const state = stateOfAll({ ...filter, ordina: 'dal' })
      const source = await asStaff(office, (trx) => pupilSource(trx, office, state))
      for await (const batch of linesMatching(office, source, state, LIMITS)) rows.push(...batch)
      expect(rows.map(({ id }) => id)).toEqual(
        expectedIds(await allLines(), { ...filter, stato: '' }, office),
      )
    }
  })
})

describe('what is done with chosen lines', () => {
  test('is done with those that were chosen, or with all that match', async () => {
    const lines = await allLines()
    const [one] = lines
    const some = await chosenEnrolments(office, { query: '', chosen: [one?.id ?? ''] }, 60)
    expect(some).toHaveLength(1)
    const query = listQuery(PUPIL_LIST, readListState(PUPIL_LIST, { dieta: 'D03', stato: '' }))
    const all = await chosenEnrolments(office, { query, all: '1', chosen: [] }, 60)
    expect(all).toHaveLength(lines.filter(({ dieta }) => dieta === 'D03').length)
    expect(await chosenEnrolments(office, { query: 'stato=', all: '1', chosen: [] }, 10)).toHaveLength(11)
  })

  test('is nothing for a role that has no families, and in another municipality', async () => {
    const school = await aStaffViewer(municipality, 'school_office')
    const elsewhere = await aStaffViewer(await aMunicipality(), 'manager')
    const [one] = await allLines()
    for (const viewer of [school, elsewhere])
      expect(await chosenEnrolments(viewer, { query: '', chosen: [one?.id ?? ''] }, 60)).toEqual([])
  })
})

describe('a kept view', () => {
  test('is the person’s own, has what the list knows, and is replaced by one of the same name', async () => {
    const viewer = await aStaffViewer(municipality, 'operator')
    const colleague = await aStaffViewer(municipality, 'operator')
    await keepView(viewer, PUPIL_LIST, { name: 'Diete', query: 'dieta=D03&altro=1&pagina=4' })
    await keepView(viewer, PUPIL_LIST, { name: 'Diete', query: 'dieta=D03&ordina=classe' })
    const [view, ...more] = await keptViews(viewer, 'alunni')
    expect([view?.name, view?.query, more.length]).toEqual(['Diete', 'dieta=D03&ordina=classe', 0])
    expect(await keptViews(viewer, 'famiglie')).toEqual([])
    expect(await keptViews(colleague, 'alunni')).toEqual([])
    await dropView(colleague, view?.id ?? '')
    expect(await keptViews(viewer, 'alunni')).toHaveLength(1)
    await dropView(viewer, view?.id ?? '')
    expect(await keptViews(viewer, 'alunni')).toEqual([])
  })

  test('is seen, changed and added by no other person, whatever the application asks', async () => {
    const viewer = await aStaffViewer(municipality, 'operator')
    const colleague = await aStaffViewer(municipality, 'manager')
    await keepView(viewer, PUPIL_LIST, { name: 'Mia', query: '' })
    const seen = (who: Viewer, audience: 'staff' | 'system' | 'family' | 'public') =>
      inScope({ municipalityId: who.municipalityId, personId: who.personId, audience }, (trx) =>
        trx.selectFrom('list_view').select('name').execute(),
      )
    expect(await seen(viewer, 'staff')).toHaveLength(1)
    expect(await seen(colleague, 'staff')).toEqual([])
    for (const audience of ['system', 'family', 'public'] as const)
      expect(await seen(viewer, audience)).toEqual([])
    const gone = await asStaff(colleague, (trx) =>
      trx.deleteFrom('list_view').where('person_id', '=', viewer.personId).executeTakeFirst(),
    )
    expect(gone.numDeletedRows).toBe(0n)
    await expect(
      asStaff(colleague, (trx) =>
        trx
          .insertInto('list_view')
          .values({
            ...{ municipality_id: viewer.municipalityId, person_id: viewer.personId },
            ...{ list: 'alunni', name: 'Altrui', query: '' },
          })
          .execute(),
      ),
    ).rejects.toThrow(/row-level security/)
  })

  test('is refused after the twentieth, and one that is there is changed still', async () => {
    const viewer = await aStaffViewer(municipality, 'accountant')
    for (let n = 0; n < 20; n += 1)
      expect((await keepView(viewer, PUPIL_LIST, { name: `Vista ${n}`, query: '' })).ok).toBe(true)
    expect(await keepView(viewer, PUPIL_LIST, { name: 'Una di più', query: '' })).toMatchObject({
      code: 'lists:too-many-views',
    })
    expect((await keepView(viewer, PUPIL_LIST, { name: 'Vista 3', query: 'cerca=anna' })).ok).toBe(true)
  })
})
