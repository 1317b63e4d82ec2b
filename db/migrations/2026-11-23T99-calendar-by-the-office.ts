import { type Kysely, sql } from 'kysely'

/**
 * Anybody of the town may read the calendar, and a family's transaction locks its days; only the office and the worker write
 * it. So far the application alone said so: the net under it would have let a family's transaction reopen a day.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of ['service_day', 'calendar_exception']) {
    await sql
      .raw(`
      alter policy ${table}_scope on ${table}
        with check (municipality_id = (select app_municipality()) and app_audience() in ('staff', 'system'));`)
      .execute(db)
  }
}
