import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { type HouseholdDaysPlan, NEW_HOUSEHOLD } from './second-household.ts'

/** Rows that go make room for those that come: never two rules on one day. */
export async function writeRules(
  trx: Trx,
  { municipalityId, personId }: Viewer,
  pupilId: string,
  { shorten, drop, add }: Pick<HouseholdDaysPlan, 'shorten' | 'drop' | 'add'>,
  made: string | null,
): Promise<void> {
  if (drop.length > 0)
    await sql`delete from meal_household_rule where municipality_id = ${municipalityId} and pupil_id = ${pupilId}::uuid
      and id = any(${[...drop]}::uuid[])`.execute(trx)
  for (const { id, to } of shorten)
    await sql`update meal_household_rule set valid_to = ${to}::date
      where municipality_id = ${municipalityId} and pupil_id = ${pupilId}::uuid and id = ${id}::uuid`.execute(
      trx,
    )
  for (const { householdId, firstMonday, days, from, to } of add)
    await sql`insert into meal_household_rule (municipality_id, pupil_id, household_id, first_monday, days, valid_from, valid_to, given_by)
      values (${municipalityId}, ${pupilId}::uuid, ${householdId === NEW_HOUSEHOLD ? made : householdId}::uuid, ${firstMonday}::date,
        ${[...days]}::smallint[], ${from}::date, ${to}::date, ${personId})`.execute(trx)
}

/** The days of second households are again what they were: nothing of them is counted. */
export async function putRulesBack(
  trx: Trx,
  municipalityId: string,
  pupils: readonly { id: string; rules: unknown }[],
): Promise<void> {
  const before = sql`jsonb_to_recordset(${JSON.stringify(pupils)}::jsonb) as n(id uuid, rules jsonb),
    jsonb_populate_recordset(null::meal_household_rule, n.rules) b`
  await sql`update meal_household_rule r set valid_to = b.valid_to from ${before}
    where r.municipality_id = ${municipalityId} and r.id = b.id and r.valid_to is distinct from b.valid_to`.execute(
    trx,
  )
  await sql`
    insert into meal_household_rule (municipality_id, id, pupil_id, household_id, first_monday, days, valid_from, valid_to, given_by, given_at)
    select ${municipalityId}::uuid, b.id, b.pupil_id, b.household_id, b.first_monday, b.days, b.valid_from, b.valid_to, b.given_by, b.given_at
    from ${before}
    where not exists (select from meal_household_rule r where r.municipality_id = ${municipalityId} and r.id = b.id)`.execute(
    trx,
  )
}
