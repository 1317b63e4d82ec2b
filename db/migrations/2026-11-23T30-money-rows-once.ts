import { type Kysely, sql } from 'kysely'

/**
 * The policies of entries and of top-ups' transitions asked whose they are once per row, reading the whole town's
 * accounts each time; now they ask once per statement, like every other. Who sees what does not change.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const policy = (table: string, own: string) => {
    const condition = `municipality_id = (select app_municipality()) and (app_audience() in ('staff', 'system') or (${own}))`
    return `alter policy ${table}_scope on ${table} using (${condition}) with check (${condition});`
  }
  await sql
    .raw(`
    create function app_paying_accounts() returns setof uuid language sql stable security definer set search_path = public as $$
      select a.id from account a
      where a.municipality_id = app_municipality() and a.household_id = any (array(select app_paying_households()))
    $$;
    create function app_own_top_ups() returns setof uuid language sql stable security definer set search_path = public as $$
      select t.id from top_up t
      where t.municipality_id = app_municipality() and t.household_id = any (array(select app_paying_households()))
        and t.payer_id = app_person()
    $$;
    ${policy('entry', 'account_id = any (array(select app_paying_accounts()))')}
    ${policy('top_up_transition', 'top_up_id = any (array(select app_own_top_ups()))')}
  `)
    .execute(db)
}
