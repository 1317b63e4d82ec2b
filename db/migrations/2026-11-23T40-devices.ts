import { type Kysely, sql } from 'kysely'

/**
 * Remembered devices, their passkeys, and sessions that say how they were opened.
 * They belong to a citizen, as sessions do: one device opens every Comune in which the citizen is known.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    create table remembered_device (
      id uuid primary key default uuidv7(),
      citizen_id uuid not null references citizen,
      municipality_id uuid not null references municipality,
      name text not null check (name <> ''),
      method text not null check (method in ('spid', 'cie')),
      level smallint not null check (level between 2 and 3),
      authenticated_at timestamptz not null,
      series_hash bytea not null unique check (octet_length(series_hash) = 32),
      secret_hash bytea not null check (octet_length(secret_hash) = 32),
      previous_secret_hash bytea check (octet_length(previous_secret_hash) = 32),
      rotated_at timestamptz not null default app_now(),
      sequence_salt bytea check (octet_length(sequence_salt) = 16),
      sequence_hash bytea check (octet_length(sequence_hash) = 32),
      failures smallint not null default 0 check (failures between 0 and 5),
      attempted_at timestamptz,
      created_at timestamptz not null default app_now(),
      last_used_at timestamptz not null default app_now(),
      revoked_at timestamptz,
      revoke_reason text check (revoke_reason in ('owner', 'forgotten', 'everywhere', 'failures', 'copied', 'idle', 'replaced')),
      check ((revoked_at is null) = (revoke_reason is null)),
      check ((sequence_hash is null) = (sequence_salt is null))
    );
    create index remembered_device_by_citizen on remembered_device (citizen_id) where revoked_at is null;
    comment on column remembered_device.authenticated_at is 'The full SPID or CIE sign-in in which the citizen asked to be remembered';
    comment on column remembered_device.series_hash is 'SHA-256 of the part of the cookie that stays: it names the device';
    comment on column remembered_device.secret_hash is 'SHA-256 of the part of the cookie that changes at each unlock: an old one means that the cookie was copied';
    comment on column remembered_device.sequence_hash is 'argon2id of HMAC(pepper, sequence): never the sequence';
    comment on column remembered_device.failures is 'Attempts begun since the last good one: counted before they are judged';

    create table passkey (
      id uuid primary key default uuidv7(),
      device_id uuid not null unique references remembered_device,
      credential_id text not null unique,
      public_key bytea not null,
      counter bigint not null check (counter >= 0),
      transports text[] not null default '{}',
      created_at timestamptz not null default app_now(),
      last_used_at timestamptz
    );

    create table webauthn_challenge (
      challenge_hash bytea primary key check (octet_length(challenge_hash) = 32),
      purpose text not null check (purpose in ('register', 'unlock')),
      subject_id uuid not null,
      expires_at timestamptz not null
    );
    create index webauthn_challenge_by_time on webauthn_challenge (expires_at);
    comment on column webauthn_challenge.subject_id is 'The session that registers, or the device that unlocks';

    create table interrupted_form (
      id uuid primary key default uuidv7(),
      citizen_id uuid not null references citizen,
      path text not null,
      sealed bytea not null,
      expires_at timestamptz not null
    );
    create index interrupted_form_by_time on interrupted_form (expires_at);
    comment on table interrupted_form is 'What somebody typed in a form that asked for SPID or CIE again; encrypted, for minutes. Never secrets.';

    alter table session add opened_with text not null default 'identity' check (opened_with in ('identity', 'sequence', 'passkey'));
    alter table session add device_id uuid references remembered_device;
    alter table session add check ((opened_with = 'identity') = (device_id is null));
    create index session_by_device on session (device_id) where ended_at is null;
    comment on column session.opened_with is 'identity: SPID or CIE; otherwise what unlocked a remembered device, and method, level, authenticated_at are those of the sign-in behind it';

    grant select, insert, update on remembered_device to refettorio_web;
    grant select, insert, delete on passkey to refettorio_web;
    grant update (counter, last_used_at) on passkey to refettorio_web;
    grant select, insert, delete on webauthn_challenge, interrupted_form to refettorio_web;

    drop function viewer_of_session(bytea, text, interval);
    create function viewer_of_session(token_hash bytea, slug text, idle interval)
    returns table (
      session_id uuid, citizen_id uuid, method text, level smallint, authenticated_at timestamptz, seconds_since_identity integer,
      opened_with text, device_id uuid, given_name text, family_name text,
      municipality_id uuid, person_id uuid, person_name text, memberships jsonb, staff_roles text[]
    )
    language plpgsql volatile security definer set search_path = public as $$
    #variable_conflict use_column
    declare
      live session;
    begin
      select * into live from session s
      where s.token_hash = viewer_of_session.token_hash and s.ended_at is null
        and s.expires_at > app_now() and s.last_seen_at > app_now() - viewer_of_session.idle;
      if not found then return; end if;
      -- Once a minute is enough to know whether a session is idle, and spares a write per request.
      if live.last_seen_at < app_now() - interval '1 minute' then
        update session s set last_seen_at = app_now() where s.id = live.id and s.last_seen_at < app_now();
      end if;
      return query
        select live.id, live.citizen_id, live.method, live.level, live.authenticated_at,
          extract(epoch from app_now() - live.authenticated_at)::integer, live.opened_with, live.device_id,
          c.given_name, c.family_name, m.id, p.id, p.given_name || ' ' || p.family_name,
          coalesce((select jsonb_agg(jsonb_build_object('householdId', h.household_id, 'role', h.role) order by h.household_id)
            from household_member h
            where h.municipality_id = p.municipality_id and h.person_id = p.id
              and h.valid_from <= app_today() and (h.valid_to is null or h.valid_to >= app_today())), '[]'),
          -- The office sees every family: a drawn sequence is not enough for that.
          coalesce((select array_agg(distinct r.role)
            from staff_member r
            where r.municipality_id = p.municipality_id and r.person_id = p.id and live.opened_with = 'identity'
              and r.valid_from <= app_today() and (r.valid_to is null or r.valid_to >= app_today())), '{}')
        from citizen c
        left join municipality m on m.slug = viewer_of_session.slug and m.active
        left join person p on p.municipality_id = m.id and p.fiscal_code_hash = c.fiscal_code_hash
        where c.id = live.citizen_id;
    end $$;
    revoke execute on function viewer_of_session from public;
    grant execute on function viewer_of_session to refettorio_web;
  `)
    .execute(db)
}
