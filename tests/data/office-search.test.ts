import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { asStaff, asSystem } from '#db/client.ts'
import { OFFICE_ROLES, PARTIAL_ROLES, type StaffRole, type Viewer } from '#lib/access/viewer.ts'
import { officeFrame } from '#lib/desk/frame.queries.ts'
import { answerSearch, takeSearch } from '#lib/desk/search.http.ts'
import { searchOffice } from '#lib/desk/search.queries.ts'
import { type FoundGroup, foundInWords } from '#lib/desk/search.words.ts'
import { hashOfCode } from '#lib/identity/fiscal-code-hash.commands.ts'
import { issueInvoice } from '#lib/invoices/invoice.commands.ts'
import { BUDGETS } from '#lib/kernel/budgets.ts'
import { changeMeals } from '#lib/meals/meal-change.commands.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aHousehold,
  aMunicipality,
  aPupil,
  aSchool,
  aServiceDay,
  aStaffViewer,
  type Household,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { aForm, healthDiet, send } from '#tests/support/forms.ts'
import { aTopUp, markPaid } from '#tests/support/money.ts'
import fc, { atLength } from '#tests/support/random.ts'

let municipality: TestMunicipality
let family: Household
let greta: string
let receipt: string
let invoice: string
const viewers = {} as Record<StaffRole, Viewer>

beforeAll(async () => {
  await setClock('2026-11-24T08:00:00+01:00')
  municipality = await aMunicipality()
  for (const role of [...OFFICE_ROLES, ...PARTIAL_ROLES])
    viewers[role] = await aStaffViewer(municipality, role)
  family = await aHousehold(municipality, {
    name: 'Pellegrini',
    holder: { givenName: 'Nicolò', familyName: 'D’Angelo' },
  })
  greta = await aPupil(municipality, family.householdId, { name: 'Gréta' })
  await aServiceDay(municipality, '2026-11-25')
  const { owner } = await testDatabase()
  await owner
    .updateTable('person')
    .set({
      phone: '+393331234567',
      fiscal_code: 'DNGNCL80A01L781Q',
      fiscal_code_hash: await asSystem(municipality.municipalityId, (trx) =>
        hashOfCode(trx, 'DNGNCL80A01L781Q'),
      ),
    })
    .where('id', '=', family.holder.personId)
    .execute()
  await owner.updateTable('pupil').set({ fiscal_code: 'LBRGRT18C42L781A' }).where('id', '=', greta).execute()
  const changed = await changeMeals(family.holderViewer, {
    ...{ action: 'cancel', pupilIds: [greta], days: ['2026-11-25'], channel: 'web' },
    idempotencyKey: crypto.randomUUID(),
  })
  if (!changed.ok) throw new Error(changed.code)
  receipt = changed.value.number
  await send(family, await aForm(viewers.manager, 'diet'), healthDiet(greta))
  const topUpId = await aTopUp(municipality, family)
  invoice = await asSystem(municipality.municipalityId, async (trx) => {
    await markPaid(trx, municipality, topUpId)
    return (await issueInvoice(trx, municipality.municipalityId, topUpId)).number
  })
})

const groupsFor = async (viewer: Viewer, typed: string): Promise<FoundGroup[]> => {
  const found = await searchOffice(viewer, typed)
  return found ? foundInWords(found, 'paese') : []
}

/** "Alunni: Gréta Albertini" */
const linesFor = async (viewer: Viewer, typed: string): Promise<string[]> =>
  (await groupsFor(viewer, typed)).flatMap(({ title, lines }) =>
    lines.map(({ label }) => `${title}: ${label}`),
  )

