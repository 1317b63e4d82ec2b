import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { inScope, type Trx } from '#db/client.ts'
import { seedDemo } from '#db/seed.ts'
import { enterSubject } from '#db/subjects.ts'
import { installTestClock } from '#tests/support/cluster.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import fc, { atLength } from '#tests/support/random.ts'
import { familyInEverySubject } from '#tests/support/subjects.ts'

/**
 * The tables whose policies compare with a set that a transaction asked before, each with the question that it stands for: in
 * plain words over the tables, by the owner of the schema, whom no policy stops. `own`: the roles that the person has now;
 * `pupils`: the pupils that go with them; `copies`: the communications addressed to the person that they still let them read.
 */
const TRUTH: Record<string, string> = {
  person: `t.id = $p`,
  fare_assignment: `t.pupil_id in (select c.id from pupil c join own on own.household_id = c.household_id and own.role = 'holder')`,
  form_event: `exists (select from form_submission s join own on own.household_id = s.household_id and own.role = 'holder'
    where s.id = t.submission_id and s.person_id = $p)`,
  absence_receipt: `t.person_id = $p or t.household_id in (select household_id from own where all_pupils)
    or exists (select from absence_event v join pupils on pupils.id = v.pupil_id where v.receipt_id = t.id)`,
  menu_version: `exists (select from menu m where m.id = t.menu_id and m.published_version = t.number and m.withdrawn_at is null)`,
  top_up_transition: `exists (select from top_up u where u.id = t.top_up_id and u.payer_id = $p)`,
  communication: `t.published_version is not null and t.id in (select communication_id from copies)`,
  communication_publication: `t.communication_id in (select communication_id from copies)`,
  communication_recipient: `exists (select from copies c where c.communication_id = t.communication_id and c.household_id = t.household_id)`,
  communication_version: `exists (select from communication_publication x join communication c on c.id = x.communication_id
    join copies on copies.communication_id = c.id
    where x.communication_id = t.communication_id and x.version = t.number and c.withdrawn_at is null)`,
  communication_version_file: `exists (select from communication_publication x join communication c on c.id = x.communication_id
    join copies on copies.communication_id = c.id
    where x.communication_id = t.communication_id and x.version = t.version and c.withdrawn_at is null)`,
  communication_acknowledgement: `t.household_id in (select household_id from own) and t.communication_id in (select communication_id from copies)`,
  questionnaire_question: `exists (select from questionnaire q where q.id = t.questionnaire_id and q.published_at is not null and q.opens_at <= $now)`,
  questionnaire_answer: `exists (select from questionnaire_part s join own on own.household_id = s.household_id
    where s.part = t.part and s.person_id = $p and (s.pupil_id is null or s.pupil_id in (select id from pupils)))`,
}

const NOW = '2026-11-24T10:00:00Z'
const TODAY = '2026-11-24'
let municipalityId: string
let people: string[]
let households: { id: string; pupils: string[] }[]

beforeAll(async () => {
  const { owner, ownerUrl } = await testDatabase()
  await setClock(NOW)
  await seedDemo(ownerUrl)
  await installTestClock(ownerUrl)
  await setClock(NOW)
  const { rows } = await sql<{ id: string; municipality: string }>`
    select p.id, p.municipality_id as municipality from person p where exists (select from communication_recipient_person c where c.person_id = p.id)
    union select payer_id, municipality_id from top_up union select person_id, municipality_id from form_submission
    union select person_id, municipality_id from questionnaire_part where person_id is not null order by 1`.execute(
    owner,
  )
  municipalityId = rows[0]?.municipality ?? ''
  await sql`insert into stored_file (municipality_id, name, media_type, size, sha256, uploaded_by)
    values (${municipalityId}, 'avviso.pdf', 'application/pdf', 1, sha256('x'), ${rows[0]?.id})`.execute(
    owner,
  )
  await sql`insert into communication_version_file (municipality_id, communication_id, version, file_id, role, position, title)
    select v.municipality_id, v.communication_id, v.number, f.id, 'attachment', 1, '' from communication_version v
    join stored_file f on f.municipality_id = v.municipality_id and f.name = 'avviso.pdf'`.execute(owner)
  people = rows.map(({ id }) => id)
  households = (
    await sql<{ id: string; pupils: string[] }>`
      select h.id, array(select p.id from pupil p where p.household_id = h.id order by 1) as pupils
      from household h order by 1`.execute(owner)
  ).rows
}, 120_000)

type Role = {
  person: number
  household: number
  role: 'holder' | 'delegate'
  isEnded: boolean
  from: string
  pupils: number[] | null
}

const aRole: fc.Arbitrary<Role> = fc
  .record({
    person: fc.nat(50),
    household: fc.nat(50),
    role: fc.constantFrom('holder' as const, 'delegate' as const),
    isEnded: fc.boolean(),
    from: fc.constantFrom('2026-09-01', TODAY, '2026-11-25'),
    pupils: fc.option(fc.subarray([0, 1]), { freq: 2 }),
  })
  .map((role) => ({ ...role, pupils: role.role === 'holder' ? null : role.pupils }))

