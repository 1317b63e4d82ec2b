import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { asFamily, asPublic, asStaff, type Trx } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { householdList } from '#lib/people/office/household-list.queries.ts'
import { listMunicipalities } from '#lib/school/municipality.queries.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import {
  aDelegate,
  aHousehold,
  aMunicipality,
  aPupil,
  aStaffViewer,
  type TestMunicipality,
} from '#tests/support/factories.ts'

/** Families whose names are written in more than one way, and how people look for them. */
const SOUGHT: [family: string, holder: { givenName: string; familyName: string }, typed: string[]][] = [
  [
    'dritto',
    { givenName: 'Anna', familyName: "D'Angelo" },
    ["D'Angelo", 'D’Angelo', 'dangelo', 'D ANGELO', 'Anna D’Angelo'],
  ],
  ['curvo', { givenName: 'Ugo', familyName: 'D’Angelo' }, ["d'angelo", 'DANGELO', 'D’Angelo Ugo']],
  ['slavo', { givenName: 'Đorđe', familyName: 'Perić' }, ['Peric', 'PERIĆ', 'Dorde Peric', 'peric đor']],
  [
    'accenti',
    { givenName: 'Nicolò', familyName: 'García Müller' },
    ['Nicolo', 'Garcia', 'Muller', 'muller nicolò'],
  ],
  ['spazi', { givenName: 'Maria', familyName: 'De Luca' }, ['Deluca', 'de luca', 'Maria Deluca']],
]

let municipality: TestMunicipality
let office: Viewer

beforeAll(async () => {
  await testDatabase()
  await setClock('2026-11-24T08:00:00+01:00')
  municipality = await aMunicipality()
  office = await aStaffViewer(municipality, 'operator')
  for (const [name, holder] of SOUGHT) await aHousehold(municipality, { name, holder })
})

const found = async (typed: string) =>
  (await householdList(office, { cerca: typed }))?.page.rows.map(({ cells }) => cells.famiglia) ?? []

describe('the office finds a family', () => {
  test.each(SOUGHT.flatMap(([name, , typed]) => typed.map((words) => [words, name])))(
    'by “%s”',
    async (words, name) => {
      expect(await found(words as string)).toContain(name)
    },
  )

  test('by a pupil’s given name, or surname and name in any order', async () => {
    const { householdId } = await aHousehold(municipality, { name: 'alunna' })
    const { owner } = await testDatabase()
    await aPupil(municipality, householdId)
    await owner
      .updateTable('pupil')
      .set({ given_name: 'Gréta', family_name: 'Albertini' })
      .where('household_id', '=', householdId)
      .execute()
    for (const words of ['Greta', 'Albertini Greta', 'greta albertini', 'bertini'])
      expect(await found(words), words).toEqual(['alunna'])
  })

  test('by every word and not by signs alone', async () => {
    expect(await found('Anna Perić')).toEqual([])
    expect(await found('%%')).toEqual([])
    expect(await found('__')).toEqual([])
  })
})

describe('each search of families', () => {
  test('says why a family was found, and leaves a trace without fiscal codes', async () => {
    const { householdId } = await aHousehold(municipality, {
      name: 'pellegrini',
      holder: { givenName: 'Ada', familyName: 'Pellegrini' },
    })
    await aPupil(municipality, householdId, { name: 'Tea' })
    const delegate = await aDelegate(municipality, householdId)
    const { owner } = await testDatabase()
    await owner
      .updateTable('person')
      .set({ family_name: 'Zucconi' })
      .where('id', '=', delegate.personId)
      .execute()
    const [family] = (await householdList(office, { cerca: 'zucconi' }))?.page.rows ?? []
    expect(family?.cells.famiglia).toBe('pellegrini')
    expect(family?.cells.trovata).toMatch(/^\S+ Zucconi \(delegato\)$/)
    await householdList(office, { cerca: 'RSSMRA80A01H501U Zucconi' })
    const traces = await owner
      .selectFrom('audit_event')
      .select(['action', 'details'])
      .where('municipality_id', '=', municipality.municipalityId)
      .where('person_id', '=', office.personId)
      .where('action', '=', 'households.searched')
      .orderBy('id', 'desc')
      .limit(2)
      .execute()
    expect(traces.map(({ details }) => details)).toEqual([
      { words: '… Zucconi', shown: 0 },
      { words: 'zucconi', shown: 1 },
    ])
  })

  test('has pages', async () => {
    for (let n = 0; n < 51; n += 1) {
      await aHousehold(municipality, {
        name: 'tante',
        holder: { givenName: 'Pia', familyName: 'Foltissima' },
      })
    }
    const first = (await householdList(office, { cerca: 'foltissima' }))?.page
    const second = (await householdList(office, { cerca: 'foltissima', pagina: '2' }))?.page
    expect([first?.total, first?.pages, first?.rows.length, second?.rows.length]).toEqual([51, 2, 50, 1])
  })
})

