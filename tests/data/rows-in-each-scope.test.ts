import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import type { Scope, Trx } from '#db/client.ts'
import { type DemoPart, demoPeople } from '#db/demo/people.ts'
import { seedDemo } from '#db/seed.ts'
import { installTestClock } from '#tests/support/cluster.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import { aMunicipality, aStaffViewer } from '#tests/support/factories.ts'
import { inEverySubject } from '#tests/support/subjects.ts'

/**
 * What is left of the demonstration municipality's rows when the application has forgotten every condition: statements without any
 * `where`, in the scope of seven people. Row-level security alone answers, table by table.
 *
 * The office of another municipality sees what that one has: schools, diets, prices and its one manager.
 *
 * In order: a public page · a person of the municipality without a family · another holder · the holder · the delegate · the
 * office · the office of another municipality.
 * ● all rows of the municipality (of a row to add: nothing stood in its way but the rules of the row itself) · ○ some of them · · none.
 * The row to add is a copy of one that the holder does not see, of the other holder's family where there is one. Triggers are off
 * meanwhile: they speak before the policy of a new row, and would hide it.
 */
const TABLES: Record<string, string> = {
  absence: 'sees ··○○○●· adds ··●··●· removes ··●●●●·',
  absence_event: 'sees ··○○○●· adds ··●··●·',
  absence_receipt: 'sees ··○○○●· adds ··●··●·',
  account: 'sees ··○○·●· adds ··●··●· changes ··○○·●·',
  audit_event: 'sees ·○○○·●· adds ●●●●●●·',
  closure: 'sees ●●●●●●· adds ·····●· changes ·····●·',
  communication: 'sees ··○○○●· adds ·····●· changes ·····●·',
  communication_acknowledgement: 'sees ··○··●· adds ··●··●·',
  communication_publication: 'sees ··○○○●· adds ·····●·',
  communication_read: 'sees ··○··●· adds ··●··●·',
  communication_recipient: 'sees ··○○○●· adds ·····●·',
  communication_recipient_person: 'sees ··○○○●· adds ·····●·',
  communication_version: 'sees ··○○○●· adds ·····●·',
  content_item: 'sees ○○○○○●· adds ·····●· changes ·····●·',
  content_version: 'sees ○○○○○●· adds ·····●·',
  content_version_file: 'sees ●●●●●●· adds ·····●·',
  delivery_batch: 'sees ·····●·',
  diet: 'sees ●●●●●●○ adds ·····●· changes ·····●○',
  dish: 'sees ●●●●●●· adds ·····●· changes ·····●·',
  enrolment: 'sees ··○○○●· adds ·····●· changes ·····●· removes ·····●·',
  entry: 'sees ··○○·●· adds ·····●·',
  family_look: 'sees ···●·●· adds ·····●· changes ·····●·',
  fare_assignment: 'sees ··○··●· adds ·····●· changes ·····●· removes ·····●·',
  fare_band: 'sees ●●●●●●· adds ·····●· changes ·····●·',
  fare_band_price: 'sees ●●●●●●· adds ······· removes ·······',
  form_document: 'sees ···○·●· adds ······· changes ···○··· removes ···●·●·',
  form_event: 'sees ···○·●· adds ·····●·',
  form_submission: 'sees ···○·●· adds ·····●· changes ···○·●·',
  household: 'sees ··○○○●· adds ·····●· changes ·····●·',
  household_member: 'sees ··○○○●· adds ·····●· changes ·····●·',
  invoice: 'sees ··○○·●· adds ··●··●· changes ··●●·●·',
  invoice_copy: 'sees ··○○··· adds ··●···· changes ··○○···',
  invoice_series: 'sees ·····●· adds ·····●· changes ·····●·',
  journal: 'sees ·····●· adds ·····●·',
  kitchen: 'sees ·····●· adds ·····●· changes ·····●·',
  kitchen_count: 'sees ·····●· adds ·····●·',
  kitchen_count_line: 'sees ·····●· adds ·····●·',
  kitchen_school: 'sees ·····●· adds ······· removes ·······',
  leftover: 'sees ·····●· adds ·····●· changes ·····●· removes ·····●·',
  meal_price: 'sees ●●●●●●○ adds ······· removes ·····○·',
  meal_rating: 'sees ··○···· adds ··●···· changes ··○····',
  meal_rating_dish: 'sees ··○···· adds ··●···· changes ··○···· removes ··○····',
  menu: 'sees ●●●●●●· adds ·····●· changes ·····●·',
  menu_change: 'sees ●●●●●●· adds ·····●· changes ·····●·',
  menu_settings: 'sees ●●●●●●· adds ·····●· changes ·····●·',
  menu_version: 'sees ●●●●●●· adds ·····●·',
  municipality_settings: 'sees ●●●●●●· adds ·····●· changes ·····●·',
  notification: 'sees ··○○○●· changes ··○○○●·',
  online_form: 'sees ·●●●●●· adds ·····●· changes ·····●·',
  online_form_version: 'sees ·●●●●●· adds ·····●· changes ·●●●●●·',
  outbox: 'sees ·····●· adds ·····●· changes ·····●·',
  person: 'sees ·○○○○●○ adds ·····●· changes ·○○○○●○',
  person_code: 'sees ·○○○○●○',
  protocol_series: 'sees ·····●·',
  pupil: 'sees ··○○○●· adds ·····●·',
  questionnaire: 'sees ·●●●●●· adds ·····●· changes ·····●· removes ·······',
  questionnaire_answer: 'sees ·····●· adds ······· removes ·······',
  questionnaire_part: 'sees ·····●· adds ······· changes ·······',
  questionnaire_question: 'sees ·●●●●●· adds ·····●· removes ·····●·',
  school: 'sees ●●●●●●○ adds ·····●· changes ·····●○',
  school_class: 'sees ●●●●●●○ adds ·····●· changes ·····●○',
  school_year: 'sees ●●●●●●● adds ·····●· changes ·····●●',
  service: 'sees ●●●●●●● adds ·····●· changes ·····●●',
  service_day: 'sees ●●●●●●· adds ·····●· changes ·····●·',
  service_schedule: 'sees ●●●●●●○ adds ·····●· changes ·····●○',
  staff_member: 'sees ·····●○',
  stored_file: 'sees ●●●●●●· adds ·····●·',
  top_up: 'sees ··○○·●· adds ··●··●· changes ··○○·●·',
  top_up_transition: 'sees ··○○·●· adds ·····●·',
}

