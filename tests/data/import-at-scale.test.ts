import { sql } from 'kysely'
import pg from 'pg'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { asStaff, asSystem, takeLonger } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { runDueImports } from '#lib/imports/office/due-import.commands.ts'
import { confirmImport, undoImport } from '#lib/imports/office/import.commands.ts'
import { testDatabase } from '#tests/support/database.ts'
import { aSchool, aServiceDay, type TestMunicipality } from '#tests/support/factories.ts'
import { adultCode, csv, HEADERS, row, surname } from '#tests/support/import-files.ts'
import { anImportingMunicipality, applied, compared, importNow, sent } from '#tests/support/pupil-imports.ts'

let municipality: TestMunicipality
let clerk: Viewer
let school: string

beforeEach(async () => {
  ;({ municipality, clerk, school } = await anImportingMunicipality())
})

/** A list of so many pupils, each of a family of its own. */
const listOf = (pupils: number, schoolName = school) =>
  csv([
    [...HEADERS],
    ...Array.from({ length: pupils }, (_, n) =>
      row(schoolName, {
        ...{ child: [surname(n), 'Zoe'], father: [surname(n), 'Ugo'], mother: [surname(n), 'Ada'] },
      }),
    ),
  ])

const TABLES = [
  'household',
  'person',
  'person_code',
  'household_member',
  'pupil',
  'enrolment',
  'account',
] as const

/** How many rows the registry has, and their checksum. */
async function registry(): Promise<string> {
  const { owner } = await testDatabase()
  const sums = await Promise.all(
    TABLES.map(async (table) => {
      const { rows } = await sql<{ sum: string }>`
        select count(*) || ' ' || coalesce(md5(string_agg(to_jsonb(r)::text, '|' order by to_jsonb(r)::text)), '') as sum
        from ${sql.table(table)} r where r.municipality_id = ${municipality.municipalityId}`.execute(owner)
      return rows[0]?.sum
    }),
  )
  return sums.join(' ')
}

/** How many statements the work of the worker sends. */
async function statementsOf(work: () => Promise<unknown>): Promise<number> {
  const submit = vi.spyOn(pg.Query.prototype as unknown as { submit: () => unknown }, 'submit')
  try {
    await work()
    return submit.mock.calls.length
  } finally {
    submit.mockRestore()
  }
}

/** An import that its worker compares when it is asked to. */
const checking = async (content: string): Promise<number> => {
  const id = await sent(clerk, content)
  return statementsOf(() => compared(clerk, municipality, id))
}

const moved = async (content: string): Promise<number> => {
  const { id, seen } = await compared(clerk, municipality, await sent(clerk, content))
  expect((await confirmImport(clerk, id, seen ?? '')).ok).toBe(true)
  const statements = await statementsOf(runDueImports)
  expect(await importNow(clerk, id)).toMatchObject({ state: 'applied', stopped: null })
  return statements
}

describe('the statements of an import', () => {
  test('to compare a list are as many in a town of many schools as in a small one', async () => {
    const inSmall = await checking(listOf(2))
    for (let n = 0; n < 6; n += 1) await aSchool(municipality)
    expect(await checking(listOf(4))).toBe(inSmall)
  })

  test('to move pupils to another school are as many for thirty as for three', async () => {
    const other = await aSchool(municipality, 'Plesso Nuovo')
    await aServiceDay(municipality, '2026-11-25', { school: other })
    await applied(clerk, municipality, listOf(30))
    const ofThree = await moved(listOf(3, 'Plesso Nuovo'))
    expect(await moved(listOf(30, 'Plesso Nuovo'))).toBe(ofThree)
    const { owner } = await testDatabase()
    const there = await owner
      .selectFrom('enrolment')
      .select('id')
      .where('municipality_id', '=', municipality.municipalityId)
      .where('school_id', '=', other.id)
      .execute()
    expect(there).toHaveLength(30)
  })
})

