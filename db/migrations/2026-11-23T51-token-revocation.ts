import { type Kysely, sql } from 'kysely'

/** Access tokens that the bridge would not take back at once: asked again until it does or they expire. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    create table token_revocation (
      id uuid primary key default uuidv7(),
      sealed bytea not null,
      attempts integer not null default 0,
      due_at timestamptz not null default app_now() + interval '1 minute',
      expires_at timestamptz not null
    );
    create index token_revocation_due on token_revocation (due_at);
    comment on column token_revocation.sealed is 'The token, encrypted; the row goes when the token is revoked or expired';
    grant select, insert, update, delete on token_revocation to refettorio_web;
  `)
    .execute(db)
}