const MORNING = '2026-11-24T10:00:00Z'
let scopes: Scope[]
let municipalityId: string
let rights: Map<string, { adds: string[]; changes: string[]; removes: boolean }>

beforeAll(async () => {
  const { owner, ownerUrl } = await testDatabase()
  await setClock(MORNING)
  await seedDemo(ownerUrl)
  await installTestClock(ownerUrl)
  await setClock(MORNING)
  const people = await owner.selectFrom('person').select(['id', 'municipality_id', 'fiscal_code']).execute()
  municipalityId = people[0]?.municipality_id ?? ''
  const personId = (part: DemoPart) =>
    people.find((person) => person.fiscal_code === demoPeople[part].fiscalCode)?.id ?? ''
  const family = (part: DemoPart): Scope => ({
    ...{ municipalityId, audience: 'family', personId: personId(part) },
  })
  const other = await aMunicipality()
  scopes = [
    { municipalityId, audience: 'public' },
    family('editor'),
    family('otherHolder'),
    family('holder'),
    family('delegate'),
    { municipalityId, audience: 'staff', personId: personId('manager') },
    { ...(await aStaffViewer(other, 'manager')), audience: 'staff' },
  ]
  await sql`insert into invoice_copy (municipality_id, invoice_id, holder_id, language, fingerprint, content)
    select municipality_id, id, holder_id, 'it', repeat('0', 64), 'copy' from invoice`.execute(owner)
  const [holder, manager] = [personId('holder'), personId('manager')]
  await sql`insert into family_look (municipality_id, household_id, holder_id, person_id, reason)
    select municipality_id, household_id, person_id, ${manager}::uuid, 'prova' from active_member
    where municipality_id = ${municipalityId} and person_id = ${holder}::uuid and role = 'holder' limit 1`.execute(
    owner,
  )
  rights = await rightsOfTheRuntimeRole()
}, 120_000)

/** What the role of web and worker may do at all, by its grants: columns to write, and whether rows may go. */
async function rightsOfTheRuntimeRole() {
  const { owner } = await testDatabase()
  const columns = (right: 'insert' | 'update') => sql<
    string[]
  >`array(select a.attname::text from pg_attribute a
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      and has_column_privilege('refettorio_web', c.oid, a.attname, ${right}) order by a.attnum)`
  const { rows } = await sql<{ name: string; adds: string[]; changes: string[]; removes: boolean }>`
    select c.relname as name, ${columns('insert')} as adds, ${columns('update')} as changes,
      has_table_privilege('refettorio_web', c.oid, 'delete') as removes
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.relrowsecurity
      and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'municipality_id')`.execute(
    owner,
  )
  return new Map(rows.map(({ name, ...rest }) => [name, rest]))
}

