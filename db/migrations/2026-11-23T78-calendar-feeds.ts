import { type Kysely, sql } from 'kysely'

/**
 * A child's calendar on a secret address, for a phone's own calendar.
 * It belongs to one role of one person in the child's household: when the role ends, or no longer has the child, the
 * address is dead, and a new role does not wake it. Only the hash of the secret is kept. It is no session: it opens nothing else.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    create table calendar_feed (
      municipality_id uuid not null,
      id uuid not null default uuidv7(),
      household_member_id uuid not null,
      person_id uuid not null,
      pupil_id uuid not null,
      token_hash bytea not null check (octet_length(token_hash) = 32),
      alarm_minutes smallint check (alarm_minutes between 5 and 1440),
      created_at timestamptz not null default app_now(),
      revoked_at timestamptz,
      primary key (municipality_id, id),
      foreign key (municipality_id, household_member_id) references household_member,
      foreign key (municipality_id, person_id) references person,
      foreign key (municipality_id, pupil_id) references pupil
    );
    create unique index calendar_feed_token on calendar_feed (token_hash);
    create unique index calendar_feed_once on calendar_feed (municipality_id, household_member_id, pupil_id) where revoked_at is null;
    comment on column calendar_feed.alarm_minutes is 'Minutes before the cutoff; null for no alarm';

    alter table calendar_feed enable row level security;
    create policy calendar_feed_scope on calendar_feed to refettorio_web
      using (municipality_id = (select app_municipality())
        and (app_audience() = 'system' or app_audience() = 'family' and person_id = app_person()))
      with check (municipality_id = (select app_municipality())
        and (app_audience() = 'system' or app_audience() = 'family' and person_id = app_person() and pupil_id = any (array(select app_pupils()))));
    grant select, insert on calendar_feed to refettorio_web;
    grant update (revoked_at, alarm_minutes) on calendar_feed to refettorio_web;

    create function calendar_feed_of(hash bytea)
    returns table (municipality_id uuid, person_id uuid, pupil_id uuid, alarm_minutes smallint, created_at timestamptz)
    language sql stable security definer set search_path = public as $$
      select f.municipality_id, f.person_id, f.pupil_id, f.alarm_minutes, f.created_at
      from calendar_feed f
      join municipality t on t.id = f.municipality_id and t.active
      join household_member m on m.municipality_id = f.municipality_id and m.id = f.household_member_id and m.person_id = f.person_id
      join pupil p on p.municipality_id = f.municipality_id and p.id = f.pupil_id and p.household_id = m.household_id
      where f.token_hash = calendar_feed_of.hash and f.revoked_at is null
        and m.ended_at is null and m.valid_from <= app_today() and (m.valid_to is null or m.valid_to >= app_today())
        and (not exists (select from delegate_pupil d where d.municipality_id = m.municipality_id and d.household_member_id = m.id)
          or exists (select from delegate_pupil d where d.municipality_id = m.municipality_id and d.household_member_id = m.id
            and d.pupil_id = f.pupil_id))
    $$;

    create function purge_calendar_feeds(most integer) returns integer language plpgsql security definer set search_path = public as $$
    declare
      gone integer;
    begin
      delete from calendar_feed where id = any (array(
        select id from calendar_feed where revoked_at < app_now() - interval '30 days' limit most));
      get diagnostics gone = row_count;
      return gone;
    end $$;
    revoke execute on function calendar_feed_of, purge_calendar_feeds from public;
    grant execute on function calendar_feed_of, purge_calendar_feeds to refettorio_web;
  `)
    .execute(db)
}