test('percent, underscore and backslash are no wildcards', async () => {
  const { owner } = await testDatabase()
  const { rows } = await sql<{ pattern: string }>`select search_patterns(${'50%_\\'}) as pattern`.execute(
    owner,
  )
  expect(rows).toEqual([{ pattern: '%50%' }])
})

test('a municipality is found without its accent', async () => {
  const { owner } = await testDatabase()
  await owner
    .updateTable('municipality')
    .set({ name: 'Forlì' })
    .where('id', '=', municipality.municipalityId)
    .execute()
  expect((await listMunicipalities('forli')).map(({ slug }) => slug)).toContain(municipality.slug)
})

describe('what the lists look up', () => {
  const LOOKED_UP = [
    'phones_with',
    'households_named',
    'first_households_named',
    'households_with_phone',
    'households_without_place',
    'recipients_named',
    'pupils_named',
    'pupils_of_named',
    'doubled_pupils',
    'doubled_adults',
    'holders_of_several',
    'communication_figures',
    'delivery_counts',
  ]

  test('is told to the office alone', async () => {
    const { owner } = await testDatabase()
    const { rows } = await sql<{ name: string; isForWeb: boolean; isGuarded: boolean }>`
      select proname as name, has_function_privilege('refettorio_web', oid, 'execute') as "isForWeb",
        prosrc like '%app_audience() is distinct from ''staff''%' or prosrc like '%phones_with(%' as "isGuarded"
      from pg_proc where proname = any (${LOOKED_UP}::text[]) order by 1`.execute(owner)
    expect(rows.map(({ name }) => name)).toEqual(LOOKED_UP.toSorted())
    expect(rows.filter(({ isGuarded }) => !isGuarded)).toEqual([])
    // A telephone's owner is an answer to no list.
    expect(rows.filter(({ isForWeb }) => !isForWeb).map(({ name }) => name)).toEqual(['phones_with'])
  })

  test('is of one’s own municipality, and nothing to a family or to who has a part of the office', async () => {
    const family = await aHousehold(municipality, {
      name: 'Zanella',
      holder: { givenName: 'Ada', familyName: 'Zanella' },
    })
    await (await testDatabase()).owner
      .updateTable('person')
      .set({ phone: '+393337654321' })
      .where('id', '=', family.holder.personId)
      .execute()
    const elsewhere = await aMunicipality()
    const counts = async (trx: Trx) => {
      const { rows } = await sql<{ n: number }>`
        select (select count(*) from first_households_named('zanella', 10, 10))::int
          + (select count(*) from households_with_phone('3337654321'))::int
          + (select count(*) from households_without_place(1000) h where h = ${family.householdId}::uuid)::int as n`.execute(
        trx,
      )
      return rows[0]?.n
    }
    expect(await asStaff(office, counts)).toBe(3)
    expect(await asStaff(await aStaffViewer(elsewhere, 'manager'), counts)).toBe(0)
    expect(await asStaff(await aStaffViewer(municipality, 'reader'), counts)).toBe(0)
    expect(await asFamily(family.holderViewer, counts)).toBe(0)
    expect(await asPublic(municipality.municipalityId, counts)).toBe(0)
  })
})
