import { type Kysely, sql } from 'kysely'

/**
 * Settings and dishes count their changes, as everything else of the office does already: who saves a form that was opened
 * before somebody else saved is told, instead of undoing the other's work without knowing.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    alter table municipality_settings add column revision integer not null default 1;
    alter table dish
      add column revision integer not null default 1,
      add column updated_by uuid,
      add foreign key (municipality_id, updated_by) references person;`)
    .execute(db)
}
