import { type Kysely, sql } from 'kysely'

/**
 * Whether the portal knows the latest: something happened (`hinted_at`) after the last question that was answered
 * (`answered_at`). Until it is asked again, a state that looks final may be old, and the payer must not read it as the end.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    alter table top_up
      add column hinted_at timestamptz,
      add column answered_at timestamptz;
    comment on column top_up.hinted_at is 'Last notification, or last return of the payer';
    comment on column top_up.answered_at is 'When the provider was asked the question it last answered';
  `)
    .execute(db)
}
