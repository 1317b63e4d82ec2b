import { type Kysely, sql } from 'kysely'

/**
 * Whose pupils a parent may see is asked by every statement. Joined as a set of unknown size, the answer read every pupil
 * of the town; as an array of the few households it goes by key, however large the town is.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const mine = `m.municipality_id = app_municipality() and m.person_id = app_person() and app_audience() = 'family'
    and m.valid_from <= app_today() and (m.valid_to is null or m.valid_to >= app_today()) and m.ended_at is null`
  await sql
    .raw(`
    create or replace function app_pupils() returns setof uuid language sql stable security definer set search_path = public as $$
      select p.id from pupil p
        where p.municipality_id = app_municipality() and p.household_id = any (array(select app_whole_households()))
      union all
      select p.id from pupil p
        where p.municipality_id = app_municipality() and p.id = any (array(
          select d.pupil_id from household_member m
          join delegate_pupil d on d.municipality_id = m.municipality_id and d.household_member_id = m.id
          join pupil own on own.municipality_id = d.municipality_id and own.id = d.pupil_id and own.household_id = m.household_id
          where ${mine}))
    $$`)
    .execute(db)
}