describe('the search of the office finds', () => {
  test.each([
    ['a pupil by any part of any word', () => 'ETA bert', 'Alunni: Gréta Albertini'],
    ['a pupil by two letters', () => 'gr', 'Alunni: Gréta Albertini'],
    ['a pupil by the fiscal code', () => 'lbrgrt18c42l781a', 'Alunni: Gréta Albertini'],
    [
      'a parent without accents and apostrophe',
      () => 'dangelo nicolo',
      'Genitori e delegati: Nicolò D’Angelo',
    ],
    ['a parent by the fiscal code', () => 'DNGNCL80A01L781Q', 'Genitori e delegati: Nicolò D’Angelo'],
    ['a parent by the telephone', () => '333 1234567', 'Genitori e delegati: Nicolò D’Angelo'],
    ['a parent by the end of the telephone', () => '34567', 'Genitori e delegati: Nicolò D’Angelo'],
    ['a class', () => '3a', 'Classi: Classe 3A'],
    ['a day', () => 'domani', 'Giorni: mercoledì 25 novembre 2026'],
    ['a receipt by its number', () => receipt.toLowerCase(), 'Ricevute di disdetta: Ricevuta '],
    ['an invoice by its number', () => invoice, 'Fatture: Fattura '],
    ['an invoice by number and year', () => '1/2026', 'Fatture: Fattura '],
    ['a request by number and year', () => '1/2026', 'Domande: Domanda 1/2026'],
    ['a page', () => 'tariff', 'Pagine: Tariffe'],
  ])('%s', async (_what, typed, line) => {
    expect(
      (await linesFor(viewers.manager, typed())).some((one) => one.startsWith(line)),
      line,
    ).toBe(true)
  })

  test('where each leads', async () => {
    const groups = [
      ...(await groupsFor(viewers.manager, 'greta')),
      ...(await groupsFor(viewers.manager, '3A')),
      ...(await groupsFor(viewers.manager, 'domani')),
    ]
    expect(groups.flatMap(({ lines }) => lines.map(({ href }) => href))).toEqual([
      `/admin/paese/famiglie/${family.householdId}`,
      `/admin/paese/famiglie/pasti/${greta}`,
      `/admin/paese/famiglie/classi?classe=${municipality.school.classId}&anno=2026%2F2027`,
      '/admin/paese/conteggi?giorno=2026-11-25',
    ])
  })

  test('nothing by signs, single letters and numbers of another form', async () => {
    for (const typed of ['%%', '__', 'a', 'z q', '9/1999', '2026/ZZZ/000001', 'RECEIPT-99'])
      expect(await linesFor(viewers.operator, typed), typed).toEqual([])
  })
})

const EVERYTHING = [
  'greta',
  'dangelo',
  '3331234567',
  'LBRGRT18C42L781A',
  'DNGNCL80A01L781Q',
  '3a',
  'domani',
  '1/2026',
  'a',
]

/** The kinds that a role finds, whatever is typed. */
async function kindsFor(role: StaffRole): Promise<string[]> {
  const all = await Promise.all(
    [...EVERYTHING, receipt, invoice].map((typed) => groupsFor(viewers[role], typed)),
  )
  return [...new Set(all.flat().map(({ title }) => title))].toSorted()
}

describe('each role finds', () => {
  const FAMILIES = ['Alunni', 'Fatture', 'Genitori e delegati', 'Giorni', 'Ricevute di disdetta']
  const MEALS = 'Pasti: disdici o ripristina'
  test.each([
    ['manager', [...FAMILIES, MEALS, 'Classi', 'Domande']],
    ['operator', [...FAMILIES, MEALS, 'Classi', 'Domande']],
    ['accountant', FAMILIES],
    ['editor', []],
    ['reader', []],
    ['kitchen', ['Giorni']],
    ['school_office', ['Alunni', 'Classi']],
    ['teacher', ['Classi']],
  ] as const)('as %s only what it may open', async (role, kinds) => {
    expect(await kindsFor(role)).toEqual([...kinds].toSorted())
  })

  test('as a school office the pupils of its school, by name, and of no other school', async () => {
    const other = await aSchool(municipality)
    await aPupil(municipality, family.householdId, { name: 'Gretel', school: other })
    const groups = await groupsFor(viewers.school_office, 'gre')
    expect(groups).toEqual([
      {
        title: 'Alunni',
        lines: [
          {
            label: 'Albertini Gréta',
            detail: expect.stringMatching(/^3A, /),
            href: '/admin/paese/alunni?cerca=Albertini+Gr%C3%A9ta&stato=',
          },
        ],
      },
    ])
    expect(JSON.stringify(groups)).not.toContain(family.householdId)
    for (const typed of ['LBRGRT18C42L781A', 'dangelo', '3331234567', 'a', '%%'])
      expect(
        (await linesFor(viewers.school_office, typed)).filter((line) => /^(Alunni|Genitori)/.test(line)),
        typed,
      ).toEqual([])
    expect(await linesFor(viewers.teacher, 'greta')).toEqual([])
    expect((await linesFor(viewers.manager, 'gretel')).map((line) => line.split(':')[0])).toEqual([
      'Alunni',
      'Pasti',
    ])
  })

  test('nothing of another municipality', async () => {
    const elsewhere = await aMunicipality()
    const manager = await aStaffViewer(elsewhere, 'manager')
    for (const typed of [
      'greta',
      'dangelo',
      '3331234567',
      'LBRGRT18C42L781A',
      'DNGNCL80A01L781Q',
      receipt,
      invoice,
    ])
      expect(await linesFor(manager, typed), typed).toEqual([])
    expect(await linesFor(manager, '1/2026')).toEqual([])
  })

  test('nothing as a family', async () => {
    expect(await searchOffice(family.holderViewer, 'greta')).toBeNull()
    expect((await answerSearch(family.holderViewer, 'paese', 'greta')).status).toBe(404)
    expect((await answerSearch(null, 'paese', 'greta')).status).toBe(404)
  })

  test('nothing through the database alone without the office’s transaction', async () => {
    const ids = await asSystem(municipality.municipalityId, async (trx) => {
      const { rows } = await sql<{
        id: string
      }>`select id from find_pupils('greta', 8) as found (id)`.execute(trx)
      return rows
    })
    expect(ids).toEqual([])
  })
})

