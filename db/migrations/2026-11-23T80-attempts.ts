import { type Kysely, sql } from 'kysely'

/**
 * How often one address of the network has asked to come in, lately: shared by every web process, forgotten within the hour.
 * The key is a keyed hash: no address of anybody is kept.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    create unlogged table attempt_window (
      key bytea not null check (octet_length(key) = 32),
      expires_at timestamptz not null,
      count integer not null,
      primary key (key, expires_at)
    );
    comment on table attempt_window is 'Attempts per key in a window of time; losing it in a crash costs nothing but one window';
    create index attempt_window_by_end on attempt_window (expires_at);

    create function take_attempt(whose bytea, seconds integer, most integer) returns integer
    language plpgsql security definer set search_path = public as $$
    declare
      until timestamptz := to_timestamp((floor(extract(epoch from app_now()) / seconds) + 1) * seconds);
      used integer;
    begin
      insert into attempt_window as w (key, expires_at, count) values (whose, until, 1)
        on conflict (key, expires_at) do update set count = w.count + 1 returning w.count into used;
      return case when used > most then greatest(1, ceil(extract(epoch from until - app_now())))::integer else 0 end;
    end $$;
    comment on function take_attempt is 'Counts one attempt; answers 0, or after how many seconds to try again';
    revoke execute on function take_attempt from public;
    grant execute on function take_attempt to refettorio_web;
    grant select (expires_at), delete on attempt_window to refettorio_web;
  `)
    .execute(db)
}
