import { type Kysely, sql } from 'kysely'

/** Who belongs to a household is asked at every request: without this index the answer reads every role of the town. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw('create index household_member_by_household on household_member (municipality_id, household_id)')
    .execute(db)
}
