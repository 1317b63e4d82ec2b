-- The clock, the runtime role, and what belongs to the whole installation: operators, municipalities, citizens, their
-- sign-ins, sessions and devices.

create extension if not exists btree_gist;

do $$ begin
  if not exists (select from pg_roles where rolname = 'refettorio_web') then
    create role refettorio_web login nosuperuser nocreatedb nocreaterole nobypassrls;
  end if;
end $$;
grant usage on schema public to refettorio_web;

-- The transaction's start: the moment a request reached the database, however long it then waits for locks. Defaults of
-- columns call it, so it stays here; the seed of an empty database and the tests replace its body.
create function app_now() returns timestamptz language sql stable as 'select now()';

-- A school year, 1 September to 31 August, has the name of the year of its September.
create function school_year_of(day date) returns integer language sql immutable
as $$ select extract(year from day - interval '8 months')::integer $$;

create table operator (
  id uuid primary key default uuidv7(),
  name text not null check (name <> ''),
  vat_number text not null unique check (vat_number ~ '^[0-9]{11}$'),
  fiscal_code text not null,
  tax_regime text not null default 'RF01' check (tax_regime ~ '^RF[0-9]{2}$' and tax_regime <> 'RF03'),
  street text not null,
  postcode text not null check (postcode ~ '^[0-9]{5}$'),
  city text not null,
  province text not null check (province ~ '^[A-Z]{2}$'),
  email text not null,
  phone text not null
);

create table municipality (
  id uuid primary key default uuidv7(),
  slug text not null unique check (slug ~ '^[a-z][a-z0-9-]{1,62}$'),
  name text not null,
  province text not null check (province ~ '^[A-Z]{2}$'),
  region text not null,
  operator_id uuid not null references operator,
  invoice_series text not null unique check (invoice_series ~ '^[A-Z]{3}$'),
  street text not null,
  postcode text not null,
  email text not null,
  pec text not null,
  phone text not null,
  fiscal_code text not null,
  active boolean not null default true
);

create table citizen (
  id uuid primary key default uuidv7(),
  fiscal_code_hash bytea not null unique check (octet_length(fiscal_code_hash) = 32),
  given_name text not null,
  family_name text not null,
  full_name text not null generated always as (given_name || ' ' || family_name),
  birth_date date not null,
  created_at timestamptz not null default app_now(),
  updated_at timestamptz not null default app_now(),
  language text check (language in ('it', 'en')),
  language_chosen_at timestamptz
);
comment on column citizen.fiscal_code_hash is 'HMAC-SHA-256 of the upper-case fiscal code: links SPID and CIE of one person';
comment on column citizen.language is 'Chosen with the switch of the pages; null until then';
comment on column citizen.language_chosen_at is 'Calendars learn from it that an event reads otherwise';

create table identity_link (
  issuer text not null,
  subject text not null,
  citizen_id uuid not null references citizen,
  method text not null check (method in ('spid', 'cie')),
  last_level smallint not null check (last_level between 1 and 3),
  first_seen_at timestamptz not null default app_now(),
  last_seen_at timestamptz not null default app_now(),
  primary key (issuer, subject)
);
create index identity_link_by_citizen on identity_link (citizen_id);

-- Remembered devices, their passkeys, and sessions that say how they were opened.
-- They belong to a citizen, as sessions do: one device opens every Comune in which the citizen is known.

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

create table session (
  id uuid primary key default uuidv7(),
  token_hash bytea not null unique check (octet_length(token_hash) = 32),
  citizen_id uuid not null references citizen,
  method text not null check (method in ('spid', 'cie')),
  level smallint not null check (level between 2 and 3),
  authenticated_at timestamptz not null,
  created_at timestamptz not null default app_now(),
  last_seen_at timestamptz not null default app_now(),
  expires_at timestamptz not null,
  ended_at timestamptz,
  end_reason text check (end_reason in ('signed_out', 'signed_out_everywhere', 'idle', 'expired', 'revoked')),
  device text not null default '',
  opened_with text not null default 'identity' check (opened_with in ('identity', 'sequence', 'passkey')),
  device_id uuid references remembered_device,
  check ((ended_at is null) = (end_reason is null)),
  check ((opened_with = 'identity') = (device_id is null))
);
create index session_by_citizen on session (citizen_id) where ended_at is null;
create index session_by_device on session (device_id) where ended_at is null;
create index session_by_age on session (created_at);
comment on column session.opened_with is 'identity: SPID or CIE; otherwise what unlocked a remembered device, and method, level, authenticated_at are those of the sign-in behind it';

create table sign_in_event (
  id uuid primary key default uuidv7(),
  occurred_at timestamptz not null default app_now(),
  municipality_slug text,
  citizen_id uuid,
  session_id uuid,
  method text,
  level smallint,
  outcome text not null
);
create index sign_in_event_by_time on sign_in_event (occurred_at);
create index sign_in_event_by_citizen on sign_in_event (citizen_id, occurred_at desc);
comment on table sign_in_event is 'Every sign-in, refusal and sign-out. Kept 24 months. No fiscal codes, names, tokens or addresses.';

-- Sign-in answers that were already used.

create table used_sign_in (
  state_hash bytea primary key check (octet_length(state_hash) = 32),
  used_at timestamptz not null default app_now()
);
create index used_sign_in_by_time on used_sign_in (used_at);
comment on table used_sign_in is 'Answers of the identity provider already spent: each opens at most one session. Rows live an hour.';

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
comment on table interrupted_form is 'What a person typed in a form that asked for SPID or CIE again; encrypted, for minutes. Never secrets.';

-- Access tokens that the bridge did not take back the first time: asked again until it does or they expire.

create table token_revocation (
  id uuid primary key default uuidv7(),
  sealed bytea not null,
  attempts integer not null default 0,
  due_at timestamptz not null default app_now() + interval '1 minute',
  expires_at timestamptz not null
);
create index token_revocation_due on token_revocation (due_at);
comment on column token_revocation.sealed is 'The token, encrypted; the row goes when the token is revoked or expired';

-- How often one address of the network tried to sign in lately: shared by every web process, forgotten within the hour.
-- The key is a keyed hash: no address is kept.

create unlogged table attempt_window (
  key bytea not null check (octet_length(key) = 32),
  expires_at timestamptz not null,
  count integer not null,
  primary key (key, expires_at)
);
create index attempt_window_by_end on attempt_window (expires_at);
comment on table attempt_window is 'Attempts per key in a window of time; losing it in a crash costs nothing but one window';