class Undone extends Error {
  readonly mark: string
  constructor(mark: string) {
    super('undone')
    this.mark = mark
  }
}

/** One statement in one scope, undone. What another rule than row-level security refuses has passed row-level security. */
async function mark(scope: Scope, work: (trx: Trx) => Promise<string>): Promise<string> {
  try {
    await inEverySubject(scope, async (trx) => {
      throw new Undone(await work(trx))
    })
  } catch (error) {
    if (error instanceof Undone) return error.mark
    return /row-level security/.test((error as Error).message) ? '·' : '●'
  }
  return ''
}

const inAllScopes = async (work: (trx: Trx) => Promise<string>): Promise<string> => {
  let marks = ''
  for (const scope of scopes) marks += await mark(scope, work)
  return marks
}

const rowsIn = async (trx: Trx, table: string): Promise<string[]> => {
  const { rows } = await sql<{ row: unknown }>`select to_jsonb(t) as row from ${sql.table(table)} t`.execute(
    trx,
  )
  return rows.map(({ row }) => JSON.stringify(row))
}

const countIn = async (trx: Trx, table: string): Promise<number> => {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(trx)
  return rows[0]?.n ?? 0
}

async function lineOf(table: string): Promise<string> {
  const { owner } = await testDatabase()
  const name = sql.table(table)
  const { rows } = await sql<{ row: unknown }>`
    select to_jsonb(t) as row from ${name} t where municipality_id = ${municipalityId}
    order by to_jsonb(t)::text`.execute(owner)
  const all = rows.map(({ row }) => JSON.stringify(row))
  const amount = (n: number) => (n === 0 ? '·' : n === all.length ? '●' : '○')
  const { adds, changes, removes } = rights.get(table) ?? { adds: [], changes: [], removes: false }
  const line = [`sees ${await inAllScopes(async (trx) => amount(await countIn(trx, table)))}`]
  if (adds.length > 0) {
    // A row of the other family where there is one, the same in every run.
    const seenBy = async (scope: Scope) => new Set(await inEverySubject(scope, (trx) => rowsIn(trx, table)))
    const [other, own] = [await seenBy(scopes[2] as Scope), await seenBy(scopes[3] as Scope)]
    const foreign = all.filter((row) => !own.has(row))
    const copied = foreign.find((row) => other.has(row)) ?? foreign[0] ?? all[0]
    const columns = sql.join(adds.map((column) => sql.ref(column)))
    const add = async (trx: Trx) => {
      await sql`insert into ${name} (${columns})
        select ${columns} from jsonb_populate_record(null::${name}, ${copied}::jsonb)`.execute(trx)
      return '●'
    }
    // A trigger speaks before the policy of a new row: what it refuses depends on the row that is copied.
    await sql`alter table ${name} disable trigger user`.execute(owner)
    line.push(`adds ${await inAllScopes(add)}`)
    await sql`alter table ${name} enable trigger user`.execute(owner)
  }
  if (changes[0]) {
    const column = sql.ref(changes[0])
    const change = async (trx: Trx) =>
      amount(Number((await sql`update ${name} set ${column} = ${column}`.execute(trx)).numAffectedRows))
    line.push(`changes ${await inAllScopes(change)}`)
  }
  if (removes) {
    const remove = async (trx: Trx) =>
      amount(Number((await sql`delete from ${name}`.execute(trx)).numAffectedRows))
    line.push(`removes ${await inAllScopes(remove)}`)
  }
  return line.join(' ')
}

test.each(Object.entries(TABLES))('%s', async (table, expected) => {
  expect(await lineOf(table)).toBe(expected)
})

test('every policy names the municipality, for what is read and for what is written', async () => {
  const { owner } = await testDatabase()
  const { rows } = await sql<{ policy: string }>`
    select tablename || '.' || policyname as policy from pg_policies
    where schemaname = 'public' and tablename <> 'municipality'
      and (qual is not null and qual !~ '^\\(*municipality_id = app_municipality\\(\\)'
        or with_check is not null and with_check !~ '^\\(*municipality_id = app_municipality\\(\\)')`.execute(
    owner,
  )
  expect(rows).toEqual([])
})