const rolesAsSeeded = () =>
  testDatabase().then(async ({ owner }) => {
    const members = await owner.selectFrom('household_member').selectAll().execute()
    const lists = await owner.selectFrom('delegate_pupil').selectAll().execute()
    return { members, lists }
  })

/** Adds roles to those of the seed; what the table refuses beside the others (a second holder) is left out. */
async function give(roles: readonly Role[]): Promise<void> {
  const { owner } = await testDatabase()
  for (const role of roles) {
    const household = households[role.household % households.length] as (typeof households)[number]
    const row = await owner
      .insertInto('household_member')
      .values({
        municipality_id: municipalityId,
        household_id: household.id,
        person_id: people[role.person % people.length] as string,
        role: role.role,
        valid_from: role.from,
        valid_to: null,
        started_at: '2026-10-01T08:00:00Z',
        ended_at: role.isEnded ? '2026-11-22T08:00:00Z' : null,
        all_pupils: role.pupils === null,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst()
    const listed = (role.pupils ?? []).flatMap((n) => household.pupils[n] ?? [])
    if (!row || listed.length === 0) continue
    await owner
      .insertInto('delegate_pupil')
      .values(
        listed.map((pupil_id) => ({
          municipality_id: municipalityId,
          household_member_id: row.id,
          pupil_id,
        })),
      )
      .execute()
  }
}

const rowsOf = (condition: string, table: string, person: string) =>
  sql<{ row: string }>`
    with own as (
      select m.* from household_member m where m.person_id = ${person} and m.ended_at is null
        and m.valid_from <= ${TODAY}::date and coalesce(m.valid_to, ${TODAY}::date) >= ${TODAY}::date
    ), pupils as (
      select distinct p.id from pupil p join own on own.household_id = p.household_id
      where own.all_pupils or exists (select from delegate_pupil d where d.household_member_id = own.id and d.pupil_id = p.id)
    ), copies as (
      select c.communication_id, c.household_id from communication_recipient_person c where c.person_id = ${person}
        and (c.household_id in (select household_id from own where role = 'holder')
          or c.about = 'service' and c.household_id in (select household_id from own))
    )
    select to_jsonb(t)::text as row from ${sql.table(table)} t
    where t.municipality_id = ${municipalityId}
      and (${sql.raw(condition.replaceAll('$p', `'${person}'`).replaceAll('$now', `'${NOW}'`))}) order by 1`

const seen = (trx: Trx, table: string) =>
  sql<{ row: string }>`select to_jsonb(t)::text as row from ${sql.table(table)} t order by 1`.execute(trx)

test('row security shows of each subject what the tables say, to every kind of person', async () => {
  const { owner } = await testDatabase()
  const met = new Map<string, number>()
  const seeded = await rolesAsSeeded()
  await fc.assert(
    fc.asyncProperty(fc.array(aRole, { maxLength: 6 }), fc.nat(50), async (roles, n) => {
      await give(roles)
      const given = roles.map(({ person }) => people[person % people.length] as string)
      for (const personId of new Set([...given, people[n % people.length] as string])) {
        const shown = await familyInEverySubject({ municipalityId, personId }, async (trx) => {
          const tables: Record<string, unknown> = {}
          for (const table of Object.keys(TRUTH)) tables[table] = (await seen(trx, table)).rows
          return tables
        })
        for (const [table, condition] of Object.entries(TRUTH)) {
          const { rows } = await rowsOf(condition, table, personId).execute(owner)
          expect(shown[table], `${table} as ${personId} sees it`).toEqual(rows)
          met.set(table, Math.max(met.get(table) ?? 0, rows.length))
        }
      }
      const kept = seeded.members.map(({ id }) => id)
      const lists = seeded.lists.map(({ household_member_id }) => household_member_id)
      await owner
        .deleteFrom('delegate_pupil')
        .where('household_member_id', 'not in', [kept[0] as string, ...lists])
        .execute()
      await owner.deleteFrom('household_member').where('id', 'not in', kept).execute()
    }),
    { numRuns: atLength(25), seed: 20_261_124 },
  )
  // A table of which nobody met a row would prove nothing.
  const unmet = Object.keys(TRUTH).filter((table) => !met.get(table))
  expect(unmet).toEqual([])
}, 120_000)

test('a transaction that does not ask about a subject sees none of it, and neither does the next person in it', async () => {
  const { owner } = await testDatabase()
  const reader = await owner
    .selectFrom('communication_recipient_person as c')
    .innerJoin('active_member as m', (join) =>
      join
        .onRef('m.household_id', '=', 'c.household_id')
        .onRef('m.person_id', '=', 'c.person_id')
        .on('m.role', '=', 'holder'),
    )
    .select('c.person_id')
    .executeTakeFirstOrThrow()
  const scope = { municipalityId, audience: 'family', personId: reader.person_id } as const
  await inScope(scope, async (trx) => {
    expect((await seen(trx, 'communication')).rows).toEqual([])
    await enterSubject(trx, 'communications')
    expect((await seen(trx, 'communication')).rows).not.toEqual([])
    await sql`select enter_scope(${municipalityId}::uuid, 'family', ${reader.person_id}::uuid)`.execute(trx)
    expect((await seen(trx, 'communication')).rows).toEqual([])
  })
})