test('a search that shows people is written down without figures, and no other is', async () => {
  const { owner } = await testDatabase()
  const clerk = await aStaffViewer(municipality, 'operator')
  await searchOffice(clerk, 'Greta')
  await searchOffice(clerk, 'LBRGRT18C42L781A')
  await searchOffice(clerk, 'domani')
  await searchOffice(clerk, 'nessuno così')
  const rows = await owner
    .selectFrom('audit_event')
    .select('details')
    .where('person_id', '=', clerk.personId)
    .where('action', '=', 'households.searched')
    .execute()
  expect(
    rows.map(({ details }) => details).toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))),
  ).toEqual([
    { shown: 1, words: '…' },
    { shown: 1, words: 'Greta' },
  ])
})

test('a person who asks without a pause is told to wait', async () => {
  const clerk = await aStaffViewer(municipality, 'operator')
  for (let n = 0; n < BUDGETS['search:take'].most; n += 1) expect(takeSearch(clerk)).toBe(true)
  expect((await answerSearch(clerk, 'paese', 'greta')).status).toBe(429)
})

test('the frame shows the current school year, and nothing to a family', async () => {
  expect((await officeFrame(viewers.teacher)).years).toEqual([
    { name: '2026/2027', isCurrent: true, isOver: false },
  ])
  expect(await officeFrame(family.holderViewer)).toEqual({ waiting: [], years: [] })
})

/** The names of a large town, of which few are shared by many. */
const MANY = sql`select n, (array['Anna', 'Luca', 'Greta', 'Marco', 'Sofia', 'Leo', 'Nicolò', 'Li'])[1 + n % 8] as given_name,
    initcap(translate(lpad((n * 7919 % 99991)::text, 5, '0'), '0123456789', 'rosmaneltì')) as family_name`

/** One piece after the other: a statement has as long as any other. */
const PIECE = 3_000

const manyPupils = (householdId: string, from = 1) => sql`
  insert into pupil (municipality_id, household_id, given_name, family_name, fiscal_code, birth_date)
  select h.municipality_id, h.id, m.given_name, m.family_name, 'L' || lpad(m.n::text, 15, '0'), '2018-03-02'
  from household h, (${MANY} from generate_series(${from}::int, ${from}::int + ${PIECE}::int - 1) n) m
  where h.id = ${householdId}::uuid`

/** Their delegates, each with a telephone. */
const manyAdults = (householdId: string) => sql`
  with added as (
    insert into person (municipality_id, given_name, family_name, fiscal_code, fiscal_code_hash, phone)
    select h.municipality_id, m.given_name, m.family_name, 'P' || lpad(m.n::text, 15, '0'), sha256(m.n::text::bytea),
      '+39333' || lpad((m.n * 7919 % 9999991)::text, 7, '0')
    from household h, (${MANY} from generate_series(1, ${PIECE}::int) n) m where h.id = ${householdId}::uuid
    returning municipality_id, id)
  insert into household_member (municipality_id, household_id, person_id, role, valid_from)
  select a.municipality_id, ${householdId}::uuid, a.id, 'delegate', '2020-09-01' from added a`

