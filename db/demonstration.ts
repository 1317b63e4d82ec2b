import { sql } from 'kysely'
import type { Db } from './client.ts'

/** The comment on the schema of a demonstration. A seed writes it before its first row; it goes when the schema goes. */
export const DEMONSTRATION_MARK = 'refettorio: demonstration'

/** The source of `app_now()` in a database whose clock runs. Tests and seeds replace the function. */
export const RUNNING_CLOCK = 'select now()'

/** What a database is for. `service`: it has municipalities that no seed of ours made. */
export type DatabaseUse = 'empty' | 'demonstration' | 'service'

/** A seed would stop the clock of a database that serves people, and leave rows there that nothing can remove. */
export class ServesPeople extends Error {
  constructor() {
    super('the database has municipalities and is not a demonstration: it is not seeded')
    this.name = 'ServesPeople'
  }
}

/** What the database is for. One without our tables is empty. */
export async function databaseUse(owner: Db): Promise<DatabaseUse> {
  const { rows } = await sql<{ comment: string | null; isMigrated: boolean }>`
    select obj_description(to_regnamespace('public'), 'pg_namespace') as comment,
      to_regclass('public.municipality') is not null as "isMigrated"`.execute(owner)
  if (rows[0]?.comment === DEMONSTRATION_MARK) return 'demonstration'
  if (!rows[0]?.isMigrated) return 'empty'
  const found = await sql`select from public.municipality limit 1`.execute(owner)
  return found.rows.length > 0 ? 'service' : 'empty'
}

/**
 * Marks an empty database as a demonstration, from now on and for all its life.
 * @throws ServesPeople when it is neither empty nor a demonstration
 */
export async function claimForDemonstration(owner: Db): Promise<void> {
  if ((await databaseUse(owner)) === 'service') throw new ServesPeople()
  await sql.raw(`comment on schema public is '${DEMONSTRATION_MARK}'`).execute(owner)
}