/** Applies an import, and does something while it waits with its first rows to write. */
async function whileItWrites(meanwhile: () => Promise<void>): Promise<void> {
  const { owner } = await testDatabase()
  const { running } = await owner.transaction().execute(async (trx) => {
    // What it writes first refers to this row: it waits here, with everything held that it holds until then.
    await sql`select from municipality where id = ${municipality.municipalityId} for update`.execute(trx)
    const work = runDueImports()
    await vi.waitFor(meanwhile)
    return { running: work }
  })
  await running
}

/** Which of these rows are in no hands. */
const free = (table: 'service_day' | 'pupil', ids: string[]) =>
  asSystem(municipality.municipalityId, async (trx) => {
    const { rows } = await sql<{ id: string }>`select r.id from ${sql.table(table)} r
      where r.municipality_id = ${municipality.municipalityId} and r.id = any(${ids}::uuid[])
      order by r.id for no key update skip locked`.execute(trx)
    return rows.map((row) => row.id)
  })

describe('while an import writes', () => {
  test('the days of its own schools stay open, and those of others close', async () => {
    const other = await aSchool(municipality, 'Plesso Nuovo')
    const there = await aServiceDay(municipality, '2026-11-27', { school: other })
    const elsewhere = await aServiceDay(municipality, '2026-11-27')
    const { id, seen } = await compared(clerk, municipality, await sent(clerk, listOf(2, 'Plesso Nuovo')))
    await confirmImport(clerk, id, seen ?? '')
    await whileItWrites(async () =>
      expect(await free('service_day', [there, elsewhere])).toEqual([elsewhere]),
    )
    expect(await importNow(clerk, id)).toMatchObject({ state: 'applied', stopped: null })
  })

  test('a parent changes a meal, and what a colleague moved meanwhile stops it', async () => {
    await applied(clerk, municipality, listOf(1))
    const { owner } = await testDatabase()
    const pupil = await owner
      .selectFrom('pupil')
      .select('id')
      .where('municipality_id', '=', municipality.municipalityId)
      .executeTakeFirstOrThrow()
    const other = await aSchool(municipality, 'Plesso Nuovo')
    const there = await aServiceDay(municipality, '2026-11-27', { school: other })
    const { id, seen } = await compared(clerk, municipality, await sent(clerk, listOf(3, 'Plesso Nuovo')))
    await confirmImport(clerk, id, seen ?? '')
    await whileItWrites(async () => {
      expect(await free('service_day', [there])).toEqual([])
      expect(await free('pupil', [pupil.id])).toEqual([pupil.id])
      await asStaff(clerk, (trx) =>
        sql`update enrolment set valid_to = '2027-05-01' where municipality_id = ${municipality.municipalityId}
          and pupil_id = ${pupil.id}`.execute(trx),
      )
    })
    expect(await importNow(clerk, id)).toMatchObject({
      state: 'checked',
      stopped: expect.stringContaining('Intanto qualcosa è cambiato'),
    })
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from pupil
      where municipality_id = ${municipality.municipalityId}`.execute(owner)
    expect(rows[0]?.n).toBe(1)
  })
})

const MANY = 600

describe('an import of many families', () => {
  test('is taken back piece by piece, with every row as it was', async () => {
    await applied(clerk, municipality, csv([[...HEADERS], row(school)]))
    const before = await registry()
    const { id } = await applied(clerk, municipality, listOf(MANY))
    expect(await registry()).not.toBe(before)
    expect((await undoImport(clerk, id)).ok).toBe(true)
    await runDueImports()
    const done = await importNow(clerk, id)
    expect(done).toMatchObject({ state: 'undone', stopped: null })
    expect(done.total).toBeGreaterThan(MANY)
    expect(done.done).toBe(done.total)
    expect(await registry()).toBe(before)
  })

  test('is not taken back at all when something refers to the last of them', async () => {
    const { id } = await applied(clerk, municipality, listOf(MANY))
    const { owner } = await testDatabase()
    const { rows } = await sql<{ id: string }>`select row_id as id from pupil_import_image
      where import_id = ${id} and table_name = 'person' order by row_id desc limit 1`.execute(owner)
    await owner
      .insertInto('notification_choice')
      .values({ municipality_id: municipality.municipalityId, person_id: rows[0]?.id ?? '' })
      .execute()
    const before = await registry()
    await undoImport(clerk, id)
    await runDueImports()
    expect(await importNow(clerk, id)).toMatchObject({
      state: 'applied',
      stopped: expect.stringContaining('Non si può annullare'),
    })
    expect(await registry()).toBe(before)
  })

  test('is not taken back where a row changed after it was compared', async () => {
    const { id } = await applied(clerk, municipality, listOf(3))
    const { owner } = await testDatabase()
    await sql`update pupil_import set state = 'undoing' where id = ${id}`.execute(owner)
    await sql`update person set phone = '+393330000000' where municipality_id = ${municipality.municipalityId}
      and fiscal_code = ${adultCode(surname(1), 'Ugo')}`.execute(owner)
    const pieces = asStaff(clerk, async (trx) => {
      const { rows } = await sql<{ undone: number | null; referring: string | null }>`
        select u.undone, u.referring from undo_pupil_import(${municipality.municipalityId}::uuid, ${id}::uuid, 'person', 100) u`.execute(
        trx,
      )
      return rows[0]
    })
    expect(await pieces).toEqual({ undone: null, referring: 'person' })
  })
})

/** Tables of which a town of any size has few rows: staff write them. Every other one is asked by an index. */
const OF_STAFF = new Set([
  ...['class_places', 'closure', 'communication', 'communication_publication', 'communication_reminder'],
  ...[
    'communication_version',
    'content_item',
    'content_version',
    'diet',
    'dish',
    'fare_band_price',
    'form_batch',
  ],
  ...[
    'kitchen',
    'kitchen_school',
    'meal_price',
    'menu',
    'menu_change',
    'menu_version',
    'municipality_settings',
  ],
  ...[
    'online_form',
    'online_form_version',
    'payment_alarm',
    'person_merge',
    'pupil_import',
    'pupil_merge',
    'questionnaire',
  ],
  ...[
    'school_year',
    'service',
    'service_rule',
    'staff_member',
    'told_apart',
    'top_up_note',
    'work_take',
    'year_rollover',
    'year_rollover_work',
  ],
])

test('a table that grows with the families is asked by an index who refers to a row that an import made', async () => {
  const { owner } = await testDatabase()
  const { rows } = await sql<{ child: string; columns: string }>`
    select f.conrelid::regclass::text as child, (select string_agg(a.attname, ', ' order by k.at) from unnest(f.conkey) with ordinality k (column_at, at)
      join pg_attribute a on a.attrelid = f.conrelid and a.attnum = k.column_at) as columns
    from pg_constraint f
    where f.contype = 'f' and f.conparentid = 0 and f.conenforced and f.confrelid in
      ('person'::regclass, 'pupil'::regclass, 'household'::regclass, 'account'::regclass, 'household_member'::regclass)
      and not exists (select from pg_index i where i.indrelid = f.conrelid
        and (i.indkey::int2[])[0:cardinality(f.conkey) - 1] @> f.conkey
        and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) in (select format('(%I IS NOT NULL)', a.attname)
          from pg_attribute a where a.attrelid = f.conrelid and a.attnum = any (f.conkey))))
    order by 1, 2`.execute(owner)
  expect(rows.filter(({ child }) => !OF_STAFF.has(child))).toEqual([])
})

test('a transaction that is given longer outlasts the limit that it began with', async () => {
  const outlasted = asSystem(municipality.municipalityId, async (trx) => {
    await sql`select set_config('transaction_timeout', '50ms', true)`.execute(trx)
    await takeLonger(trx, '1min')
    await sql`select pg_sleep(0.1)`.execute(trx)
    return true
  })
  expect(await outlasted).toBe(true)
})