const NAMES = [
  'Rossi',
  'Perić',
  'De Luca',
  'Li',
  'D’Angelo',
  'Müller',
  'Ng',
  'Albertini',
  'Anna',
  'Đorđe',
  'Al',
]

describe('the index of names', () => {
  test('is read by a search for people and for telephones', async () => {
    const large = await aMunicipality()
    const manager = await aStaffViewer(large, 'manager')
    const { householdId } = await aHousehold(large)
    const { owner } = await testDatabase()
    await manyPupils(householdId).execute(owner)
    await manyAdults(householdId).execute(owner)
    await sql`vacuum (analyze) pupil, person, household_member`.execute(owner)
    const scans = (typed: string, digits: string) =>
      asStaff(manager, async (trx) => {
        await sql`select find_pupils(${typed}, 8), find_adults(${typed}, ${digits}, 8)`.execute(trx)
        const { rows } = await sql<{ name: string }>`
          select name from unnest(array['pupil_by_grams', 'person_by_grams', 'person_by_phone']) name
          where pg_stat_get_xact_numscans(name::regclass) > 0 order by name`.execute(trx)
        return rows.map(({ name }) => name)
      })
    expect(await scans('rosma', '')).toEqual(['person_by_grams', 'pupil_by_grams'])
    expect(await scans('', '1234567')).toEqual(['person_by_phone'])
  })

  test('finds what a reading of every name finds', async () => {
    const elsewhere = await aMunicipality()
    const manager = await aStaffViewer(elsewhere, 'manager')
    const { householdId } = await aHousehold(elsewhere)
    const { owner } = await testDatabase()
    for (const [at, family_name] of NAMES.entries()) {
      const id = await aPupil(elsewhere, householdId)
      const given_name = NAMES[(at * 7 + 3) % NAMES.length] as string
      await owner.updateTable('pupil').set({ given_name, family_name }).where('id', '=', id).execute()
    }
    const part = fc
      .constantFrom(...NAMES)
      .chain((name) =>
        fc
          .tuple(fc.nat(name.length - 1), fc.integer({ min: 2, max: 6 }))
          .map(([from, length]) => name.slice(from, from + length)),
      )
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 3 }), async (parts) => {
        const typed = parts.join(' ')
        const [byIndex, byReading] = await asStaff(manager, async (trx) => [
          (await sql<{ id: string }>`select id from find_pupils(${typed}, 100) as found (id)`.execute(trx))
            .rows,
          (
            await sql<{ id: string }>`
              select c.id from pupil c where c.municipality_id = ${elsewhere.municipalityId}
                and cardinality(typed_grams(c.municipality_id, ${typed})) > 0
                and c.search_key like all (array(select search_patterns(${typed})))`.execute(trx)
          ).rows,
        ])
        expect(byIndex.map(({ id }) => id).toSorted(), typed).toEqual(
          byReading.map(({ id }) => id).toSorted(),
        )
      }),
      { numRuns: 40 },
    )
  })
})

describe.runIf(atLength(1) > 1)('among 150,000 pupils', () => {
  test('a part of a name is found within a tenth of a second, by the index', async () => {
    const large = await aMunicipality()
    const manager = await aStaffViewer(large, 'manager')
    const { householdId } = await aHousehold(large)
    const { owner } = await testDatabase()
    for (let from = 1; from <= 150_000; from += PIECE) await manyPupils(householdId, from).execute(owner)
    await sql`vacuum (analyze) pupil`.execute(owner)
    for (const typed of ['rosma', 'gre ros', 'li', 'nicolo', 'zzz']) {
      const best = await asStaff(manager, async (trx) => {
        const times: number[] = []
        for (let n = 0; n < 5; n += 1) {
          const before = performance.now()
          await sql`select find_pupils(${typed}, 8)`.execute(trx)
          times.push(performance.now() - before)
        }
        const { rows } = await sql<{ scans: number }>`
          select pg_stat_get_xact_numscans('pupil_by_grams'::regclass)::int as scans`.execute(trx)
        expect(rows[0]?.scans, typed).toBeGreaterThan(0)
        return Math.min(...times)
      })
      expect(best, typed).toBeLessThanOrEqual(100)
    }
  }, 300_000)
})
