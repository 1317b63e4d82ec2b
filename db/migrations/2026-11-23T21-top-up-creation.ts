import { type Kysely, sql } from 'kysely'

/**
 * Who is opening a top-up's page at the provider, and in which mode the top-up was made.
 * A claim keeps fifty presses of one button from making fifty orders; it lapses, so that a crash does not hold it for ever.
 * For the mail: when sending began, so that a message whose fate a crash hid is never sent twice.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    alter table top_up
      add column provider_mode text not null default 'test' check (provider_mode in ('test', 'live')),
      add column creation_claimed_until timestamptz;
    comment on column top_up.alarm is 'What a person must look at, as words separated by spaces; null when nothing';

    alter table outbox add column sending_since timestamptz;
    comment on column outbox.sending_since is 'Set just before the message is handed over; left behind only by a crash in that moment';
  `)
    .execute(db)
}
