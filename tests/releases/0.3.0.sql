-- A release of the schema, with some rows of the demonstration. Written by «npm run db:release»: do not edit.
-- It is loaded by the owner of the schema with triggers and foreign keys at rest (session_replication_role = replica).

-- 2026-11-29T2055-identity.sql
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


-- 2026-11-29T2056-school-and-people.sql
-- Schools, classes, years, diets and services.

create table school_year (
  municipality_id uuid not null references municipality,
  id uuid not null default uuidv7(),
  name text not null check (name ~ '^[0-9]{4}/[0-9]{4}$'),
  starts_on date not null,
  ends_on date not null,
  primary key (municipality_id, id),
  unique (municipality_id, name),
  check (starts_on < ends_on)
);

create table school (
  municipality_id uuid not null references municipality,
  id uuid not null default uuidv7(),
  name text not null,
  kind text not null check (kind in ('infanzia', 'primaria', 'secondaria')),
  street text not null,
  primary key (municipality_id, id),
  unique (municipality_id, name)
);

create table school_class (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  school_id uuid not null,
  school_year_id uuid not null,
  name text not null,
  primary key (municipality_id, id),
  unique (municipality_id, school_id, school_year_id, name),
  unique (municipality_id, school_id, id),
  foreign key (municipality_id, school_id) references school,
  foreign key (municipality_id, school_year_id) references school_year
);

create table diet (
  municipality_id uuid not null references municipality,
  code text not null check (code ~ '^[A-Z0-9-]{1,12}$'),
  name text not null,
  primary key (municipality_id, code)
);
comment on table diet is 'The kitchen sees the code only; the name is health or faith data and is read under audit.';

-- Households, their people, pupils, enrolments, staff.

create table person (
  municipality_id uuid not null references municipality,
  id uuid not null default uuidv7(),
  fiscal_code text not null check (fiscal_code ~ '^([A-Z0-9]{16}|[0-9]{11})$'),
  fiscal_code_hash bytea not null check (octet_length(fiscal_code_hash) = 32),
  given_name text not null check (given_name <> ''),
  family_name text not null check (family_name <> ''),
  full_name text not null generated always as (given_name || ' ' || family_name),
  email text,
  phone text,
  street text,
  postcode text,
  city text,
  province text,
  country text not null default 'IT',
  created_at timestamptz not null default app_now(),
  email_verified_at timestamptz,
  refused_email text,
  phone_verified_at timestamptz,
  primary key (municipality_id, id),
  unique (municipality_id, fiscal_code_hash),
  unique (municipality_id, fiscal_code),
  check (phone_verified_at is null or phone is not null)
);
create index person_by_fiscal_code on person (fiscal_code_hash);
comment on column person.email_verified_at is 'When the person proved to read this address; it says nothing about who they are';
comment on column person.refused_email is 'The address that a mail server refused for good; it counts only while it is the current one';
comment on column person.phone_verified_at is 'When the person proved to read texts at this number; it says nothing about who they are';

create table service (
  municipality_id uuid not null references municipality,
  id uuid not null default uuidv7(),
  code text not null check (code ~ '^[a-z-]+$'),
  name text not null,
  active boolean not null default true,
  tariff_revision integer not null default 0,
  tariff_changed_by uuid,
  primary key (municipality_id, id),
  unique (municipality_id, code),
  foreign key (municipality_id, tariff_changed_by) references person
);

create table household (
  municipality_id uuid not null references municipality,
  id uuid not null default uuidv7(),
  name text not null,
  created_at timestamptz not null default app_now(),
  primary key (municipality_id, id)
);

create table household_member (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  household_id uuid not null,
  person_id uuid not null,
  role text not null check (role in ('holder', 'delegate')),
  all_pupils boolean not null default true,
  valid_from date not null,
  valid_to date,
  started_at timestamptz not null default app_now(),
  ended_at timestamptz,
  given_by uuid,
  primary key (municipality_id, id),
  foreign key (municipality_id, household_id) references household,
  foreign key (municipality_id, person_id) references person,
  foreign key (municipality_id, given_by) references person,
  check (valid_to is null or valid_to >= valid_from),
  check (all_pupils or role = 'delegate')
);
create index household_member_by_person on household_member (municipality_id, person_id);
create unique index one_holder_per_household on household_member (municipality_id, household_id)
  where role = 'holder' and valid_to is null and ended_at is null;
create unique index one_open_role_per_person on household_member (municipality_id, household_id, person_id)
  where valid_to is null and ended_at is null;
create index household_member_by_household on household_member (municipality_id, household_id);
comment on column household_member.all_pupils is 'False: the pupils of delegate_pupil, and no other';
comment on column household_member.valid_to is 'Last day of the role; null while it lasts';
comment on column household_member.ended_at is 'The role ended at this instant, before or after valid_to';
comment on column household_member.started_at is 'From this instant a holder who took a household over sees its movements';

create table pupil (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  household_id uuid not null,
  given_name text not null check (given_name <> ''),
  family_name text not null check (family_name <> ''),
  full_name text not null generated always as (given_name || ' ' || family_name),
  fiscal_code text not null check (fiscal_code ~ '^([A-Z0-9]{16}|[0-9]{11})$'),
  birth_date date not null,
  primary key (municipality_id, id),
  unique (municipality_id, fiscal_code),
  foreign key (municipality_id, household_id) references household
);
create index pupil_by_household on pupil (municipality_id, household_id);

-- Delegates for some of the children, for some time, invited by the holder and ended at any instant; and holders that change.
-- A role ends at an instant (`ended_at`), not at midnight. A delegate has the pupils of `delegate_pupil`, or all of the
-- household (`all_pupils`, for roles that the office gives).
-- A holder who takes a household over sees its movements from that instant on;
-- a past holder keeps the own payments and invoices, and no other person sees them.

create table delegate_pupil (
  municipality_id uuid not null,
  household_member_id uuid not null,
  pupil_id uuid not null,
  primary key (municipality_id, household_member_id, pupil_id),
  foreign key (municipality_id, household_member_id) references household_member,
  foreign key (municipality_id, pupil_id) references pupil
);
comment on table delegate_pupil is 'The pupils of a delegate who has not all of the household';

create table delegate_invitation (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  household_id uuid not null,
  invited_by uuid not null,
  fiscal_code_hash bytea not null check (octet_length(fiscal_code_hash) = 32),
  fiscal_code_sealed bytea,
  email text not null,
  pupil_ids uuid[] not null check (cardinality(pupil_ids) between 1 and 20),
  valid_to date,
  token_hash bytea not null check (octet_length(token_hash) = 32),
  created_at timestamptz not null default app_now(),
  expires_at timestamptz not null,
  closed_at timestamptz,
  outcome text check (outcome in ('accepted', 'declined', 'withdrawn')),
  accepted_by uuid,
  primary key (municipality_id, id),
  unique (municipality_id, token_hash),
  foreign key (municipality_id, household_id) references household,
  foreign key (municipality_id, invited_by) references person,
  foreign key (municipality_id, accepted_by) references person,
  check ((closed_at is null) = (outcome is null)),
  check ((accepted_by is not null) = (outcome is not distinct from 'accepted'))
);
create index delegate_invitation_by_household on delegate_invitation (municipality_id, household_id, created_at desc);
create index delegate_invitation_by_person on delegate_invitation (municipality_id, fiscal_code_hash)
  where closed_at is null;
comment on column delegate_invitation.token_hash is 'SHA-256 of the secret in the e-mail: used once, together with the sign-in of the very person';
comment on column delegate_invitation.fiscal_code_sealed is 'Encrypted, for the register of persons at acceptance; emptied when the invitation closes';

create table enrolment (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  pupil_id uuid not null,
  service_id uuid not null,
  school_id uuid not null,
  school_class_id uuid not null,
  school_year_id uuid not null,
  diet_code text not null,
  valid_from date not null,
  valid_to date not null,
  validity daterange generated always as (daterange(valid_from, valid_to, '[]')) stored,
  primary key (municipality_id, id),
  foreign key (municipality_id, pupil_id) references pupil,
  foreign key (municipality_id, service_id) references service,
  foreign key (municipality_id, school_id, school_class_id) references school_class (municipality_id, school_id, id),
  foreign key (municipality_id, school_year_id) references school_year,
  foreign key (municipality_id, diet_code) references diet,
  check (valid_from <= valid_to),
  constraint enrolment_once_at_a_time unique (municipality_id, pupil_id, service_id, validity without overlaps)
);
create index enrolment_by_school on enrolment (municipality_id, service_id, school_id, valid_to);
create index enrolment_by_pupil on enrolment (municipality_id, pupil_id, valid_to);

create table staff_member (
  municipality_id uuid not null,
  person_id uuid not null,
  role text not null check (role in ('operator', 'accountant', 'manager', 'editor')),
  valid_from date not null,
  valid_to date,
  primary key (municipality_id, person_id, role, valid_from),
  foreign key (municipality_id, person_id) references person,
  check (valid_to is null or valid_to >= valid_from)
);

-- E-mail addresses and telephones that their owner proved by a code. They say nothing about who a person is.

create table email_change (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  person_id uuid not null,
  email text not null,
  code_hash bytea not null check (octet_length(code_hash) = 32),
  attempts smallint not null default 0 check (attempts between 0 and 5),
  created_at timestamptz not null default app_now(),
  expires_at timestamptz not null,
  closed_at timestamptz,
  primary key (municipality_id, id),
  foreign key (municipality_id, person_id) references person
);
create index email_change_by_person on email_change (municipality_id, person_id, created_at desc);
comment on table email_change is 'A new address that waits for the code sent to it';

create table phone_change (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  person_id uuid not null,
  phone text not null check (phone ~ '^[+][1-9][0-9]{6,14}$'),
  code_hash bytea not null check (octet_length(code_hash) = 32),
  attempts smallint not null default 0 check (attempts between 0 and 5),
  created_at timestamptz not null default app_now(),
  expires_at timestamptz not null,
  closed_at timestamptz,
  undelivered_at timestamptz,
  primary key (municipality_id, id),
  foreign key (municipality_id, person_id) references person
);
create index phone_change_by_person on phone_change (municipality_id, person_id, created_at desc);
create index phone_change_by_age on phone_change (municipality_id, created_at);
comment on table phone_change is 'A new number that waits for the code sent to it';
comment on column phone_change.undelivered_at is 'When it became certain that the text did not leave: the number was refused, or it was not sent in time';

-- Operations and sign-ins are kept 24 months, sessions 30 days: the registers let go of a row only after that, and the
-- runtime role can ask for it only through `purge_registers`. Operations are partitioned by school year (db/functions/school-years.sql).

create table audit_event (
  municipality_id uuid not null references municipality,
  id uuid not null default uuidv7(),
  occurred_at timestamptz not null default app_now(),
  person_id uuid,
  session_id uuid,
  action text not null,
  object_type text not null,
  object_id text not null,
  outcome text not null default 'done' check (outcome in ('done', 'refused')),
  details jsonb not null default '{}',
  primary key (municipality_id, id, occurred_at)
) partition by range (occurred_at);
create index audit_event_by_time on audit_event (municipality_id, occurred_at);
create index audit_event_by_person on audit_event (municipality_id, person_id, occurred_at);
create index audit_event_by_object on audit_event (municipality_id, object_type, object_id, occurred_at);
comment on table audit_event is 'Who read and changed a child''s or money''s data, in the same transaction. 24 months. No diets, no tokens.';


-- 2026-11-29T2057-meals-and-kitchen.sql
-- Weekdays and cutoffs of the service in each school, closures and service days.

create table service_schedule (
  municipality_id uuid not null,
  service_id uuid not null,
  school_id uuid not null,
  school_year_id uuid not null,
  weekdays smallint[] not null check (weekdays <@ array[1,2,3,4,5,6,7]::smallint[] and cardinality(weekdays) > 0),
  cutoff_time time not null,
  cutoff_days_before smallint not null default 0 check (cutoff_days_before between 0 and 30),
  grace_seconds smallint not null default 3 check (grace_seconds between 0 and 60),
  starts_on date not null,
  ends_on date not null,
  primary key (municipality_id, service_id, school_id, school_year_id),
  foreign key (municipality_id, service_id) references service,
  foreign key (municipality_id, school_id) references school,
  foreign key (municipality_id, school_year_id) references school_year,
  check (starts_on <= ends_on)
);
comment on column service_schedule.weekdays is 'ISO weekdays, 1 Monday to 7 Sunday, on which the service is given';
comment on column service_schedule.cutoff_time is 'Wall clock in Europe/Rome';

create table closure (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  service_id uuid not null,
  school_id uuid,
  day date not null,
  kind text not null check (kind in ('holiday', 'closure', 'strike', 'trip')),
  reason text not null check (length(reason) between 1 and 200),
  created_by uuid,
  created_at timestamptz not null default app_now(),
  primary key (municipality_id, id),
  unique nulls not distinct (municipality_id, service_id, school_id, day),
  foreign key (municipality_id, service_id) references service,
  foreign key (municipality_id, school_id) references school
);
comment on column closure.school_id is 'Null: every school of the municipality';

create table service_day (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  service_id uuid not null,
  school_id uuid not null,
  day date not null,
  cutoff_at timestamptz not null,
  close_at timestamptz not null,
  status text not null default 'open' check (status in ('open', 'closed', 'suspended')),
  closed_at timestamptz,
  closure_id uuid,
  primary key (municipality_id, id),
  unique (municipality_id, service_id, school_id, day),
  unique (municipality_id, id, day),
  foreign key (municipality_id, service_id) references service,
  foreign key (municipality_id, school_id) references school,
  foreign key (municipality_id, closure_id) references closure,
  check (close_at >= cutoff_at),
  check (status <> 'closed' or closed_at is not null),
  check ((status = 'suspended') = (closure_id is not null))
);
create index service_day_due on service_day (close_at) where status = 'open';
create index service_day_by_day on service_day (municipality_id, day, service_id);
comment on column service_day.cutoff_at is 'Changes are accepted strictly before this instant';
comment on column service_day.close_at is 'The worker closes the day from this instant on (cutoff plus a few seconds of grace)';

-- Absences are exceptions to presence; every change of them is an append-only event under a receipt.
-- Kitchen counts are frozen and versioned.

create table absence_receipt (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  number text not null check (number ~ '^[A-Z0-9-]{6,24}$'),
  household_id uuid not null,
  person_id uuid not null,
  action text not null check (action in ('cancel', 'restore')),
  channel text not null check (channel in ('web', 'app', 'office')),
  arrived_at timestamptz not null default app_now(),
  idempotency_key uuid not null,
  request_hash bytea not null check (octet_length(request_hash) = 32),
  not_changed jsonb not null default '[]',
  first_day date not null,
  last_day date not null,
  primary key (municipality_id, id),
  unique (municipality_id, number),
  unique (municipality_id, person_id, idempotency_key),
  foreign key (municipality_id, household_id) references household,
  foreign key (municipality_id, person_id) references person,
  check (first_day <= last_day)
);
create index absence_receipt_by_household on absence_receipt (municipality_id, household_id, arrived_at desc);
comment on column absence_receipt.not_changed is 'What was asked and left as it was: [{pupilId, day, why}]';
comment on column absence_receipt.first_day is 'Of the meals that it changed: its events stand in the school years from this day to last_day';

create table absence (
  municipality_id uuid not null,
  service_day_id uuid not null,
  pupil_id uuid not null,
  receipt_id uuid not null,
  primary key (municipality_id, service_day_id, pupil_id),
  foreign key (municipality_id, service_day_id) references service_day,
  foreign key (municipality_id, pupil_id) references pupil,
  foreign key (municipality_id, receipt_id) references absence_receipt
);
create index absence_by_pupil on absence (municipality_id, pupil_id, service_day_id);

create table absence_event (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  receipt_id uuid not null,
  service_day_id uuid not null,
  pupil_id uuid not null,
  kind text not null check (kind in ('cancelled', 'restored')),
  occurred_at timestamptz not null default app_now(),
  day date not null,
  primary key (municipality_id, id, day),
  unique (municipality_id, receipt_id, service_day_id, pupil_id, day),
  foreign key (municipality_id, receipt_id) references absence_receipt,
  foreign key (municipality_id, service_day_id, day) references service_day (municipality_id, id, day),
  foreign key (municipality_id, pupil_id) references pupil
) partition by range (day);
create index absence_event_by_pupil on absence_event (municipality_id, pupil_id, day);
comment on column absence_event.day is 'The day of its service day, as the foreign key holds it: so a unique key with it is one without it';

create table kitchen_count (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  service_day_id uuid not null,
  version integer not null check (version >= 1),
  frozen_at timestamptz not null default app_now(),
  reason text not null default '',
  primary key (municipality_id, id),
  unique (municipality_id, service_day_id, version),
  foreign key (municipality_id, service_day_id) references service_day
);

create table kitchen_count_line (
  municipality_id uuid not null,
  kitchen_count_id uuid not null,
  school_class_id uuid not null,
  diet_code text not null,
  meals integer not null check (meals >= 0),
  absent integer not null check (absent >= 0),
  primary key (municipality_id, kitchen_count_id, school_class_id, diet_code),
  foreign key (municipality_id, kitchen_count_id) references kitchen_count,
  foreign key (municipality_id, school_class_id) references school_class,
  foreign key (municipality_id, diet_code) references diet
);

-- Dishes, menus and one-day changes: public data of a municipality.
-- A menu is a rotation of weeks for some schools between two days. Its versions are never changed: what was published
-- can be shown as it was. A dish is written once and referred to, so that a corrected allergen reaches every menu;
-- `allergens` null means that they are not declared yet, which is not the same as none.

create table dish (
  municipality_id uuid not null references municipality,
  id uuid not null default uuidv7(),
  name text not null check (length(name) between 1 and 120),
  course text not null check (course in ('primo', 'secondo', 'unico', 'contorno', 'pane', 'frutta')),
  ingredients text not null default '' check (length(ingredients) <= 1000),
  allergens text[] check (allergens <@ array['gluten', 'crustaceans', 'eggs', 'fish', 'peanuts', 'soy', 'milk', 'nuts', 'celery', 'mustard', 'sesame', 'sulphites', 'lupin', 'molluscs']),
  unsuited_diets text[] not null default '{}',
  archived_at timestamptz,
  updated_at timestamptz not null default app_now(),
  revision integer not null default 1,
  updated_by uuid,
  primary key (municipality_id, id),
  foreign key (municipality_id, updated_by) references person
);
create unique index dish_by_name on dish (municipality_id, lower(name)) where archived_at is null;
comment on column dish.allergens is 'Of Annex II of Regulation (EU) 1169/2011; null while they are not declared, empty when there are none';
comment on column dish.unsuited_diets is 'Codes of the diets that do not eat it; a diet that is not named here is no promise that it may';

create table menu (
  municipality_id uuid not null references municipality,
  id uuid not null default uuidv7(),
  latest_version integer not null check (latest_version >= 1),
  published_version integer check (published_version between 1 and latest_version),
  published_at timestamptz,
  published_by uuid,
  withdrawn_at timestamptz,
  created_at timestamptz not null default app_now(),
  primary key (municipality_id, id),
  foreign key (municipality_id, published_by) references person,
  check ((published_version is null) = (published_at is null))
);

create table menu_version (
  municipality_id uuid not null,
  menu_id uuid not null,
  number integer not null check (number >= 1),
  name text not null check (length(name) between 1 and 80),
  starts_on date not null,
  ends_on date not null,
  weeks smallint not null check (weeks between 1 and 12),
  first_week smallint not null check (first_week between 1 and weeks),
  school_ids uuid[] not null check (cardinality(school_ids) between 1 and 1000),
  rotation jsonb not null,
  replacements jsonb not null,
  author_id uuid not null,
  saved_at timestamptz not null default app_now(),
  primary key (municipality_id, menu_id, number),
  foreign key (municipality_id, menu_id) references menu,
  foreign key (municipality_id, author_id) references person,
  check (starts_on <= ends_on)
);
comment on column menu_version.first_week is 'The week of the rotation that is served in the calendar week of starts_on';
comment on column menu_version.rotation is '{"week-weekday": [dish ids]}, weeks from 1, ISO weekdays';
comment on column menu_version.replacements is '{dish id: {diet code: dish id, or null where the diet goes without}}';

create table menu_change (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  school_id uuid not null,
  day date not null,
  dish_id uuid not null,
  new_dish_id uuid not null,
  replacements jsonb not null default '{}',
  reason text not null check (length(reason) between 1 and 200),
  announced_by uuid not null,
  announced_at timestamptz not null default app_now(),
  withdrawn_at timestamptz,
  primary key (municipality_id, id),
  foreign key (municipality_id, school_id) references school,
  foreign key (municipality_id, dish_id) references dish,
  foreign key (municipality_id, new_dish_id) references dish,
  foreign key (municipality_id, announced_by) references person,
  check (dish_id <> new_dish_id)
);
create unique index menu_change_once on menu_change (municipality_id, school_id, day, dish_id) where withdrawn_at is null;
comment on column menu_change.replacements is '{diet code: dish id, or null}: what the diets eat for which the new dish is not suited';

-- What families thought of a meal, and what was left on the plates.
-- A rating names a child, so the office never reads its rows: it gets sums through a function that hides small ones, and
-- comments without names. Leftovers are weighed by staff, per course, for a class or a whole school.

create table menu_settings (
  municipality_id uuid not null references municipality,
  show_ratings boolean not null default false,
  primary key (municipality_id)
);
comment on column menu_settings.show_ratings is 'Families see the average of their school';

create table meal_rating (
  municipality_id uuid not null,
  pupil_id uuid not null,
  service_day_id uuid not null,
  person_id uuid not null,
  comment text not null default '' check (length(comment) <= 300),
  rated_at timestamptz not null default app_now(),
  changed_at timestamptz not null default app_now(),
  primary key (municipality_id, pupil_id, service_day_id),
  foreign key (municipality_id, pupil_id) references pupil,
  foreign key (municipality_id, service_day_id) references service_day,
  foreign key (municipality_id, person_id) references person
);
create index meal_rating_by_day on meal_rating (municipality_id, service_day_id);

create table meal_rating_dish (
  municipality_id uuid not null,
  pupil_id uuid not null,
  service_day_id uuid not null,
  dish_id uuid not null,
  score smallint not null check (score between 1 and 3),
  primary key (municipality_id, pupil_id, service_day_id, dish_id),
  foreign key (municipality_id, pupil_id, service_day_id) references meal_rating on delete cascade,
  foreign key (municipality_id, dish_id) references dish
);
comment on column meal_rating_dish.score is '1 not eaten, 2 so so, 3 liked';

create table leftover (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  service_day_id uuid not null,
  school_class_id uuid,
  course text not null check (course in ('primo', 'secondo', 'unico', 'contorno', 'pane', 'frutta')),
  grams integer check (grams between 0 and 500000),
  share smallint check (share between 0 and 100),
  recorded_by uuid not null,
  recorded_at timestamptz not null default app_now(),
  primary key (municipality_id, id),
  unique nulls not distinct (municipality_id, service_day_id, school_class_id, course),
  foreign key (municipality_id, service_day_id) references service_day,
  foreign key (municipality_id, school_class_id) references school_class,
  foreign key (municipality_id, recorded_by) references person,
  check (num_nonnulls(grams, share) = 1)
);
comment on column leftover.school_class_id is 'Null: the whole school';
comment on column leftover.share is 'Per cent of what was served';

-- A child's calendar on a secret address, for a phone's own calendar.
-- It belongs to one role of one person in the child's household: when the role ends, or no longer has the child, the
-- address is dead, and a new role does not wake it. Only the hash of the secret is kept. It is no session: it opens nothing else.

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
create unique index calendar_feed_once on calendar_feed (municipality_id, household_member_id, pupil_id)
  where revoked_at is null;
comment on column calendar_feed.alarm_minutes is 'Minutes before the cutoff; null for no alarm';


-- 2026-11-29T2058-money.sql
-- The price of a meal, and the law of its tax: a rate, or an exemption with its reason.

create table meal_price (
  municipality_id uuid not null,
  service_id uuid not null,
  valid_from date not null,
  price_cents integer not null check (price_cents between 1 and 10000),
  vat_basis_points integer not null default 400 check (vat_basis_points between 0 and 3000),
  vat_nature text check (vat_nature in ('N2.2', 'N4')),
  vat_reference text default 'Tab. A, parte II, n. 37, DPR 633/1972' check (length(vat_reference) between 1 and 100),
  decided_by uuid,
  decided_at timestamptz not null default app_now(),
  note text not null default '' check (length(note) <= 200),
  primary key (municipality_id, service_id, valid_from),
  foreign key (municipality_id, service_id) references service,
  check ((vat_basis_points = 0) = (vat_nature is not null)),
  check (vat_nature is null or vat_reference is not null),
  foreign key (municipality_id, decided_by) references person
);
comment on table meal_price is 'A price is valid until the next one starts, so prices can neither overlap nor leave a hole.';
comment on column meal_price.vat_nature is 'Why no VAT is due, as the electronic invoice names it; null with a rate';
comment on column meal_price.vat_reference is 'The law of the rate or of the exemption, as printed on the invoice';

-- Fare bands: a lower price of the meal, band by band, and which pupil has which band from when to when. The price of a
-- meal is the band's price of that day, or the service's; a price of zero is a meal that costs nothing.

create table fare_band (
  municipality_id uuid not null,
  service_id uuid not null,
  code text not null check (code ~ '^[A-Z0-9-]{1,12}$'),
  name text not null check (name <> '' and length(name) <= 80),
  description text not null default '' check (length(description) <= 300),
  closed_at timestamptz,
  primary key (municipality_id, service_id, code),
  foreign key (municipality_id, service_id) references service
);
comment on column fare_band.closed_at is 'From then on no other pupil gets the band; a pupil who has it keeps it to its end';

create table fare_band_price (
  municipality_id uuid not null,
  service_id uuid not null,
  code text not null,
  valid_from date not null,
  price_cents integer not null check (price_cents between 0 and 10000),
  decided_by uuid,
  decided_at timestamptz not null default app_now(),
  note text not null default '' check (length(note) <= 200),
  primary key (municipality_id, service_id, code, valid_from),
  foreign key (municipality_id, service_id, code) references fare_band,
  foreign key (municipality_id, decided_by) references person
);
comment on table fare_band_price is 'As meal_price: a price is valid until the next one starts';

-- Double-entry ledger. The database itself keeps its promises:
-- journals and entries are never changed; the entries of a journal are written by one statement and sum to zero;
-- a balance moves only by the entries' own trigger, with the accounts locked in sorted order; every journal has entries.

create table account (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  kind text not null check (kind in ('household', 'clearing', 'meals', 'opening', 'adjustment')),
  service_id uuid not null,
  household_id uuid,
  school_id uuid,
  balance_cents bigint not null default 0,
  updated_at timestamptz not null default app_now(),
  primary key (municipality_id, id),
  unique nulls not distinct (municipality_id, service_id, kind, household_id, school_id),
  foreign key (municipality_id, service_id) references service,
  foreign key (municipality_id, household_id) references household,
  foreign key (municipality_id, school_id) references school,
  check ((kind = 'household') = (household_id is not null)),
  check ((kind = 'meals') = (school_id is not null))
);
create index account_by_household on account (municipality_id, household_id);
comment on column account.balance_cents is 'Cached sum of the entries. A household in credit is positive.';

create table journal (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  kind text not null check (kind in ('opening', 'top_up', 'meals', 'meals_reversal', 'adjustment', 'refund', 'chargeback')),
  idempotency_key text not null check (length(idempotency_key) between 1 and 120),
  description text not null default '',
  person_id uuid,
  posted_at timestamptz not null default app_now(),
  primary key (municipality_id, id),
  unique (municipality_id, idempotency_key)
);

-- Top-ups with their legal transitions, what the provider said, the inbox of its notifications, invoices.
-- A claim (`creation_claimed_until`) keeps fifty presses of one button from making fifty orders; it lapses after a crash.
-- Something happened (`hinted_at`) after the last question that was answered (`answered_at`): until the provider is asked
-- again, a state that looks final may be old, and the payer must not read it as the end.
-- An invoice is numbered when the money arrives; its XML may come later, once, and then never changes.

create table top_up_legal_transition (
  from_state text not null,
  to_state text not null,
  primary key (from_state, to_state)
);
insert into top_up_legal_transition values
  ('created', 'redirected'), ('created', 'failed'), ('created', 'canceled'), ('created', 'expired'), ('created', 'pending'), ('created', 'paid'),
  ('redirected', 'pending'), ('redirected', 'failed'), ('redirected', 'canceled'), ('redirected', 'expired'), ('redirected', 'paid'),
  ('pending', 'failed'), ('pending', 'canceled'), ('pending', 'expired'), ('pending', 'paid'),
  ('failed', 'pending'), ('canceled', 'pending'), ('expired', 'pending'),
  ('failed', 'paid'), ('canceled', 'paid'), ('expired', 'paid');

create table top_up (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  household_id uuid not null,
  account_id uuid not null,
  payer_id uuid not null,
  client_key uuid not null,
  meals integer not null check (meals between 1 and 200),
  unit_cents integer not null check (unit_cents > 0),
  amount_cents integer generated always as (meals * unit_cents) stored,
  method text not null check (method in ('card', 'mybank')),
  state text not null default 'created' check (state in ('created', 'redirected', 'pending', 'paid', 'failed', 'canceled', 'expired')),
  provider text not null,
  order_id text not null check (order_id ~ '^[A-Z0-9]{1,18}$'),
  notification_key text not null,
  security_token_hash bytea,
  redirect_url text,
  paid_operation_id text,
  circuit text,
  reason text,
  alarms text[] not null default '{}'
    check (alarms <@ array['late-success', 'surplus', 'mismatch', 'unknown-answer', 'reversed', 'credited-but-not-paid', 'mode-mixed']),
  created_at timestamptz not null default app_now(),
  updated_at timestamptz not null default app_now(),
  paid_at timestamptz,
  next_check_at timestamptz,
  checks integer not null default 0,
  provider_mode text not null default 'test' check (provider_mode in ('test', 'live')),
  creation_claimed_until timestamptz,
  hinted_at timestamptz,
  answered_at timestamptz,
  primary key (municipality_id, id),
  unique (municipality_id, household_id, client_key),
  unique (municipality_id, order_id),
  unique (municipality_id, notification_key),
  foreign key (municipality_id, household_id) references household,
  foreign key (municipality_id, account_id) references account,
  foreign key (municipality_id, payer_id) references person,
  check ((state = 'paid') = (paid_at is not null)),
  check (state <> 'paid' or paid_operation_id is not null)
);
create index top_up_due on top_up (next_check_at) where next_check_at is not null;
create index top_up_by_household on top_up (municipality_id, household_id, created_at desc);
comment on column top_up.alarms is 'What a person must look at, each once, in the order in which it was found';
comment on column top_up.hinted_at is 'Last notification, or last return of the payer';
comment on column top_up.answered_at is 'When the provider was asked the question it last answered';

create table top_up_transition (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  top_up_id uuid not null,
  from_state text not null,
  to_state text not null,
  cause text not null,
  occurred_at timestamptz not null default app_now(),
  primary key (municipality_id, id),
  foreign key (municipality_id, top_up_id) references top_up
);
create index top_up_transition_by_top_up on top_up_transition (municipality_id, top_up_id);
create unique index top_up_transition_first on top_up_transition (municipality_id, top_up_id) where from_state = 'created';

create table entry (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  journal_id uuid not null,
  account_id uuid not null,
  kind text not null check (kind in ('opening', 'top_up', 'meals', 'meals_reversal', 'adjustment', 'refund', 'chargeback')),
  amount_cents integer not null check (amount_cents <> 0),
  posted_at timestamptz not null default app_now(),
  pupil_id uuid,
  service_day_id uuid,
  day date,
  top_up_id uuid,
  school_year smallint not null default school_year_of((app_now() at time zone 'Europe/Rome')::date),
  primary key (municipality_id, id, school_year),
  foreign key (municipality_id, journal_id) references journal,
  foreign key (municipality_id, account_id) references account,
  foreign key (municipality_id, pupil_id) references pupil,
  check (pupil_id is null or (service_day_id is not null and day is not null)),
  foreign key (municipality_id, top_up_id) references top_up,
  check (school_year = school_year_of((posted_at at time zone 'Europe/Rome')::date))
) partition by range (school_year);
create index entry_by_account on entry (municipality_id, account_id, school_year, posted_at, id);
create index entry_by_journal on entry (municipality_id, journal_id);
create unique index one_charge_per_meal on entry (municipality_id, service_day_id, pupil_id, kind, school_year)
  where pupil_id is not null;
create unique index one_credit_per_top_up on entry (municipality_id, top_up_id, account_id, school_year)
  where top_up_id is not null and kind = 'top_up';
comment on column entry.school_year is 'Of the day on which it was posted, in Italy';

-- A unique index of `entry` holds within a school year. Here is, once for all years, in which one the charges of a service day
-- stand, its reversals, the credit of a top-up: a second one in another year is refused (`entries_balance`).

create table entry_year (
  municipality_id uuid not null,
  subject_id uuid not null,
  kind text not null,
  school_year smallint not null,
  primary key (municipality_id, subject_id, kind)
);
comment on column entry_year.subject_id is 'A service day or a top-up';

create table provider_operation (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  top_up_id uuid not null,
  provider text not null,
  operation_id text not null,
  type text not null,
  result text not null,
  amount_cents integer,
  currency text,
  operation_time text,
  seen_at timestamptz not null default app_now(),
  primary key (municipality_id, id),
  unique (municipality_id, provider, operation_id, result),
  foreign key (municipality_id, top_up_id) references top_up
);

create table notification_inbox (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  provider text not null,
  dedupe_key text not null,
  top_up_id uuid,
  received_at timestamptz not null default app_now(),
  verdict text not null,
  body_sha256 bytea not null,
  primary key (municipality_id, id),
  unique (municipality_id, provider, dedupe_key),
  foreign key (municipality_id, top_up_id) references top_up
);

create table invoice_series (
  municipality_id uuid not null references municipality,
  code text not null check (code ~ '^[A-Z]{3}$'),
  year integer not null check (year between 2000 and 2199),
  last_number integer not null default 0 check (last_number >= 0),
  last_issued_on date not null,
  primary key (municipality_id, code, year)
);

create table invoice (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  series text not null,
  year integer not null,
  number integer not null check (number >= 1),
  number_text text not null check (length(number_text) <= 20),
  issued_on date not null,
  issued_at timestamptz not null default app_now(),
  top_up_id uuid not null,
  household_id uuid not null,
  holder_id uuid not null,
  supplier jsonb not null,
  customer jsonb not null,
  meals integer not null check (meals > 0),
  unit_cents integer not null check (unit_cents > 0),
  net_cents integer not null,
  vat_cents integer not null,
  vat_basis_points integer not null,
  total_cents integer not null check (total_cents = meals * unit_cents and total_cents = net_cents + vat_cents),
  method text not null check (method in ('card', 'mybank', 'pagopa')),
  xml text,
  xml_sha256 bytea check (octet_length(xml_sha256) = 32),
  municipality_name text not null,
  service_name text not null,
  vat_nature text check (vat_nature in ('N2.2', 'N4')),
  vat_reference text,
  gaps text[] not null default '{}'
    check (gaps <@ array['customer_address', 'customer_name', 'customer_fiscal_code', 'supplier', 'structure']),
  completed_at timestamptz default app_now(),
  primary key (municipality_id, id),
  unique (municipality_id, series, year, number),
  unique (municipality_id, top_up_id),
  foreign key (municipality_id, series, year) references invoice_series,
  foreign key (municipality_id, top_up_id) references top_up,
  foreign key (municipality_id, household_id) references household,
  foreign key (municipality_id, holder_id) references person,
  check (extract(year from issued_on) = year),
  check ((xml is null) = (xml_sha256 is null)),
  check ((xml is null) = (cardinality(gaps) > 0)),
  check ((xml is null) = (completed_at is null))
);
create index invoice_by_household on invoice (municipality_id, household_id, issued_at desc);
create index invoice_waiting on invoice (municipality_id, holder_id) where xml is null;
comment on column invoice.gaps is 'What the XML still lacks (customer_address, …); empty once it is written';


-- 2026-11-29T2059-publishing.sql
-- News and documents of a municipality, their versions and files, and what a municipality says of itself.
-- What is public is decided by the database's clock when it is read: published, begun, not expired, not withdrawn. Nothing
-- has to run at the right moment. Versions and files are never changed: what the public read yesterday can be shown tomorrow.

create table stored_file (
  municipality_id uuid not null references municipality,
  id uuid not null default uuidv7(),
  name text not null check (name <> '' and length(name) <= 120),
  media_type text not null,
  size integer not null check (size between 1 and 10485760),
  sha256 bytea not null check (octet_length(sha256) = 32),
  content bytea check (octet_length(content) = size),
  uploaded_by uuid not null,
  uploaded_at timestamptz not null default app_now(),
  primary key (municipality_id, id),
  foreign key (municipality_id, uploaded_by) references person
);
comment on column stored_file.content is 'Null: the bytes are in the object storage, under municipality_id/id';
comment on column stored_file.media_type is 'What the first bytes say it is, never what the browser said';

create table content_item (
  municipality_id uuid not null references municipality,
  id uuid not null default uuidv7(),
  kind text not null check (kind in ('news', 'document')),
  slug text not null check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 80),
  latest_version integer not null check (latest_version >= 1),
  published_version integer check (published_version between 1 and latest_version),
  publish_at timestamptz,
  expire_at timestamptz,
  published_at timestamptz,
  published_by uuid,
  review_version integer check (review_version between 1 and latest_version),
  review_requested_by uuid,
  review_note text not null default '',
  withdrawn_at timestamptz,
  withdrawn_reason text,
  created_at timestamptz not null default app_now(),
  primary key (municipality_id, id),
  unique (municipality_id, kind, slug),
  foreign key (municipality_id, published_by) references person,
  foreign key (municipality_id, review_requested_by) references person,
  check ((published_version is null) = (publish_at is null)),
  check ((published_version is null) = (published_at is null)),
  check (expire_at > publish_at),
  check ((withdrawn_at is null) = (withdrawn_reason is null)),
  check (withdrawn_at is null or published_version is not null)
);
create index content_item_by_date on content_item (municipality_id, kind, publish_at desc);
comment on column content_item.published_at is 'The last press of Publish: the last update that the public sees';
comment on column content_item.review_version is 'The version that waits for a review; any newer version makes the request void';

create table content_version (
  municipality_id uuid not null,
  item_id uuid not null,
  number integer not null check (number >= 1),
  title text not null check (title <> '' and length(title) <= 160),
  summary text not null check (length(summary) <= 400),
  body text not null,
  category text not null check (category ~ '^[a-z-]{3,40}$'),
  urgent boolean not null default false,
  highlighted boolean not null default false,
  author_id uuid not null,
  saved_at timestamptz not null default app_now(),
  restored_from integer,
  search tsvector generated always as ( setweight(to_tsvector('italian', title), 'A') || setweight(to_tsvector('italian', summary), 'B') || to_tsvector('italian', body)) stored,
  primary key (municipality_id, item_id, number),
  foreign key (municipality_id, item_id) references content_item,
  foreign key (municipality_id, author_id) references person
);
create index content_version_search on content_version using gin (search);
comment on column content_version.body is 'HTML that went through the sanitiser; it does so again when it is shown';

create table content_version_file (
  municipality_id uuid not null,
  item_id uuid not null,
  version integer not null,
  file_id uuid not null,
  role text not null check (role in ('attachment', 'image')),
  position integer not null,
  title text not null,
  primary key (municipality_id, item_id, version, file_id),
  foreign key (municipality_id, item_id, version) references content_version,
  foreign key (municipality_id, file_id) references stored_file
);
create index content_version_file_by_file on content_version_file (municipality_id, file_id);

create table municipality_settings (
  municipality_id uuid not null references municipality,
  coat_of_arms_id uuid,
  colour text check (colour ~ '^#[0-9a-f]{6}$'),
  office_hours text not null default '',
  dpo_name text not null default '',
  dpo_email text not null default '',
  security_contact text not null default '',
  site_url text not null default '',
  transparency_url text not null default '',
  accessibility_declaration_url text not null default '',
  accessibility_goals_url text not null default '',
  appointment_url text not null default '',
  report_url text not null default '',
  updated_at timestamptz not null default app_now(),
  updated_by uuid,
  revision integer not null default 1,
  primary key (municipality_id),
  foreign key (municipality_id, coat_of_arms_id) references stored_file,
  foreign key (municipality_id, updated_by) references person
);

-- Communications with versions, approval, and recipients that are a fact: who gets one is resolved when it is published and
-- kept for ever, with the balance that it spoke of. Nothing that a family could read is ever changed: a correction is another
-- version with its reason, a withdrawal leaves the title and the reason.
-- A family reads what was addressed to the very person, while that person still belongs to the household; about money, while
-- that person pays.

create table communication (
  municipality_id uuid not null references municipality,
  id uuid not null default uuidv7(),
  latest_version integer not null check (latest_version >= 1),
  submitted_version integer check (submitted_version between 1 and latest_version),
  submitted_by uuid,
  wanted_at timestamptz,
  note text not null default '',
  approved_version integer check (approved_version between 1 and latest_version),
  approved_by uuid,
  due_at timestamptz,
  published_version integer check (published_version between 1 and latest_version),
  published_at timestamptz,
  expires_at timestamptz,
  withdrawn_at timestamptz,
  withdrawn_by uuid,
  withdrawn_reason text,
  created_at timestamptz not null default app_now(),
  primary key (municipality_id, id),
  foreign key (municipality_id, submitted_by) references person,
  foreign key (municipality_id, approved_by) references person,
  foreign key (municipality_id, withdrawn_by) references person,
  check ((published_version is null) = (published_at is null)),
  check (due_at is null or published_version is null and approved_version is not null),
  check ((withdrawn_at is null) = (withdrawn_reason is null)),
  check (withdrawn_at is null or published_version is not null)
);
create index communication_latest on communication (municipality_id, published_at desc);
create index communication_due on communication (municipality_id, due_at) where due_at is not null;
comment on column communication.due_at is 'The worker publishes the approved version from this instant on; null once it is published';
comment on column communication.submitted_version is 'The version that waits for approval; any newer version makes the request void';

create table communication_version (
  municipality_id uuid not null,
  communication_id uuid not null,
  number integer not null check (number >= 1),
  kind text not null check (kind in ('information', 'reminder', 'notice')),
  about text not null check (about in ('service', 'money')),
  title text not null check (title <> '' and length(title) <= 120),
  body text not null,
  audience jsonb not null,
  acknowledgement text not null check (acknowledgement in ('none', 'household', 'person')),
  acknowledge_by date,
  expires_at timestamptz,
  reason text not null default '',
  author_id uuid,
  saved_at timestamptz not null default app_now(),
  primary key (municipality_id, communication_id, number),
  foreign key (municipality_id, communication_id) references communication,
  foreign key (municipality_id, author_id) references person,
  check (acknowledge_by is null or acknowledgement <> 'none')
);
comment on column communication_version.body is 'HTML that went through the sanitiser; it does so again when it is shown. {saldo}, {debito} and {nome} are filled for each reader';
comment on column communication_version.reason is 'Why something published was corrected: the families read it';

create table communication_version_file (
  municipality_id uuid not null,
  communication_id uuid not null,
  version integer not null,
  file_id uuid not null,
  role text not null check (role in ('attachment', 'image')),
  position integer not null,
  title text not null,
  primary key (municipality_id, communication_id, version, file_id),
  foreign key (municipality_id, communication_id, version) references communication_version,
  foreign key (municipality_id, file_id) references stored_file
);
create index communication_version_file_by_file on communication_version_file (municipality_id, file_id);

create table communication_publication (
  municipality_id uuid not null,
  communication_id uuid not null,
  version integer not null,
  title text not null,
  published_at timestamptz not null default app_now(),
  approved_by uuid,
  primary key (municipality_id, communication_id, version),
  foreign key (municipality_id, communication_id, version) references communication_version,
  foreign key (municipality_id, approved_by) references person
);
comment on table communication_publication is 'The versions that families could read: the first one, then its corrections';

create table communication_recipient (
  municipality_id uuid not null,
  communication_id uuid not null,
  household_id uuid not null,
  about text not null check (about in ('service', 'money')),
  balance_cents bigint,
  primary key (municipality_id, communication_id, household_id),
  foreign key (municipality_id, communication_id) references communication,
  foreign key (municipality_id, household_id) references household,
  check (balance_cents is null or about = 'money')
);
create index communication_recipient_by_household on communication_recipient (municipality_id, household_id);
comment on column communication_recipient.balance_cents is 'The balance at the moment of publication, the one that the text speaks of; only about money';

create table communication_recipient_person (
  municipality_id uuid not null,
  communication_id uuid not null,
  household_id uuid not null,
  person_id uuid not null,
  about text not null check (about in ('service', 'money')),
  role text not null check (role in ('holder', 'delegate')),
  had_email boolean not null,
  primary key (municipality_id, communication_id, household_id, person_id),
  foreign key (municipality_id, communication_id) references communication,
  foreign key (municipality_id, household_id) references household,
  foreign key (municipality_id, person_id) references person,
  check (about = 'service' or role = 'holder')
);
create index communication_recipient_person_own on communication_recipient_person (municipality_id, person_id, communication_id);
comment on table communication_recipient_person is 'Its household is in communication_recipient: both are written by one statement, where a
    foreign key between them would look up ten thousand new rows with a plan made for none';

create table communication_read (
  municipality_id uuid not null,
  communication_id uuid not null,
  version integer not null,
  person_id uuid not null,
  read_at timestamptz not null default app_now(),
  primary key (municipality_id, communication_id, version, person_id),
  foreign key (municipality_id, communication_id, version) references communication_publication,
  foreign key (municipality_id, person_id) references person
);
create index communication_read_by_person on communication_read (municipality_id, person_id, communication_id);

create table communication_acknowledgement (
  municipality_id uuid not null,
  communication_id uuid not null,
  version integer not null,
  household_id uuid not null,
  person_id uuid not null,
  once_per text not null check (once_per in ('household', 'person')),
  acknowledged_at timestamptz not null default app_now(),
  was_late boolean not null,
  primary key (municipality_id, communication_id, version, household_id, person_id),
  foreign key (municipality_id, communication_id, version) references communication_publication,
  foreign key (municipality_id, communication_id, household_id, person_id) references communication_recipient_person
);
create unique index acknowledged_once_per_household on communication_acknowledgement (municipality_id, communication_id, version, household_id)
  where once_per = 'household';

create table communication_reminder (
  municipality_id uuid not null,
  communication_id uuid not null,
  id uuid not null default uuidv7(),
  version integer not null,
  target text not null check (target in ('unread', 'unacknowledged')),
  persons integer not null check (persons > 0),
  sent_by uuid not null,
  sent_at timestamptz not null default app_now(),
  primary key (municipality_id, communication_id, id),
  foreign key (municipality_id, communication_id, version) references communication_publication,
  foreign key (municipality_id, sent_by) references person
);

-- Questionnaires of the office to the families.
-- Of an anonymous one the database keeps who has answered (`questionnaire_part`) apart from what was answered
-- (`questionnaire_answer`): no column joins them, neither side has a time, ids are random and not UUIDv7, each answer stands
-- alone, and `settle_questionnaires` writes both sides again in batches, so that not even the number of the transaction or
-- the place on disk pairs them. docs/decisions/0025-anonymous-questionnaires.md says what this does and does not promise.

create table questionnaire (
  municipality_id uuid not null references municipality,
  id uuid not null default uuidv7(),
  title text not null check (length(title) <= 160),
  intro text not null default '' check (length(intro) <= 2000),
  per text not null check (per in ('child', 'household')),
  anonymous boolean not null,
  shows_results boolean not null,
  school_ids uuid[] not null default '{}',
  class_ids uuid[] not null default '{}',
  opens_at timestamptz,
  closes_at timestamptz,
  version integer not null default 1,
  saved_by uuid not null,
  saved_at timestamptz not null default app_now(),
  published_at timestamptz,
  published_by uuid,
  announced_at timestamptz,
  reminded_at timestamptz,
  ended_early_at timestamptz,
  settled_at timestamptz,
  asked_total integer,
  answered_total integer,
  primary key (municipality_id, id),
  foreign key (municipality_id, saved_by) references person,
  foreign key (municipality_id, published_by) references person,
  check ((published_at is null) = (published_by is null)),
  check (published_at is null or opens_at is not null and closes_at > opens_at and title <> '')
);
comment on column questionnaire.school_ids is 'With class_ids: for whom; both empty: for everybody';
comment on column questionnaire.settled_at is 'Closed, mixed for the last time, and its totals counted';

create table questionnaire_question (
  municipality_id uuid not null,
  questionnaire_id uuid not null,
  id uuid not null default uuidv7(),
  position integer not null check (position >= 0),
  kind text not null check (kind in ('one', 'several', 'scale', 'text')),
  words text not null check (length(words) <= 300),
  required boolean not null,
  options text[] not null default '{}' check (cardinality(options) <= 20),
  low_label text not null default '' check (length(low_label) <= 60),
  high_label text not null default '' check (length(high_label) <= 60),
  primary key (municipality_id, id),
  unique (municipality_id, questionnaire_id, position),
  foreign key (municipality_id, questionnaire_id) references questionnaire on delete cascade
);

create table questionnaire_part (
  municipality_id uuid not null,
  part uuid not null default gen_random_uuid(),
  questionnaire_id uuid not null,
  household_id uuid not null,
  pupil_id uuid,
  person_id uuid,
  answered_at timestamptz,
  mixed boolean not null default false,
  primary key (municipality_id, part),
  unique nulls not distinct (municipality_id, questionnaire_id, household_id, pupil_id),
  foreign key (municipality_id, questionnaire_id) references questionnaire,
  foreign key (municipality_id, household_id) references household,
  foreign key (municipality_id, pupil_id) references pupil,
  foreign key (municipality_id, person_id) references person,
  check ((person_id is null) = (answered_at is null))
);
comment on table questionnaire_part is 'Who has answered; of an anonymous questionnaire neither which parent nor when';
comment on column questionnaire_part.part is 'Random, never UUIDv7: an id must not tell the moment';

create table questionnaire_answer (
  municipality_id uuid not null,
  slip uuid not null default gen_random_uuid(),
  questionnaire_id uuid not null,
  question_id uuid not null,
  part uuid,
  chosen smallint[],
  words text check (words <> '' and length(words) <= 2000),
  mixed boolean not null default false,
  primary key (municipality_id, slip),
  foreign key (municipality_id, questionnaire_id) references questionnaire,
  foreign key (municipality_id, question_id) references questionnaire_question,
  foreign key (municipality_id, part) references questionnaire_part,
  unique (municipality_id, part, question_id),
  check ((chosen is null) <> (words is null))
);
create index questionnaire_answer_by_question on questionnaire_answer (municipality_id, questionnaire_id, question_id);
comment on column questionnaire_answer.part is 'Whose answer it is; always null in an anonymous questionnaire';
comment on column questionnaire_answer.chosen is 'Places of the chosen options from 0, or the one step of a scale from 1';


-- 2026-11-29T2100-forms.sql
-- Online forms: their versions, what a family is writing, what it sent, its documents and the way of each request.
-- A published version is frozen and so is what was sent; a request's state moves only along the lawful ways, each step an
-- event that never changes. Documents may speak of health and income: the family's own author and the office read them,
-- they live in the database and nowhere else, and the database forgets them by its own clock.

create table online_form (
  municipality_id uuid not null references municipality,
  id uuid not null default uuidv7(),
  kind text not null check (kind in ('enrolment', 'diet', 'fare', 'withdrawal', 'other')),
  latest_version integer not null check (latest_version >= 1),
  published_version integer check (published_version between 1 and latest_version),
  closed_at timestamptz,
  closed_reason text not null default '',
  created_by uuid not null,
  created_at timestamptz not null default app_now(),
  primary key (municipality_id, id),
  foreign key (municipality_id, created_by) references person,
  check (closed_at is null or (published_version is not null and closed_reason <> ''))
);
comment on column online_form.closed_at is 'Closed by the office before its window ended; from this instant nothing is taken';

create table online_form_version (
  municipality_id uuid not null,
  form_id uuid not null,
  number integer not null check (number >= 1),
  revision integer not null default 1 check (revision >= 1),
  definition jsonb not null,
  school_year_id uuid not null,
  opens_at timestamptz not null,
  closes_at timestamptz check (closes_at > opens_at),
  author_id uuid not null,
  saved_at timestamptz not null default app_now(),
  published_at timestamptz,
  primary key (municipality_id, form_id, number),
  foreign key (municipality_id, form_id) references online_form,
  foreign key (municipality_id, school_year_id) references school_year,
  foreign key (municipality_id, author_id) references person
);
comment on column online_form_version.definition is 'Title, rules and steps (lib/forms/form.ts): data, never code';
comment on column online_form_version.revision is 'Grows at each change of a version that is not published yet';
comment on column online_form_version.closes_at is 'Requests are taken strictly before this instant; null: all the year';

create table form_draft (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  form_id uuid not null,
  version integer not null,
  household_id uuid not null,
  person_id uuid not null,
  revision integer not null default 1 check (revision >= 1),
  answers jsonb not null default '{}',
  created_at timestamptz not null default app_now(),
  updated_at timestamptz not null default app_now(),
  primary key (municipality_id, id),
  unique (municipality_id, form_id, person_id, household_id),
  foreign key (municipality_id, form_id, version) references online_form_version,
  foreign key (municipality_id, household_id) references household,
  foreign key (municipality_id, person_id) references person
);
create index form_draft_by_person on form_draft (municipality_id, person_id);
create index form_draft_by_age on form_draft (municipality_id, updated_at);

create table protocol_series (
  municipality_id uuid not null references municipality,
  year integer not null check (year between 2000 and 2199),
  last_number integer not null default 0 check (last_number >= 0),
  primary key (municipality_id, year)
);
comment on table protocol_series is 'Numbers without holes: the row stays locked until the request that took one is kept or undone';

create table form_submission (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  form_id uuid not null,
  version integer not null,
  draft_id uuid not null,
  household_id uuid not null,
  person_id uuid not null,
  pupil_id uuid,
  protocol_year integer not null,
  protocol_number integer not null check (protocol_number >= 1),
  submitted_at timestamptz not null default app_now(),
  answers jsonb not null,
  shown jsonb not null,
  about text not null,
  state text not null default 'submitted' check (state in ('submitted', 'in_review', 'integration', 'accepted', 'rejected', 'withdrawn')),
  once_key text,
  assigned_to uuid,
  due_on date,
  decided_at timestamptz,
  primary key (municipality_id, id),
  unique (municipality_id, draft_id),
  unique (municipality_id, protocol_year, protocol_number),
  foreign key (municipality_id, form_id, version) references online_form_version,
  foreign key (municipality_id, household_id) references household,
  foreign key (municipality_id, person_id) references person,
  foreign key (municipality_id, pupil_id) references pupil,
  foreign key (municipality_id, assigned_to) references person,
  foreign key (municipality_id, protocol_year) references protocol_series,
  check ((state in ('accepted', 'rejected', 'withdrawn')) = (decided_at is not null)),
  check ((state = 'integration') = (due_on is not null))
);
create unique index form_submission_once on form_submission (municipality_id, form_id, once_key) where once_key is not null;
create index form_submission_by_form on form_submission (municipality_id, form_id, submitted_at desc);
create index form_submission_by_person on form_submission (municipality_id, person_id, submitted_at desc);
create index form_submission_by_age on form_submission (municipality_id, decided_at);
comment on column form_submission.shown is 'The answers in the words the family read when it sent them: the copy that never changes';
comment on column form_submission.once_key is 'What may be asked once at a time; emptied when the same may be asked again';

create table form_event (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  submission_id uuid not null,
  kind text not null check (kind in ('submitted', 'taken', 'asked', 'answered', 'accepted', 'corrected', 'rejected', 'withdrawn')),
  occurred_at timestamptz not null default app_now(),
  person_id uuid,
  by_office boolean not null,
  words text not null default '' check (length(words) <= 2000),
  due_on date,
  plan_fingerprint text,
  primary key (municipality_id, id),
  foreign key (municipality_id, submission_id) references form_submission,
  foreign key (municipality_id, person_id) references person
);
comment on column form_event.plan_fingerprint is 'Of what was previewed and done by this decision: the same confirmation sent twice is known by it';
create index form_event_by_submission on form_event (municipality_id, submission_id, occurred_at);

create table form_document (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  household_id uuid not null,
  person_id uuid not null,
  draft_id uuid,
  submission_id uuid,
  field text not null,
  name text not null check (name <> '' and length(name) <= 120),
  media_type text not null,
  size integer not null check (size between 1 and 10485760),
  sha256 bytea not null check (octet_length(sha256) = 32),
  content bytea check (octet_length(content) = size),
  uploaded_at timestamptz not null default app_now(),
  primary key (municipality_id, id),
  foreign key (municipality_id, household_id) references household,
  foreign key (municipality_id, person_id) references person,
  foreign key (municipality_id, draft_id) references form_draft,
  foreign key (municipality_id, submission_id) references form_submission,
  check ((draft_id is null) <> (submission_id is null))
);
create index form_document_by_draft on form_document (municipality_id, draft_id) where draft_id is not null;
create index form_document_by_submission on form_document (municipality_id, submission_id) where submission_id is not null;
comment on column form_document.content is 'Null once forgotten. Never in the object storage: one deletion forgets it.';

-- Which pupil has which band of fare, from when to when, and by which request.

create table fare_assignment (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  pupil_id uuid not null,
  service_id uuid not null,
  band_code text not null,
  valid_from date not null,
  valid_to date not null,
  validity daterange generated always as (daterange(valid_from, valid_to, '[]')) stored,
  submission_id uuid,
  given_by uuid not null,
  given_at timestamptz not null default app_now(),
  reason text not null default '' check (length(reason) <= 300),
  ended_by uuid,
  ended_at timestamptz,
  end_reason text not null default '' check (length(end_reason) <= 300),
  primary key (municipality_id, id),
  foreign key (municipality_id, pupil_id) references pupil,
  foreign key (municipality_id, service_id, band_code) references fare_band,
  foreign key (municipality_id, submission_id) references form_submission,
  foreign key (municipality_id, given_by) references person,
  check (valid_from <= valid_to),
  constraint fare_once_at_a_time unique (municipality_id, pupil_id, service_id, validity without overlaps),
  foreign key (municipality_id, ended_by) references person
);
create index fare_assignment_by_pupil on fare_assignment (municipality_id, service_id, pupil_id, valid_to);


-- 2026-11-29T2101-notifications-and-outbox.sql
-- Notifications: one row per person in the portal's inbox and, by each one's choice, deliveries in the same outbox as
-- the letters, one per address (e-mail) or device (push). A command that tells people something calls
-- `notify_people` in its own transaction; a family may tell its own people and reads only the own inbox.

create table delivery_batch (
  municipality_id uuid not null references municipality,
  id uuid not null default uuidv7(),
  key text not null,
  event text not null,
  title text,
  communication_id uuid,
  communication_version integer,
  created_at timestamptz not null default app_now(),
  primary key (municipality_id, id),
  unique (municipality_id, key),
  constraint delivery_batch_communication_fkey
    foreign key (municipality_id, communication_id, communication_version) references communication_version,
  check ((communication_id is null) = (communication_version is null))
);
create index delivery_batch_by_time on delivery_batch (municipality_id, created_at desc, id desc);
create unique index delivery_batch_of_communication on delivery_batch (municipality_id, communication_id, communication_version)
  where communication_id is not null;
comment on table delivery_batch is 'What the office sees as one sending: a message to many, or a day of one kind of message to single persons';
comment on column delivery_batch.communication_id is 'With its version: what was published by this sending. Null for all others, reminders among them';
comment on column delivery_batch.title is 'The title of a message to many; null for messages to single persons, which are theirs alone';

create table notification (
  municipality_id uuid not null references municipality,
  id uuid not null default uuidv7(),
  person_id uuid not null,
  batch_id uuid not null,
  event text not null,
  key text not null,
  title text not null check (char_length(title) between 1 and 200),
  body text not null check (char_length(body) <= 4000),
  path text not null check (path ~ '^/([A-Za-z0-9._~-]+(/[A-Za-z0-9._~-]+)*)?([?][A-Za-z0-9=&._~-]*)?(#[A-Za-z0-9_-]+)?$'),
  created_at timestamptz not null default app_now(),
  read_at timestamptz,
  translations jsonb not null default '{}',
  primary key (municipality_id, id),
  unique (municipality_id, person_id, key),
  foreign key (municipality_id, person_id) references person,
  foreign key (municipality_id, batch_id) references delivery_batch
);
create index notification_by_person on notification (municipality_id, person_id, created_at desc, id desc);
create index notification_unread on notification (municipality_id, person_id) where read_at is null;
create index notification_by_batch on notification (municipality_id, batch_id);
create index notification_by_age on notification (created_at);
comment on column notification.path is 'Place in the portal, below the municipality''s address; never another site';
comment on column notification.translations is 'language → {title, text}, as they were told; title and body are the Italian ones. Empty in rows from before';

create table notification_choice (
  municipality_id uuid not null,
  person_id uuid not null,
  choices jsonb not null default '{}',
  is_quiet boolean not null default true,
  quiet_from time not null default '21:00',
  quiet_to time not null default '07:00',
  low_balance_meals smallint not null default 3 check (low_balance_meals between 1 and 20),
  changed_at timestamptz not null default app_now(),
  primary key (municipality_id, person_id),
  foreign key (municipality_id, person_id) references person
);
comment on column notification_choice.choices is 'event → channel → boolean; what is not named follows the event''s own defaults';

create table push_subscription (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  person_id uuid not null,
  endpoint text not null check (char_length(endpoint) <= 1000),
  p256dh text not null check (char_length(p256dh) <= 100),
  auth text not null check (char_length(auth) <= 40),
  device_name text not null check (char_length(device_name) between 1 and 80),
  created_at timestamptz not null default app_now(),
  last_sent_at timestamptz,
  ended_at timestamptz,
  end_reason text check (end_reason in ('revoked', 'gone', 'moved')),
  primary key (municipality_id, id),
  foreign key (municipality_id, person_id) references person,
  check ((ended_at is null) = (end_reason is null))
);
create unique index push_subscription_open on push_subscription (municipality_id, endpoint) where ended_at is null;
create index push_subscription_by_person on push_subscription (municipality_id, person_id) where ended_at is null;

-- Messages that leave: mail, push and texts. A due row is claimed, `sending_since` is set just before the message is handed
-- over, and a message whose fate a crash hid is never sent twice.

create table outbox (
  municipality_id uuid not null references municipality,
  id uuid not null default uuidv7(),
  dedupe_key text not null,
  channel text not null check (channel in ('email', 'push', 'sms')),
  recipient text not null,
  subject text not null,
  body_text text not null,
  body_html text,
  created_at timestamptz not null default app_now(),
  due_at timestamptz default app_now(),
  attempts integer not null default 0,
  sent_at timestamptz,
  last_error text,
  sending_since timestamptz,
  secret boolean not null default false,
  batch_id uuid,
  person_id uuid,
  notification_id uuid,
  push_subscription_id uuid,
  email_change_id uuid,
  phone_change_id uuid,
  outcome text check (outcome in ('sent', 'refused', 'in_doubt', 'given_up')),
  language text not null default 'it' check (language in ('it', 'en')),
  primary key (municipality_id, id),
  unique (municipality_id, dedupe_key),
  foreign key (municipality_id, batch_id) references delivery_batch,
  foreign key (municipality_id, person_id) references person,
  foreign key (municipality_id, notification_id) references notification,
  foreign key (municipality_id, push_subscription_id) references push_subscription,
  foreign key (municipality_id, email_change_id) references email_change on delete set null (email_change_id),
  foreign key (municipality_id, phone_change_id) references phone_change on delete set null (phone_change_id),
  check (sent_at is null or due_at is null),
  constraint outbox_recipient_check check ((channel = 'push') = (recipient = '')),
  constraint outbox_device_check check ((channel = 'push') = (push_subscription_id is not null))
);
create index outbox_waiting on outbox (municipality_id, channel, due_at) where due_at is not null and sending_since is null;
create index outbox_in_hand on outbox (municipality_id, channel, due_at)
  where due_at is not null and sending_since is not null;
create index outbox_by_batch on outbox (municipality_id, batch_id, channel, outcome);
create index outbox_by_notification on outbox (municipality_id, notification_id);
create index outbox_by_age on outbox (municipality_id, created_at);
create index outbox_by_email_change on outbox (municipality_id, email_change_id) where email_change_id is not null;
create index outbox_by_phone_change on outbox (municipality_id, phone_change_id) where phone_change_id is not null;
create index outbox_by_subscription on outbox (municipality_id, push_subscription_id)
  where push_subscription_id is not null;
comment on column outbox.due_at is 'When to try next; null once sent or given up';
comment on column outbox.sending_since is 'Set just before the message is handed over; left behind only by a crash in that moment';
comment on column outbox.secret is 'The text holds a code or a link that opens something: emptied once the message is sent or given up';
comment on column outbox.outcome is 'How it ended; null while it still has to go. in_doubt: it may have gone, so it is never repeated';
comment on column outbox.email_change_id is 'The change whose code this letter carries: once it is closed the letter is over';
comment on column outbox.phone_change_id is 'The same for a text';
comment on column outbox.language is 'Of subject and text';


-- 2026-11-29T2140-languages.sql
-- The languages that a person may choose and a message may be in, as rows. They come from lib/words/locales.ts with the
-- definitions (db/definitions.ts); these two are those of the rows that a database has before.

create table language (
  code text primary key check (code ~ '^[a-z]{2,3}$')
);
comment on table language is 'Languages of the public and family areas: one row for each of lib/words/locales.ts';
insert into language values ('it'), ('en');

alter table citizen
  drop constraint citizen_language_check,
  add foreign key (language) references language;

alter table outbox
  drop constraint outbox_language_check,
  alter column language drop default,
  add foreign key (language) references language;


-- 2026-11-30T0255-charge-after-close.sql
-- A foreign key costs 26 to 40 microseconds for each entry, half of what a close costs. These three are verified for each
-- statement by `entries_balance` (db/functions/ledger.sql), and their parents never go away.

alter table entry alter constraint entry_municipality_id_journal_id_fkey not enforced;
alter table entry alter constraint entry_municipality_id_account_id_fkey not enforced;
alter table entry alter constraint entry_municipality_id_pupil_id_fkey not enforced;


-- 2026-11-30T0310-frozen-meals.sql
-- What the close of a day leaves for its charge: the meals that were counted, and a row that is due.

create table counted_meals (
  municipality_id uuid not null,
  service_day_id uuid not null,
  school_class_id uuid not null,
  diet_code text not null,
  pupil_ids uuid[] not null,
  prices_cents integer[] not null,
  primary key (municipality_id, service_day_id, school_class_id, diet_code),
  check (cardinality(pupil_ids) = cardinality(prices_cents) and array_position(pupil_ids, null) is null),
  check (array_position(prices_cents, null) is null and 0 <= all (prices_cents))
);
comment on table counted_meals is 'The pupils behind a line of a day''s first count, each with the price of the meal; the charge reads this and nothing else';
comment on column counted_meals.prices_cents is 'In the order of pupil_ids; zero is a meal that costs nothing';

create table meal_charge (
  municipality_id uuid not null,
  service_day_id uuid not null,
  due_at timestamptz default app_now(),
  failures integer not null default 0 check (failures >= 0),
  charged_at timestamptz,
  primary key (municipality_id, service_day_id),
  foreign key (municipality_id, service_day_id) references service_day,
  check (due_at is null or charged_at is null)
);
create index meal_charge_due on meal_charge (due_at) where due_at is not null;
comment on table meal_charge is 'The charge of a closed day: due, or done (charged_at), or no longer due because the day was taken off the calendar';
comment on column meal_charge.failures is 'How often it failed; each time due_at moves further away';

-- Every day moves every balance. Room on its page lets a moved row stay there, and no index has to follow it.
alter table account set (fillfactor = 60);


-- 2026-11-30T0330-push-by-endpoint.sql
-- A browser that renews its address knows the old one and no municipality.
create index push_subscription_by_endpoint on push_subscription (endpoint) where ended_at is null;


set check_function_bodies = off;

-- Tables whose rows are written once. Two registers forget after 24 months, and only then.
-- Accounts, journals and pupils are never deleted and keep their keys: entries refer to them by keys that only
-- `entries_balance` verifies (ledger.sql). A pupil keeps its household: a counted meal is charged to it.

-- The table is an argument: a partition has a name of its own.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: % refused', tg_argv[0], lower(tg_op) using errcode = 'restrict_violation';
end $$;
create trigger sign_in_event_no_truncate before truncate on sign_in_event execute function refuse_change('sign_in_event');
create trigger audit_event_no_truncate before truncate on audit_event execute function refuse_change('audit_event');
create trigger absence_receipt_append_only before update or delete on absence_receipt for each row
  execute function refuse_change('absence_receipt');
create trigger absence_receipt_no_truncate before truncate on absence_receipt execute function refuse_change('absence_receipt');
create trigger absence_event_append_only before update or delete on absence_event for each row
  execute function refuse_change('absence_event');
create trigger absence_event_no_truncate before truncate on absence_event execute function refuse_change('absence_event');
create trigger kitchen_count_append_only before update or delete on kitchen_count for each row
  execute function refuse_change('kitchen_count');
create trigger kitchen_count_no_truncate before truncate on kitchen_count execute function refuse_change('kitchen_count');
create trigger kitchen_count_line_append_only before update or delete on kitchen_count_line for each row
  execute function refuse_change('kitchen_count_line');
create trigger kitchen_count_line_no_truncate before truncate on kitchen_count_line execute function refuse_change('kitchen_count_line');
create trigger counted_meals_append_only before update or delete on counted_meals for each row
  execute function refuse_change('counted_meals');
create trigger counted_meals_no_truncate before truncate on counted_meals execute function refuse_change('counted_meals');
create trigger meal_charge_no_delete before delete on meal_charge for each row execute function refuse_change('meal_charge');
create trigger meal_charge_no_truncate before truncate on meal_charge execute function refuse_change('meal_charge');
create trigger menu_version_append_only before update or delete on menu_version for each row
  execute function refuse_change('menu_version');
create trigger menu_version_no_truncate before truncate on menu_version execute function refuse_change('menu_version');
create trigger account_no_delete before delete on account for each row execute function refuse_change('account');
create trigger account_no_truncate before truncate on account execute function refuse_change('account');
create trigger journal_append_only before update or delete on journal for each row execute function refuse_change('journal');
create trigger pupil_no_delete before delete on pupil for each row execute function refuse_change('pupil');
create trigger pupil_no_truncate before truncate on pupil execute function refuse_change('pupil');
create trigger pupil_key before update of municipality_id, id, household_id on pupil for each row
  execute function refuse_change('pupil');
create trigger journal_no_truncate before truncate on journal execute function refuse_change('journal');
create trigger top_up_no_delete before delete on top_up for each row execute function refuse_change('top_up');
create trigger top_up_no_truncate before truncate on top_up execute function refuse_change('top_up');
create trigger top_up_transition_append_only before update or delete on top_up_transition for each row
  execute function refuse_change('top_up_transition');
create trigger entry_append_only before update or delete on entry for each row execute function refuse_change('entry');
create trigger entry_no_truncate before truncate on entry execute function refuse_change('entry');
create trigger entry_year_append_only before update or delete on entry_year for each row execute function refuse_change('entry_year');
create trigger entry_year_no_truncate before truncate on entry_year execute function refuse_change('entry_year');
create trigger invoice_no_truncate before truncate on invoice execute function refuse_change('invoice');
create trigger invoice_no_delete before delete on invoice for each row execute function refuse_change('invoice');
create trigger content_version_append_only before update or delete on content_version for each row
  execute function refuse_change('content_version');
create trigger content_version_no_truncate before truncate on content_version execute function refuse_change('content_version');
create trigger content_version_file_append_only before update or delete on content_version_file for each row
  execute function refuse_change('content_version_file');
create trigger content_version_file_no_truncate before truncate on content_version_file execute function refuse_change('content_version_file');
create trigger communication_version_append_only before update or delete on communication_version for each row
  execute function refuse_change('communication_version');
create trigger communication_version_no_truncate before truncate on communication_version execute function refuse_change('communication_version');
create trigger communication_version_file_append_only before update or delete on communication_version_file for each row
  execute function refuse_change('communication_version_file');
create trigger communication_version_file_no_truncate before truncate on communication_version_file
  execute function refuse_change('communication_version_file');
create trigger communication_publication_append_only before update or delete on communication_publication for each row
  execute function refuse_change('communication_publication');
create trigger communication_publication_no_truncate before truncate on communication_publication
  execute function refuse_change('communication_publication');
create trigger communication_recipient_append_only before update or delete on communication_recipient for each row
  execute function refuse_change('communication_recipient');
create trigger communication_recipient_no_truncate before truncate on communication_recipient
  execute function refuse_change('communication_recipient');
create trigger communication_recipient_person_append_only before update or delete on communication_recipient_person
  for each row execute function refuse_change('communication_recipient_person');
create trigger communication_recipient_person_no_truncate before truncate on communication_recipient_person
  execute function refuse_change('communication_recipient_person');
create trigger communication_read_append_only before update or delete on communication_read for each row
  execute function refuse_change('communication_read');
create trigger communication_read_no_truncate before truncate on communication_read execute function refuse_change('communication_read');
create trigger communication_acknowledgement_append_only before update or delete on communication_acknowledgement
  for each row execute function refuse_change('communication_acknowledgement');
create trigger communication_acknowledgement_no_truncate before truncate on communication_acknowledgement
  execute function refuse_change('communication_acknowledgement');
create trigger communication_reminder_append_only before update or delete on communication_reminder for each row
  execute function refuse_change('communication_reminder');
create trigger communication_reminder_no_truncate before truncate on communication_reminder
  execute function refuse_change('communication_reminder');
create trigger form_submission_no_truncate before truncate on form_submission execute function refuse_change('form_submission');
create trigger form_event_append_only before update or delete on form_event for each row execute function refuse_change('form_event');
create trigger form_event_no_truncate before truncate on form_event execute function refuse_change('form_event');
create trigger form_document_no_truncate before truncate on form_document execute function refuse_change('form_document');

create function refuse_change_but_forget() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and old.occurred_at < app_now() - interval '24 months' then return old; end if;
  raise exception '% is append-only: % refused', tg_argv[0], lower(tg_op) using errcode = 'restrict_violation';
end $$;
create trigger sign_in_event_append_only before update or delete on sign_in_event for each row
  execute function refuse_change_but_forget('sign_in_event');
create trigger audit_event_append_only before update or delete on audit_event for each row
  execute function refuse_change_but_forget('audit_event');


-- What anyone may know of news and documents that are gone.

create function content_gone(of_kind text, of_slug text) returns table (state text, gone_at timestamptz, reason text)
language plpgsql stable security definer set search_path = public as $$
declare
  municipality constant uuid := app_municipality();
  moment constant timestamptz := app_now();
begin
  return query
    select case when i.withdrawn_at is not null then 'withdrawn' else 'expired' end,
      coalesce(i.withdrawn_at, i.expire_at), coalesce(i.withdrawn_reason, '')
    from content_item i
    where i.municipality_id = municipality and i.kind = of_kind and i.slug = of_slug
      and i.publish_at <= moment and (i.withdrawn_at is null or i.withdrawn_at >= i.publish_at)
      and (i.withdrawn_at is not null or i.expire_at <= moment);
end $$;
comment on function content_gone is 'What anyone may know of something that was public and no longer is: that it was, since when not, and why.';
revoke execute on function content_gone from public;
grant execute on function content_gone to refettorio_web;


-- Where the worker's duties have something to do now. One statement over the indexes of what is due names the
-- municipalities; the worker opens a transaction for these and for no other, however many there are.

-- The fewest days first: no small municipality waits for the count of a large one.
create function due_service_days() returns table (municipality_id uuid, service_day_ids uuid[])
language sql stable security definer set search_path = public as $$
  select d.municipality_id, array_agg(d.id order by d.id)
  from service_day d join municipality m on m.id = d.municipality_id and m.active
  where d.status = 'open' and d.close_at <= app_now()
  group by d.municipality_id order by count(*), min(d.close_at), d.municipality_id
$$;
revoke execute on function due_service_days from public;
grant execute on function due_service_days to refettorio_web;

-- In turns: the first day of every municipality comes before the second of any, so that no small one waits for a large one.
create function due_meal_charges() returns table (municipality_id uuid, service_day_id uuid)
language sql stable security definer set search_path = public as $$
  select c.municipality_id, c.service_day_id from (
    select c.municipality_id, c.service_day_id, c.due_at,
      row_number() over (partition by c.municipality_id order by c.due_at, d.day, d.id) as turn
    from meal_charge c
    join municipality m on m.id = c.municipality_id and m.active
    join service_day d on d.municipality_id = c.municipality_id and d.id = c.service_day_id
    where c.due_at <= app_now()) c
  order by c.turn, c.due_at, c.service_day_id
$$;
revoke execute on function due_meal_charges from public;
grant execute on function due_meal_charges to refettorio_web;

create function municipalities_with_due_top_ups() returns setof uuid
language sql stable security definer set search_path = public as $$
  select m.id from municipality m where m.active and m.id in (
    select t.municipality_id from top_up t where t.next_check_at <= app_now())
$$;
revoke execute on function municipalities_with_due_top_ups from public;
grant execute on function municipalities_with_due_top_ups to refettorio_web;

-- What waits and what a worker that died left in hand.
create function municipalities_with_due_messages(channel text) returns setof uuid
language sql stable security definer set search_path = public as $$
  select m.id from municipality m where m.active and exists (
    select from outbox o where o.municipality_id = m.id
      and o.channel = municipalities_with_due_messages.channel and o.due_at <= app_now())
$$;
revoke execute on function municipalities_with_due_messages from public;
grant execute on function municipalities_with_due_messages to refettorio_web;

create function municipalities_with_due_communications() returns setof uuid
language sql stable security definer set search_path = public as $$
  select m.id from municipality m where m.active and exists (
    select from communication c where c.municipality_id = m.id and c.due_at <= app_now())
$$;
revoke execute on function municipalities_with_due_communications from public;
grant execute on function municipalities_with_due_communications to refettorio_web;

create function municipalities_with_opened_questionnaires() returns setof uuid
language sql stable security definer set search_path = public as $$
  select m.id from municipality m where m.active and exists (
    select from questionnaire q where q.municipality_id = m.id and q.published_at is not null and q.announced_at is null
      and q.opens_at <= app_now() and q.closes_at > app_now())
$$;
revoke execute on function municipalities_with_opened_questionnaires from public;
grant execute on function municipalities_with_opened_questionnaires to refettorio_web;


-- Online forms: a published version and what was sent are frozen; a request moves along its lawful ways; the database
-- forgets drafts, documents and answers by its own clock.

create function published_version_is_frozen() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.published_at is not null then
    raise exception 'a published version is frozen' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger online_form_version_frozen before update or delete on online_form_version for each row
  execute function published_version_is_frozen();

create function submission_is_lawful() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if new.state <> 'submitted' then
      raise exception 'a request starts as submitted' using errcode = 'restrict_violation';
    end if;
    return new;
  end if;
  if tg_op = 'DELETE' then
    raise exception 'a request is never deleted' using errcode = 'restrict_violation';
  end if;
  if (old.form_id, old.version, old.draft_id, old.household_id, old.person_id, old.pupil_id, old.protocol_year, old.protocol_number, old.submitted_at)
      is distinct from (new.form_id, new.version, new.draft_id, new.household_id, new.person_id, new.pupil_id, new.protocol_year, new.protocol_number, new.submitted_at)
    or (old.answers, old.shown, old.about) is distinct from (new.answers, new.shown, new.about)
      and not (new.answers = '{}' and new.shown = '[]' and old.decided_at < app_now() - interval '5 years') then
    raise exception 'what was sent does not change' using errcode = 'restrict_violation';
  end if;
  if new.state <> old.state and old.state in ('accepted', 'rejected', 'withdrawn') then
    raise exception 'a decided request stays decided' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger form_submission_lawful before insert or update or delete on form_submission for each row
  execute function submission_is_lawful();

create function document_is_lawful() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    if old.submission_id is null then return old; end if;
    raise exception 'a document that was sent stays with its request' using errcode = 'restrict_violation';
  end if;
  if (old.household_id, old.person_id, old.field, old.name, old.media_type, old.size, old.sha256)
      is distinct from (new.household_id, new.person_id, new.field, new.name, new.media_type, new.size, new.sha256)
    or old.submission_id is not null and old.submission_id is distinct from new.submission_id
    or old.content is distinct from new.content and not (new.content is null and exists (select from form_submission s
      where s.municipality_id = old.municipality_id and s.id = old.submission_id and s.decided_at < app_now() - interval '24 months')) then
    raise exception 'a document does not change' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger form_document_lawful before update or delete on form_document for each row
  execute function document_is_lawful();

-- The next number of the municipality's year, in the transaction that uses it: the second request waits for the first.
create function next_protocol() returns table (year integer, number integer)
language plpgsql volatile security definer set search_path = public as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
  this_year constant integer := extract(year from app_today());
begin
  return query
    insert into protocol_series as s (municipality_id, year, last_number) values (municipality, this_year, 1)
    on conflict (municipality_id, year) do update set last_number = s.last_number + 1
    returning s.year, s.last_number;
end $$;
revoke execute on function next_protocol from public;
grant execute on function next_protocol to refettorio_web;

-- Drafts that were left alone for 90 days, documents and answers past their time.
create function forget_forms(most integer) returns integer language plpgsql security definer set search_path = public as $$
declare
  ninety_days_ago constant timestamptz := app_now() - interval '90 days';
  two_years_ago constant timestamptz := app_now() - interval '24 months';
  five_years_ago constant timestamptz := app_now() - interval '5 years';
  each_municipality uuid;
  gone integer;
  total integer := 0;
begin
  for each_municipality in select m.id from municipality m
    where exists (select from form_draft d where d.municipality_id = m.id and d.updated_at < ninety_days_ago)
      or exists (select from form_submission s where s.municipality_id = m.id and s.decided_at < two_years_ago)
  loop
    delete from form_document where municipality_id = each_municipality and draft_id in (select d.id from form_draft d
      where d.municipality_id = each_municipality and d.updated_at < ninety_days_ago);
    get diagnostics gone = row_count; total := total + gone;
    delete from form_draft where municipality_id = each_municipality and updated_at < ninety_days_ago;
    get diagnostics gone = row_count; total := total + gone;
    update form_document set content = null where municipality_id = each_municipality and id = any (array(
      select f.id from form_document f join form_submission s on s.municipality_id = each_municipality and s.id = f.submission_id
      where f.municipality_id = each_municipality and f.content is not null and s.decided_at < two_years_ago limit most));
    get diagnostics gone = row_count; total := total + gone;
    update form_submission set answers = '{}', shown = '[]' where municipality_id = each_municipality and id = any (array(
      select id from form_submission where municipality_id = each_municipality and shown <> '[]'
        and decided_at < five_years_ago limit most));
    get diagnostics gone = row_count; total := total + gone;
  end loop;
  return total;
end $$;
revoke execute on function forget_forms from public;
grant execute on function forget_forms to refettorio_web;


-- Who belongs to which household, in which role, for which pupils. db/views/household-members.sql says which roles count today
-- and which adults may hear of a pupil; nothing else repeats it.

-- What a person is in a municipality at this moment: the roles that count today, and the households that the person held before.
create function memberships_of(in_municipality uuid, who uuid) returns jsonb
language sql stable security definer set search_path = public as $$
  select coalesce(jsonb_agg(role order by role ->> 'householdId', role ->> 'role'), '[]') from (
    select jsonb_strip_nulls(jsonb_build_object('householdId', m.household_id, 'role', m.role,
      'pupilIds', case when not m.all_pupils then coalesce((select jsonb_agg(d.pupil_id order by d.pupil_id) from delegate_pupil d
        where d.municipality_id = in_municipality and d.household_member_id = m.id), '[]') end,
      'since', case when m.taken_over then m.started_at end)) as role
    from active_member m
    where m.municipality_id = in_municipality and m.person_id = who
    union all
    select jsonb_build_object('householdId', m.household_id, 'role', 'past_holder')
    from household_member m
    where m.municipality_id = in_municipality and m.person_id = who and m.role = 'holder'
      and (m.ended_at is not null or m.valid_to < app_today())
      and exists (select from top_up t where t.municipality_id = in_municipality and t.household_id = m.household_id
        and t.payer_id = who)
      and not exists (select from active_member now where now.municipality_id = in_municipality
        and now.household_id = m.household_id and now.person_id = who and now.role = 'holder')
    group by m.household_id
  ) roles
$$;
revoke execute on function memberships_of from public;

-- The adults who may hear of these pupils now, for a message to them. A family asks only about its own pupils, and is answered
-- in full: it sees too little of other delegates to answer by itself.
create function adults_of_pupils(in_municipality uuid, pupils uuid[]) returns table (pupil_id uuid, household_id uuid, person_id uuid)
language sql stable security definer set search_path = public as $$
  select a.pupil_id, a.household_id, a.person_id from adult_of_pupil a
  where a.municipality_id = in_municipality and in_municipality = app_municipality() and a.pupil_id = any (pupils)
    and (app_audience() in ('staff', 'system') or app_audience() = 'family' and a.pupil_id = any (app_pupils()))
$$;
revoke execute on function adults_of_pupils from public;
grant execute on function adults_of_pupils to refettorio_web;

create function person_with_code(in_municipality uuid, code_hash bytea) returns uuid
language sql stable security definer set search_path = public as $$
  select p.id from person p
  where p.municipality_id = in_municipality and in_municipality = app_municipality()
    and app_audience() in ('family', 'staff', 'system') and p.fiscal_code_hash = code_hash
$$;
comment on function person_with_code is 'The id of a person whose fiscal code the caller knows; it opens nothing';
revoke execute on function person_with_code from public;
grant execute on function person_with_code to refettorio_web;

-- A list of pupils belongs to a delegate of some of them: beside `all_pupils` it would mean nothing.
create function delegate_pupil_is_lawful() returns trigger language plpgsql security definer set search_path = public as $$
begin
  if exists (select from household_member m
    where m.municipality_id = new.municipality_id and m.id = new.household_member_id and m.all_pupils)
  then raise exception 'a role for all pupils has no list of them' using errcode = 'restrict_violation'; end if;
  return new;
end $$;
create trigger delegate_pupil_lawful before insert or update on delegate_pupil for each row
  execute function delegate_pupil_is_lawful();


-- The ledger keeps itself: entries of a journal sum to zero, are two at least and come in one statement; balances move by
-- entries and by nothing else. What a journal's entries ask of the ledger they ask by key, so that a close costs the same
-- after years of history. Accounts are locked in sorted order, all of a statement before the first is moved, so that two
-- journals never wait for each other in a ring; then one statement moves them.
-- Three foreign keys of `entry` are not enforced by the server, which would ask for each row: this asks for each statement.
-- None of the three parents can be deleted, emptied or given another key (append-only.sql), so what was found stays true.
-- Entries stand in the school year of their journal, so that a journal is looked for in one partition and cannot be continued
-- in another; those of a meal or of a credit stand in one, where a unique index holds them apart (`entry_year`).

create function entries_balance() returns trigger language plpgsql security definer set search_path = public as $$
declare
  batch record;
  written bigint;
  posted_in integer;
begin
  for batch in
    select municipality_id, journal_id, sum(amount_cents) as cents, count(*) as entries, min(school_year) as first_year,
      max(school_year) as last_year
    from added group by 1, 2
  loop
    if batch.cents <> 0 or batch.entries < 2 then
      raise exception 'a journal sums to zero and has two entries at least' using errcode = 'check_violation';
    end if;
    select school_year_of((j.posted_at at time zone 'Europe/Rome')::date) into posted_in from journal j
      where j.municipality_id = batch.municipality_id and j.id = batch.journal_id;
    if not found then
      raise exception 'an entry belongs to a journal that is there' using errcode = 'foreign_key_violation';
    end if;
    if batch.first_year <> posted_in or batch.last_year <> posted_in then
      raise exception 'an entry stands in the school year of its journal' using errcode = 'check_violation';
    end if;
    select count(*) into written from entry e
      where e.municipality_id = batch.municipality_id and e.journal_id = batch.journal_id and e.school_year = posted_in;
    if written <> batch.entries then
      raise exception 'the entries of a journal are written once, together' using errcode = 'restrict_violation';
    end if;
  end loop;

  for batch in
    select municipality_id, case kind when 'top_up' then top_up_id else service_day_id end as subject_id, kind, school_year
    from added where pupil_id is not null or kind = 'top_up' and top_up_id is not null
    group by 1, 2, 3, 4 order by 1, 2, 3
  loop
    insert into entry_year (municipality_id, subject_id, kind, school_year)
      values (batch.municipality_id, batch.subject_id, batch.kind, batch.school_year) on conflict do nothing;
    perform from entry_year y where y.municipality_id = batch.municipality_id and y.subject_id = batch.subject_id
      and y.kind = batch.kind and y.school_year = batch.school_year;
    if not found then
      raise exception 'what was posted in one school year is not posted in another' using errcode = 'unique_violation';
    end if;
  end loop;

  for batch in
    select municipality_id, array_agg(distinct pupil_id) as pupils from added where pupil_id is not null group by 1
  loop
    perform from pupil p where p.municipality_id = batch.municipality_id and p.id = any (batch.pupils);
    get diagnostics written = row_count;
    if written <> cardinality(batch.pupils) then
      raise exception 'an entry names a pupil that is there' using errcode = 'foreign_key_violation';
    end if;
  end loop;

  for batch in
    select municipality_id, array_agg(account_id) as accounts, array_agg(cents) as cents
    from (select municipality_id, account_id, sum(amount_cents) as cents from added group by 1, 2) moved group by 1 order by 1
  loop
    perform from account a where a.municipality_id = batch.municipality_id and a.id = any (batch.accounts)
      order by a.id for no key update;
    get diagnostics written = row_count;
    if written <> cardinality(batch.accounts) then
      raise exception 'an entry moves an account that is there' using errcode = 'foreign_key_violation';
    end if;
    update account a set balance_cents = a.balance_cents + moved.cents, updated_at = app_now()
    from unnest(batch.accounts, batch.cents) moved (id, cents)
    where a.municipality_id = batch.municipality_id and a.id = moved.id;
  end loop;
  return null;
end $$;
create trigger entry_balance after insert on entry referencing new table as added for each statement
  execute function entries_balance();

create function journal_has_entries() returns trigger language plpgsql security definer set search_path = public as $$
begin
  if not exists (select from entry e where e.municipality_id = new.municipality_id and e.journal_id = new.id
    and e.school_year = school_year_of((new.posted_at at time zone 'Europe/Rome')::date)) then
    raise exception 'a journal has entries' using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger journal_with_entries after insert on journal deferrable initially deferred for each row
  execute function journal_has_entries();

-- The conditions are the triggers' own: a close moves thousands of balances, and a call for each costs more than the move.
create function refuse_balance() returns trigger language plpgsql as $$
begin
  raise exception '%', tg_argv[0] using errcode = 'restrict_violation';
end $$;
create trigger account_opens before insert on account for each row when (new.balance_cents <> 0)
  execute function refuse_balance('an account opens at zero');
create trigger account_balance before update on account for each row
  when (new.balance_cents <> old.balance_cents and pg_trigger_depth() = 0)
  execute function refuse_balance('a balance moves only by entries');
create trigger account_key before update on account for each row
  when (new.municipality_id <> old.municipality_id or new.id <> old.id)
  execute function refuse_balance('an account keeps its key');


-- Days of service, absences, ratings and calendar feeds.

create function service_day_moves_forward() returns trigger language plpgsql as $$
begin
  if (old.municipality_id, old.service_id, old.school_id, old.day) is distinct from (new.municipality_id, new.service_id, new.school_id, new.day) then
    raise exception 'a service day keeps its place' using errcode = 'restrict_violation';
  end if;
  if old.status = 'closed' and new.status = 'open' then
    raise exception 'a closed service day does not open again' using errcode = 'restrict_violation';
  end if;
  if new.status <> 'closed' and exists (select from meal_charge c
      where c.municipality_id = new.municipality_id and c.service_day_id = new.id and c.due_at is not null) then
    raise exception 'a day whose charge is due stays closed' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger service_day_forward before update on service_day for each row execute function service_day_moves_forward();

-- The last net under the application: a day that is not open keeps its absences as they were counted.
create function absence_needs_open_day() returns trigger language plpgsql security definer set search_path = public as $$
declare
  row_changed constant record := coalesce(new, old);
begin
  if not exists (
    select from service_day d
    where d.municipality_id = row_changed.municipality_id and d.id = row_changed.service_day_id and d.status = 'open'
  ) then
    raise exception 'the service day is not open' using errcode = 'restrict_violation';
  end if;
  return row_changed;
end $$;
create trigger absence_open_day before insert or update or delete on absence for each row
  execute function absence_needs_open_day();

-- A charge is due until it is done or no longer due; then it stays so.
create function meal_charge_ends_once() returns trigger language plpgsql as $$
begin
  raise exception 'a charge that ended is not due again' using errcode = 'restrict_violation';
end $$;
create trigger meal_charge_ended before update on meal_charge for each row when (old.due_at is null)
  execute function meal_charge_ends_once();

-- The meals of the holder's children that were counted and are not charged yet, at the price that was frozen. With no
-- charge due it reads one index.
create function uncharged_meals() returns table (household_id uuid, service_id uuid, pupil_id uuid, day date, price_cents integer)
language plpgsql stable security definer set search_path = public as $$
declare
  own_municipality uuid := app_municipality();
  households uuid[] := app_paying_households();
begin
  return query
    with due as materialized (
      select d.id, d.service_id, d.day from meal_charge c
      join service_day d on d.municipality_id = own_municipality and d.id = c.service_day_id
      where c.municipality_id = own_municipality and c.due_at is not null and app_audience() = 'family' and exists (
        select from pupil p join enrolment e on e.municipality_id = own_municipality and e.pupil_id = p.id
        where p.municipality_id = own_municipality and p.household_id = any (households) and e.service_id = d.service_id
          and e.school_id = d.school_id and d.day between e.valid_from and e.valid_to))
    select p.household_id, due.service_id, p.id, due.day, meal.price_cents
    from due
    join counted_meals m on m.municipality_id = own_municipality and m.service_day_id = due.id
    cross join lateral unnest(m.pupil_ids, m.prices_cents) meal (pupil_id, price_cents)
    join pupil p on p.municipality_id = own_municipality and p.id = meal.pupil_id and p.household_id = any (households)
    where meal.price_cents > 0;
end $$;
comment on function uncharged_meals is 'Of the holder alone: the rows that it reads name the children of others.';
revoke execute on function uncharged_meals from public;
grant execute on function uncharged_meals to refettorio_web;

create function meal_figures() returns table (month text, school_id uuid, school_name text, service_days bigint, meals bigint, absent bigint)
language plpgsql stable security definer set search_path = public as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
begin
  return query
    select to_char(d.day, 'YYYY-MM'), s.id, s.name, count(distinct d.id), coalesce(sum(l.meals), 0), coalesce(sum(l.absent), 0)
    from service_day d
    join school s on s.municipality_id = municipality and s.id = d.school_id
    join lateral (select k.id from kitchen_count k where k.municipality_id = municipality and k.service_day_id = d.id
      order by k.version desc limit 1) k on true
    join kitchen_count_line l on l.municipality_id = municipality and l.kitchen_count_id = k.id
    where d.municipality_id = municipality
    group by 1, 2, 3;
end $$;
comment on function meal_figures is 'Meals by month and school, from the last frozen count of each day: sums only, no single row.';
revoke execute on function meal_figures from public;
grant execute on function meal_figures to refettorio_web;

create function meal_rating_figures(first_day date, smallest integer)
returns table (school_id uuid, dish_id uuid, answers bigint, liked bigint, so_so bigint, not_eaten bigint)
language plpgsql stable security definer set search_path = public as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
begin
  if app_audience() not in ('staff', 'system')
    and not exists (select from menu_settings s where s.municipality_id = municipality and s.show_ratings) then return; end if;
  return query
    select d.school_id, r.dish_id, count(*), count(*) filter (where r.score = 3), count(*) filter (where r.score = 2),
      count(*) filter (where r.score = 1)
    from meal_rating_dish r
    join service_day d on d.municipality_id = municipality and d.id = r.service_day_id
    where r.municipality_id = municipality and d.day >= first_day
    group by 1, 2 having count(*) >= greatest(smallest, 5);
end $$;
comment on function meal_rating_figures is 'Opinions by school and dish: sums only, none under five answers; to families only where the office chose so.';
revoke execute on function meal_rating_figures from public;
grant execute on function meal_rating_figures to refettorio_web;

create function meal_rating_comments(first_day date)
returns table (school_name text, month text, comment text)
language plpgsql stable security definer set search_path = public as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
begin
  if app_audience() not in ('staff', 'system') then return; end if;
  return query
    select s.name, to_char(d.day, 'YYYY-MM'), r.comment
    from meal_rating r
    join service_day d on d.municipality_id = municipality and d.id = r.service_day_id
    join school s on s.municipality_id = municipality and s.id = d.school_id
    where r.municipality_id = municipality and d.day >= first_day and r.comment <> ''
    order by 2 desc, 1, r.comment limit 200;
end $$;
comment on function meal_rating_comments is 'What families wrote, by school and month: no child, no parent, no day, in alphabetical order.';
revoke execute on function meal_rating_comments from public;
grant execute on function meal_rating_comments to refettorio_web;

create function purge_meal_ratings(most integer) returns integer language plpgsql security definer set search_path = public as $$
declare
  gone integer;
begin
  delete from meal_rating where (municipality_id, pupil_id, service_day_id) in (
    select municipality_id, pupil_id, service_day_id from meal_rating where rated_at < app_now() - interval '24 months' limit most);
  get diagnostics gone = row_count;
  return gone;
end $$;
revoke execute on function purge_meal_ratings from public;
grant execute on function purge_meal_ratings to refettorio_web;

create function calendar_feed_of(hash bytea)
returns table (municipality_id uuid, person_id uuid, pupil_id uuid, alarm_minutes smallint, created_at timestamptz)
language sql stable security definer set search_path = public as $$
  select f.municipality_id, f.person_id, f.pupil_id, f.alarm_minutes, f.created_at
  from calendar_feed f
  join municipality t on t.id = f.municipality_id and t.active
  join adult_of_pupil a on a.municipality_id = f.municipality_id and a.household_member_id = f.household_member_id
    and a.person_id = f.person_id and a.pupil_id = f.pupil_id
  where f.token_hash = calendar_feed_of.hash and f.revoked_at is null
$$;
revoke execute on function calendar_feed_of from public;
grant execute on function calendar_feed_of to refettorio_web;

create function purge_calendar_feeds(most integer) returns integer language plpgsql security definer set search_path = public as $$
declare
  gone integer;
begin
  delete from calendar_feed where id = any (array(
    select id from calendar_feed where revoked_at < app_now() - interval '30 days' limit most));
  get diagnostics gone = row_count;
  return gone;
end $$;
revoke execute on function purge_calendar_feeds from public;
grant execute on function purge_calendar_feeds to refettorio_web;


-- Telling people: one row per person in the inbox, and deliveries in the outbox as each person chose. A family's transaction
-- may tell its own people without a right to read the outbox.

-- The first moment outside a person's quiet hours, on the wall clock in Italy.
create function after_quiet_hours(at timestamptz, quiet_from time, quiet_to time) returns timestamptz language sql stable as $$
  select case
    when quiet_from < quiet_to and wall::time >= quiet_from and wall::time < quiet_to then (wall::date + quiet_to) at time zone 'Europe/Rome'
    when quiet_from > quiet_to and wall::time >= quiet_from then (wall::date + 1 + quiet_to) at time zone 'Europe/Rome'
    when quiet_from > quiet_to and wall::time < quiet_to then (wall::date + quiet_to) at time zone 'Europe/Rome'
    else at end
  from (select at at time zone 'Europe/Rome' as wall) clock
$$;

create function delivery_batch_of(in_municipality uuid, batch jsonb) returns uuid language plpgsql security definer set search_path = public as $$
declare
  found_id uuid;
begin
  select b.id into found_id from delivery_batch b where b.municipality_id = in_municipality and b.key = batch ->> 'key';
  if found_id is null then
    insert into delivery_batch (municipality_id, key, event, title, communication_id, communication_version)
    values (in_municipality, batch ->> 'key', batch ->> 'event', batch ->> 'title',
      (batch #>> '{communication,id}')::uuid, (batch #>> '{communication,version}')::integer)
    on conflict (municipality_id, key) do nothing;
    select b.id into found_id from delivery_batch b where b.municipality_id = in_municipality and b.key = batch ->> 'key';
  end if;
  return found_id;
end $$;
revoke execute on function delivery_batch_of from public;

-- Tells people something, once each: the inbox, and the deliveries that each of them wants, in the language of each.
create function notify_people(in_municipality uuid, people uuid[], message jsonb) returns integer
language plpgsql security definer set search_path = public as $$
#variable_conflict use_column
declare
  batch uuid;
  told_count integer;
begin
  if in_municipality is distinct from app_municipality() or app_audience() not in ('family', 'staff', 'system') then
    raise exception 'a notification of another municipality' using errcode = 'insufficient_privilege';
  end if;
  batch := delivery_batch_of(in_municipality, message -> 'batch');
  with told as (
    insert into notification (municipality_id, person_id, batch_id, event, key, title, body, translations, path)
    select p.municipality_id, p.id, batch, message ->> 'event', message ->> 'key', message #>> array['said', message ->> 'original', 'title'],
      message #>> array['said', message ->> 'original', 'text'], message -> 'translations', message ->> 'path'
    from person p
    where p.municipality_id = in_municipality and p.id = any (people)
      and (not (message ->> 'money')::boolean or exists (select from household_member m
        where m.municipality_id = in_municipality and m.person_id = p.id and m.role = 'holder'))
    order by p.id
    on conflict (municipality_id, person_id, key) do nothing
    returning id, person_id
  ), wishes as (
    select t.id, t.person_id, p.given_name, nullif(p.email, p.refused_email) as email,
      case when message -> 'said' ? z.language then z.language else message ->> 'original' end as language,
      case when (message ->> 'mailAlways')::boolean then true
        else coalesce((c.choices -> (message ->> 'event') ->> 'email')::boolean, (message ->> 'mail')::boolean) end as by_mail,
      coalesce((c.choices -> (message ->> 'event') ->> 'push')::boolean, (message ->> 'push')::boolean) as by_push,
      case when (message ->> 'urgent')::boolean or not coalesce(c.is_quiet, true) then app_now()
        else after_quiet_hours(app_now(), coalesce(c.quiet_from, '21:00'), coalesce(c.quiet_to, '07:00')) end as due_at
    from told t
    join person p on p.municipality_id = in_municipality and p.id = t.person_id
    left join citizen z on z.fiscal_code_hash = p.fiscal_code_hash
    left join notification_choice c on c.municipality_id = in_municipality and c.person_id = t.person_id
  ), mails as (
    insert into outbox (municipality_id, dedupe_key, channel, recipient, subject, body_text, language, due_at, batch_id, person_id, notification_id)
    select in_municipality, (message ->> 'key') || ':email:' || w.person_id, 'email', w.email, message -> 'said' -> w.language ->> 'mailSubject',
      replace(message -> 'said' -> w.language ->> 'greeting', '{name}', w.given_name) || (message -> 'said' -> w.language ->> 'mailText'),
      w.language, w.due_at, batch, w.person_id, w.id
    from wishes w where w.by_mail and w.email is not null
    on conflict (municipality_id, dedupe_key) do nothing
  ), pushes as (
    insert into outbox (municipality_id, dedupe_key, channel, recipient, subject, body_text, language, due_at, batch_id, person_id, notification_id, push_subscription_id)
    select in_municipality, (message ->> 'key') || ':push:' || s.id, 'push', '', message -> 'said' -> w.language ->> 'pushTitle',
      message -> 'said' -> w.language ->> 'pushText', w.language, w.due_at, batch, w.person_id, w.id, s.id
    from wishes w
    join push_subscription s on s.municipality_id = in_municipality and s.person_id = w.person_id and s.ended_at is null
    where w.by_push
    on conflict (municipality_id, dedupe_key) do nothing
  )
  select count(*)::int into told_count from told;
  return told_count;
end $$;
revoke execute on function notify_people from public;
grant execute on function notify_people to refettorio_web;

create function enqueue_mail(
  in_municipality uuid, dedupe_key text, recipient text, subject text, body_text text, secret boolean, language text, email_change uuid
) returns void language plpgsql security definer set search_path = public as $$
#variable_conflict use_column
begin
  if in_municipality is distinct from app_municipality() then
    raise exception 'a letter of another municipality' using errcode = 'insufficient_privilege';
  end if;
  insert into outbox (municipality_id, dedupe_key, channel, recipient, subject, body_text, secret, language, email_change_id, batch_id)
  values (in_municipality, enqueue_mail.dedupe_key, 'email', enqueue_mail.recipient, enqueue_mail.subject, enqueue_mail.body_text, enqueue_mail.secret,
    enqueue_mail.language, enqueue_mail.email_change,
    delivery_batch_of(in_municipality, jsonb_build_object('key', 'letter:' || app_today(), 'event', 'letter')))
  on conflict (municipality_id, dedupe_key) do nothing;
end $$;
revoke execute on function enqueue_mail from public;
grant execute on function enqueue_mail to refettorio_web;

create function enqueue_text(
  in_municipality uuid, dedupe_key text, recipient text, body_text text, secret boolean, language text, phone_change uuid
) returns void language plpgsql security definer set search_path = public as $$
#variable_conflict use_column
begin
  if in_municipality is distinct from app_municipality() then
    raise exception 'a text message of another municipality' using errcode = 'insufficient_privilege';
  end if;
  insert into outbox (municipality_id, dedupe_key, channel, recipient, subject, body_text, secret, language, phone_change_id, batch_id)
  values (in_municipality, enqueue_text.dedupe_key, 'sms', enqueue_text.recipient, '', enqueue_text.body_text, enqueue_text.secret,
    enqueue_text.language, enqueue_text.phone_change,
    delivery_batch_of(in_municipality, jsonb_build_object('key', 'letter:' || app_today(), 'event', 'letter')))
  on conflict (municipality_id, dedupe_key) do nothing;
end $$;
revoke execute on function enqueue_text from public;
grant execute on function enqueue_text to refettorio_web;

-- One browser, one person: the last one who allowed push on it.
create function keep_push_subscription(endpoint text, p256dh text, auth text, device_name text) returns uuid
language plpgsql security definer set search_path = public as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
  person constant uuid := app_person();
  kept uuid;
begin
  if app_audience() is distinct from 'family' or person is null then
    raise exception 'only a family subscribes its own devices' using errcode = 'insufficient_privilege';
  end if;
  update push_subscription s set ended_at = app_now(), end_reason = 'moved'
  where s.municipality_id = municipality and s.endpoint = keep_push_subscription.endpoint and s.ended_at is null
    and (s.person_id <> person or s.p256dh <> keep_push_subscription.p256dh or s.auth <> keep_push_subscription.auth);
  insert into push_subscription (municipality_id, person_id, endpoint, p256dh, auth, device_name)
  values (municipality, person, keep_push_subscription.endpoint, keep_push_subscription.p256dh,
    keep_push_subscription.auth, keep_push_subscription.device_name)
  on conflict (municipality_id, endpoint) where ended_at is null do update set device_name = excluded.device_name
  returning id into kept;
  return kept;
end $$;
revoke execute on function keep_push_subscription from public;
grant execute on function keep_push_subscription to refettorio_web;

-- The browser knows its address and no municipality: an index leads from the one to the other.
create function renew_push_subscription(old_endpoint text, old_auth text, endpoint text, p256dh text, auth text)
returns integer language plpgsql security definer set search_path = public as $$
#variable_conflict use_column
declare
  kept record;
  renewed integer := 0;
begin
  for kept in
    update push_subscription s set ended_at = app_now(), end_reason = 'moved'
    where s.endpoint = old_endpoint and s.auth = old_auth and s.ended_at is null
    returning s.municipality_id, s.person_id, s.device_name
  loop
    insert into push_subscription (municipality_id, person_id, endpoint, p256dh, auth, device_name)
    values (kept.municipality_id, kept.person_id, renew_push_subscription.endpoint, renew_push_subscription.p256dh,
      renew_push_subscription.auth, kept.device_name)
    on conflict (municipality_id, endpoint) where ended_at is null do nothing;
    renewed := renewed + 1;
  end loop;
  return renewed;
end $$;
revoke execute on function renew_push_subscription from public;
grant execute on function renew_push_subscription to refettorio_web;

-- Twelve months are enough to answer "did you tell me?"; the outbox keeps addresses no longer than that either.
create function purge_notifications(most integer) returns integer language plpgsql security definer set search_path = public as $$
declare
  a_year_ago constant timestamptz := app_now() - interval '12 months';
  a_year_and_a_month_ago constant timestamptz := app_now() - interval '13 months';
  a_month_ago constant timestamptz := app_now() - interval '30 days';
  old_ones uuid[];
  gone integer;
  total integer := 0;
  each_municipality uuid;
begin
  for each_municipality in select m.id from municipality m
    where exists (select from outbox o where o.municipality_id = m.id and o.created_at < a_year_ago and o.due_at is null)
      or exists (select from delivery_batch b where b.municipality_id = m.id and b.created_at < a_year_and_a_month_ago)
      or exists (select from push_subscription s where s.municipality_id = m.id and s.ended_at < a_month_ago)
      or m.id in (select n.municipality_id from notification n where n.created_at < a_year_ago)
  loop
    delete from outbox where municipality_id = each_municipality and id = any (array(
      select id from outbox where municipality_id = each_municipality and due_at is null and created_at < a_year_ago
      order by created_at limit most));
    get diagnostics gone = row_count; total := total + gone;
    old_ones := array(select n.id from notification n where n.municipality_id = each_municipality and n.created_at < a_year_ago
      and not exists (select from outbox o where o.municipality_id = each_municipality and o.notification_id = n.id)
      order by n.created_at limit most);
    delete from notification where municipality_id = each_municipality and id = any (old_ones);
    get diagnostics gone = row_count; total := total + gone;
    delete from push_subscription s where s.municipality_id = each_municipality and s.ended_at < a_month_ago
      and not exists (select from outbox o where o.municipality_id = each_municipality and o.push_subscription_id = s.id);
    get diagnostics gone = row_count; total := total + gone;
    delete from delivery_batch b where b.municipality_id = each_municipality and b.created_at < a_year_and_a_month_ago
      and not exists (select from outbox o where o.municipality_id = each_municipality and o.batch_id = b.id)
      and not exists (select from notification n where n.municipality_id = each_municipality and n.batch_id = b.id);
    get diagnostics gone = row_count; total := total + gone;
  end loop;
  return total;
end $$;
revoke execute on function purge_notifications from public;
grant execute on function purge_notifications to refettorio_web;


-- A top-up moves only along `top_up_legal_transition`; an invoice is numbered when the money arrives, and its XML may come
-- later, once.

create function top_up_is_lawful() returns trigger language plpgsql security definer set search_path = public as $$
begin
  if tg_op = 'INSERT' then
    if new.state <> 'created' then
      raise exception 'a top-up starts as created' using errcode = 'restrict_violation';
    end if;
    if not exists (select from active_member m where m.municipality_id = new.municipality_id
      and m.household_id = new.household_id and m.person_id = new.payer_id and m.role = 'holder') then
      raise exception 'only the holder pays' using errcode = 'restrict_violation';
    end if;
    if not exists (select from account a where a.municipality_id = new.municipality_id and a.id = new.account_id and a.household_id = new.household_id) then
      raise exception 'the account belongs to another household' using errcode = 'restrict_violation';
    end if;
    return new;
  end if;
  if (old.household_id, old.account_id, old.payer_id, old.client_key, old.meals, old.unit_cents, old.method, old.order_id)
      is distinct from (new.household_id, new.account_id, new.payer_id, new.client_key, new.meals, new.unit_cents, new.method, new.order_id) then
    raise exception 'what was asked of a top-up does not change' using errcode = 'restrict_violation';
  end if;
  if new.state <> old.state and not exists (select from top_up_legal_transition t where t.from_state = old.state and t.to_state = new.state) then
    raise exception 'a top-up does not go from % to %', old.state, new.state using errcode = 'restrict_violation';
  end if;
  if new.state <> old.state and app_audience() = 'family' and (old.state <> 'created' or new.state not in ('redirected', 'failed')) then
    raise exception 'a family only opens its order: what came of it says the provider' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger top_up_lawful before insert or update on top_up for each row execute function top_up_is_lawful();

create function invoice_is_completed_once() returns trigger language plpgsql as $$
declare
  kept jsonb := to_jsonb(old) - '{customer,supplier,gaps,xml,xml_sha256,completed_at}'::text[];
begin
  if old.xml is not null or new.xml is null then
    raise exception 'invoice is append-only: update refused' using errcode = 'restrict_violation';
  end if;
  if to_jsonb(new) - '{customer,supplier,gaps,xml,xml_sha256,completed_at}'::text[] is distinct from kept then
    raise exception 'completing an invoice changes nothing else of it' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger invoice_completed_once before update on invoice for each row execute function invoice_is_completed_once();


-- Questionnaires: what is published stays as it is, and nothing joins anonymous answers to the people who gave them.

create function keep_published_questionnaire() returns trigger language plpgsql as $$
begin
  if old.published_at is not null and old.opens_at <= app_now() and (
    (new.title, new.intro, new.per, new.anonymous, new.shows_results, new.school_ids, new.class_ids, new.opens_at, new.published_at)
      is distinct from
    (old.title, old.intro, old.per, old.anonymous, old.shows_results, old.school_ids, old.class_ids, old.opens_at, old.published_at)
    or new.closes_at > old.closes_at)
  then raise exception 'an open questionnaire does not change' using errcode = 'restrict_violation'; end if;
  return new;
end $$;
create trigger questionnaire_kept before update on questionnaire for each row
  execute function keep_published_questionnaire();

create function keep_published_question() returns trigger language plpgsql security definer set search_path = public as $$
declare
  it constant record := case when tg_op = 'DELETE' then old else new end;
begin
  if exists (select from questionnaire q where q.municipality_id = it.municipality_id and q.id = it.questionnaire_id
    and q.published_at is not null)
  then raise exception 'the questions of a published questionnaire do not change' using errcode = 'restrict_violation'; end if;
  return it;
end $$;
create trigger questionnaire_question_kept before insert or update or delete on questionnaire_question for each row
  execute function keep_published_question();

create function keep_answers_apart() returns trigger language plpgsql security definer set search_path = public as $$
begin
  if exists (select from questionnaire q where q.municipality_id = new.municipality_id and q.id = new.questionnaire_id and q.anonymous)
  then raise exception 'an anonymous questionnaire knows no person' using errcode = 'restrict_violation'; end if;
  return new;
end $$;
create trigger questionnaire_part_apart before insert or update on questionnaire_part for each row
  when (new.person_id is not null) execute function keep_answers_apart();
create trigger questionnaire_answer_apart before insert or update on questionnaire_answer for each row
  when (new.part is not null) execute function keep_answers_apart();

-- The children that a questionnaire asks about, as far as the reader may see them.
create function questionnaire_pupils(which uuid) returns table (household_id uuid, pupil_id uuid)
language plpgsql stable as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
  today constant date := app_today();
  schools uuid[];
  classes uuid[];
begin
  select q.school_ids, q.class_ids into schools, classes from questionnaire q where q.municipality_id = municipality and q.id = which;
  if not found then return; end if;
  return query
    select p.household_id, p.id from enrolment e
    join pupil p on p.municipality_id = municipality and p.id = e.pupil_id
    where e.municipality_id = municipality and e.valid_from <= today and e.valid_to >= today
      and (schools = '{}' and classes = '{}' or e.school_id = any (schools) or e.school_class_id = any (classes))
    group by p.household_id, p.id;
end $$;
revoke execute on function questionnaire_pupils from public;
grant execute on function questionnaire_pupils to refettorio_web;

-- An answer and the close of its questionnaire wait for each other.
create function hold_questionnaire(which uuid) returns void language plpgsql security definer set search_path = public as $$
declare
  municipality constant uuid := app_municipality();
begin
  perform from questionnaire q where q.municipality_id = municipality and q.id = which for share;
end $$;
revoke execute on function hold_questionnaire from public;
grant execute on function hold_questionnaire to refettorio_web;

-- How many chose what; a null value counts all who answered the question.
create function questionnaire_counts(which uuid) returns table (question_id uuid, value smallint, people integer)
language plpgsql stable security definer set search_path = public as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
begin
  perform from questionnaire q where q.municipality_id = municipality and q.id = which and q.published_at is not null
    and (app_audience() in ('staff', 'system') and (not q.anonymous or q.closes_at <= app_now())
      or app_audience() = 'family' and q.shows_results and q.closes_at <= app_now());
  if not found then return; end if;
  return query
    select a.question_id, null::smallint, count(*)::integer from questionnaire_answer a
    where a.municipality_id = municipality and a.questionnaire_id = which group by 1
    union all
    select a.question_id, v.value, count(*)::integer from questionnaire_answer a
    cross join lateral unnest(a.chosen) as v (value)
    where a.municipality_id = municipality and a.questionnaire_id = which group by 1, 2;
end $$;
revoke execute on function questionnaire_counts from public;
grant execute on function questionnaire_counts to refettorio_web;

create function mix_questionnaire(in_municipality uuid, which uuid, everything boolean) returns void
language plpgsql security definer set search_path = public as $$
begin
  create temporary table mixing_part on commit drop as
    select * from questionnaire_part where municipality_id = in_municipality and questionnaire_id = which and (everything or not mixed);
  create temporary table mixing_answer on commit drop as
    select * from questionnaire_answer where municipality_id = in_municipality and questionnaire_id = which and (everything or not mixed);
  delete from questionnaire_part where municipality_id = in_municipality and questionnaire_id = which and (everything or not mixed);
  delete from questionnaire_answer where municipality_id = in_municipality and questionnaire_id = which and (everything or not mixed);
  insert into questionnaire_part (municipality_id, questionnaire_id, household_id, pupil_id, mixed)
    select municipality_id, questionnaire_id, household_id, pupil_id, true from mixing_part order by random();
  insert into questionnaire_answer (municipality_id, questionnaire_id, question_id, chosen, words, mixed)
    select municipality_id, questionnaire_id, question_id, chosen, words, true from mixing_answer order by random();
  drop table mixing_part, mixing_answer;
end $$;
comment on function mix_questionnaire is 'Writes who answered and what was answered again, in one transaction, each in an order of its own and with new ids';
revoke execute on function mix_questionnaire from public;

-- Mixes what came in since the last time, once there is enough of it to hide in; when one has closed, mixes all of it
-- and counts its totals. A year after the end forgets who answered and what was written in words: the numbers stay.
create function settle_questionnaires(enough integer) returns integer language plpgsql security definer set search_path = public as $$
declare
  q questionnaire;
  done integer := 0;
begin
  for q in select * from questionnaire c where c.published_at is not null and c.settled_at is null and c.opens_at <= app_now()
    and (c.closes_at <= app_now() or c.anonymous and (select count(*) from questionnaire_part p
      where p.municipality_id = c.municipality_id and p.questionnaire_id = c.id and not p.mixed) >= enough)
    order by c.municipality_id, c.id limit 20 for update skip locked
  loop
    perform set_config('app.municipality_id', q.municipality_id::text, true);
    if q.anonymous then perform mix_questionnaire(q.municipality_id, q.id, q.closes_at <= app_now()); end if;
    if q.closes_at <= app_now() then
      update questionnaire c set settled_at = app_now(),
        asked_total = (select case c.per when 'child' then count(*) else count(distinct r.household_id) end from questionnaire_pupils(c.id) r),
        answered_total = (select count(*) from questionnaire_part p where p.municipality_id = q.municipality_id and p.questionnaire_id = c.id)
      where c.municipality_id = q.municipality_id and c.id = q.id;
    end if;
    done := done + 1;
  end loop;
  with old as (select c.municipality_id, c.id from questionnaire c where c.settled_at < app_now() - interval '12 months'
      and exists (select from questionnaire_part p where p.municipality_id = c.municipality_id and p.questionnaire_id = c.id)
      order by c.municipality_id, c.id limit 1),
    words as (delete from questionnaire_answer a using old o
      where a.municipality_id = o.municipality_id and a.questionnaire_id = o.id and a.words is not null)
  update questionnaire_answer a set part = null from old o
    where a.municipality_id = o.municipality_id and a.questionnaire_id = o.id and a.chosen is not null;
  with old as (select c.municipality_id, c.id from questionnaire c where c.settled_at < app_now() - interval '12 months'
      and exists (select from questionnaire_part p where p.municipality_id = c.municipality_id and p.questionnaire_id = c.id)
      order by c.municipality_id, c.id limit 1),
    gone as (delete from questionnaire_part p using old o
      where p.municipality_id = o.municipality_id and p.questionnaire_id = o.id returning p.questionnaire_id)
  select done + count(distinct questionnaire_id) into done from gone;
  return done;
end $$;
revoke execute on function settle_questionnaires from public;
grant execute on function settle_questionnaires to refettorio_web;


-- Registers that forget in time, and what a person may read of them.

-- Who read or changed what is the reader's own: the own acts, and everybody's on the own family, child and money. Both are
-- found by key, in the partitions of the 24 months that the register keeps: never by reading a municipality's.
create function app_own_audit(most integer)
returns table (id uuid, occurred_at timestamptz, action text, object_type text, outcome text, by_whom text, is_own boolean)
language plpgsql stable security definer set search_path = public as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
  person constant uuid := app_person();
  relatives constant uuid[] := app_people();
  paying constant uuid[] := app_paying_households();
  since constant timestamptz := app_now() - interval '24 months';
  until constant timestamptz := app_now() + interval '1 day';
begin
  if app_audience() <> 'family' then return; end if;
  return query
    with mine (object_type, object_id) as (
      select 'person', person
      union all select 'household', h from unnest(paying) h
      union all select 'pupil', p from unnest(app_pupils()) p where paying is not null
      union all select 'account', a from unnest(app_paying_accounts()) a
      union all select 'top_up', t.id from top_up t where t.municipality_id = municipality and t.payer_id = person
      union all select 'invoice', i.id from invoice i where i.municipality_id = municipality and i.holder_id = person
      union all select 'absence_receipt', r.id from absence_receipt r
        where r.municipality_id = municipality and r.household_id = any (paying) and r.arrived_at > since
      union all select 'household_member', m.id from household_member m
        where m.municipality_id = municipality and m.household_id = any (paying)
      union all select 'delegate_invitation', i.id from delegate_invitation i
        where i.municipality_id = municipality and i.household_id = any (paying)
    ), found as (
      select e.id, e.occurred_at, e.action, e.object_type, e.outcome, e.person_id from audit_event e
      where e.municipality_id = municipality and e.person_id = person and e.occurred_at > since and e.occurred_at < until
      union
      select e.id, e.occurred_at, e.action, e.object_type, e.outcome, e.person_id from mine
      join audit_event e on e.municipality_id = municipality and e.object_type = mine.object_type
        and e.object_id = mine.object_id::text and e.occurred_at > since and e.occurred_at < until
    )
    select e.id, e.occurred_at, e.action, e.object_type, e.outcome,
      case
        when e.person_id is null then 'sistema'
        when e.person_id = person or e.person_id = any (relatives) then (select p.full_name from person p
          where p.municipality_id = municipality and p.id = e.person_id)
        else 'ufficio'
      end,
      e.person_id is not distinct from person
    from found e
    order by e.occurred_at desc, e.id desc limit most;
end $$;
revoke execute on function app_own_audit from public;
grant execute on function app_own_audit to refettorio_web;

create function purge_registers(most integer) returns integer language plpgsql security definer set search_path = public as $$
declare
  two_years_ago constant timestamptz := app_now() - interval '24 months';
  a_month_ago constant timestamptz := app_now() - interval '30 days';
  moment constant timestamptz := app_now();
  each_municipality uuid;
  gone integer;
  total integer := 0;
begin
  delete from sign_in_event where id = any (array(
    select id from sign_in_event where occurred_at < two_years_ago order by occurred_at limit most));
  get diagnostics gone = row_count; total := total + gone;
  for each_municipality in select m.id from municipality m
    where exists (select from audit_event e where e.municipality_id = m.id and e.occurred_at < two_years_ago)
      or exists (select from outbox o where o.municipality_id = m.id and o.created_at < two_years_ago and o.due_at is null)
      or m.id in (select c.municipality_id from email_change c where c.created_at < a_month_ago)
      or m.id in (select i.municipality_id from delegate_invitation i
        where i.expires_at < two_years_ago or i.fiscal_code_sealed is not null and i.expires_at < moment)
  loop
    delete from audit_event where municipality_id = each_municipality and occurred_at < two_years_ago and id = any (array(
      select id from audit_event where municipality_id = each_municipality and occurred_at < two_years_ago
      order by occurred_at limit most));
    get diagnostics gone = row_count; total := total + gone;
    delete from email_change where municipality_id = each_municipality and created_at < a_month_ago;
    get diagnostics gone = row_count; total := total + gone;
    delete from outbox where municipality_id = each_municipality and due_at is null and created_at < two_years_ago;
    get diagnostics gone = row_count; total := total + gone;
    delete from delegate_invitation where municipality_id = each_municipality and expires_at < two_years_ago;
    get diagnostics gone = row_count; total := total + gone;
    update delegate_invitation set fiscal_code_sealed = null
      where municipality_id = each_municipality and fiscal_code_sealed is not null and expires_at < moment;
  end loop;
  delete from session where id = any (array(
    select id from session where created_at < app_now() - interval '30 days'
      and coalesce(ended_at, expires_at) < app_now() - interval '30 days' limit most));
  get diagnostics gone = row_count; total := total + gone;
  delete from interrupted_form where expires_at < app_now();
  delete from webauthn_challenge where expires_at < app_now();
  delete from used_sign_in where used_at < app_now() - interval '1 hour';
  return total;
end $$;
revoke execute on function purge_registers from public;
grant execute on function purge_registers to refettorio_web;

create function purge_phone_changes(most integer) returns integer language plpgsql security definer set search_path = public as $$
declare
  each_municipality uuid;
  gone integer;
  total integer := 0;
begin
  for each_municipality in
    select distinct c.municipality_id from phone_change c where c.created_at < app_now() - interval '30 days'
  loop
    delete from phone_change where municipality_id = each_municipality and id = any (array(
      select id from phone_change where municipality_id = each_municipality and created_at < app_now() - interval '30 days'
      order by created_at limit most));
    get diagnostics gone = row_count; total := total + gone;
  end loop;
  return total;
end $$;
revoke execute on function purge_phone_changes from public;
grant execute on function purge_phone_changes to refettorio_web;


-- The tables that grow with the years are partitioned by school year, 1 September to 31 August on the wall clock in Italy:
-- one partition a year, `audit_event_2026` for 2026/27. There is no partition for what falls outside of them: it is refused,
-- and not kept in a place that grows without being seen. So the next year's stand ready a year ahead.
-- A partition is reached only by way of its table: nothing is granted on it, and row security lets nothing through to it.
-- What the table does for each row its partitions do by themselves; what it does for each statement they are given here,
-- so that the owner of the schema cannot empty one of them either.

create function make_school_years(first_day date, last_day date) returns integer
language plpgsql security definer set search_path = public set lock_timeout = '2s' as $$
declare
  grown record;
  guard record;
  made integer := 0;
begin
  for grown in
    select c.relname as name, format('%s_%s', c.relname, y.year) as part,
      format(bound.form, y.year) as first, format(bound.form, y.year + 1) as after
    from pg_partitioned_table p
    join pg_class c on c.oid = p.partrelid and c.relnamespace = 'public'::regnamespace
    join pg_attribute a on a.attrelid = p.partrelid and a.attnum = p.partattrs[0]
    cross join lateral (select case a.atttypid when 'timestamptz'::regtype then '%s-09-01 Europe/Rome'
      when 'date'::regtype then '%s-09-01' else '%s' end as form) bound
    cross join generate_series(school_year_of(first_day), school_year_of(last_day)) y (year)
    order by y.year, c.relname
  loop
    continue when to_regclass(grown.part) is not null;
    -- Two workers make it one after the other, and the second finds it.
    execute format('lock table %I in share update exclusive mode', grown.name);
    continue when to_regclass(grown.part) is not null;
    -- Made beside the table and attached: reads and writes of the other years do not wait.
    execute format('create table %I (like %I including defaults including constraints)', grown.part, grown.name);
    execute format('alter table %I enable row level security', grown.part);
    execute format('alter table %I attach partition %I for values from (%L) to (%L)',
      grown.name, grown.part, grown.first, grown.after);
    made := made + 1;
  end loop;

  for guard in
    select replace(pg_get_triggerdef(t.oid), format(' ON public.%I ', c.relname), format(' ON public.%I ', p.relname)) as command
    from pg_trigger t
    join pg_class c on c.oid = t.tgrelid and c.relkind = 'p' and c.relnamespace = 'public'::regnamespace
    join pg_inherits i on i.inhparent = c.oid
    join pg_class p on p.oid = i.inhrelid
    -- For each statement, where the partition has none of that name yet.
    where not t.tgisinternal and t.tgtype & 1 = 0
      and not exists (select from pg_trigger own where own.tgrelid = p.oid and own.tgname = t.tgname)
  loop
    execute guard.command;
  end loop;
  return made;
end $$;
comment on function make_school_years is 'Makes the partitions of the school years from one day to another that are not there yet; answers how many.';
revoke execute on function make_school_years from public;

-- Those of this school year and of the next. The worker calls it, so that August asks for no work of a person.
create function keep_school_years() returns integer language sql security definer set search_path = public
as $$ select make_school_years(app_today(), (app_today() + interval '1 year')::date) $$;
comment on function keep_school_years is 'Keeps the partitions of this school year and of the next; answers how many it made.';
revoke execute on function keep_school_years from public;
grant execute on function keep_school_years to refettorio_web;


-- The scope of a transaction, which every policy reads: municipality, person, audience, and what is the person's own.
-- `enter_scope` is the first statement of each transaction (db/client.ts); without it no row is visible.
-- Row security reads these settings and no table: whose a row is, is asked once for a transaction and not for each statement.

-- A day begins and ends on the wall clock in Italy.
create function app_today() returns date language sql stable
as $$ select (app_now() at time zone 'Europe/Rome')::date $$;

create function app_municipality() returns uuid language sql stable
as $$ select nullif(current_setting('app.municipality_id', true), '')::uuid $$;

create function app_person() returns uuid language sql stable
as $$ select nullif(current_setting('app.person_id', true), '')::uuid $$;

create function app_audience() returns text language sql stable
as $$ select coalesce(current_setting('app.audience', true), '') $$;

-- The households in which the person has a role now.
create function app_households() returns uuid[] language sql stable
as $$ select nullif(current_setting('app.households', true), '')::uuid[] $$;

-- The households all of whose pupils the person may see.
create function app_whole_households() returns uuid[] language sql stable
as $$ select nullif(current_setting('app.whole_households', true), '')::uuid[] $$;

create function app_paying_households() returns uuid[] language sql stable
as $$ select nullif(current_setting('app.paying_households', true), '')::uuid[] $$;

create function app_pupils() returns uuid[] language sql stable
as $$ select nullif(current_setting('app.pupils', true), '')::uuid[] $$;

-- The pupils for whom the person pays.
create function app_paying_pupils() returns uuid[] language sql stable
as $$ select nullif(current_setting('app.paying_pupils', true), '')::uuid[] $$;

-- Everybody who has or had a role in one of the person's households.
create function app_people() returns uuid[] language sql stable
as $$ select nullif(current_setting('app.people', true), '')::uuid[] $$;

-- The accounts that a holder sees from their first movement on.
create function app_paying_accounts() returns uuid[] language sql stable
as $$ select nullif(current_setting('app.paying_accounts', true), '')::uuid[] $$;

-- The instant of the hand-over of an account that a holder sees only from then on; null for every other account.
create function app_account_since(account uuid) returns timestamptz language sql stable
as $$ select (nullif(current_setting('app.taken_over_accounts', true), '')::jsonb ->> account::text)::timestamptz $$;

-- What is a person's own at this moment. It runs as the owner of the schema: the policies of the tables that it reads ask for
-- its answer.
create function enter_scope(municipality uuid, audience text, person uuid) returns void
language plpgsql volatile security definer set search_path = public as $$
declare
  households uuid[];
  whole uuid[];
  paying uuid[];
  people uuid[];
  pupils uuid[];
  paying_pupils uuid[];
  accounts uuid[];
  taken_over jsonb;
begin
  if enter_scope.audience = 'family' then
    select array_agg(m.household_id), array_agg(m.household_id) filter (where m.all_pupils),
        array_agg(m.household_id) filter (where m.role = 'holder'),
        array_agg(a.id) filter (where m.role = 'holder' and not m.taken_over),
        jsonb_object_agg(a.id, m.started_at) filter (where a.id is not null and m.role = 'holder' and m.taken_over)
      into households, whole, paying, accounts, taken_over
      from active_member m
      left join account a on a.municipality_id = enter_scope.municipality and a.household_id = m.household_id and m.role = 'holder'
      where m.municipality_id = enter_scope.municipality and m.person_id = enter_scope.person;
    select array_agg(distinct a.pupil_id), array_agg(distinct a.pupil_id) filter (where a.household_id = any (paying))
      into pupils, paying_pupils
      from adult_of_pupil a where a.municipality_id = enter_scope.municipality and a.person_id = enter_scope.person;
    people := array(select distinct m.person_id from household_member m
      where m.municipality_id = enter_scope.municipality and m.household_id = any (households));
  end if;
  perform
    set_config('app.municipality_id', coalesce(enter_scope.municipality::text, ''), true),
    set_config('app.audience', enter_scope.audience, true),
    set_config('app.person_id', coalesce(enter_scope.person::text, ''), true),
    set_config('app.households', coalesce(households::text, ''), true),
    set_config('app.whole_households', coalesce(whole::text, ''), true),
    set_config('app.paying_households', coalesce(paying::text, ''), true),
    set_config('app.people', coalesce(people::text, ''), true),
    set_config('app.pupils', coalesce(pupils::text, ''), true),
    set_config('app.paying_pupils', coalesce(paying_pupils::text, ''), true),
    set_config('app.paying_accounts', coalesce(accounts::text, ''), true),
    set_config('app.taken_over_accounts', coalesce(taken_over::text, ''), true);
  perform leave_subjects();
end $$;
comment on function enter_scope is 'Names who a transaction speaks for and what is theirs; holds until the transaction ends';
revoke execute on function enter_scope from public;
grant execute on function enter_scope to refettorio_web;

create function reenter_scope() returns void language sql volatile
as $$ select enter_scope(app_municipality(), app_audience(), app_person()) $$;
comment on function reenter_scope is 'Asks again what is the person''s own: after a wait for a lock, in which a role may have ended';


-- Sessions and what a citizen may do before a municipality's scope is known. These functions run as the owner of the schema:
-- the caller holds the secret whose hash is looked up, or gets nothing that belongs to a family.

create function viewer_of_session(token_hash bytea, slug text, idle interval)
returns table (
  session_id uuid, citizen_id uuid, method text, level smallint, authenticated_at timestamptz, seconds_since_identity integer,
  opened_with text, device_id uuid, given_name text, family_name text,
  municipality_id uuid, person_id uuid, person_name text, memberships jsonb, staff_roles text[]
)
language plpgsql volatile security definer set search_path = public as $$
#variable_conflict use_column
declare
  live record;
  who record;
  place uuid;
  known record;
begin
  select s.id, s.citizen_id, s.method, s.level, s.authenticated_at, s.opened_with, s.device_id, s.last_seen_at into live
  from session s
  where s.token_hash = viewer_of_session.token_hash and s.ended_at is null
    and s.expires_at > app_now() and s.last_seen_at > app_now() - viewer_of_session.idle;
  if not found then return; end if;
  -- Once a minute is enough to know whether a session is idle, and spares a write per request.
  if live.last_seen_at < app_now() - interval '1 minute' then
    update session s set last_seen_at = app_now() where s.id = live.id and s.last_seen_at < app_now();
  end if;
  select c.given_name, c.family_name, c.fiscal_code_hash into who from citizen c where c.id = live.citizen_id;
  select m.id into place from municipality m where m.slug = viewer_of_session.slug and m.active;
  select p.id, p.full_name into known from person p
  where p.municipality_id = place and p.fiscal_code_hash = who.fiscal_code_hash;
  return query
    select live.id, live.citizen_id, live.method, live.level, live.authenticated_at,
      extract(epoch from app_now() - live.authenticated_at)::integer, live.opened_with, live.device_id,
      who.given_name, who.family_name, place, known.id, known.full_name,
      case when known.id is null then '[]' else memberships_of(place, known.id) end,
      -- The office sees every family: a drawn sequence is not enough for that.
      coalesce((select array_agg(distinct r.role)
        from active_staff_member r
        where r.municipality_id = place and r.person_id = known.id and live.opened_with = 'identity'), '{}');
end $$;
revoke execute on function viewer_of_session from public;
grant execute on function viewer_of_session to refettorio_web;

-- The session of a request that only reads, with its transaction's scope: who is reading, what is theirs and how many
-- notifications wait, in one statement.
create function enter_session(token_hash bytea, slug text, idle interval)
returns table (
  session_id uuid, citizen_id uuid, method text, level smallint, authenticated_at timestamptz, seconds_since_identity integer,
  opened_with text, device_id uuid, given_name text, family_name text,
  municipality_id uuid, person_id uuid, person_name text, memberships jsonb, staff_roles text[], unread integer
)
language plpgsql volatile security definer set search_path = public as $$
#variable_conflict use_column
declare
  v record;
begin
  select * into v from viewer_of_session(enter_session.token_hash, enter_session.slug, enter_session.idle);
  if not found then return; end if;
  if v.person_id is not null then perform enter_scope(v.municipality_id, 'family', v.person_id); end if;
  -- From here on the transaction only reads: what it wrote could be undone after the answer.
  perform set_config('transaction_read_only', 'on', true);
  return query select v.session_id, v.citizen_id, v.method, v.level, v.authenticated_at, v.seconds_since_identity,
    v.opened_with, v.device_id, v.given_name, v.family_name, v.municipality_id, v.person_id, v.person_name, v.memberships,
    v.staff_roles,
    (select count(*)::integer from notification n
      where n.municipality_id = v.municipality_id and n.person_id = v.person_id and n.read_at is null);
end $$;
revoke execute on function enter_session from public;
grant execute on function enter_session to refettorio_web;

create function municipalities_of_citizen(who uuid) returns table (slug text, name text)
language sql stable security definer set search_path = public as $$
  select m.slug, m.name from citizen c
  join person p on p.fiscal_code_hash = c.fiscal_code_hash
  join municipality m on m.id = p.municipality_id and m.active
  where c.id = who and (
    jsonb_array_length(memberships_of(m.id, p.id)) > 0
    or exists (select from active_staff_member r where r.municipality_id = m.id and r.person_id = p.id))
  order by m.name, m.slug
$$;
revoke execute on function municipalities_of_citizen from public;
grant execute on function municipalities_of_citizen to refettorio_web;

create function choose_language(token_hash bytea, chosen text) returns text
language plpgsql volatile security definer set search_path = public as $$
#variable_conflict use_column
declare
  kept text;
begin
  update citizen c set language = choose_language.chosen, language_chosen_at = app_now()
  from session s
  where choose_language.chosen is not null and c.language is distinct from choose_language.chosen
    and s.token_hash = choose_language.token_hash and s.ended_at is null and s.expires_at > app_now()
    and c.id = s.citizen_id;
  select c.language into kept from citizen c join session s on s.citizen_id = c.id
  where s.token_hash = choose_language.token_hash and s.ended_at is null and s.expires_at > app_now();
  return kept;
end $$;
revoke execute on function choose_language from public;
grant execute on function choose_language to refettorio_web;

create function language_chosen_at(in_municipality uuid, who uuid) returns timestamptz
language sql stable security definer set search_path = public as $$
  select c.language_chosen_at from person p join citizen c on c.fiscal_code_hash = p.fiscal_code_hash
  where p.municipality_id = in_municipality and p.id = who
$$;
revoke execute on function language_chosen_at from public;
grant execute on function language_chosen_at to refettorio_web;

create function language_of_person(in_municipality uuid, who uuid) returns text
language sql stable security definer set search_path = public as $$
  select c.language from person p join citizen c on c.fiscal_code_hash = p.fiscal_code_hash
  where p.municipality_id = in_municipality and p.id = who
$$;
revoke execute on function language_of_person from public;
grant execute on function language_of_person to refettorio_web;

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

create function give_back_attempt(whose bytea, seconds integer) returns void
language sql security definer set search_path = public as $$
  update attempt_window set count = count - 1
  where key = whose and count > 0
    and expires_at = to_timestamp((floor(extract(epoch from app_now()) / seconds) + 1) * seconds)
$$;
comment on function give_back_attempt is 'Uncounts one attempt of the window of now';
revoke execute on function give_back_attempt from public;
grant execute on function give_back_attempt to refettorio_web;

create function purge_devices(most integer) returns integer language plpgsql security definer set search_path = public as $$
declare
  old uuid[];
begin
  old := array(
    select d.id from remembered_device d
    where coalesce(d.revoked_at, d.last_used_at) < app_now() - interval '12 months'
      and not exists (select from session s where s.device_id = d.id)
    limit most for update skip locked);
  delete from passkey where device_id = any (old);
  delete from remembered_device where id = any (old);
  return coalesce(array_length(old, 1), 0);
end $$;
revoke execute on function purge_devices from public;
grant execute on function purge_devices to refettorio_web;


-- What a transaction may read of a subject that few transactions are about. Each `enter_<subject>` asks it once, before the
-- first statement about that subject (db/subjects.ts), and writes it into settings beside those of `enter_scope`; without it no
-- row of that subject is visible to families and the public. What waited for a lock, or changed such a row itself, asks again.

create function app_communications() returns uuid[] language sql stable
as $$ select nullif(current_setting('app.communications', true), '')::uuid[] $$;

-- `communication:household` of each copy that is addressed to the person.
create function app_communication_copies() returns text[] language sql stable
as $$ select nullif(current_setting('app.communication_copies', true), '')::text[] $$;

-- `communication:version` of each text that was sent and not withdrawn.
create function app_communication_versions() returns text[] language sql stable
as $$ select nullif(current_setting('app.communication_versions', true), '')::text[] $$;

-- `menu:version` of each menu that is published now.
create function app_menu_versions() returns text[] language sql stable
as $$ select nullif(current_setting('app.menu_versions', true), '')::text[] $$;

-- Those that have opened, whether they are over or not.
create function app_begun_questionnaires() returns uuid[] language sql stable
as $$ select nullif(current_setting('app.begun_questionnaires', true), '')::uuid[] $$;

create function app_open_questionnaires() returns uuid[] language sql stable
as $$ select nullif(current_setting('app.open_questionnaires', true), '')::uuid[] $$;

create function app_anonymous_questionnaires() returns uuid[] language sql stable
as $$ select nullif(current_setting('app.anonymous_questionnaires', true), '')::uuid[] $$;

-- Those whose anonymous answers the office may read.
create function app_closed_questionnaires() returns uuid[] language sql stable
as $$ select nullif(current_setting('app.closed_questionnaires', true), '')::uuid[] $$;

-- The sheets with the person's name on them.
create function app_questionnaire_parts() returns uuid[] language sql stable
as $$ select nullif(current_setting('app.questionnaire_parts', true), '')::uuid[] $$;

-- The receipts about pupils whom the person has without the whole household: of a whole one the receipt itself says it.
create function app_receipts() returns uuid[] language sql stable
as $$ select nullif(current_setting('app.receipts', true), '')::uuid[] $$;

create function app_submissions() returns uuid[] language sql stable
as $$ select nullif(current_setting('app.submissions', true), '')::uuid[] $$;

create function app_top_ups() returns uuid[] language sql stable
as $$ select nullif(current_setting('app.top_ups', true), '')::uuid[] $$;

-- `top-up:state` of each order that was opened, or could not be.
create function app_opened_top_ups() returns text[] language sql stable
as $$ select nullif(current_setting('app.opened_top_ups', true), '')::text[] $$;

-- A transaction that speaks for another person, or asks again, begins without any.
create function leave_subjects() returns void language plpgsql volatile as $$
begin
  if coalesce(current_setting('app.subjects', true), '') = '' then return; end if;
  perform set_config('app.' || subject, '', true) from unnest(array['subjects', 'communications', 'communication_copies',
    'communication_versions', 'menu_versions', 'begun_questionnaires', 'open_questionnaires', 'anonymous_questionnaires',
    'closed_questionnaires', 'questionnaire_parts', 'receipts', 'submissions', 'top_ups', 'opened_top_ups']) subject;
end $$;

create function enter_communications() returns void language plpgsql volatile security definer set search_path = public as $$
declare
  municipality constant uuid := app_municipality();
  person constant uuid := app_person();
  households constant uuid[] := app_households();
  paying constant uuid[] := app_paying_households();
  addressed uuid[];
  copies text[];
  versions text[];
begin
  if app_audience() <> 'family' then return; end if;
  select array_agg(distinct p.communication_id), array_agg(p.communication_id::text || ':' || p.household_id)
    into addressed, copies
    from communication_recipient_person p
    where p.municipality_id = municipality and p.person_id = person
      and (p.household_id = any (paying) or p.about = 'service' and p.household_id = any (households));
  versions := array(select x.communication_id::text || ':' || x.version from communication_publication x
    join communication c on c.municipality_id = municipality and c.id = x.communication_id
      and c.published_version is not null and c.withdrawn_at is null
    where x.municipality_id = municipality and x.communication_id = any (addressed));
  perform
    set_config('app.subjects', 'entered', true),
    set_config('app.communications', coalesce(addressed::text, ''), true),
    set_config('app.communication_copies', coalesce(copies::text, ''), true),
    set_config('app.communication_versions', versions::text, true);
end $$;
revoke execute on function enter_communications from public;
grant execute on function enter_communications to refettorio_web;

create function enter_menus() returns void language plpgsql volatile security definer set search_path = public as $$
declare
  municipality constant uuid := app_municipality();
  versions text[];
begin
  versions := array(select m.id::text || ':' || m.published_version from menu m
    where m.municipality_id = municipality and m.published_version is not null and m.withdrawn_at is null);
  perform
    set_config('app.subjects', 'entered', true),
    set_config('app.menu_versions', versions::text, true);
end $$;
revoke execute on function enter_menus from public;
grant execute on function enter_menus to refettorio_web;

create function enter_questionnaires() returns void language plpgsql volatile security definer set search_path = public as $$
declare
  municipality constant uuid := app_municipality();
  person constant uuid := app_person();
  households constant uuid[] := app_households();
  pupils constant uuid[] := app_pupils();
  moment constant timestamptz := app_now();
  begun uuid[];
  opened uuid[];
  anonymous uuid[];
  closed uuid[];
  parts uuid[];
begin
  if app_audience() in ('staff', 'system') then
    closed := array(select q.id from questionnaire q where q.municipality_id = municipality and q.closes_at <= moment);
  elsif app_audience() = 'family' then
    select array_agg(q.id), array_agg(q.id) filter (where q.closes_at > moment),
        array_agg(q.id) filter (where q.closes_at > moment and q.anonymous)
      into begun, opened, anonymous
      from questionnaire q
      where q.municipality_id = municipality and q.published_at is not null and q.opens_at <= moment;
    parts := array(select p.part from questionnaire_part p
      where p.municipality_id = municipality and p.questionnaire_id = any (begun) and p.household_id = any (households)
        and p.person_id = person and (p.pupil_id is null or p.pupil_id = any (pupils)));
  end if;
  perform
    set_config('app.subjects', 'entered', true),
    set_config('app.begun_questionnaires', coalesce(begun::text, ''), true),
    set_config('app.open_questionnaires', coalesce(opened::text, ''), true),
    set_config('app.anonymous_questionnaires', coalesce(anonymous::text, ''), true),
    set_config('app.closed_questionnaires', coalesce(closed::text, ''), true),
    set_config('app.questionnaire_parts', coalesce(parts::text, ''), true);
end $$;
revoke execute on function enter_questionnaires from public;
grant execute on function enter_questionnaires to refettorio_web;

create function enter_receipts() returns void language plpgsql volatile security definer set search_path = public as $$
declare
  municipality constant uuid := app_municipality();
  pupils constant uuid[] := app_pupils();
  whole constant uuid[] := coalesce(app_whole_households(), '{}');
  partly uuid[];
  receipts uuid[];
begin
  partly := array(select p.id from pupil p
    where p.municipality_id = municipality and p.id = any (pupils) and p.household_id <> all (whole));
  if partly = '{}' then return; end if;
  receipts := array(select distinct v.receipt_id from absence_event v
    where v.municipality_id = municipality and v.pupil_id = any (partly));
  perform
    set_config('app.subjects', 'entered', true),
    set_config('app.receipts', receipts::text, true);
end $$;
revoke execute on function enter_receipts from public;
grant execute on function enter_receipts to refettorio_web;

create function enter_submissions() returns void language plpgsql volatile security definer set search_path = public as $$
declare
  municipality constant uuid := app_municipality();
  person constant uuid := app_person();
  paying constant uuid[] := app_paying_households();
  submissions uuid[];
begin
  submissions := array(select s.id from form_submission s
    where s.municipality_id = municipality and s.person_id = person and s.household_id = any (paying));
  perform
    set_config('app.subjects', 'entered', true),
    set_config('app.submissions', submissions::text, true);
end $$;
revoke execute on function enter_submissions from public;
grant execute on function enter_submissions to refettorio_web;

create function enter_top_ups() returns void language plpgsql volatile security definer set search_path = public as $$
declare
  municipality constant uuid := app_municipality();
  person constant uuid := app_person();
  held uuid[];
  own uuid[];
  opened text[];
begin
  if app_audience() <> 'family' then return; end if;
  -- Only a holder pays: by household there is an index.
  held := array(select m.household_id from household_member m
    where m.municipality_id = municipality and m.person_id = person and m.role = 'holder');
  select array_agg(t.id), array_agg(t.id::text || ':' || t.state) filter (where t.state in ('redirected', 'failed'))
    into own, opened
    from top_up t where t.municipality_id = municipality and t.household_id = any (held) and t.payer_id = person;
  perform
    set_config('app.subjects', 'entered', true),
    set_config('app.top_ups', coalesce(own::text, ''), true),
    set_config('app.opened_top_ups', coalesce(opened::text, ''), true);
end $$;
revoke execute on function enter_top_ups from public;
grant execute on function enter_top_ups to refettorio_web;


-- What was charged does not change: neither the price of a day that is closed nor the band of a child on it.

create function meal_price_charged(m uuid, s uuid, first_day date) returns boolean language sql stable as $$
  select exists (select from service_day d where d.municipality_id = m and d.service_id = s and d.status = 'closed' and d.day >= first_day
    and d.day < coalesce((select min(p.valid_from) from meal_price p
      where p.municipality_id = m and p.service_id = s and p.valid_from > first_day), 'infinity'))
$$;

create function fare_band_price_charged(m uuid, s uuid, c text, first_day date) returns boolean language sql stable as $$
  select exists (select from fare_assignment f
    join service_day d on d.municipality_id = m and d.service_id = f.service_id
      and d.day between greatest(f.valid_from, first_day) and f.valid_to
    where f.municipality_id = m and f.service_id = s and f.band_code = c and d.status = 'closed'
      and d.day < coalesce((select min(p.valid_from) from fare_band_price p
        where p.municipality_id = m and p.service_id = s and p.code = c and p.valid_from > first_day), 'infinity'))
$$;

create function fare_charged(m uuid, s uuid, p uuid, first_day date, last_day date) returns boolean language sql stable as $$
  select exists (select from enrolment e
    join service_day d on d.municipality_id = m and d.service_id = e.service_id and d.school_id = e.school_id
      and d.day between greatest(e.valid_from, first_day) and least(e.valid_to, last_day)
    where e.municipality_id = m and e.service_id = s and e.pupil_id = p and d.status = 'closed')
$$;

create function charged_meal_price_stays() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' and meal_price_charged(old.municipality_id, old.service_id, old.valid_from)
    or tg_op <> 'DELETE' and meal_price_charged(new.municipality_id, new.service_id, new.valid_from) then
    raise exception 'a price that was charged does not change' using errcode = 'restrict_violation';
  end if;
  return coalesce(new, old);
end $$;
create trigger meal_price_stays before insert or update or delete on meal_price for each row
  execute function charged_meal_price_stays();

create function charged_band_price_stays() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' and fare_band_price_charged(old.municipality_id, old.service_id, old.code, old.valid_from)
    or tg_op <> 'DELETE' and fare_band_price_charged(new.municipality_id, new.service_id, new.code, new.valid_from) then
    raise exception 'a price that was charged does not change' using errcode = 'restrict_violation';
  end if;
  return coalesce(new, old);
end $$;
create trigger fare_band_price_stays before insert or update or delete on fare_band_price for each row
  execute function charged_band_price_stays();

create function charged_fare_stays() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    if (old.pupil_id, old.service_id, old.band_code, old.valid_from) is distinct from (new.pupil_id, new.service_id, new.band_code, new.valid_from) then
      raise exception 'a band that was given keeps its pupil, its code and its first day' using errcode = 'restrict_violation';
    end if;
    if fare_charged(old.municipality_id, old.service_id, old.pupil_id,
        least(old.valid_to, new.valid_to) + 1, greatest(old.valid_to, new.valid_to)) then
      raise exception 'a band of a charged day does not change' using errcode = 'restrict_violation';
    end if;
    return new;
  end if;
  if tg_op = 'INSERT' then
    if fare_charged(new.municipality_id, new.service_id, new.pupil_id, new.valid_from, new.valid_to) then
      raise exception 'a band does not reach a charged day' using errcode = 'restrict_violation';
    end if;
    return new;
  end if;
  if fare_charged(old.municipality_id, old.service_id, old.pupil_id, old.valid_from, old.valid_to) then
    raise exception 'a band of a charged day does not change' using errcode = 'restrict_violation';
  end if;
  return old;
end $$;
create trigger fare_assignment_stays before insert or update or delete on fare_assignment for each row
  execute function charged_fare_stays();


-- The two questions about households that every room asks. Both views show a reader what the policies of their tables show.

-- The roles that count today: begun, not over, not ended. `taken_over`: another person was the holder before this role began.
create view active_member with (security_invoker = true) as
  select m.*, m.role = 'holder' and exists (select from household_member before
    where before.municipality_id = m.municipality_id and before.household_id = m.household_id and before.role = 'holder'
      and before.person_id <> m.person_id and before.started_at <= m.started_at and before.id <> m.id) as taken_over
  from household_member m
  where m.ended_at is null and m.valid_from <= app_today() and (m.valid_to is null or m.valid_to >= app_today());
grant select on active_member to refettorio_web;

-- The adults who may hear of a pupil now: the holder, a delegate of all pupils of the household, a delegate of this one.
-- A family's transaction sees only some rows of other delegates: what is told to others goes by `adults_of_pupils`.
create view adult_of_pupil with (security_invoker = true) as
  select p.municipality_id, p.id as pupil_id, m.household_id, m.id as household_member_id, m.person_id, m.role
  from active_member m
  join pupil p on p.municipality_id = m.municipality_id and p.household_id = m.household_id
  where m.all_pupils or exists (select from delegate_pupil d
    where d.municipality_id = m.municipality_id and d.household_member_id = m.id and d.pupil_id = p.id);
grant select on adult_of_pupil to refettorio_web;


-- The roles of the office that count today.
create view active_staff_member with (security_invoker = true) as
  select r.* from staff_member r where r.valid_from <= app_today() and (r.valid_to is null or r.valid_to >= app_today());
grant select on active_staff_member to refettorio_web;


-- Who may reach online forms and what families sent with them: the author while that person pays, and the office. A draft is
-- its author's alone. Bands of fare are read by the family that they concern.

alter table online_form enable row level security;
create policy online_form_scope on online_form to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (app_audience() = 'family' and (published_version is not null)))
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (app_audience() = 'family' and (false)))
  );
grant select, insert, update (latest_version, published_version, closed_at, closed_reason) on online_form to refettorio_web;

alter table online_form_version enable row level security;
create policy online_form_version_scope on online_form_version to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (app_audience() = 'family' and (published_at is not null)))
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (app_audience() = 'family' and (false)))
  );
grant select, insert, update (definition, school_year_id, opens_at, closes_at, revision, author_id, saved_at, published_at) on online_form_version to refettorio_web;

alter table form_draft enable row level security;
create policy form_draft_scope on form_draft to refettorio_web
  using (
    municipality_id = app_municipality()
    and app_audience() = 'family'
    and person_id = app_person()
    and household_id = any (app_paying_households())
  )
  with check (
    municipality_id = app_municipality()
    and app_audience() = 'family'
    and person_id = app_person()
    and household_id = any (app_paying_households())
  );
grant select, insert, delete, update (version, revision, answers, updated_at) on form_draft to refettorio_web;

alter table protocol_series enable row level security;
create policy protocol_series_scope on protocol_series to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select on protocol_series to refettorio_web;

alter table form_submission enable row level security;
create policy form_submission_scope on form_submission to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or (app_audience() = 'family'
        and (person_id = app_person() and household_id = any (app_paying_households()))))
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or (app_audience() = 'family'
        and (person_id = app_person() and household_id = any (app_paying_households()))))
  );
grant select, insert, update (state, once_key, assigned_to, due_on, decided_at) on form_submission to refettorio_web;

alter table form_event enable row level security;
create policy form_event_scope on form_event to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or (app_audience() = 'family' and submission_id = any (app_submissions())))
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or (app_audience() = 'family'
        and submission_id = any (app_submissions())
        and not by_office
        and person_id = app_person()))
  );
grant select, insert on form_event to refettorio_web;

alter table form_document enable row level security;
create policy form_document_scope on form_document to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') and submission_id is not null
      or app_audience() = 'family'
      and person_id = app_person()
      and household_id = any (app_paying_households()))
  )
  with check (
    municipality_id = app_municipality()
    and app_audience() = 'family'
    and person_id = app_person()
    and household_id = any (app_paying_households())
  );
grant select, insert, delete, update (draft_id, submission_id) on form_document to refettorio_web;

alter table fare_assignment enable row level security;
create policy fare_assignment_read on fare_assignment for select to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or pupil_id = any (app_paying_pupils()))
  );
create policy fare_assignment_give on fare_assignment for insert to refettorio_web
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
create policy fare_assignment_end on fare_assignment for update to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
create policy fare_assignment_drop on fare_assignment for delete to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, delete, update (valid_to, ended_by, ended_at, end_reason) on fare_assignment to refettorio_web;


-- Who may reach what belongs to the whole installation. Sign-in happens before a scope is known, so these tables have no
-- policies: the runtime role has exactly the rights that sign-in, sessions and devices need.

grant select on operator to refettorio_web;

alter table municipality enable row level security;
create policy municipality_read on municipality for select to refettorio_web
  using (true);
create policy municipality_write on municipality for update to refettorio_web
  using (id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, update (name, street, postcode, email, pec, phone) on municipality to refettorio_web;

grant select, insert, update on citizen to refettorio_web;

grant select, insert, update on identity_link to refettorio_web;

grant select, insert, update on remembered_device to refettorio_web;

grant select, insert, update on session to refettorio_web;

grant select, insert on sign_in_event to refettorio_web;

grant select, insert, delete on used_sign_in to refettorio_web;

grant select, insert, delete, update (counter, last_used_at) on passkey to refettorio_web;

grant select, insert, delete on webauthn_challenge to refettorio_web;

grant select, insert, delete on interrupted_form to refettorio_web;

grant select, insert, update, delete on token_revocation to refettorio_web;

grant select (expires_at), delete on attempt_window to refettorio_web;


-- Who may reach the calendar, absences, counts and menus.
-- Every transaction of the municipality may read the calendar, and a family's transaction locks its days; only the office and the
-- worker write it. The office never reads the rows of ratings, which name a child: it gets sums and comments by functions.

alter table service_schedule enable row level security;
create policy service_schedule_scope on service_schedule to refettorio_web
  using (municipality_id = app_municipality() and true)
  with check (municipality_id = app_municipality() and true);
grant select on service_schedule to refettorio_web;

alter table closure enable row level security;
create policy closure_scope on closure to refettorio_web
  using (municipality_id = app_municipality() and true)
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert on closure to refettorio_web;

alter table service_day enable row level security;
create policy service_day_scope on service_day to refettorio_web
  using (municipality_id = app_municipality() and true)
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, update on service_day to refettorio_web;

alter table absence_receipt enable row level security;
create policy absence_receipt_scope on absence_receipt to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or (household_id = any (app_whole_households())
        or person_id = app_person()
        or id = any (app_receipts())))
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or (household_id = any (app_households()) and person_id = app_person()))
  );
grant select, insert on absence_receipt to refettorio_web;

alter table absence enable row level security;
create policy absence_scope on absence to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (pupil_id = any (app_pupils())))
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (pupil_id = any (app_pupils())))
  );
grant select, insert, delete on absence to refettorio_web;

alter table absence_event enable row level security;
create policy absence_event_scope on absence_event to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (pupil_id = any (app_pupils())))
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (pupil_id = any (app_pupils())))
  );
grant select, insert on absence_event to refettorio_web;

alter table kitchen_count enable row level security;
create policy kitchen_count_scope on kitchen_count to refettorio_web
  using (municipality_id = app_municipality() and (app_audience() in ('staff', 'system')))
  with check (municipality_id = app_municipality() and (app_audience() in ('staff', 'system')));
grant select, insert on kitchen_count to refettorio_web;

alter table kitchen_count_line enable row level security;
create policy kitchen_count_line_scope on kitchen_count_line to refettorio_web
  using (municipality_id = app_municipality() and (app_audience() in ('staff', 'system')))
  with check (municipality_id = app_municipality() and (app_audience() in ('staff', 'system')));
grant select, insert on kitchen_count_line to refettorio_web;

alter table counted_meals enable row level security;
create policy counted_meals_scope on counted_meals to refettorio_web
  using (municipality_id = app_municipality() and app_audience() = 'system')
  with check (municipality_id = app_municipality() and app_audience() = 'system');
grant select, insert on counted_meals to refettorio_web;

alter table meal_charge enable row level security;
create policy meal_charge_scope on meal_charge to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, update (due_at, failures, charged_at) on meal_charge to refettorio_web;

alter table dish enable row level security;
create policy dish_scope on dish to refettorio_web
  using (municipality_id = app_municipality() and (app_audience() in ('staff', 'system') or true))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, update on dish to refettorio_web;

alter table menu enable row level security;
create policy menu_scope on menu to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or published_version is not null and withdrawn_at is null)
  )
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, update on menu to refettorio_web;

alter table menu_version enable row level security;
create policy menu_version_scope on menu_version to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or menu_id::text || ':' || number = any (app_menu_versions()))
  )
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert on menu_version to refettorio_web;

alter table menu_change enable row level security;
create policy menu_change_scope on menu_change to refettorio_web
  using (municipality_id = app_municipality() and (app_audience() in ('staff', 'system') or true))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, update (withdrawn_at) on menu_change to refettorio_web;

alter table menu_settings enable row level security;
create policy menu_settings_scope on menu_settings to refettorio_web
  using (municipality_id = app_municipality() and true)
  with check (municipality_id = app_municipality() and (app_audience() in ('staff', 'system')));
grant select, insert, update on menu_settings to refettorio_web;

alter table meal_rating enable row level security;
create policy meal_rating_scope on meal_rating to refettorio_web
  using (
    municipality_id = app_municipality()
    and (pupil_id = any (app_pupils()) or app_audience() = 'system')
  )
  with check (
    municipality_id = app_municipality()
    and (pupil_id = any (app_pupils()) or app_audience() = 'system')
  );
grant select, insert, update (person_id, comment, changed_at) on meal_rating to refettorio_web;

alter table meal_rating_dish enable row level security;
create policy meal_rating_dish_scope on meal_rating_dish to refettorio_web
  using (
    municipality_id = app_municipality()
    and (pupil_id = any (app_pupils()) or app_audience() = 'system')
  )
  with check (
    municipality_id = app_municipality()
    and (pupil_id = any (app_pupils()) or app_audience() = 'system')
  );
grant select, insert, update, delete on meal_rating_dish to refettorio_web;

alter table leftover enable row level security;
create policy leftover_scope on leftover to refettorio_web
  using (municipality_id = app_municipality() and (app_audience() in ('staff', 'system')))
  with check (municipality_id = app_municipality() and (app_audience() in ('staff', 'system')));
grant select, insert, update, delete on leftover to refettorio_web;

alter table calendar_feed enable row level security;
create policy calendar_feed_scope on calendar_feed to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() = 'system' or app_audience() = 'family' and person_id = app_person())
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() = 'system'
      or app_audience() = 'family' and person_id = app_person() and pupil_id = any (app_pupils()))
  );
grant select, insert, update (revoked_at, alarm_minutes) on calendar_feed to refettorio_web;


-- Who may reach prices, accounts, payments and invoices.
-- A family reaches money only as its holder: the transaction of a delegate sees no row of these tables. A holder who took a
-- household over sees its movements from that instant on; a past holder sees the own payments and invoices, and no other
-- person does. Prices are public.

alter table meal_price enable row level security;
create policy meal_price_read on meal_price for select to refettorio_web
  using (municipality_id = app_municipality());
create policy meal_price_decide on meal_price for insert to refettorio_web
  with check (
    municipality_id = app_municipality()
    and app_audience() in ('staff', 'system')
    and valid_from >= app_today()
  );
create policy meal_price_cancel on meal_price for delete to refettorio_web
  using (
    municipality_id = app_municipality() and app_audience() in ('staff', 'system') and valid_from > app_today()
  );
grant select, insert, delete on meal_price to refettorio_web;

alter table fare_band enable row level security;
create policy fare_band_read on fare_band for select to refettorio_web
  using (municipality_id = app_municipality());
create policy fare_band_create on fare_band for insert to refettorio_web
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
create policy fare_band_change on fare_band for update to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, update (name, description, closed_at) on fare_band to refettorio_web;

alter table fare_band_price enable row level security;
create policy fare_band_price_read on fare_band_price for select to refettorio_web
  using (municipality_id = app_municipality());
create policy fare_band_price_decide on fare_band_price for insert to refettorio_web
  with check (
    municipality_id = app_municipality()
    and app_audience() in ('staff', 'system')
    and valid_from >= app_today()
  );
create policy fare_band_price_cancel on fare_band_price for delete to refettorio_web
  using (
    municipality_id = app_municipality() and app_audience() in ('staff', 'system') and valid_from > app_today()
  );
grant select, insert, delete on fare_band_price to refettorio_web;

alter table account enable row level security;
create policy account_scope on account to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (household_id = any (app_paying_households())))
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (household_id = any (app_paying_households())))
  );
grant select, insert, update (updated_at) on account to refettorio_web;

alter table journal enable row level security;
create policy journal_scope on journal to refettorio_web
  using (municipality_id = app_municipality() and (app_audience() in ('staff', 'system')))
  with check (municipality_id = app_municipality() and (app_audience() in ('staff', 'system')));
grant select, insert on journal to refettorio_web;

grant select on top_up_legal_transition to refettorio_web;

alter table top_up enable row level security;
create policy top_up_scope on top_up to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (payer_id = app_person() and app_audience() = 'family'))
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or (household_id = any (app_paying_households()) and payer_id = app_person()))
  );
grant select, insert, update on top_up to refettorio_web;

alter table top_up_transition enable row level security;
create policy top_up_transition_read on top_up_transition for select to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or top_up_id = any (app_top_ups()))
  );
-- A family leaves the trace of the one move that it makes, once (`top_up_transition_first`): its order was opened, or could not be.
create policy top_up_transition_add on top_up_transition for insert to refettorio_web
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or from_state = 'created'
      and cause = 'created'
      and top_up_id::text || ':' || to_state = any (app_opened_top_ups()))
  );
grant select, insert on top_up_transition to refettorio_web;

alter table entry enable row level security;
create policy entry_read on entry for select to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or (account_id = any (app_paying_accounts())
        or posted_at >= app_account_since(account_id)))
  );
create policy entry_add on entry for insert to refettorio_web
  with check (municipality_id = app_municipality() and (app_audience() in ('staff', 'system')));
grant select, insert on entry to refettorio_web;

-- Written by the ledger alone, as entries are.
alter table entry_year enable row level security;
create policy entry_year_read on entry_year for select to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select on entry_year to refettorio_web;

alter table provider_operation enable row level security;
create policy provider_operation_scope on provider_operation to refettorio_web
  using (municipality_id = app_municipality() and (app_audience() in ('staff', 'system')))
  with check (municipality_id = app_municipality() and (app_audience() in ('staff', 'system')));
grant select, insert on provider_operation to refettorio_web;

alter table notification_inbox enable row level security;
create policy notification_inbox_scope on notification_inbox to refettorio_web
  using (municipality_id = app_municipality() and (app_audience() in ('staff', 'system')))
  with check (municipality_id = app_municipality() and (app_audience() in ('staff', 'system')));
grant select, insert on notification_inbox to refettorio_web;

alter table invoice_series enable row level security;
create policy invoice_series_scope on invoice_series to refettorio_web
  using (municipality_id = app_municipality() and (app_audience() in ('staff', 'system')))
  with check (municipality_id = app_municipality() and (app_audience() in ('staff', 'system')));
grant select, insert, update on invoice_series to refettorio_web;

alter table invoice enable row level security;
create policy invoice_scope on invoice to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (holder_id = app_person() and app_audience() = 'family'))
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (holder_id = app_person() and app_audience() = 'family'))
  );
grant select, insert, update (customer, supplier, gaps, xml, xml_sha256, completed_at) on invoice to refettorio_web;


-- Who may reach what people are told: each person the own inbox, choices and devices; the outbox only the office and the worker.

alter table delivery_batch enable row level security;
create policy delivery_batch_scope on delivery_batch to refettorio_web
  using (municipality_id = app_municipality() and (app_audience() in ('staff', 'system') or false))
  with check (municipality_id = app_municipality() and (app_audience() in ('staff', 'system') or false));
grant select on delivery_batch to refettorio_web;

alter table notification enable row level security;
create policy notification_scope on notification to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (app_audience() = 'family' and person_id = app_person()))
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (app_audience() = 'family' and person_id = app_person()))
  );
grant select, update (read_at) on notification to refettorio_web;

alter table notification_choice enable row level security;
create policy notification_choice_scope on notification_choice to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (app_audience() = 'family' and person_id = app_person()))
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (app_audience() = 'family' and person_id = app_person()))
  );
grant select, insert, update on notification_choice to refettorio_web;

alter table push_subscription enable row level security;
create policy push_subscription_scope on push_subscription to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (app_audience() = 'family' and person_id = app_person()))
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (app_audience() = 'family' and person_id = app_person()))
  );
grant select, update (last_sent_at, ended_at, end_reason) on push_subscription to refettorio_web;

alter table outbox enable row level security;
create policy outbox_scope on outbox to refettorio_web
  using (municipality_id = app_municipality() and (app_audience() in ('staff', 'system')))
  with check (municipality_id = app_municipality() and (app_audience() in ('staff', 'system')));
grant select, insert, update on outbox to refettorio_web;


-- Who may reach schools, households and their people.
-- Every policy needs the municipality of the transaction. What belongs to a family also needs staff, system or the own
-- household; what belongs to a person needs that person.

alter table school_year enable row level security;
create policy school_year_scope on school_year to refettorio_web
  using (municipality_id = app_municipality() and true)
  with check (municipality_id = app_municipality() and true);
grant select on school_year to refettorio_web;

alter table school enable row level security;
create policy school_scope on school to refettorio_web
  using (municipality_id = app_municipality() and true)
  with check (municipality_id = app_municipality() and true);
grant select on school to refettorio_web;

alter table school_class enable row level security;
create policy school_class_scope on school_class to refettorio_web
  using (municipality_id = app_municipality() and true)
  with check (municipality_id = app_municipality() and true);
grant select on school_class to refettorio_web;

alter table diet enable row level security;
create policy diet_scope on diet to refettorio_web
  using (municipality_id = app_municipality() and true)
  with check (municipality_id = app_municipality() and true);
grant select on diet to refettorio_web;

alter table person enable row level security;
create policy person_read on person for select to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or id = app_person()
      or id = any (app_people()))
  );
create policy person_add on person for insert to refettorio_web
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
create policy person_change on person for update to refettorio_web
  using (municipality_id = app_municipality() and (app_audience() in ('staff', 'system') or id = app_person()))
  with check (
    municipality_id = app_municipality() and (app_audience() in ('staff', 'system') or id = app_person())
  );
grant select, insert, update (email, phone, street, postcode, city, province, email_verified_at, refused_email, phone_verified_at) on person to refettorio_web;

alter table service enable row level security;
create policy service_read on service for select to refettorio_web
  using (municipality_id = app_municipality());
create policy service_tariffs on service for update to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, update (tariff_revision, tariff_changed_by) on service to refettorio_web;

alter table household enable row level security;
create policy household_scope on household to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (id = any (app_households())))
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (id = any (app_households())))
  );
grant select, insert, update (name) on household to refettorio_web;

alter table household_member enable row level security;
create policy household_member_read on household_member for select to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or household_id = any (app_households())
      or person_id = app_person())
  );
create policy household_member_give on household_member for insert to refettorio_web
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
create policy household_member_end on household_member for update to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or role = 'delegate' and (household_id = any (app_paying_households()) or person_id = app_person()))
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or role = 'delegate' and ended_at is not null)
  );
grant select, insert, update (valid_to, ended_at) on household_member to refettorio_web;

alter table pupil enable row level security;
create policy pupil_scope on pupil to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (id = any (app_pupils())))
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (household_id = any (app_paying_households())))
  );
grant select, insert, update (given_name) on pupil to refettorio_web;

alter table delegate_pupil enable row level security;
create policy delegate_pupil_scope on delegate_pupil to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (pupil_id = any (app_pupils())))
  )
  with check (municipality_id = app_municipality() and (app_audience() in ('staff', 'system') or false));
grant select, insert on delegate_pupil to refettorio_web;

alter table delegate_invitation enable row level security;
create policy delegate_invitation_scope on delegate_invitation to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (household_id = any (app_paying_households())))
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (household_id = any (app_paying_households())))
  );
grant select, insert, update (closed_at, outcome, accepted_by, fiscal_code_sealed) on delegate_invitation to refettorio_web;

alter table enrolment enable row level security;
create policy enrolment_read on enrolment for select to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or pupil_id = any (app_pupils()))
  );
create policy enrolment_give on enrolment for insert to refettorio_web
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
create policy enrolment_change on enrolment for update to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
create policy enrolment_drop on enrolment for delete to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, delete, update (valid_to, diet_code) on enrolment to refettorio_web;

alter table staff_member enable row level security;
create policy staff_member_scope on staff_member to refettorio_web
  using (municipality_id = app_municipality() and (app_audience() in ('staff', 'system')))
  with check (municipality_id = app_municipality() and (app_audience() in ('staff', 'system')));
grant select on staff_member to refettorio_web;

alter table email_change enable row level security;
create policy email_change_scope on email_change to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or person_id = app_person())
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or person_id = app_person())
  );
grant select, insert, update (attempts, closed_at) on email_change to refettorio_web;

alter table phone_change enable row level security;
create policy phone_change_scope on phone_change to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or app_audience() = 'family' and person_id = app_person())
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or app_audience() = 'family' and person_id = app_person())
  );
grant select, insert, update (attempts, closed_at, undelivered_at) on phone_change to refettorio_web;

alter table audit_event enable row level security;
create policy audit_event_write on audit_event for insert to refettorio_web
  with check (municipality_id = app_municipality());
create policy audit_event_read on audit_event for select to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or person_id = app_person())
  );
grant select, insert on audit_event to refettorio_web;


-- Who may reach news, documents, communications and questionnaires.
-- The database's clock decides what is public when it is read: published, begun, not expired, not withdrawn. A family reads
-- a communication that was addressed to the very person, while that person belongs to the household; about money, while
-- that person pays. Anonymous answers are readable only after the end, and only by the office.

alter table stored_file enable row level security;
create policy stored_file_scope on stored_file to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or exists (select from content_version_file f
        where f.municipality_id = stored_file.municipality_id and f.file_id = stored_file.id)
      or exists (select from municipality_settings s
        where s.municipality_id = stored_file.municipality_id and s.coat_of_arms_id = stored_file.id))
  )
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
create policy stored_file_of_communication on stored_file for select to refettorio_web
  using (
    municipality_id = app_municipality()
    and exists (select from communication_version_file f
      where f.municipality_id = stored_file.municipality_id and f.file_id = stored_file.id)
  );
grant select, insert on stored_file to refettorio_web;

alter table content_item enable row level security;
create policy content_item_scope on content_item to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or content_item.published_version is not null
      and content_item.withdrawn_at is null
      and content_item.publish_at <= app_now()
      and (content_item.expire_at is null or content_item.expire_at > app_now()))
  )
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, update on content_item to refettorio_web;

alter table content_version enable row level security;
create policy content_version_scope on content_version to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or exists (select from content_item i
        where i.municipality_id = content_version.municipality_id
        and i.id = content_version.item_id
        and i.published_version = content_version.number
        and i.published_version is not null
        and i.withdrawn_at is null
        and i.publish_at <= app_now()
        and (i.expire_at is null or i.expire_at > app_now())))
  )
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert on content_version to refettorio_web;

alter table content_version_file enable row level security;
create policy content_version_file_scope on content_version_file to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or exists (select from content_item i
        where i.municipality_id = content_version_file.municipality_id
        and i.id = content_version_file.item_id
        and i.published_version = content_version_file.version
        and i.published_version is not null
        and i.withdrawn_at is null
        and i.publish_at <= app_now()
        and (i.expire_at is null or i.expire_at > app_now())))
  )
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert on content_version_file to refettorio_web;

alter table municipality_settings enable row level security;
create policy municipality_settings_scope on municipality_settings to refettorio_web
  using (municipality_id = app_municipality() and (app_audience() in ('staff', 'system') or true))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, update on municipality_settings to refettorio_web;

alter table communication enable row level security;
create policy communication_scope on communication to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or (published_version is not null
        and id = any (app_communications())))
  )
  with check (municipality_id = app_municipality() and (app_audience() in ('staff', 'system') or false));
grant select, insert, update on communication to refettorio_web;

alter table communication_version enable row level security;
create policy communication_version_scope on communication_version to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or communication_id::text || ':' || number = any (app_communication_versions()))
  )
  with check (municipality_id = app_municipality() and (app_audience() in ('staff', 'system') or false));
grant select, insert on communication_version to refettorio_web;

alter table communication_version_file enable row level security;
create policy communication_version_file_scope on communication_version_file to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or communication_id::text || ':' || version = any (app_communication_versions()))
  )
  with check (municipality_id = app_municipality() and (app_audience() in ('staff', 'system') or false));
grant select, insert on communication_version_file to refettorio_web;

alter table communication_publication enable row level security;
create policy communication_publication_scope on communication_publication to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or communication_id = any (app_communications()))
  )
  with check (municipality_id = app_municipality() and (app_audience() in ('staff', 'system') or false));
grant select, insert on communication_publication to refettorio_web;

alter table communication_recipient enable row level security;
create policy communication_recipient_scope on communication_recipient to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or communication_id::text || ':' || household_id = any (app_communication_copies()))
  )
  with check (municipality_id = app_municipality() and (app_audience() in ('staff', 'system') or false));
grant select, insert on communication_recipient to refettorio_web;

alter table communication_recipient_person enable row level security;
create policy communication_recipient_person_scope on communication_recipient_person to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or (person_id = app_person()
        and app_audience() = 'family'
        and (household_id = any (app_paying_households())
          or about = 'service' and household_id = any (app_households()))))
  )
  with check (municipality_id = app_municipality() and (app_audience() in ('staff', 'system') or false));
grant select, insert on communication_recipient_person to refettorio_web;

alter table communication_read enable row level security;
create policy communication_read_scope on communication_read to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system') or (person_id = app_person() and app_audience() = 'family'))
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or (person_id = app_person()
        and communication_id::text || ':' || version = any (app_communication_versions())))
  );
grant select, insert on communication_read to refettorio_web;

alter table communication_acknowledgement enable row level security;
create policy communication_acknowledgement_scope on communication_acknowledgement to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or (household_id = any (app_households())
        and communication_id = any (app_communications())))
  )
  with check (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or (person_id = app_person()
        and household_id = any (app_households())
        and communication_id::text || ':' || version = any (app_communication_versions())))
  );
grant select, insert on communication_acknowledgement to refettorio_web;

alter table communication_reminder enable row level security;
create policy communication_reminder_scope on communication_reminder to refettorio_web
  using (municipality_id = app_municipality() and (app_audience() in ('staff', 'system') or false))
  with check (municipality_id = app_municipality() and (app_audience() in ('staff', 'system') or false));
grant select, insert on communication_reminder to refettorio_web;

alter table questionnaire enable row level security;
create policy questionnaire_read on questionnaire for select to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or app_audience() = 'family' and questionnaire.published_at is not null and questionnaire.opens_at <= app_now())
  );
create policy questionnaire_add on questionnaire for insert to refettorio_web
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
create policy questionnaire_change on questionnaire for update to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'))
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
create policy questionnaire_drop on questionnaire for delete to refettorio_web
  using (
    municipality_id = app_municipality() and app_audience() in ('staff', 'system') and published_at is null
  );
grant select, insert, update, delete on questionnaire to refettorio_web;

alter table questionnaire_question enable row level security;
create policy questionnaire_question_read on questionnaire_question for select to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or app_audience() = 'family' and questionnaire_id = any (app_begun_questionnaires()))
  );
create policy questionnaire_question_add on questionnaire_question for insert to refettorio_web
  with check (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
create policy questionnaire_question_drop on questionnaire_question for delete to refettorio_web
  using (municipality_id = app_municipality() and app_audience() in ('staff', 'system'));
grant select, insert, delete on questionnaire_question to refettorio_web;

alter table questionnaire_part enable row level security;
create policy questionnaire_part_read on questionnaire_part for select to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      or household_id = any (app_households())
      and (pupil_id is null or pupil_id = any (app_pupils())))
  );
create policy questionnaire_part_add on questionnaire_part for insert to refettorio_web
  with check (
    municipality_id = app_municipality()
    and household_id = any (app_households())
    and (pupil_id is null or pupil_id = any (app_pupils()))
    and questionnaire_id = any (app_open_questionnaires())
  );
create policy questionnaire_part_change on questionnaire_part for update to refettorio_web
  using (
    municipality_id = app_municipality()
    and household_id = any (app_households())
    and (pupil_id is null or pupil_id = any (app_pupils()))
    and person_id = app_person()
  )
  with check (
    municipality_id = app_municipality()
    and household_id = any (app_households())
    and (pupil_id is null or pupil_id = any (app_pupils()))
    and person_id = app_person()
    and questionnaire_id = any (app_open_questionnaires())
  );
grant select, insert, update (answered_at) on questionnaire_part to refettorio_web;

alter table questionnaire_answer enable row level security;
create policy questionnaire_answer_read on questionnaire_answer for select to refettorio_web
  using (
    municipality_id = app_municipality()
    and (app_audience() in ('staff', 'system')
      and (part is not null or questionnaire_id = any (app_closed_questionnaires()))
      or part = any (app_questionnaire_parts()))
  );
create policy questionnaire_answer_add on questionnaire_answer for insert to refettorio_web
  with check (
    municipality_id = app_municipality()
    and app_audience() = 'family'
    and questionnaire_id = any (app_open_questionnaires())
    and (part is null and questionnaire_id = any (app_anonymous_questionnaires())
      or part = any (app_questionnaire_parts()))
  );
create policy questionnaire_answer_replace on questionnaire_answer for delete to refettorio_web
  using (
    municipality_id = app_municipality()
    and questionnaire_id = any (app_open_questionnaires())
    and part = any (app_questionnaire_parts())
  );
grant select, insert, delete on questionnaire_answer to refettorio_web;


insert into language (code) values ('it'), ('en'), ('ar') on conflict do nothing;

select keep_school_years();


  do $$ begin
    alter role refettorio_web set statement_timeout = '8s';
    alter role refettorio_web set lock_timeout = '6s';
    alter role refettorio_web set idle_in_transaction_session_timeout = '10s';
    alter role refettorio_web set transaction_timeout = '1min';
    alter role refettorio_web set plan_cache_mode = 'force_generic_plan';
  exception when insufficient_privilege then null;
  end $$;

select make_school_years('2026-09-01', '2027-09-01');

create table kysely_migration (name varchar(255) primary key, timestamp varchar(255) not null);
create table kysely_migration_lock (id varchar(255) primary key, is_locked integer default 0 not null);
create table schema_source (name text primary key, hash text not null);

insert into absence ("municipality_id", "service_day_id", "pupil_id", "receipt_id") overriding system value select "municipality_id", "service_day_id", "pupil_id", "receipt_id" from jsonb_populate_recordset(null::absence, $rows$[
{"pupil_id":"01a22b4c-8cfc-757b-bd2e-da09b44637b2","receipt_id":"01a22b4c-8e3a-7653-84b6-3a81ece59193","service_day_id":"01a22b4c-8c9c-7b6f-a71e-68326e5142c9","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"pupil_id":"01a22b4c-8d1f-7d7c-8c8d-78cc41f8e8c6","receipt_id":"01a22b4c-8e94-7f74-9aff-d1db64010296","service_day_id":"01a22b4c-8c9c-7f7d-8121-e14271fb546e","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"pupil_id":"01a22b4c-8d6a-78ff-b79c-ec5ff5c0d803","receipt_id":"01a22b4c-8e98-79bd-809d-dd7491e770ae","service_day_id":"01a22b4c-8c9c-7f7d-8121-e14271fb546e","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"}]$rows$) on conflict do nothing;

insert into absence_event ("municipality_id", "id", "receipt_id", "service_day_id", "pupil_id", "kind", "occurred_at", "day") overriding system value select "municipality_id", "id", "receipt_id", "service_day_id", "pupil_id", "kind", "occurred_at", "day" from jsonb_populate_recordset(null::absence_event, $rows$[
{"id":"01a22b4c-8e3c-798a-aacc-c7089e9e057f","day":"2026-09-14","kind":"cancelled","pupil_id":"01a22b4c-8cfc-757b-bd2e-da09b44637b2","receipt_id":"01a22b4c-8e3a-7653-84b6-3a81ece59193","occurred_at":"2026-09-14T06:05:00+00:00","service_day_id":"01a22b4c-8c9c-7b6f-a71e-68326e5142c9","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8e96-70c5-9444-454a373ce445","day":"2026-09-15","kind":"cancelled","pupil_id":"01a22b4c-8d1f-7d7c-8c8d-78cc41f8e8c6","receipt_id":"01a22b4c-8e94-7f74-9aff-d1db64010296","occurred_at":"2026-09-15T06:05:00+00:00","service_day_id":"01a22b4c-8c9c-7f7d-8121-e14271fb546e","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8e97-7b22-9cf5-375c9e584ddd","day":"2026-09-15","kind":"cancelled","pupil_id":"01a22b4c-8d28-7913-b964-4e9eb9c39b89","receipt_id":"01a22b4c-8e96-7e5f-9521-ba0121c4ef4b","occurred_at":"2026-09-15T06:05:00+00:00","service_day_id":"01a22b4c-8cb9-798e-95b1-78069715413b","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"}]$rows$) on conflict do nothing;

insert into absence_receipt ("municipality_id", "id", "number", "household_id", "person_id", "action", "channel", "arrived_at", "idempotency_key", "request_hash", "not_changed", "first_day", "last_day") overriding system value select "municipality_id", "id", "number", "household_id", "person_id", "action", "channel", "arrived_at", "idempotency_key", "request_hash", "not_changed", "first_day", "last_day" from jsonb_populate_recordset(null::absence_receipt, $rows$[
{"id":"01a22b4c-8e3a-7653-84b6-3a81ece59193","action":"cancel","number":"MZC-41496793","channel":"web","last_day":"2026-09-14","first_day":"2026-09-14","person_id":"01a22b4c-8cfb-73d3-9e1f-da79e5f9724f","arrived_at":"2026-09-14T06:05:00+00:00","not_changed":[],"household_id":"01a22b4c-8cfa-7d50-9619-03d8138975aa","request_hash":"\\x93eb39695d688d4db1e244892d8ec5f5a31bc653286363f8dc5342eae503a51f","idempotency_key":"ded3c690-db6c-4ef9-b4bc-fe96fe40fab6","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8e94-7f74-9aff-d1db64010296","action":"cancel","number":"MZC-DC321C74","channel":"web","last_day":"2026-09-15","first_day":"2026-09-15","person_id":"01a22b4c-8d1a-7bd4-b3e7-6ba05c6864d5","arrived_at":"2026-09-15T06:05:00+00:00","not_changed":[],"household_id":"01a22b4c-8d1a-7724-8ba2-5c79e5248492","request_hash":"\\x604391c7e6cc69d64ccc786cf1eba3224b4fb38f57ec50e9ad9dfc83eff4ec33","idempotency_key":"b13236e9-b0da-485d-b98b-84beec45270a","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8e96-7e5f-9521-ba0121c4ef4b","action":"cancel","number":"MZC-06DC38F0","channel":"web","last_day":"2026-09-15","first_day":"2026-09-15","person_id":"01a22b4c-8d27-7321-a0d6-2cbcd0c8eb38","arrived_at":"2026-09-15T06:05:00+00:00","not_changed":[],"household_id":"01a22b4c-8d26-7e3f-aa3d-682392c3a125","request_hash":"\\xfb631efb5319cf621496a60f6bce2ec5182ed8e185c6904e4faadba2f6efa0f3","idempotency_key":"ae6c2db7-611b-491a-bff4-f17327e6102e","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8e98-79bd-809d-dd7491e770ae","action":"cancel","number":"MZC-657272CB","channel":"web","last_day":"2026-09-15","first_day":"2026-09-15","person_id":"01a22b4c-8d68-7ecf-a4b9-82e24f451aa8","arrived_at":"2026-09-15T06:05:00+00:00","not_changed":[],"household_id":"01a22b4c-8d68-7a94-8049-c4099e25705b","request_hash":"\\x19602ee79d4e30a24ba7c2c4c77005660e876b1cf43b4b03f4ede3d849abe0fd","idempotency_key":"f6247ed4-cf81-4975-8ee0-a9122e3c23f6","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"}]$rows$) on conflict do nothing;

insert into account ("municipality_id", "id", "kind", "service_id", "household_id", "school_id", "balance_cents", "updated_at") overriding system value select "municipality_id", "id", "kind", "service_id", "household_id", "school_id", "balance_cents", "updated_at" from jsonb_populate_recordset(null::account, $rows$[
{"id":"01a22b4c-8ce6-7e0f-8037-7e946b4eb803","kind":"household","school_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-09-13T22:10:00+00:00","household_id":"01a22b4c-8ce2-71f1-baf7-34976598acc2","balance_cents":88470,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8cf5-7ed2-82fa-555f4288c018","kind":"household","school_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-09-13T22:10:00+00:00","household_id":"01a22b4c-8cf3-7db1-a624-eba5dc914eb0","balance_cents":1620,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8cf8-7ea4-a9c9-439a91bf3883","kind":"household","school_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-11-28T19:15:00+00:00","household_id":"01a22b4c-8cf7-70d5-b4ed-e94f394f7442","balance_cents":15120,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d09-7d4b-9a93-6969122d4916","kind":"household","school_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-11-27T08:30:03+00:00","household_id":"01a22b4c-8d01-7339-a7ea-9e8466502fbe","balance_cents":19440,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d0c-705a-b867-d0bd899d23f0","kind":"household","school_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-11-27T08:30:03+00:00","household_id":"01a22b4c-8d0a-7f61-843d-01dc31b7ef9d","balance_cents":4860,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d0f-7ed7-a210-ff5fff5c1e72","kind":"household","school_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-09-13T22:10:00+00:00","household_id":"01a22b4c-8d0e-73d4-aa4b-3850d7df62eb","balance_cents":-10800,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d12-768e-a89a-aaa9fb5da46d","kind":"household","school_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-11-27T08:30:03+00:00","household_id":"01a22b4c-8d10-7d63-8ee2-22cd87c21b36","balance_cents":16740,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d14-7ef6-b677-8d0964210e06","kind":"household","school_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-11-27T08:30:03+00:00","household_id":"01a22b4c-8d13-79db-9816-f5ff97376342","balance_cents":-3240,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d17-7634-90bd-23b31af8f13d","kind":"household","school_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-11-28T19:15:00+00:00","household_id":"01a22b4c-8d16-77f8-98b3-e025f2e6a347","balance_cents":37800,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d19-7947-b13a-1265d86e7222","kind":"household","school_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-09-13T22:10:00+00:00","household_id":"01a22b4c-8d18-7366-bd29-0b6103830ca8","balance_cents":32400,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d1b-74f4-83e7-9b9cc2e03521","kind":"household","school_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-11-27T08:30:03+00:00","household_id":"01a22b4c-8d1a-7724-8ba2-5c79e5248492","balance_cents":-25380,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d24-728f-9a25-bebcbdac030b","kind":"household","school_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-11-27T08:30:03+00:00","household_id":"01a22b4c-8d22-7177-a625-eeb86166aa4b","balance_cents":33840,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d26-70be-b420-810694a6cb35","kind":"household","school_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-11-26T08:30:03+00:00","household_id":"01a22b4c-8d25-705c-bd49-1bc3d1aa5cd3","balance_cents":31320,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d28-74c3-b6db-a208b0389b44","kind":"household","school_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-09-13T22:10:00+00:00","household_id":"01a22b4c-8d26-7e3f-aa3d-682392c3a125","balance_cents":-7020,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d2a-7eb1-9c4c-2e3b7240db99","kind":"household","school_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-11-27T08:30:03+00:00","household_id":"01a22b4c-8d29-7e8f-8a2d-e93c5898a10b","balance_cents":14040,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d3d-72b1-9b5f-697d1129828f","kind":"household","school_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-11-27T08:30:03+00:00","household_id":"01a22b4c-8d31-72ad-b8f8-c06f747caccc","balance_cents":-13500,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d4d-7892-bf3a-86452c2cc0ce","kind":"household","school_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-11-29T19:15:00+00:00","household_id":"01a22b4c-8d45-7e05-8596-382b08e012c0","balance_cents":27000,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d5a-776e-b46e-f4c3b20ba140","kind":"household","school_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-09-13T22:10:00+00:00","household_id":"01a22b4c-8d58-7f0e-91f0-1f5c3b7fa4c8","balance_cents":11340,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d61-7882-b0e4-50c9c539e925","kind":"household","school_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-11-27T08:30:03+00:00","household_id":"01a22b4c-8d5d-789f-8513-72e8ebc119b2","balance_cents":16200,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d63-7a87-a6a4-6a1e8d3f74a1","kind":"household","school_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-11-27T08:30:03+00:00","household_id":"01a22b4c-8d62-7674-84fd-569e29507a49","balance_cents":1620,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d66-7093-93a4-bd81fb0cd2ba","kind":"household","school_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-11-26T08:30:03+00:00","household_id":"01a22b4c-8d65-70da-a07f-734d9ad7f139","balance_cents":6480,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d67-7d54-8741-250558fbe163","kind":"household","school_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-09-13T22:10:00+00:00","household_id":"01a22b4c-8d66-7c40-8a30-1dd790fab4a0","balance_cents":15120,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d6a-746c-aafc-d1f541cce639","kind":"household","school_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-11-28T19:15:00+00:00","household_id":"01a22b4c-8d68-7a94-8049-c4099e25705b","balance_cents":12960,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d6f-7553-8a42-427096c09c34","kind":"household","school_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-11-29T19:15:00+00:00","household_id":"01a22b4c-8d6e-71cc-b8f3-5be9d37b6c03","balance_cents":42120,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d76-761f-b032-8846069a577e","kind":"household","school_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-11-26T08:30:03+00:00","household_id":"01a22b4c-8d71-75c1-acd9-ab2bc0de6939","balance_cents":30780,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d7d-72be-b151-e05ae1efe2f0","kind":"household","school_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-09-13T22:10:00+00:00","household_id":"01a22b4c-8d77-71f9-8476-d44cdf9d2a74","balance_cents":-30240,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d85-72cc-9048-96adaa14de22","kind":"household","school_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-11-27T08:30:03+00:00","household_id":"01a22b4c-8d80-7801-a37e-8de613a7d46c","balance_cents":16200,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d87-7371-8d91-94658f2eeb2f","kind":"household","school_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-11-27T08:30:03+00:00","household_id":"01a22b4c-8d86-7066-b102-ad42848795d1","balance_cents":18360,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d8a-799d-9b80-79766ae18622","kind":"household","school_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-11-27T08:30:03+00:00","household_id":"01a22b4c-8d89-7ad2-ae26-90fa1178e2b0","balance_cents":7020,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d98-7676-9c2c-56cf19896016","kind":"household","school_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-11-28T19:15:00+00:00","household_id":"01a22b4c-8d8b-7bfe-bc61-2f4117316083","balance_cents":33480,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d9a-78a5-91a9-cfa21fa721d5","kind":"household","school_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-11-27T08:30:03+00:00","household_id":"01a22b4c-8d99-78c4-acce-654fcf487eb7","balance_cents":-11880,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d9c-7667-a02a-97d6c92815c0","kind":"household","school_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-11-27T08:30:03+00:00","household_id":"01a22b4c-8d9b-749f-a970-11b2bfcddd8c","balance_cents":-1620,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8da1-7f04-bc6a-8bcd954e57c5","kind":"household","school_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-11-26T08:30:03+00:00","household_id":"01a22b4c-8d9d-7b0a-a2c5-67670737fdfe","balance_cents":28620,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8ddd-7e02-b679-58d4f01af06b","kind":"household","school_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-09-13T22:10:00+00:00","household_id":"01a22b4c-8dce-7b02-aec4-07583da98650","balance_cents":13500,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8ddf-79b9-86cb-d00f4c69ca5f","kind":"household","school_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-11-27T08:30:03+00:00","household_id":"01a22b4c-8dde-7b5d-8b94-230621e11dae","balance_cents":0,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8df0-7c41-98be-7d53fb49f2ed","kind":"household","school_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-11-27T08:30:03+00:00","household_id":"01a22b4c-8def-741f-bc52-3c224a973ae0","balance_cents":-14580,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8df7-7af1-9076-90c4015cd87e","kind":"household","school_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-11-28T19:15:00+00:00","household_id":"01a22b4c-8df1-7a00-9a53-e3e511fbbc52","balance_cents":38340,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8e05-7b27-85c9-51ab7bfd929c","kind":"household","school_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-09-13T22:10:00+00:00","household_id":"01a22b4c-8dfd-7ec6-9d95-61ffb02dddf1","balance_cents":15660,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8e07-7f9a-95d3-f28b7955c5aa","kind":"household","school_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-11-27T08:30:03+00:00","household_id":"01a22b4c-8e07-7300-ab3c-97f1f5cd2a42","balance_cents":17820,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8e74-7667-a1fd-0ee08fcb728b","kind":"meals","school_id":"01a22b4c-8c8d-7b02-8ca7-7c9023cf4949","service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-11-27T08:30:03+00:00","household_id":null,"balance_cents":365040,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8e85-7c62-8c07-6d1e2b355f26","kind":"meals","school_id":"01a22b4c-8cbd-7461-920f-598c612d8e7c","service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-11-26T08:30:03+00:00","household_id":null,"balance_cents":170100,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8eb3-7fa9-9bce-adabc562fe2e","kind":"meals","school_id":"01a22b4c-8cad-7355-bbb4-1d6473144d02","service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-11-27T08:30:03+00:00","household_id":null,"balance_cents":566100,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8f51-7489-9822-85b838c3c1d5","kind":"clearing","school_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-11-29T19:15:00+00:00","household_id":null,"balance_cents":-1528200,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-ac73-7f83-a04b-bc8541d3aff9","kind":"opening","school_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","updated_at":"2026-09-13T22:10:00+00:00","household_id":null,"balance_cents":-132210,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"}]$rows$) on conflict do nothing;

insert into audit_event ("municipality_id", "id", "occurred_at", "person_id", "session_id", "action", "object_type", "object_id", "outcome", "details") overriding system value select "municipality_id", "id", "occurred_at", "person_id", "session_id", "action", "object_type", "object_id", "outcome", "details" from jsonb_populate_recordset(null::audit_event, $rows$[
{"id":"01a22b4c-b6a5-78f4-862c-7fc41e3a51c4","action":"forms.sent","details":{},"outcome":"done","object_id":"01a22b4c-b69f-7e30-b192-5d92ca95fd9f","person_id":"01a22b4c-8d05-72d7-af5d-3fb8babe00a4","session_id":"01a22b4c-8d05-72d7-af5d-3fb8babe00a4","object_type":"form_submission","occurred_at":"2026-11-09T20:12:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-b6c7-71e0-88cc-16f1e4800661","action":"forms.sent","details":{},"outcome":"done","object_id":"01a22b4c-b6c2-7047-bdd3-9d9136c8ddd9","person_id":"01a22b4c-8d0e-7e38-8237-5941cc9cf957","session_id":"01a22b4c-8d0e-7e38-8237-5941cc9cf957","object_type":"form_submission","occurred_at":"2026-11-21T17:40:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-b6e2-7a58-b4a4-85fe6842c819","action":"forms.sent","details":{},"outcome":"done","object_id":"01a22b4c-b6df-769b-bd38-2f8ea3f0f26a","person_id":"01a22b4c-8ce3-73e1-954a-747221652bad","session_id":"01a22b4c-8ce3-73e1-954a-747221652bad","object_type":"form_submission","occurred_at":"2026-11-24T06:55:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"}]$rows$) on conflict do nothing;

insert into closure ("municipality_id", "id", "service_id", "school_id", "day", "kind", "reason", "created_by", "created_at") overriding system value select "municipality_id", "id", "service_id", "school_id", "day", "kind", "reason", "created_by", "created_at" from jsonb_populate_recordset(null::closure, $rows$[
{"id":"01a22b4c-8c8b-7b41-8545-2771f5c99bca","day":"2026-11-01","kind":"holiday","reason":"Ognissanti","school_id":null,"created_at":"2026-08-31T22:10:00+00:00","created_by":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8c8b-7e7f-aafe-dc1493774261","day":"2026-11-02","kind":"holiday","reason":"Ognissanti","school_id":null,"created_at":"2026-08-31T22:10:00+00:00","created_by":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8c8c-707e-a276-f343a515bc5b","day":"2027-08-10","kind":"holiday","reason":"Chiusura estiva","school_id":null,"created_at":"2026-08-31T22:10:00+00:00","created_by":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"}]$rows$) on conflict do nothing;

insert into communication ("municipality_id", "id", "latest_version", "submitted_version", "submitted_by", "wanted_at", "note", "approved_version", "approved_by", "due_at", "published_version", "published_at", "expires_at", "withdrawn_at", "withdrawn_by", "withdrawn_reason", "created_at") overriding system value select "municipality_id", "id", "latest_version", "submitted_version", "submitted_by", "wanted_at", "note", "approved_version", "approved_by", "due_at", "published_version", "published_at", "expires_at", "withdrawn_at", "withdrawn_by", "withdrawn_reason", "created_at" from jsonb_populate_recordset(null::communication, $rows$[
{"id":"01a22b4c-aea3-7f92-8386-be676465aa1d","note":"","due_at":null,"wanted_at":null,"created_at":"2026-10-21T15:40:00+00:00","expires_at":null,"approved_by":"01a22b4c-8cdc-7642-8e38-2dc82227bb3c","published_at":"2026-10-21T15:40:00+00:00","submitted_by":"01a22b4c-8cd2-7d22-9696-39515a5ae135","withdrawn_at":null,"withdrawn_by":null,"latest_version":1,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","approved_version":1,"withdrawn_reason":null,"published_version":1,"submitted_version":null},
{"id":"01a22b4c-b066-77cd-978a-f19e81211336","note":"","due_at":null,"wanted_at":null,"created_at":"2026-11-18T16:41:00+00:00","expires_at":null,"approved_by":"01a22b4c-8cdc-7642-8e38-2dc82227bb3c","published_at":"2026-11-18T16:41:00+00:00","submitted_by":"01a22b4c-8cd2-7d22-9696-39515a5ae135","withdrawn_at":null,"withdrawn_by":null,"latest_version":1,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","approved_version":1,"withdrawn_reason":null,"published_version":1,"submitted_version":null},
{"id":"01a22b4c-b3b3-7ff1-9f45-cb3571c4dd53","note":"","due_at":null,"wanted_at":null,"created_at":"2026-11-22T16:42:00+00:00","expires_at":null,"approved_by":"01a22b4c-8cdc-7642-8e38-2dc82227bb3c","published_at":"2026-11-22T16:42:00+00:00","submitted_by":"01a22b4c-8cd2-7d22-9696-39515a5ae135","withdrawn_at":null,"withdrawn_by":null,"latest_version":1,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","approved_version":1,"withdrawn_reason":null,"published_version":1,"submitted_version":null},
{"id":"01a22b4c-b4a8-7a93-bcc2-46996bb9b061","note":"","due_at":null,"wanted_at":null,"created_at":"2026-11-27T16:43:00+00:00","expires_at":null,"approved_by":"01a22b4c-8cdc-7642-8e38-2dc82227bb3c","published_at":"2026-11-27T16:43:00+00:00","submitted_by":"01a22b4c-8cd2-7d22-9696-39515a5ae135","withdrawn_at":null,"withdrawn_by":null,"latest_version":1,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","approved_version":1,"withdrawn_reason":null,"published_version":1,"submitted_version":null},
{"id":"01a22b4c-b5c5-7fe5-a128-7397ca59ad67","note":"","due_at":"2026-12-02T07:00:00+00:00","wanted_at":null,"created_at":"2026-11-30T07:12:46.699+00:00","expires_at":null,"approved_by":"01a22b4c-8cdc-7642-8e38-2dc82227bb3c","published_at":null,"submitted_by":null,"withdrawn_at":null,"withdrawn_by":null,"latest_version":1,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","approved_version":1,"withdrawn_reason":null,"published_version":null,"submitted_version":null},
{"id":"01a22b4c-b5dc-7531-b9d2-3d07c0031f9a","note":"Va bene l’orario?","due_at":null,"wanted_at":null,"created_at":"2026-11-30T07:12:46.699+00:00","expires_at":null,"approved_by":null,"published_at":null,"submitted_by":"01a22b4c-8cd2-7d22-9696-39515a5ae135","withdrawn_at":null,"withdrawn_by":null,"latest_version":1,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","approved_version":null,"withdrawn_reason":null,"published_version":null,"submitted_version":1}]$rows$) on conflict do nothing;

insert into communication_acknowledgement ("municipality_id", "communication_id", "version", "household_id", "person_id", "once_per", "acknowledged_at", "was_late") overriding system value select "municipality_id", "communication_id", "version", "household_id", "person_id", "once_per", "acknowledged_at", "was_late" from jsonb_populate_recordset(null::communication_acknowledgement, $rows$[
{"version":1,"once_per":"household","was_late":false,"person_id":"01a22b4c-8cf4-7f59-bd69-69aed4d3b6da","household_id":"01a22b4c-8cf3-7db1-a624-eba5dc914eb0","acknowledged_at":"2026-11-18T16:41:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","communication_id":"01a22b4c-b066-77cd-978a-f19e81211336"},
{"version":1,"once_per":"household","was_late":false,"person_id":"01a22b4c-8cf7-7b6c-b320-c0689ba5811a","household_id":"01a22b4c-8cf7-70d5-b4ed-e94f394f7442","acknowledged_at":"2026-11-18T16:41:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","communication_id":"01a22b4c-b066-77cd-978a-f19e81211336"},
{"version":1,"once_per":"household","was_late":false,"person_id":"01a22b4c-8d05-72d7-af5d-3fb8babe00a4","household_id":"01a22b4c-8d01-7339-a7ea-9e8466502fbe","acknowledged_at":"2026-11-18T16:41:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","communication_id":"01a22b4c-b066-77cd-978a-f19e81211336"}]$rows$) on conflict do nothing;

insert into communication_publication ("municipality_id", "communication_id", "version", "title", "published_at", "approved_by") overriding system value select "municipality_id", "communication_id", "version", "title", "published_at", "approved_by" from jsonb_populate_recordset(null::communication_publication, $rows$[
{"title":"Come funziona la mensa quest’anno","version":1,"approved_by":"01a22b4c-8cdc-7642-8e38-2dc82227bb3c","published_at":"2026-10-21T15:40:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","communication_id":"01a22b4c-aea3-7f92-8386-be676465aa1d"},
{"title":"In cucina arriva il menù d’inverno","version":1,"approved_by":"01a22b4c-8cdc-7642-8e38-2dc82227bb3c","published_at":"2026-11-27T16:43:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","communication_id":"01a22b4c-b4a8-7a93-bcc2-46996bb9b061"},
{"title":"Patto per una mensa serena: da leggere e confermare","version":1,"approved_by":"01a22b4c-8cdc-7642-8e38-2dc82227bb3c","published_at":"2026-11-18T16:41:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","communication_id":"01a22b4c-b066-77cd-978a-f19e81211336"},
{"title":"Saldo da ricaricare","version":1,"approved_by":"01a22b4c-8cdc-7642-8e38-2dc82227bb3c","published_at":"2026-11-22T16:42:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","communication_id":"01a22b4c-b3b3-7ff1-9f45-cb3571c4dd53"}]$rows$) on conflict do nothing;

insert into communication_read ("municipality_id", "communication_id", "version", "person_id", "read_at") overriding system value select "municipality_id", "communication_id", "version", "person_id", "read_at" from jsonb_populate_recordset(null::communication_read, $rows$[
{"read_at":"2026-10-21T15:40:00+00:00","version":1,"person_id":"01a22b4c-8cf4-7f59-bd69-69aed4d3b6da","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","communication_id":"01a22b4c-aea3-7f92-8386-be676465aa1d"},
{"read_at":"2026-10-21T15:40:00+00:00","version":1,"person_id":"01a22b4c-8cf7-7b6c-b320-c0689ba5811a","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","communication_id":"01a22b4c-aea3-7f92-8386-be676465aa1d"},
{"read_at":"2026-10-21T15:40:00+00:00","version":1,"person_id":"01a22b4c-8d05-72d7-af5d-3fb8babe00a4","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","communication_id":"01a22b4c-aea3-7f92-8386-be676465aa1d"}]$rows$) on conflict do nothing;

insert into communication_recipient ("municipality_id", "communication_id", "household_id", "about", "balance_cents") overriding system value select "municipality_id", "communication_id", "household_id", "about", "balance_cents" from jsonb_populate_recordset(null::communication_recipient, $rows$[
{"about":"service","household_id":"01a22b4c-8ce2-71f1-baf7-34976598acc2","balance_cents":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","communication_id":"01a22b4c-aea3-7f92-8386-be676465aa1d"},
{"about":"service","household_id":"01a22b4c-8cf3-7db1-a624-eba5dc914eb0","balance_cents":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","communication_id":"01a22b4c-aea3-7f92-8386-be676465aa1d"},
{"about":"service","household_id":"01a22b4c-8cf7-70d5-b4ed-e94f394f7442","balance_cents":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","communication_id":"01a22b4c-aea3-7f92-8386-be676465aa1d"}]$rows$) on conflict do nothing;

insert into communication_recipient_person ("municipality_id", "communication_id", "household_id", "person_id", "about", "role", "had_email") overriding system value select "municipality_id", "communication_id", "household_id", "person_id", "about", "role", "had_email" from jsonb_populate_recordset(null::communication_recipient_person, $rows$[
{"role":"holder","about":"money","had_email":true,"person_id":"01a22b4c-8d0e-7e38-8237-5941cc9cf957","household_id":"01a22b4c-8d0e-73d4-aa4b-3850d7df62eb","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","communication_id":"01a22b4c-b3b3-7ff1-9f45-cb3571c4dd53"},
{"role":"holder","about":"money","had_email":true,"person_id":"01a22b4c-8d13-7eff-a97c-3be6ba836469","household_id":"01a22b4c-8d13-79db-9816-f5ff97376342","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","communication_id":"01a22b4c-b3b3-7ff1-9f45-cb3571c4dd53"},
{"role":"holder","about":"money","had_email":true,"person_id":"01a22b4c-8d1a-7bd4-b3e7-6ba05c6864d5","household_id":"01a22b4c-8d1a-7724-8ba2-5c79e5248492","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","communication_id":"01a22b4c-b3b3-7ff1-9f45-cb3571c4dd53"},
{"role":"holder","about":"service","had_email":true,"person_id":"01a22b4c-8cf4-7f59-bd69-69aed4d3b6da","household_id":"01a22b4c-8cf3-7db1-a624-eba5dc914eb0","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","communication_id":"01a22b4c-b066-77cd-978a-f19e81211336"},
{"role":"holder","about":"service","had_email":true,"person_id":"01a22b4c-8cf7-7b6c-b320-c0689ba5811a","household_id":"01a22b4c-8cf7-70d5-b4ed-e94f394f7442","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","communication_id":"01a22b4c-b066-77cd-978a-f19e81211336"},
{"role":"holder","about":"service","had_email":true,"person_id":"01a22b4c-8d05-72d7-af5d-3fb8babe00a4","household_id":"01a22b4c-8d01-7339-a7ea-9e8466502fbe","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","communication_id":"01a22b4c-b066-77cd-978a-f19e81211336"}]$rows$) on conflict do nothing;

insert into communication_version ("municipality_id", "communication_id", "number", "kind", "about", "title", "body", "audience", "acknowledgement", "acknowledge_by", "expires_at", "reason", "author_id", "saved_at") overriding system value select "municipality_id", "communication_id", "number", "kind", "about", "title", "body", "audience", "acknowledgement", "acknowledge_by", "expires_at", "reason", "author_id", "saved_at" from jsonb_populate_recordset(null::communication_version, $rows$[
{"body":"<p>Da lunedì il primo turno della mensa comincia alle 12:15.</p>","kind":"notice","about":"service","title":"Cambio di orario alla primaria","number":1,"reason":"","audience":{"to":"schools","ids":["01a22b4c-8cad-7355-bbb4-1d6473144d02"],"inDebt":false},"saved_at":"2026-11-30T07:12:46.699+00:00","author_id":"01a22b4c-8cd2-7d22-9696-39515a5ae135","expires_at":null,"acknowledge_by":null,"acknowledgement":"none","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","communication_id":"01a22b4c-b5dc-7531-b9d2-3d07c0031f9a"},
{"body":"<p>Dalla prossima settimana nei piatti tornano minestre, legumi e agrumi.</p><p>Il menù completo è affisso a scuola.</p>","kind":"notice","about":"service","title":"In cucina arriva il menù d’inverno","number":1,"reason":"","audience":{"to":"everybody","ids":[],"inDebt":false},"saved_at":"2026-11-27T16:43:00+00:00","author_id":"01a22b4c-8cd2-7d22-9696-39515a5ae135","expires_at":null,"acknowledge_by":null,"acknowledgement":"none","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","communication_id":"01a22b4c-b4a8-7a93-bcc2-46996bb9b061"},
{"body":"<p>Gentile {nome}, ecco in breve come funziona la mensa quest’anno.</p><h2>Le presenze</h2><p>Ogni bambino iscritto è presente, se non lo disdici entro le <strong>9:30</strong> del mattino.</p><h2>Il quadernino</h2><p>L’assenza va scritta anche nel quadernino degli avvisi: la scuola non la vede da qui.</p>","kind":"information","about":"service","title":"Come funziona la mensa quest’anno","number":1,"reason":"","audience":{"to":"everybody","ids":[],"inDebt":false},"saved_at":"2026-10-21T15:40:00+00:00","author_id":"01a22b4c-8cd2-7d22-9696-39515a5ae135","expires_at":null,"acknowledge_by":null,"acknowledgement":"none","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","communication_id":"01a22b4c-aea3-7f92-8386-be676465aa1d"},
{"body":"<p>Gentile {nome}, il saldo della mensa è {saldo}.</p><p>Ti chiediamo di ricaricare almeno {debito}. Se hai già pagato, non devi fare altro.</p><p>Se c’è una difficoltà, chiamaci: troviamo insieme una soluzione.</p>","kind":"reminder","about":"money","title":"Saldo da ricaricare","number":1,"reason":"","audience":{"to":"everybody","ids":[],"inDebt":true},"saved_at":"2026-11-22T16:42:00+00:00","author_id":"01a22b4c-8cd2-7d22-9696-39515a5ae135","expires_at":null,"acknowledge_by":null,"acknowledgement":"none","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","communication_id":"01a22b4c-b3b3-7ff1-9f45-cb3571c4dd53"},
{"body":"<p>Il patto dice che cosa facciamo noi, che cosa fa la scuola e che cosa chiediamo alle famiglie.</p><ul><li>Il cibo non si usa come premio o punizione.</li><li>Ogni bambino assaggia, nessuno è obbligato a finire.</li><li>Le diete si chiedono con un certificato, ogni anno.</li></ul><p>Basta la conferma di un genitore.</p>","kind":"information","about":"service","title":"Patto per una mensa serena: da leggere e confermare","number":1,"reason":"","audience":{"to":"everybody","ids":[],"inDebt":false},"saved_at":"2026-11-18T16:41:00+00:00","author_id":"01a22b4c-8cd2-7d22-9696-39515a5ae135","expires_at":null,"acknowledge_by":"2026-12-07","acknowledgement":"household","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","communication_id":"01a22b4c-b066-77cd-978a-f19e81211336"},
{"body":"<p>L’ultimo giovedì prima delle vacanze in mensa si mangia insieme il pranzo della festa.</p>","kind":"information","about":"service","title":"Festa di fine trimestre: pranzo speciale","number":1,"reason":"","audience":{"to":"everybody","ids":[],"inDebt":false},"saved_at":"2026-11-30T07:12:46.699+00:00","author_id":"01a22b4c-8cd2-7d22-9696-39515a5ae135","expires_at":null,"acknowledge_by":null,"acknowledgement":"none","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","communication_id":"01a22b4c-b5c5-7fe5-a128-7397ca59ad67"}]$rows$) on conflict do nothing;

insert into content_item ("municipality_id", "id", "kind", "slug", "latest_version", "published_version", "publish_at", "expire_at", "published_at", "published_by", "review_version", "review_requested_by", "review_note", "withdrawn_at", "withdrawn_reason", "created_at") overriding system value select "municipality_id", "id", "kind", "slug", "latest_version", "published_version", "publish_at", "expire_at", "published_at", "published_by", "review_version", "review_requested_by", "review_note", "withdrawn_at", "withdrawn_reason", "created_at" from jsonb_populate_recordset(null::content_item, $rows$[
{"id":"01a22b4c-ad89-708b-aed5-382c71a1cee8","kind":"document","slug":"modulo-privacy-della-mensa-scolastica","expire_at":null,"created_at":"2026-10-01T06:00:00+00:00","publish_at":"2026-10-01T06:00:00+00:00","review_note":"","published_at":"2026-10-01T06:00:00+00:00","published_by":"01a22b4c-8cdd-7d21-b051-96fa3ebd0941","withdrawn_at":null,"latest_version":1,"review_version":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","withdrawn_reason":null,"published_version":1,"review_requested_by":null},
{"id":"01a22b4c-adbe-76bf-9bba-c31ec08d45ff","kind":"document","slug":"richiesta-di-dieta-speciale","expire_at":null,"created_at":"2026-10-16T06:00:00+00:00","publish_at":"2026-10-16T06:00:00+00:00","review_note":"","published_at":"2026-10-16T06:00:00+00:00","published_by":"01a22b4c-8cdd-7d21-b051-96fa3ebd0941","withdrawn_at":null,"latest_version":1,"review_version":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","withdrawn_reason":null,"published_version":1,"review_requested_by":null},
{"id":"01a22b4c-ae29-74b0-835b-9317a90f3a68","kind":"news","slug":"la-disdetta-si-fa-entro-le-9-30","expire_at":null,"created_at":"2026-11-25T07:00:00+00:00","publish_at":"2026-11-25T07:00:00+00:00","review_note":"","published_at":"2026-11-25T07:00:00+00:00","published_by":"01a22b4c-8cdd-7d21-b051-96fa3ebd0941","withdrawn_at":null,"latest_version":1,"review_version":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","withdrawn_reason":null,"published_version":1,"review_requested_by":null},
{"id":"01a22b4c-ae8f-7204-800b-e684257cf170","kind":"news","slug":"il-menu-d-inverno-comincia-lunedi","expire_at":null,"created_at":"2026-11-30T07:12:46.699+00:00","publish_at":"2026-12-03T07:00:00+00:00","review_note":"","published_at":"2026-11-30T07:12:46.699+00:00","published_by":"01a22b4c-8cdd-7d21-b051-96fa3ebd0941","withdrawn_at":null,"latest_version":1,"review_version":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","withdrawn_reason":null,"published_version":1,"review_requested_by":null},
{"id":"01a22b4c-ae95-7ce7-a0ec-b73d84b01807","kind":"news","slug":"iscrizioni-alla-mensa-per-il-prossimo-anno","expire_at":null,"created_at":"2026-11-30T07:12:46.699+00:00","publish_at":null,"review_note":"","published_at":null,"published_by":null,"withdrawn_at":null,"latest_version":1,"review_version":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","withdrawn_reason":null,"published_version":null,"review_requested_by":null}]$rows$) on conflict do nothing;

insert into content_version ("municipality_id", "item_id", "number", "title", "summary", "body", "category", "urgent", "highlighted", "author_id", "saved_at", "restored_from") overriding system value select "municipality_id", "item_id", "number", "title", "summary", "body", "category", "urgent", "highlighted", "author_id", "saved_at", "restored_from" from jsonb_populate_recordset(null::content_version, $rows$[
{"body":"<p>Compila il modulo e consegnalo all’ufficio scuola. La dieta parte dal quinto giorno di mensa dopo la consegna.</p>","title":"Richiesta di dieta speciale","number":1,"search":"'all’uffic':26 'certific':18B 'compil':21 'consegn':38 'consegnal':25 'diet':3A,29 'dop':36 'etic':11B 'giorn':33 'medic':20B 'mens':35 'modul':23 'mot':6B 'part':30 'quint':32 'relig':9B 'richiest':1A 'sal':8B,15B 'scuol':27 'serv':16B 'special':4A","urgent":false,"item_id":"01a22b4c-adbe-76bf-9bba-c31ec08d45ff","summary":"Per motivi di salute, religiosi o etici. Per quelli di salute serve il certificato del medico.","category":"moduli","saved_at":"2026-10-16T06:00:00+00:00","author_id":"01a22b4c-8cdd-7d21-b051-96fa3ebd0941","highlighted":true,"restored_from":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"body":"<p>Il menù d’inverno segue le linee guida regionali per la ristorazione scolastica.</p>","title":"Il menù d’inverno comincia lunedì","number":1,"search":"'cominc':4A 'd’invern':3A,21 'fin':16B 'frutt':9B 'guid':25 'legum':7B 'line':24 'luned':5A 'marz':18B 'menù':2A,14B,20 'nuov':13B 'regional':26 'ristor':29 'scolast':30 'segu':22 'stagion':11B 'val':15B 'zupp':6B","urgent":false,"item_id":"01a22b4c-ae8f-7204-800b-e684257cf170","summary":"Zuppe, legumi e frutta di stagione: il nuovo menù vale fino a marzo.","category":"notizie","saved_at":"2026-11-30T07:12:46.699+00:00","author_id":"01a22b4c-8cdd-7d21-b051-96fa3ebd0941","highlighted":false,"restored_from":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"body":"<p>Il modulo va firmato da entrambi i genitori e consegnato in segreteria o al primo accesso allo sportello.</p><h2>Che cosa contiene</h2><ul><li>chi usa i dati e per quale motivo;</li><li>per quanto tempo restano conservati;</li><li>come chiedere di vederli o correggerli.</li></ul>","title":"Modulo privacy della mensa scolastica","number":1,"search":"'access':36 'chied':56 'consegn':30 'conserv':54 'contien':41 'corregg':60 'cos':40 'dat':17B,45 'dic':15B 'entramb':26 'firm':7B,24 'genitor':28 'mens':4A,20B 'modul':1A,22 'mot':49 'prim':35 'privacy':2A 'qual':16B 'rest':53 'riport':12B 'scolast':5A 'scuol':14B 'segreter':32 'sol':10B 'sportell':38 'temp':52 'usa':18B,43 'va':23 'ved':58 'volt':9B","urgent":false,"item_id":"01a22b4c-ad89-708b-aed5-382c71a1cee8","summary":"Da firmare una volta sola e riportare a scuola: dice quali dati usa la mensa e perché.","category":"privacy","saved_at":"2026-10-01T06:00:00+00:00","author_id":"01a22b4c-8cdd-7d21-b051-96fa3ebd0941","highlighted":true,"restored_from":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"body":"<p>Le iscrizioni si apriranno in primavera. Per sapere come fare <a href=\"/mozzecane/moduli\">clicca qui</a>.</p>","title":"Iscrizioni alla mensa per il prossimo anno","number":1,"search":"'anno':7A 'aprirann':11 'clicc':18 'far':17 'iscrizion':1A,9 'mens':3A 'primaver':13 'prossim':6A 'qui':19 'sap':15","urgent":false,"item_id":"01a22b4c-ae95-7ce7-a0ec-b73d84b01807","summary":"","category":"notizie","saved_at":"2026-11-30T07:12:46.699+00:00","author_id":"01a22b4c-8cdd-7d21-b051-96fa3ebd0941","highlighted":false,"restored_from":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"}]$rows$) on conflict do nothing;

insert into content_version_file ("municipality_id", "item_id", "version", "file_id", "role", "position", "title") overriding system value select "municipality_id", "item_id", "version", "file_id", "role", "position", "title" from jsonb_populate_recordset(null::content_version_file, $rows$[
{"role":"attachment","title":"Modulo privacy mensa","file_id":"86ab3634-cc50-4727-8514-245af258a0ad","item_id":"01a22b4c-ad89-708b-aed5-382c71a1cee8","version":1,"position":0,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"role":"attachment","title":"Richiesta dieta speciale","file_id":"e8d88e31-44a3-4dd7-84a9-98bb1c2d548c","item_id":"01a22b4c-adbe-76bf-9bba-c31ec08d45ff","version":1,"position":0,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"}]$rows$) on conflict do nothing;

insert into counted_meals ("municipality_id", "service_day_id", "school_class_id", "diet_code", "pupil_ids", "prices_cents") overriding system value select "municipality_id", "service_day_id", "school_class_id", "diet_code", "pupil_ids", "prices_cents" from jsonb_populate_recordset(null::counted_meals, $rows$[
{"diet_code":"D01","pupil_ids":["01a22b4c-8ced-7313-b298-31cfee2b7abe"],"prices_cents":[540],"service_day_id":"01a22b4c-8c9c-7b6f-a71e-68326e5142c9","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","school_class_id":"01a22b4c-8c8e-796d-8f90-e18141c9195c"},
{"diet_code":"D01","pupil_ids":["01a22b4c-8ced-7313-b298-31cfee2b7abe"],"prices_cents":[540],"service_day_id":"01a22b4c-8c9c-7f7d-8121-e14271fb546e","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","school_class_id":"01a22b4c-8c8e-796d-8f90-e18141c9195c"},
{"diet_code":"STD","pupil_ids":["01a22b4c-8d50-754e-ba98-6c7d05f787fa"],"prices_cents":[0],"service_day_id":"01a22b4c-8cc8-7710-ba6a-fe4ae920fac4","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","school_class_id":"01a22b4c-8cc1-73e2-a331-81eb541bac09"}]$rows$) on conflict do nothing;

insert into delivery_batch ("municipality_id", "id", "key", "event", "title", "communication_id", "communication_version", "created_at") overriding system value select "municipality_id", "id", "key", "event", "title", "communication_id", "communication_version", "created_at" from jsonb_populate_recordset(null::delivery_batch, $rows$[
{"id":"01a22b4c-95e8-79ad-b900-aae98fb67205","key":"balance:low:2026-09-24","event":"balance:low","title":null,"created_at":"2026-09-24T07:30:03+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","communication_id":null,"communication_version":null},
{"id":"01a22b4c-9646-7219-bc2f-f14caf7ee12e","key":"balance:low:2026-09-25","event":"balance:low","title":null,"created_at":"2026-09-25T07:30:03+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","communication_id":null,"communication_version":null},
{"id":"01a22b4c-968e-76a6-8f4b-a559bfd27340","key":"balance:low:2026-09-28","event":"balance:low","title":null,"created_at":"2026-09-28T07:30:03+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","communication_id":null,"communication_version":null},
{"id":"01a22b4c-96e5-760d-9287-433f78ab9001","key":"balance:low:2026-09-30","event":"balance:low","title":null,"created_at":"2026-09-30T07:30:03+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","communication_id":null,"communication_version":null},
{"id":"01a22b4c-995a-7e74-8690-4a57d55a6578","key":"balance:low:2026-10-08","event":"balance:low","title":null,"created_at":"2026-10-08T07:30:03+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","communication_id":null,"communication_version":null},
{"id":"01a22b4c-9e4e-73a1-beed-e2d22ff55c66","key":"balance:low:2026-10-22","event":"balance:low","title":null,"created_at":"2026-10-22T07:30:03+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","communication_id":null,"communication_version":null},
{"id":"01a22b4c-b3fc-744b-a141-777092c3b60f","key":"communication:01a22b4c-b3b3-7ff1-9f45-cb3571c4dd53:1","event":"communication:about-money","title":"C’è una nuova comunicazione per te","created_at":"2026-11-22T16:42:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","communication_id":"01a22b4c-b3b3-7ff1-9f45-cb3571c4dd53","communication_version":1},
{"id":"01a22b4c-b755-781d-90f3-d54bc6699eae","key":"form:status:2026-11-30","event":"form:status","title":null,"created_at":"2026-11-30T07:12:46.699+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","communication_id":null,"communication_version":null}]$rows$) on conflict do nothing;

insert into diet ("municipality_id", "code", "name") overriding system value select "municipality_id", "code", "name" from jsonb_populate_recordset(null::diet, $rows$[
{"code":"D01","name":"Senza glutine","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"code":"D03","name":"Senza uova","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"code":"E02","name":"Vegetariana","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"code":"STD","name":"Dieta comune","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"}]$rows$) on conflict do nothing;

insert into dish ("municipality_id", "id", "name", "course", "ingredients", "allergens", "unsuited_diets", "archived_at", "updated_at", "revision", "updated_by") overriding system value select "municipality_id", "id", "name", "course", "ingredients", "allergens", "unsuited_diets", "archived_at", "updated_at", "revision", "updated_by" from jsonb_populate_recordset(null::dish, $rows$[
{"id":"01a22b4c-acd3-719c-ad41-508b7a9be1ce","name":"Passato di verdura con crostini","course":"primo","revision":1,"allergens":["gluten","celery"],"updated_at":"2026-11-30T07:12:46.699+00:00","updated_by":null,"archived_at":null,"ingredients":"","unsuited_diets":["D01"],"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-acd3-72b4-af61-9f4360e6d0d7","name":"Bocconcini di pollo al limone","course":"secondo","revision":1,"allergens":["gluten"],"updated_at":"2026-11-30T07:12:46.699+00:00","updated_by":null,"archived_at":null,"ingredients":"","unsuited_diets":["D01","E02"],"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-acd3-72c7-8d2e-30bf44563c9c","name":"Formaggio Asiago","course":"secondo","revision":1,"allergens":["milk"],"updated_at":"2026-11-30T07:12:46.699+00:00","updated_by":null,"archived_at":null,"ingredients":"","unsuited_diets":["D02"],"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-acd3-7338-8382-06f11d99f021","name":"Mozzarella","course":"secondo","revision":1,"allergens":["milk"],"updated_at":"2026-11-30T07:12:46.699+00:00","updated_by":null,"archived_at":null,"ingredients":"","unsuited_diets":["D02"],"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-acd3-7433-b7af-940dd99552ae","name":"Insalata verde","course":"contorno","revision":1,"allergens":[],"updated_at":"2026-11-30T07:12:46.699+00:00","updated_by":null,"archived_at":null,"ingredients":"","unsuited_diets":[],"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-acd4-70b3-9449-b6e3c879bc7e","name":"Mela","course":"frutta","revision":1,"allergens":[],"updated_at":"2026-11-30T07:12:46.699+00:00","updated_by":null,"archived_at":null,"ingredients":"","unsuited_diets":[],"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-acd4-70c5-9763-fcc8468b8e3c","name":"Pera","course":"frutta","revision":1,"allergens":[],"updated_at":"2026-11-30T07:12:46.699+00:00","updated_by":null,"archived_at":null,"ingredients":"","unsuited_diets":[],"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-acd4-70ea-aa7c-4287910bbbb3","name":"Banana","course":"frutta","revision":1,"allergens":[],"updated_at":"2026-11-30T07:12:46.699+00:00","updated_by":null,"archived_at":null,"ingredients":"","unsuited_diets":[],"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"}]$rows$) on conflict do nothing;

insert into enrolment ("municipality_id", "id", "pupil_id", "service_id", "school_id", "school_class_id", "school_year_id", "diet_code", "valid_from", "valid_to") overriding system value select "municipality_id", "id", "pupil_id", "service_id", "school_id", "school_class_id", "school_year_id", "diet_code", "valid_from", "valid_to" from jsonb_populate_recordset(null::enrolment, $rows$[
{"id":"01a22b4c-8ce8-774f-8e5a-2dd8ae351c99","pupil_id":"01a22b4c-8ce7-7b9d-8ef2-a8df873cfb52","valid_to":"2027-06-04","validity":"[2026-09-14,2027-06-05)","diet_code":"STD","school_id":"01a22b4c-8cad-7355-bbb4-1d6473144d02","service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","valid_from":"2026-09-14","school_year_id":"01a22b4c-8c7b-7234-b77f-a7131e8a1e68","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","school_class_id":"01a22b4c-8cb1-7567-adf6-460ebf14cd48"},
{"id":"01a22b4c-8cf1-7324-a150-c5afc998611d","pupil_id":"01a22b4c-8ced-7313-b298-31cfee2b7abe","valid_to":"2027-06-04","validity":"[2026-09-14,2027-06-05)","diet_code":"D01","school_id":"01a22b4c-8c8d-7b02-8ca7-7c9023cf4949","service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","valid_from":"2026-09-14","school_year_id":"01a22b4c-8c7b-7234-b77f-a7131e8a1e68","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","school_class_id":"01a22b4c-8c8e-796d-8f90-e18141c9195c"},
{"id":"01a22b4c-8cf6-79d9-90d1-2291a4a67704","pupil_id":"01a22b4c-8cf6-750e-89f7-f5a26a4dd6b8","valid_to":"2027-06-04","validity":"[2026-09-14,2027-06-05)","diet_code":"STD","school_id":"01a22b4c-8cad-7355-bbb4-1d6473144d02","service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","valid_from":"2026-09-14","school_year_id":"01a22b4c-8c7b-7234-b77f-a7131e8a1e68","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","school_class_id":"01a22b4c-8cb1-754d-87ab-8c6cfe7036c6"}]$rows$) on conflict do nothing;

insert into entry ("municipality_id", "id", "journal_id", "account_id", "kind", "amount_cents", "posted_at", "pupil_id", "service_day_id", "day", "top_up_id", "school_year") overriding system value select "municipality_id", "id", "journal_id", "account_id", "kind", "amount_cents", "posted_at", "pupil_id", "service_day_id", "day", "top_up_id", "school_year" from jsonb_populate_recordset(null::entry, $rows$[
{"id":"01a22b4c-8e6f-72f2-b652-0265367b650e","day":"2026-09-14","kind":"meals","pupil_id":"01a22b4c-8ced-7313-b298-31cfee2b7abe","posted_at":"2026-09-14T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8ce6-7e0f-8037-7e946b4eb803","journal_id":"01a22b4c-8e6e-7f1c-971d-9d6ae4779e5a","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8c9c-7b6f-a71e-68326e5142c9","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8e6f-7bf5-8cbf-dafe9a424046","day":"2026-09-14","kind":"meals","pupil_id":"01a22b4c-8d0d-7596-9378-d22f2aef3af4","posted_at":"2026-09-14T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8d0c-705a-b867-d0bd899d23f0","journal_id":"01a22b4c-8e6e-7f1c-971d-9d6ae4779e5a","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8c9c-7b6f-a71e-68326e5142c9","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8e6f-7d00-8c2b-7916560967ff","day":"2026-09-14","kind":"meals","pupil_id":"01a22b4c-8d58-745a-9964-54d163ab796c","posted_at":"2026-09-14T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8d4d-7892-bf3a-86452c2cc0ce","journal_id":"01a22b4c-8e6e-7f1c-971d-9d6ae4779e5a","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8c9c-7b6f-a71e-68326e5142c9","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8e6f-7de4-bcb1-61c83e7c703d","day":"2026-09-14","kind":"meals","pupil_id":"01a22b4c-8d8b-750e-b6fa-a5eaeaa306ff","posted_at":"2026-09-14T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8d8a-799d-9b80-79766ae18622","journal_id":"01a22b4c-8e6e-7f1c-971d-9d6ae4779e5a","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8c9c-7b6f-a71e-68326e5142c9","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8e74-702d-a31d-db82470bedcc","day":"2026-09-14","kind":"meals","pupil_id":"01a22b4c-8d12-7f6b-b765-fc5c547be05f","posted_at":"2026-09-14T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8d12-768e-a89a-aaa9fb5da46d","journal_id":"01a22b4c-8e6e-7f1c-971d-9d6ae4779e5a","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8c9c-7b6f-a71e-68326e5142c9","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8e74-713a-9875-527873d043f2","day":"2026-09-14","kind":"meals","pupil_id":"01a22b4c-8d1f-7d7c-8c8d-78cc41f8e8c6","posted_at":"2026-09-14T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8d1b-74f4-83e7-9b9cc2e03521","journal_id":"01a22b4c-8e6e-7f1c-971d-9d6ae4779e5a","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8c9c-7b6f-a71e-68326e5142c9","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8e74-71fa-b743-3701ce3a4bce","day":"2026-09-14","kind":"meals","pupil_id":"01a22b4c-8d2b-7331-8280-b7ab535a9273","posted_at":"2026-09-14T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8d2a-7eb1-9c4c-2e3b7240db99","journal_id":"01a22b4c-8e6e-7f1c-971d-9d6ae4779e5a","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8c9c-7b6f-a71e-68326e5142c9","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8e74-7298-bedc-3c9a2099a231","day":"2026-09-14","kind":"meals","pupil_id":"01a22b4c-8d61-7dd8-8217-4ec2edc918e4","posted_at":"2026-09-14T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8d61-7882-b0e4-50c9c539e925","journal_id":"01a22b4c-8e6e-7f1c-971d-9d6ae4779e5a","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8c9c-7b6f-a71e-68326e5142c9","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8e74-732f-bd97-f6c702ff4302","day":"2026-09-14","kind":"meals","pupil_id":"01a22b4c-8d6a-78ff-b79c-ec5ff5c0d803","posted_at":"2026-09-14T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8d6a-746c-aafc-d1f541cce639","journal_id":"01a22b4c-8e6e-7f1c-971d-9d6ae4779e5a","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8c9c-7b6f-a71e-68326e5142c9","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8e74-73d1-832e-fde2486952fa","day":"2026-09-14","kind":"meals","pupil_id":"01a22b4c-8d85-7831-aa68-501f1ce43061","posted_at":"2026-09-14T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8d85-72cc-9048-96adaa14de22","journal_id":"01a22b4c-8e6e-7f1c-971d-9d6ae4779e5a","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8c9c-7b6f-a71e-68326e5142c9","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8e74-7466-9927-b0fad589a22d","day":"2026-09-14","kind":"meals","pupil_id":"01a22b4c-8d9a-7cc2-b19a-7d9742ac273e","posted_at":"2026-09-14T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8d9a-78a5-91a9-cfa21fa721d5","journal_id":"01a22b4c-8e6e-7f1c-971d-9d6ae4779e5a","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8c9c-7b6f-a71e-68326e5142c9","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8e74-74fe-a75d-b785cc87a0f5","day":"2026-09-14","kind":"meals","pupil_id":"01a22b4c-8ddf-7d6c-bd29-fa226f63646f","posted_at":"2026-09-14T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8ddf-79b9-86cb-d00f4c69ca5f","journal_id":"01a22b4c-8e6e-7f1c-971d-9d6ae4779e5a","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8c9c-7b6f-a71e-68326e5142c9","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8e74-75ac-9336-8ac20aa271ec","day":"2026-09-14","kind":"meals","pupil_id":"01a22b4c-8e08-7fc8-a13e-375bdf4f8744","posted_at":"2026-09-14T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8e07-7f9a-95d3-f28b7955c5aa","journal_id":"01a22b4c-8e6e-7f1c-971d-9d6ae4779e5a","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8c9c-7b6f-a71e-68326e5142c9","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8e74-77a0-a1a3-3d8dac6500fa","day":"2026-09-14","kind":"meals","pupil_id":null,"posted_at":"2026-09-14T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8e74-7667-a1fd-0ee08fcb728b","journal_id":"01a22b4c-8e6e-7f1c-971d-9d6ae4779e5a","school_year":2026,"amount_cents":7020,"service_day_id":"01a22b4c-8c9c-7b6f-a71e-68326e5142c9","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8e78-7add-86fd-74743078a7fa","day":"2026-09-14","kind":"meals","pupil_id":"01a22b4c-8d0c-76ab-b2fc-ba5c7cff8a3c","posted_at":"2026-09-14T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8d0c-705a-b867-d0bd899d23f0","journal_id":"01a22b4c-8e78-7824-b130-540ce5b52915","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8cc8-7334-a1d5-59cf0ddf8bbc","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8e79-7087-82f4-9aa8b1ab26d6","day":"2026-09-14","kind":"meals","pupil_id":"01a22b4c-8d8a-7d80-94b9-a588a72b26d5","posted_at":"2026-09-14T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8d8a-799d-9b80-79766ae18622","journal_id":"01a22b4c-8e78-7824-b130-540ce5b52915","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8cc8-7334-a1d5-59cf0ddf8bbc","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8e85-73c9-b381-35b4dc268980","day":"2026-09-14","kind":"meals","pupil_id":"01a22b4c-8d17-7a82-ab0f-90b3533ae119","posted_at":"2026-09-14T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8d17-7634-90bd-23b31af8f13d","journal_id":"01a22b4c-8e78-7824-b130-540ce5b52915","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8cc8-7334-a1d5-59cf0ddf8bbc","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8e85-7543-91e4-56dfc70897cd","day":"2026-09-14","kind":"meals","pupil_id":"01a22b4c-8d21-781e-9dfd-aa8ab75991b6","posted_at":"2026-09-14T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8d1b-74f4-83e7-9b9cc2e03521","journal_id":"01a22b4c-8e78-7824-b130-540ce5b52915","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8cc8-7334-a1d5-59cf0ddf8bbc","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8e85-7632-af4c-ccd40c7c6f56","day":"2026-09-14","kind":"meals","pupil_id":"01a22b4c-8d66-7482-8f05-986dc3c4c8db","posted_at":"2026-09-14T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8d66-7093-93a4-bd81fb0cd2ba","journal_id":"01a22b4c-8e78-7824-b130-540ce5b52915","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8cc8-7334-a1d5-59cf0ddf8bbc","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8e85-76bf-af2b-0d9474340d02","day":"2026-09-14","kind":"meals","pupil_id":"01a22b4c-8d6d-7a4c-9773-2a3ccbf94966","posted_at":"2026-09-14T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8d6a-746c-aafc-d1f541cce639","journal_id":"01a22b4c-8e78-7824-b130-540ce5b52915","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8cc8-7334-a1d5-59cf0ddf8bbc","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8e85-77ae-bbb7-7cc661dd17dd","day":"2026-09-14","kind":"meals","pupil_id":"01a22b4c-8da5-72e8-abde-073f01f06fe0","posted_at":"2026-09-14T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8da1-7f04-bc6a-8bcd954e57c5","journal_id":"01a22b4c-8e78-7824-b130-540ce5b52915","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8cc8-7334-a1d5-59cf0ddf8bbc","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8e85-7826-b3a9-62afc24b1c6b","day":"2026-09-14","kind":"meals","pupil_id":"01a22b4c-8de1-7147-938a-67a458f49d13","posted_at":"2026-09-14T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8ddf-79b9-86cb-d00f4c69ca5f","journal_id":"01a22b4c-8e78-7824-b130-540ce5b52915","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8cc8-7334-a1d5-59cf0ddf8bbc","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8e85-7957-a1a4-d482372f2aea","day":"2026-09-14","kind":"meals","pupil_id":"01a22b4c-8d26-7542-9114-ab6fd642de31","posted_at":"2026-09-14T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8d26-70be-b420-810694a6cb35","journal_id":"01a22b4c-8e78-7824-b130-540ce5b52915","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8cc8-7334-a1d5-59cf0ddf8bbc","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8e85-7a2c-a2a6-2544b67fb4a5","day":"2026-09-14","kind":"meals","pupil_id":"01a22b4c-8d76-7a1b-a36f-da3d59e2ffa7","posted_at":"2026-09-14T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8d76-761f-b032-8846069a577e","journal_id":"01a22b4c-8e78-7824-b130-540ce5b52915","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8cc8-7334-a1d5-59cf0ddf8bbc","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8e85-7b01-b8a5-9e17cc5c0cd6","day":"2026-09-14","kind":"meals","pupil_id":"01a22b4c-8dfd-75f5-bbf0-aa3280f88739","posted_at":"2026-09-14T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8df7-7af1-9076-90c4015cd87e","journal_id":"01a22b4c-8e78-7824-b130-540ce5b52915","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8cc8-7334-a1d5-59cf0ddf8bbc","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8e85-7e09-b855-d90edec55a5a","day":"2026-09-14","kind":"meals","pupil_id":null,"posted_at":"2026-09-14T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8e85-7c62-8c07-6d1e2b355f26","journal_id":"01a22b4c-8e78-7824-b130-540ce5b52915","school_year":2026,"amount_cents":5940,"service_day_id":"01a22b4c-8cc8-7334-a1d5-59cf0ddf8bbc","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8eb1-7f7b-bc99-ba45157f8595","day":"2026-09-15","kind":"meals","pupil_id":"01a22b4c-8cf9-74f3-bd07-5332aabca1e3","posted_at":"2026-09-15T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8cf8-7ea4-a9c9-439a91bf3883","journal_id":"01a22b4c-8eb1-7e91-9f0e-03a7d60953e3","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8cb9-798e-95b1-78069715413b","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8eb2-71d3-b24f-54872b015926","day":"2026-09-15","kind":"meals","pupil_id":"01a22b4c-8d24-7746-8c27-696af1a538f8","posted_at":"2026-09-15T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8d24-728f-9a25-bebcbdac030b","journal_id":"01a22b4c-8eb1-7e91-9f0e-03a7d60953e3","school_year":2026,"amount_cents":-180,"service_day_id":"01a22b4c-8cb9-798e-95b1-78069715413b","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8eb2-72b2-8bb0-2ef83e678709","day":"2026-09-15","kind":"meals","pupil_id":"01a22b4c-8d68-71f2-a7a1-442798ac459c","posted_at":"2026-09-15T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8d67-7d54-8741-250558fbe163","journal_id":"01a22b4c-8eb1-7e91-9f0e-03a7d60953e3","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8cb9-798e-95b1-78069715413b","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8eb2-735d-919b-3a203d75325e","day":"2026-09-15","kind":"meals","pupil_id":"01a22b4c-8d7f-7fe6-8eac-489ebafc6007","posted_at":"2026-09-15T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8d7d-72be-b151-e05ae1efe2f0","journal_id":"01a22b4c-8eb1-7e91-9f0e-03a7d60953e3","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8cb9-798e-95b1-78069715413b","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8eb2-745c-aea1-3ca4315ef730","day":"2026-09-15","kind":"meals","pupil_id":"01a22b4c-8cf6-750e-89f7-f5a26a4dd6b8","posted_at":"2026-09-15T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8cf5-7ed2-82fa-555f4288c018","journal_id":"01a22b4c-8eb1-7e91-9f0e-03a7d60953e3","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8cb9-798e-95b1-78069715413b","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8eb2-74d0-ac50-d68587482138","day":"2026-09-15","kind":"meals","pupil_id":"01a22b4c-8cfa-713b-b684-73fdc7f4acad","posted_at":"2026-09-15T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8cf8-7ea4-a9c9-439a91bf3883","journal_id":"01a22b4c-8eb1-7e91-9f0e-03a7d60953e3","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8cb9-798e-95b1-78069715413b","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8eb2-7574-b632-c355a5017743","day":"2026-09-15","kind":"meals","pupil_id":"01a22b4c-8d15-7482-baed-21d8d508f107","posted_at":"2026-09-15T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8d14-7ef6-b677-8d0964210e06","journal_id":"01a22b4c-8eb1-7e91-9f0e-03a7d60953e3","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8cb9-798e-95b1-78069715413b","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8eb2-765e-ba50-b8f3d9e14775","day":"2026-09-15","kind":"meals","pupil_id":"01a22b4c-8d5a-7bfd-8637-5677c5da39bf","posted_at":"2026-09-15T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8d5a-776e-b46e-f4c3b20ba140","journal_id":"01a22b4c-8eb1-7e91-9f0e-03a7d60953e3","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8cb9-798e-95b1-78069715413b","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8eb2-773c-b420-68ade6a87d12","day":"2026-09-15","kind":"meals","pupil_id":"01a22b4c-8d87-774d-838f-3b7455676251","posted_at":"2026-09-15T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8d87-7371-8d91-94658f2eeb2f","journal_id":"01a22b4c-8eb1-7e91-9f0e-03a7d60953e3","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8cb9-798e-95b1-78069715413b","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8eb2-7800-bae6-6aa7d5fa58fb","day":"2026-09-15","kind":"meals","pupil_id":"01a22b4c-8d9d-7220-b5ee-904762b6eb00","posted_at":"2026-09-15T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8d9c-7667-a02a-97d6c92815c0","journal_id":"01a22b4c-8eb1-7e91-9f0e-03a7d60953e3","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8cb9-798e-95b1-78069715413b","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8eb2-78bc-b778-772417d8b0cd","day":"2026-09-15","kind":"meals","pupil_id":"01a22b4c-8e05-7f3d-a208-8cb8ccad2386","posted_at":"2026-09-15T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8e05-7b27-85c9-51ab7bfd929c","journal_id":"01a22b4c-8eb1-7e91-9f0e-03a7d60953e3","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8cb9-798e-95b1-78069715413b","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8eb2-791f-8368-95097c96cdff","day":"2026-09-15","kind":"meals","pupil_id":"01a22b4c-8ce7-7b9d-8ef2-a8df873cfb52","posted_at":"2026-09-15T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8ce6-7e0f-8037-7e946b4eb803","journal_id":"01a22b4c-8eb1-7e91-9f0e-03a7d60953e3","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8cb9-798e-95b1-78069715413b","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8eb2-79b4-b786-b399036ab959","day":"2026-09-15","kind":"meals","pupil_id":"01a22b4c-8d0a-7358-8eba-d0656d9bbd18","posted_at":"2026-09-15T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8d09-7d4b-9a93-6969122d4916","journal_id":"01a22b4c-8eb1-7e91-9f0e-03a7d60953e3","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8cb9-798e-95b1-78069715413b","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8eb2-7a4b-9558-a8fdf6f1860b","day":"2026-09-15","kind":"meals","pupil_id":"01a22b4c-8d15-7f30-8be0-14c0bd7fdbf1","posted_at":"2026-09-15T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8d14-7ef6-b677-8d0964210e06","journal_id":"01a22b4c-8eb1-7e91-9f0e-03a7d60953e3","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8cb9-798e-95b1-78069715413b","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8eb2-7b6b-8bb0-cefa0af74008","day":"2026-09-15","kind":"meals","pupil_id":"01a22b4c-8d6f-7903-aeb3-810ac501380b","posted_at":"2026-09-15T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8d6f-7553-8a42-427096c09c34","journal_id":"01a22b4c-8eb1-7e91-9f0e-03a7d60953e3","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8cb9-798e-95b1-78069715413b","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8eb2-7c43-a2ea-5df55e73e805","day":"2026-09-15","kind":"meals","pupil_id":"01a22b4c-8dde-72b9-831c-683da29ba8cf","posted_at":"2026-09-15T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8ddd-7e02-b679-58d4f01af06b","journal_id":"01a22b4c-8eb1-7e91-9f0e-03a7d60953e3","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8cb9-798e-95b1-78069715413b","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8eb2-7cd5-9fcd-263ce01ab169","day":"2026-09-15","kind":"meals","pupil_id":"01a22b4c-8e06-78fa-b3a0-2d19c8464a55","posted_at":"2026-09-15T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8e05-7b27-85c9-51ab7bfd929c","journal_id":"01a22b4c-8eb1-7e91-9f0e-03a7d60953e3","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8cb9-798e-95b1-78069715413b","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8eb2-7da8-beb4-1c02efc8e23c","day":"2026-09-15","kind":"meals","pupil_id":"01a22b4c-8d19-7e20-81a7-4dda303cb986","posted_at":"2026-09-15T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8d19-7947-b13a-1265d86e7222","journal_id":"01a22b4c-8eb1-7e91-9f0e-03a7d60953e3","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8cb9-798e-95b1-78069715413b","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8eb2-7e34-8274-38ec18effec6","day":"2026-09-15","kind":"meals","pupil_id":"01a22b4c-8d29-766a-9a73-aa48b9c359d5","posted_at":"2026-09-15T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8d28-74c3-b6db-a208b0389b44","journal_id":"01a22b4c-8eb1-7e91-9f0e-03a7d60953e3","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8cb9-798e-95b1-78069715413b","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8eb2-7ec8-9225-7853c74bd766","day":"2026-09-15","kind":"meals","pupil_id":"01a22b4c-8d63-7faf-8644-405871a5ea6f","posted_at":"2026-09-15T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8d63-7a87-a6a4-6a1e8d3f74a1","journal_id":"01a22b4c-8eb1-7e91-9f0e-03a7d60953e3","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8cb9-798e-95b1-78069715413b","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8eb2-7f96-a5aa-e5cb64d7299b","day":"2026-09-15","kind":"meals","pupil_id":"01a22b4c-8d98-7e39-8973-92945666e8d7","posted_at":"2026-09-15T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8d98-7676-9c2c-56cf19896016","journal_id":"01a22b4c-8eb1-7e91-9f0e-03a7d60953e3","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8cb9-798e-95b1-78069715413b","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8eb3-7090-91be-b5073fe85e8b","day":"2026-09-15","kind":"meals","pupil_id":"01a22b4c-8d10-7347-bae6-fbce80384e18","posted_at":"2026-09-15T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8d0f-7ed7-a210-ff5fff5c1e72","journal_id":"01a22b4c-8eb1-7e91-9f0e-03a7d60953e3","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8cb9-798e-95b1-78069715413b","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8eb3-715f-b170-e348debc9d51","day":"2026-09-15","kind":"meals","pupil_id":"01a22b4c-8d3f-7acb-8274-2689a9f40aac","posted_at":"2026-09-15T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8d3d-72b1-9b5f-697d1129828f","journal_id":"01a22b4c-8eb1-7e91-9f0e-03a7d60953e3","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8cb9-798e-95b1-78069715413b","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8eb3-71f7-9eef-fdf5098c1ed3","day":"2026-09-15","kind":"meals","pupil_id":"01a22b4c-8d64-783f-b6ec-37ff7fd749b3","posted_at":"2026-09-15T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8d63-7a87-a6a4-6a1e8d3f74a1","journal_id":"01a22b4c-8eb1-7e91-9f0e-03a7d60953e3","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8cb9-798e-95b1-78069715413b","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8eb3-729e-a234-ea83c394c416","day":"2026-09-15","kind":"meals","pupil_id":"01a22b4c-8d7f-7461-9ed5-32a374b92ffd","posted_at":"2026-09-15T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8d7d-72be-b151-e05ae1efe2f0","journal_id":"01a22b4c-8eb1-7e91-9f0e-03a7d60953e3","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8cb9-798e-95b1-78069715413b","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8eb3-7eff-b81c-04bf081c0c27","day":"2026-09-15","kind":"meals","pupil_id":"01a22b4c-8df1-7055-842e-c4a868169a29","posted_at":"2026-09-15T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8df0-7c41-98be-7d53fb49f2ed","journal_id":"01a22b4c-8eb1-7e91-9f0e-03a7d60953e3","school_year":2026,"amount_cents":-540,"service_day_id":"01a22b4c-8cb9-798e-95b1-78069715413b","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8eb4-705c-b2ac-2bb49250ff6c","day":"2026-09-15","kind":"meals","pupil_id":null,"posted_at":"2026-09-15T07:30:03+00:00","top_up_id":null,"account_id":"01a22b4c-8eb3-7fa9-9bce-adabc562fe2e","journal_id":"01a22b4c-8eb1-7e91-9f0e-03a7d60953e3","school_year":2026,"amount_cents":13680,"service_day_id":"01a22b4c-8cb9-798e-95b1-78069715413b","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-ac8d-77f4-9cde-5bf202f05ecd","day":null,"kind":"opening","pupil_id":null,"posted_at":"2026-09-13T22:10:00+00:00","top_up_id":null,"account_id":"01a22b4c-8d0f-7ed7-a210-ff5fff5c1e72","journal_id":"01a22b4c-ac8d-7280-bfbb-12811ac4ace2","school_year":2026,"amount_cents":2160,"service_day_id":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-ac8d-7a4a-b0d8-b6e0d8e17cd7","day":null,"kind":"opening","pupil_id":null,"posted_at":"2026-09-13T22:10:00+00:00","top_up_id":null,"account_id":"01a22b4c-ac73-7f83-a04b-bc8541d3aff9","journal_id":"01a22b4c-ac8d-7280-bfbb-12811ac4ace2","school_year":2026,"amount_cents":-2160,"service_day_id":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-ac90-78c3-ae54-670b4e65e9a5","day":null,"kind":"opening","pupil_id":null,"posted_at":"2026-09-13T22:10:00+00:00","top_up_id":null,"account_id":"01a22b4c-8d19-7947-b13a-1265d86e7222","journal_id":"01a22b4c-ac90-751c-acc4-db2230ddaf5e","school_year":2026,"amount_cents":540,"service_day_id":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-ac90-7a44-ac5c-42ada842bfd0","day":null,"kind":"opening","pupil_id":null,"posted_at":"2026-09-13T22:10:00+00:00","top_up_id":null,"account_id":"01a22b4c-ac73-7f83-a04b-bc8541d3aff9","journal_id":"01a22b4c-ac90-751c-acc4-db2230ddaf5e","school_year":2026,"amount_cents":-540,"service_day_id":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-accb-7fd3-825f-f6d700a4e749","day":null,"kind":"opening","pupil_id":null,"posted_at":"2026-09-13T22:10:00+00:00","top_up_id":null,"account_id":"01a22b4c-8e05-7b27-85c9-51ab7bfd929c","journal_id":"01a22b4c-accb-7c77-9343-ffe79270ed9c","school_year":2026,"amount_cents":540,"service_day_id":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-accc-7169-b5cc-36749d05970a","day":null,"kind":"opening","pupil_id":null,"posted_at":"2026-09-13T22:10:00+00:00","top_up_id":null,"account_id":"01a22b4c-ac73-7f83-a04b-bc8541d3aff9","journal_id":"01a22b4c-accb-7c77-9343-ffe79270ed9c","school_year":2026,"amount_cents":-540,"service_day_id":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"}]$rows$) on conflict do nothing;

insert into entry_year ("municipality_id", "subject_id", "kind", "school_year") overriding system value select "municipality_id", "subject_id", "kind", "school_year" from jsonb_populate_recordset(null::entry_year, $rows$[
{"kind":"meals","subject_id":"01a22b4c-8c9c-7b6f-a71e-68326e5142c9","school_year":2026,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"kind":"meals","subject_id":"01a22b4c-8c9c-7f7d-8121-e14271fb546e","school_year":2026,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"kind":"meals","subject_id":"01a22b4c-8c9c-7faf-a1f4-98ba9b803313","school_year":2026,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"}]$rows$) on conflict do nothing;

insert into fare_assignment ("municipality_id", "id", "pupil_id", "service_id", "band_code", "valid_from", "valid_to", "submission_id", "given_by", "given_at", "reason", "ended_by", "ended_at", "end_reason") overriding system value select "municipality_id", "id", "pupil_id", "service_id", "band_code", "valid_from", "valid_to", "submission_id", "given_by", "given_at", "reason", "ended_by", "ended_at", "end_reason" from jsonb_populate_recordset(null::fare_assignment, $rows$[
{"id":"01a22b4c-8e1e-7371-af41-ce3780dc923d","reason":"Attestazione consegnata allo sportello","ended_at":null,"ended_by":null,"given_at":"2026-08-31T22:10:00+00:00","given_by":"01a22b4c-8cd9-73a5-94db-dca4000e5445","pupil_id":"01a22b4c-8d24-7746-8c27-696af1a538f8","valid_to":"2027-08-31","validity":"[2026-09-01,2027-09-01)","band_code":"A","end_reason":"","service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","valid_from":"2026-09-01","submission_id":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8e25-79af-ae33-541f099792b4","reason":"Segnalazione dei Servizi sociali","ended_at":null,"ended_by":null,"given_at":"2026-08-31T22:10:00+00:00","given_by":"01a22b4c-8cd9-73a5-94db-dca4000e5445","pupil_id":"01a22b4c-8d50-754e-ba98-6c7d05f787fa","valid_to":"2027-08-31","validity":"[2026-09-01,2027-09-01)","band_code":"ESENTE","end_reason":"","service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","valid_from":"2026-09-01","submission_id":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-b625-73db-8e32-84b8b8468ee9","reason":"Domanda allo sportello","ended_at":null,"ended_by":null,"given_at":"2026-11-30T07:12:46.699+00:00","given_by":"01a22b4c-8cd9-73a5-94db-dca4000e5445","pupil_id":"01a22b4c-8cf6-750e-89f7-f5a26a4dd6b8","valid_to":"2027-08-31","validity":"[2026-11-28,2027-09-01)","band_code":"B","end_reason":"","service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","valid_from":"2026-11-28","submission_id":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"}]$rows$) on conflict do nothing;

insert into fare_band ("municipality_id", "service_id", "code", "name", "description", "closed_at") overriding system value select "municipality_id", "service_id", "code", "name", "description", "closed_at" from jsonb_populate_recordset(null::fare_band, $rows$[
{"code":"A","name":"ISEE fino a 6.000 euro","closed_at":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","description":"Con attestazione ISEE valida.","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"code":"B","name":"ISEE da 6.000 a 12.000 euro","closed_at":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","description":"Con attestazione ISEE valida.","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"code":"ESENTE","name":"Esenzione dei Servizi sociali","closed_at":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","description":"Su segnalazione dei Servizi sociali del Comune.","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"}]$rows$) on conflict do nothing;

insert into fare_band_price ("municipality_id", "service_id", "code", "valid_from", "price_cents", "decided_by", "decided_at", "note") overriding system value select "municipality_id", "service_id", "code", "valid_from", "price_cents", "decided_by", "decided_at", "note" from jsonb_populate_recordset(null::fare_band_price, $rows$[
{"code":"A","note":"","decided_at":"2026-08-31T22:10:00+00:00","decided_by":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","valid_from":"2026-09-01","price_cents":180,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"code":"B","note":"","decided_at":"2026-08-31T22:10:00+00:00","decided_by":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","valid_from":"2026-09-01","price_cents":320,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"code":"ESENTE","note":"","decided_at":"2026-08-31T22:10:00+00:00","decided_by":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","valid_from":"2026-09-01","price_cents":0,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"}]$rows$) on conflict do nothing;

insert into form_document ("municipality_id", "id", "household_id", "person_id", "draft_id", "submission_id", "field", "name", "media_type", "size", "sha256", "content", "uploaded_at") overriding system value select "municipality_id", "id", "household_id", "person_id", "draft_id", "submission_id", "field", "name", "media_type", "size", "sha256", "content", "uploaded_at" from jsonb_populate_recordset(null::form_document, $rows$[
{"id":"01a22b4c-b6ba-710f-bda9-5383c502e91c","name":"isee.pdf","size":125,"field":"attestazione","sha256":"\\xd5e20c175d0649dd3ed2f8fff6322119d5d18c6ad603adce1cdb5025028ae382","content":"\\x255044462d312e340a312030206f626a3c3c2f547970652f436174616c6f672f50616765732032203020523e3e656e646f626a20322030206f626a3c3c2f547970652f50616765732f4b6964735b5d2f436f756e7420303e3e656e646f626a0a747261696c65723c3c2f526f6f742031203020523e3e0a2525454f460a","draft_id":null,"person_id":"01a22b4c-8d0e-7e38-8237-5941cc9cf957","media_type":"application/pdf","uploaded_at":"2026-11-21T17:40:00+00:00","household_id":"01a22b4c-8d0e-73d4-aa4b-3850d7df62eb","submission_id":"01a22b4c-b6c2-7047-bdd3-9d9136c8ddd9","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-b71c-7e84-9f40-bca3ff0ac3a6","name":"pediatra.pdf","size":125,"field":"certificato","sha256":"\\xd5e20c175d0649dd3ed2f8fff6322119d5d18c6ad603adce1cdb5025028ae382","content":"\\x255044462d312e340a312030206f626a3c3c2f547970652f436174616c6f672f50616765732032203020523e3e656e646f626a20322030206f626a3c3c2f547970652f50616765732f4b6964735b5d2f436f756e7420303e3e656e646f626a0a747261696c65723c3c2f526f6f742031203020523e3e0a2525454f460a","draft_id":null,"person_id":"01a22b4c-8d23-7354-bbfc-ed3f24ce972e","media_type":"application/pdf","uploaded_at":"2026-11-29T19:05:00+00:00","household_id":"01a22b4c-8d22-7177-a625-eeb86166aa4b","submission_id":"01a22b4c-b72a-7329-b019-166e08cdfc50","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-b73d-7347-970c-b239e03f864c","name":"isee.pdf","size":125,"field":"attestazione","sha256":"\\xd5e20c175d0649dd3ed2f8fff6322119d5d18c6ad603adce1cdb5025028ae382","content":"\\x255044462d312e340a312030206f626a3c3c2f547970652f436174616c6f672f50616765732032203020523e3e656e646f626a20322030206f626a3c3c2f547970652f50616765732f4b6964735b5d2f436f756e7420303e3e656e646f626a0a747261696c65723c3c2f526f6f742031203020523e3e0a2525454f460a","draft_id":null,"person_id":"01a22b4c-8d2a-7382-916c-2d2d1bc47190","media_type":"application/pdf","uploaded_at":"2026-11-29T19:05:00+00:00","household_id":"01a22b4c-8d29-7e8f-8a2d-e93c5898a10b","submission_id":"01a22b4c-b745-7f14-8901-74aeb7d5241f","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"}]$rows$) on conflict do nothing;

insert into form_event ("municipality_id", "id", "submission_id", "kind", "occurred_at", "person_id", "by_office", "words", "due_on", "plan_fingerprint") overriding system value select "municipality_id", "id", "submission_id", "kind", "occurred_at", "person_id", "by_office", "words", "due_on", "plan_fingerprint" from jsonb_populate_recordset(null::form_event, $rows$[
{"id":"01a22b4c-b6a4-7e34-8125-019d21912b8b","kind":"submitted","words":"","due_on":null,"by_office":false,"person_id":"01a22b4c-8d05-72d7-af5d-3fb8babe00a4","occurred_at":"2026-11-09T20:12:00+00:00","submission_id":"01a22b4c-b69f-7e30-b192-5d92ca95fd9f","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","plan_fingerprint":null},
{"id":"01a22b4c-b6c6-7d3e-acca-2e7cae158173","kind":"submitted","words":"","due_on":null,"by_office":false,"person_id":"01a22b4c-8d0e-7e38-8237-5941cc9cf957","occurred_at":"2026-11-21T17:40:00+00:00","submission_id":"01a22b4c-b6c2-7047-bdd3-9d9136c8ddd9","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","plan_fingerprint":null},
{"id":"01a22b4c-b6e2-759b-bcc8-2e588544e87f","kind":"submitted","words":"","due_on":null,"by_office":false,"person_id":"01a22b4c-8ce3-73e1-954a-747221652bad","occurred_at":"2026-11-24T06:55:00+00:00","submission_id":"01a22b4c-b6df-769b-bd38-2f8ea3f0f26a","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","plan_fingerprint":null}]$rows$) on conflict do nothing;

insert into form_submission ("municipality_id", "id", "form_id", "version", "draft_id", "household_id", "person_id", "pupil_id", "protocol_year", "protocol_number", "submitted_at", "answers", "shown", "about", "state", "once_key", "assigned_to", "due_on", "decided_at") overriding system value select "municipality_id", "id", "form_id", "version", "draft_id", "household_id", "person_id", "pupil_id", "protocol_year", "protocol_number", "submitted_at", "answers", "shown", "about", "state", "once_key", "assigned_to", "due_on", "decided_at" from jsonb_populate_recordset(null::form_submission, $rows$[
{"id":"01a22b4c-b69f-7e30-b192-5d92ca95fd9f","about":"Matilde Ferrari","shown":[{"rows":[{"field":"alunno","label":"Per quale figlio?","value":"Matilde Ferrari","documents":[]},{"field":"motivo","label":"Perché serve una dieta?","value":"Per motivi etici o religiosi","documents":[]},{"own":{"is":"none"},"field":"dal","label":"Da quale giorno?","value":"Nessuna risposta","documents":[]}],"title":"Per chi è la dieta","stepId":"figlio"},{"rows":[{"field":"quale","label":"Quale dieta?","value":"Senza carne di maiale","documents":[]}],"title":"La dieta","stepId":"scelta"},{"rows":[{"own":{"is":"accepted"},"field":"vero","label":"Dichiaro che quello che ho scritto è vero","value":"Accettata","documents":[]},{"own":{"is":"accepted"},"field":"privacy","label":"Ho letto l’informativa privacy del Comune e del gestore della mensa","value":"Accettata","documents":[]}],"title":"Dichiarazioni","stepId":"dichiarazioni"}],"state":"accepted","due_on":null,"answers":{"dal":"","vero":"si","quale":"senza-maiale","alunno":"01a22b4c-8d0a-7358-8eba-d0656d9bbd18","motivo":"etica","privacy":"si"},"form_id":"01a22b4c-b628-7a53-9d6f-7087a8808f34","version":1,"draft_id":"01a22b4c-b68c-7533-92e6-83546915a490","once_key":null,"pupil_id":"01a22b4c-8d0a-7358-8eba-d0656d9bbd18","person_id":"01a22b4c-8d05-72d7-af5d-3fb8babe00a4","decided_at":"2026-11-30T07:12:46.699+00:00","assigned_to":"01a22b4c-8cd2-7d22-9696-39515a5ae135","household_id":"01a22b4c-8d01-7339-a7ea-9e8466502fbe","submitted_at":"2026-11-09T20:12:00+00:00","protocol_year":2026,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","protocol_number":1},
{"id":"01a22b4c-b6c2-7047-bdd3-9d9136c8ddd9","about":"Alice Greco","shown":[{"rows":[{"field":"alunno","label":"Per quale figlio?","value":"Alice Greco","documents":[]},{"field":"valore","label":"Valore dell’ISEE, in euro","value":"18200","documents":[]},{"own":{"is":"day","day":"2026-12-20"},"field":"scadenza","label":"Scadenza dell’attestazione","value":"20 dicembre 2026","documents":[]},{"field":"attestazione","label":"Attestazione ISEE","value":"1 documento","documents":[{"id":"01a22b4c-b6ba-710f-bda9-5383c502e91c","name":"isee.pdf"}]}],"title":"L’ISEE","stepId":"isee"},{"rows":[{"own":{"is":"accepted"},"field":"vero","label":"Dichiaro che quello che ho scritto è vero","value":"Accettata","documents":[]},{"own":{"is":"accepted"},"field":"privacy","label":"Ho letto l’informativa privacy del Comune e del gestore della mensa","value":"Accettata","documents":[]}],"title":"Dichiarazioni","stepId":"dichiarazioni"}],"state":"rejected","due_on":null,"answers":{"vero":"si","alunno":"01a22b4c-8d10-7347-bae6-fbce80384e18","valore":"18200","privacy":"si","scadenza":"2026-12-20","attestazione":[]},"form_id":"01a22b4c-b64d-7bb9-84bd-28209535ccda","version":1,"draft_id":"01a22b4c-b6b9-787f-aba8-c361bd8e0273","once_key":null,"pupil_id":"01a22b4c-8d10-7347-bae6-fbce80384e18","person_id":"01a22b4c-8d0e-7e38-8237-5941cc9cf957","decided_at":"2026-11-30T07:12:46.699+00:00","assigned_to":"01a22b4c-8cd2-7d22-9696-39515a5ae135","household_id":"01a22b4c-8d0e-73d4-aa4b-3850d7df62eb","submitted_at":"2026-11-21T17:40:00+00:00","protocol_year":2026,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","protocol_number":2},
{"id":"01a22b4c-b6df-769b-bd38-2f8ea3f0f26a","about":"Greta Albertini","shown":[{"rows":[{"field":"alunno","label":"Per quale figlio?","value":"Greta Albertini","documents":[]},{"field":"valore","label":"Valore dell’ISEE, in euro","value":"11350,40","documents":[]},{"own":{"is":"day","day":"2027-01-06"},"field":"scadenza","label":"Scadenza dell’attestazione","value":"6 gennaio 2027","documents":[]},{"field":"attestazione","label":"Attestazione ISEE","value":"1 documento","documents":[{"id":"01a22b4c-b6d3-7952-80f4-d32a59f1a7e9","name":"attestazione-isee.pdf"}]}],"title":"L’ISEE","stepId":"isee"},{"rows":[{"own":{"is":"accepted"},"field":"vero","label":"Dichiaro che quello che ho scritto è vero","value":"Accettata","documents":[]},{"own":{"is":"accepted"},"field":"privacy","label":"Ho letto l’informativa privacy del Comune e del gestore della mensa","value":"Accettata","documents":[]}],"title":"Dichiarazioni","stepId":"dichiarazioni"}],"state":"integration","due_on":"2026-12-10","answers":{"vero":"si","alunno":"01a22b4c-8ce7-7b9d-8ef2-a8df873cfb52","valore":"11350.40","privacy":"si","scadenza":"2027-01-06","attestazione":[]},"form_id":"01a22b4c-b64d-7bb9-84bd-28209535ccda","version":1,"draft_id":"01a22b4c-b6d3-724f-9bab-412bc1e09aa4","once_key":"pupil:01a22b4c-8ce7-7b9d-8ef2-a8df873cfb52","pupil_id":"01a22b4c-8ce7-7b9d-8ef2-a8df873cfb52","person_id":"01a22b4c-8ce3-73e1-954a-747221652bad","decided_at":null,"assigned_to":"01a22b4c-8cd2-7d22-9696-39515a5ae135","household_id":"01a22b4c-8ce2-71f1-baf7-34976598acc2","submitted_at":"2026-11-24T06:55:00+00:00","protocol_year":2026,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","protocol_number":3},
{"id":"01a22b4c-b72a-7329-b019-166e08cdfc50","about":"Emma Barbieri","shown":[{"rows":[{"field":"alunno","label":"Per quale figlio?","value":"Emma Barbieri","documents":[]},{"field":"motivo","label":"Perché serve una dieta?","value":"Per motivi di salute","documents":[]},{"own":{"is":"none"},"field":"dal","label":"Da quale giorno?","value":"Nessuna risposta","documents":[]}],"title":"Per chi è la dieta","stepId":"figlio"},{"rows":[{"field":"certificato","label":"Certificato del medico","value":"1 documento","documents":[{"id":"01a22b4c-b71c-7e84-9f40-bca3ff0ac3a6","name":"pediatra.pdf"}]},{"field":"allergie","label":"Che cosa non può mangiare?","value":"Frutta a guscio","documents":[]},{"own":{"is":"yes"},"field":"grave","label":"Rischia una reazione grave?","value":"Sì","documents":[]}],"title":"Il certificato","stepId":"salute"},{"rows":[{"own":{"is":"accepted"},"field":"vero","label":"Dichiaro che quello che ho scritto è vero","value":"Accettata","documents":[]},{"own":{"is":"accepted"},"field":"privacy","label":"Ho letto l’informativa privacy del Comune e del gestore della mensa","value":"Accettata","documents":[]}],"title":"Dichiarazioni","stepId":"dichiarazioni"}],"state":"submitted","due_on":null,"answers":{"dal":"","vero":"si","grave":"si","alunno":"01a22b4c-8d24-7746-8c27-696af1a538f8","motivo":"salute","privacy":"si","allergie":"Frutta a guscio","certificato":[]},"form_id":"01a22b4c-b628-7a53-9d6f-7087a8808f34","version":1,"draft_id":"01a22b4c-b716-7bf6-ab15-5264146911b9","once_key":"pupil:01a22b4c-8d24-7746-8c27-696af1a538f8","pupil_id":"01a22b4c-8d24-7746-8c27-696af1a538f8","person_id":"01a22b4c-8d23-7354-bbfc-ed3f24ce972e","decided_at":null,"assigned_to":null,"household_id":"01a22b4c-8d22-7177-a625-eeb86166aa4b","submitted_at":"2026-11-29T19:05:00+00:00","protocol_year":2026,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","protocol_number":5},
{"id":"01a22b4c-b745-7f14-8901-74aeb7d5241f","about":"Nathan Rinaldi","shown":[{"rows":[{"field":"alunno","label":"Per quale figlio?","value":"Nathan Rinaldi","documents":[]},{"field":"valore","label":"Valore dell’ISEE, in euro","value":"5400","documents":[]},{"own":{"is":"day","day":"2027-02-28"},"field":"scadenza","label":"Scadenza dell’attestazione","value":"28 febbraio 2027","documents":[]},{"field":"attestazione","label":"Attestazione ISEE","value":"1 documento","documents":[{"id":"01a22b4c-b73d-7347-970c-b239e03f864c","name":"isee.pdf"}]}],"title":"L’ISEE","stepId":"isee"},{"rows":[{"own":{"is":"accepted"},"field":"vero","label":"Dichiaro che quello che ho scritto è vero","value":"Accettata","documents":[]},{"own":{"is":"accepted"},"field":"privacy","label":"Ho letto l’informativa privacy del Comune e del gestore della mensa","value":"Accettata","documents":[]}],"title":"Dichiarazioni","stepId":"dichiarazioni"}],"state":"submitted","due_on":null,"answers":{"vero":"si","alunno":"01a22b4c-8d2b-7331-8280-b7ab535a9273","valore":"5400","privacy":"si","scadenza":"2027-02-28","attestazione":[]},"form_id":"01a22b4c-b64d-7bb9-84bd-28209535ccda","version":1,"draft_id":"01a22b4c-b735-7cce-af64-c993453df2eb","once_key":"pupil:01a22b4c-8d2b-7331-8280-b7ab535a9273","pupil_id":"01a22b4c-8d2b-7331-8280-b7ab535a9273","person_id":"01a22b4c-8d2a-7382-916c-2d2d1bc47190","decided_at":null,"assigned_to":null,"household_id":"01a22b4c-8d29-7e8f-8a2d-e93c5898a10b","submitted_at":"2026-11-29T19:05:00+00:00","protocol_year":2026,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","protocol_number":6}]$rows$) on conflict do nothing;

insert into household ("municipality_id", "id", "name", "created_at") overriding system value select "municipality_id", "id", "name", "created_at" from jsonb_populate_recordset(null::household, $rows$[
{"id":"01a22b4c-8ce2-71f1-baf7-34976598acc2","name":"Albertini","created_at":"2026-08-31T22:10:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8cf3-7db1-a624-eba5dc914eb0","name":"Diallo","created_at":"2026-08-31T22:10:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8cf7-70d5-b4ed-e94f394f7442","name":"Bianchi","created_at":"2026-08-31T22:10:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8cfa-7d50-9619-03d8138975aa","name":"Rossi","created_at":"2026-08-31T22:10:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d01-7339-a7ea-9e8466502fbe","name":"Ferrari","created_at":"2026-08-31T22:10:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d0a-7f61-843d-01dc31b7ef9d","name":"Romano","created_at":"2026-08-31T22:10:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d0e-73d4-aa4b-3850d7df62eb","name":"Greco","created_at":"2026-08-31T22:10:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d10-7d63-8ee2-22cd87c21b36","name":"Bruno","created_at":"2026-08-31T22:10:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d13-79db-9816-f5ff97376342","name":"Gallo","created_at":"2026-08-31T22:10:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d16-77f8-98b3-e025f2e6a347","name":"Costa","created_at":"2026-08-31T22:10:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d18-7366-bd29-0b6103830ca8","name":"Fontana","created_at":"2026-08-31T22:10:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d1a-7724-8ba2-5c79e5248492","name":"Moretti","created_at":"2026-08-31T22:10:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d22-7177-a625-eeb86166aa4b","name":"Barbieri","created_at":"2026-08-31T22:10:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d25-705c-bd49-1bc3d1aa5cd3","name":"Lombardi","created_at":"2026-08-31T22:10:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d26-7e3f-aa3d-682392c3a125","name":"Giordano","created_at":"2026-08-31T22:10:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d29-7e8f-8a2d-e93c5898a10b","name":"Rinaldi","created_at":"2026-08-31T22:10:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d31-72ad-b8f8-c06f747caccc","name":"Colombo","created_at":"2026-08-31T22:10:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d45-7e05-8596-382b08e012c0","name":"Mancini","created_at":"2026-08-31T22:10:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d58-7f0e-91f0-1f5c3b7fa4c8","name":"Longo","created_at":"2026-08-31T22:10:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d5d-789f-8513-72e8ebc119b2","name":"Leone","created_at":"2026-08-31T22:10:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d62-7674-84fd-569e29507a49","name":"Martini","created_at":"2026-08-31T22:10:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d65-70da-a07f-734d9ad7f139","name":"Vitale","created_at":"2026-08-31T22:10:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d66-7c40-8a30-1dd790fab4a0","name":"Serra","created_at":"2026-08-31T22:10:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d68-7a94-8049-c4099e25705b","name":"Marchetti","created_at":"2026-08-31T22:10:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d6e-71cc-b8f3-5be9d37b6c03","name":"Villa","created_at":"2026-08-31T22:10:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d71-75c1-acd9-ab2bc0de6939","name":"Conte","created_at":"2026-08-31T22:10:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d77-71f9-8476-d44cdf9d2a74","name":"Ferraro","created_at":"2026-08-31T22:10:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d80-7801-a37e-8de613a7d46c","name":"Fabbri","created_at":"2026-08-31T22:10:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d86-7066-b102-ad42848795d1","name":"Benedetti","created_at":"2026-08-31T22:10:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d89-7ad2-ae26-90fa1178e2b0","name":"Sala","created_at":"2026-08-31T22:10:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d8b-7bfe-bc61-2f4117316083","name":"Pellegrini","created_at":"2026-08-31T22:10:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d99-78c4-acce-654fcf487eb7","name":"Rizzi","created_at":"2026-08-31T22:10:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d9b-749f-a970-11b2bfcddd8c","name":"Neri","created_at":"2026-08-31T22:10:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d9d-7b0a-a2c5-67670737fdfe","name":"Popescu","created_at":"2026-08-31T22:10:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8dce-7b02-aec4-07583da98650","name":"Hoxha","created_at":"2026-08-31T22:10:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8dde-7b5d-8b94-230621e11dae","name":"El Amrani","created_at":"2026-08-31T22:10:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8def-741f-bc52-3c224a973ae0","name":"Singh","created_at":"2026-08-31T22:10:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8df1-7a00-9a53-e3e511fbbc52","name":"Bellini","created_at":"2026-08-31T22:10:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8dfd-7ec6-9d95-61ffb02dddf1","name":"Grassi","created_at":"2026-08-31T22:10:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8e07-7300-ab3c-97f1f5cd2a42","name":"Testa","created_at":"2026-08-31T22:10:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"}]$rows$) on conflict do nothing;

insert into household_member ("municipality_id", "id", "household_id", "person_id", "role", "all_pupils", "valid_from", "valid_to", "started_at", "ended_at", "given_by") overriding system value select "municipality_id", "id", "household_id", "person_id", "role", "all_pupils", "valid_from", "valid_to", "started_at", "ended_at", "given_by" from jsonb_populate_recordset(null::household_member, $rows$[
{"id":"01a22b4c-8ce5-7da9-8dff-f5d9c28a2c1a","role":"holder","ended_at":null,"given_by":null,"valid_to":null,"person_id":"01a22b4c-8ce3-73e1-954a-747221652bad","all_pupils":true,"started_at":"2026-08-31T22:10:00+00:00","valid_from":"2026-09-01","household_id":"01a22b4c-8ce2-71f1-baf7-34976598acc2","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8cf5-778f-84fe-9cb3ccc8e213","role":"holder","ended_at":null,"given_by":null,"valid_to":null,"person_id":"01a22b4c-8cf4-7f59-bd69-69aed4d3b6da","all_pupils":true,"started_at":"2026-08-31T22:10:00+00:00","valid_from":"2026-09-01","household_id":"01a22b4c-8cf3-7db1-a624-eba5dc914eb0","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8cf8-7756-9e41-ba10cb452e4f","role":"holder","ended_at":null,"given_by":null,"valid_to":null,"person_id":"01a22b4c-8cf7-7b6c-b320-c0689ba5811a","all_pupils":true,"started_at":"2026-08-31T22:10:00+00:00","valid_from":"2026-09-01","household_id":"01a22b4c-8cf7-70d5-b4ed-e94f394f7442","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"}]$rows$) on conflict do nothing;

insert into invoice ("municipality_id", "id", "series", "year", "number", "number_text", "issued_on", "issued_at", "top_up_id", "household_id", "holder_id", "supplier", "customer", "meals", "unit_cents", "net_cents", "vat_cents", "vat_basis_points", "total_cents", "method", "xml", "xml_sha256", "municipality_name", "service_name", "vat_nature", "vat_reference", "gaps", "completed_at") overriding system value select "municipality_id", "id", "series", "year", "number", "number_text", "issued_on", "issued_at", "top_up_id", "household_id", "holder_id", "supplier", "customer", "meals", "unit_cents", "net_cents", "vat_cents", "vat_basis_points", "total_cents", "method", "xml", "xml_sha256", "municipality_name", "service_name", "vat_nature", "vat_reference", "gaps", "completed_at" from jsonb_populate_recordset(null::invoice, $rows$[
{"id":"01a22b4c-912d-7221-bd9e-ba11b251d9aa","xml":"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<p:FatturaElettronica xmlns:p=\"http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture/v1.2\" versione=\"FPR12\">\n  <FatturaElettronicaHeader>\n    <DatiTrasmissione>\n      <IdTrasmittente>\n        <IdPaese>IT</IdPaese>\n        <IdCodice>02345670238</IdCodice>\n      </IdTrasmittente>\n      <ProgressivoInvio>MZC260000B</ProgressivoInvio>\n      <FormatoTrasmissione>FPR12</FormatoTrasmissione>\n      <CodiceDestinatario>0000000</CodiceDestinatario>\n    </DatiTrasmissione>\n    <CedentePrestatore>\n      <DatiAnagrafici>\n        <IdFiscaleIVA>\n          <IdPaese>IT</IdPaese>\n          <IdCodice>02345670238</IdCodice>\n        </IdFiscaleIVA>\n        <CodiceFiscale>02345670238</CodiceFiscale>\n        <Anagrafica>\n          <Denominazione>Tangram Cooperativa Sociale</Denominazione>\n        </Anagrafica>\n        <RegimeFiscale>RF01</RegimeFiscale>\n      </DatiAnagrafici>\n      <Sede>\n        <Indirizzo>Via dell'Artigianato 15</Indirizzo>\n        <CAP>37069</CAP>\n        <Comune>Villafranca di Verona</Comune>\n        <Provincia>VR</Provincia>\n        <Nazione>IT</Nazione>\n      </Sede>\n    </CedentePrestatore>\n    <CessionarioCommittente>\n      <DatiAnagrafici>\n        <CodiceFiscale>VLLLSE89H57L781Z</CodiceFiscale>\n        <Anagrafica>\n          <Nome>Elisa</Nome>\n          <Cognome>Villa</Cognome>\n        </Anagrafica>\n      </DatiAnagrafici>\n      <Sede>\n        <Indirizzo>Via Dante 23</Indirizzo>\n        <CAP>37060</CAP>\n        <Comune>Mozzecane</Comune>\n        <Provincia>VR</Provincia>\n        <Nazione>IT</Nazione>\n      </Sede>\n    </CessionarioCommittente>\n  </FatturaElettronicaHeader>\n  <FatturaElettronicaBody>\n    <DatiGenerali>\n      <DatiGeneraliDocumento>\n        <TipoDocumento>TD01</TipoDocumento>\n        <Divisa>EUR</Divisa>\n        <Data>2026-09-18</Data>\n        <Numero>2026/MZC/000011</Numero>\n        <ImportoTotaleDocumento>81.00</ImportoTotaleDocumento>\n        <Causale>Ricarica Refezione Scolastica, Comune di Mozzecane</Causale>\n      </DatiGeneraliDocumento>\n    </DatiGenerali>\n    <DatiBeniServizi>\n      <DettaglioLinee>\n        <NumeroLinea>1</NumeroLinea>\n        <Descrizione>Refezione Scolastica: 15 pasti x 5,40 EUR IVA inclusa, ricarica del 18/09/2026</Descrizione>\n        <Quantita>15.00</Quantita>\n        <UnitaMisura>pasti</UnitaMisura>\n        <PrezzoUnitario>5.19200000</PrezzoUnitario>\n        <PrezzoTotale>77.88</PrezzoTotale>\n        <AliquotaIVA>4.00</AliquotaIVA>\n      </DettaglioLinee>\n      <DatiRiepilogo>\n        <AliquotaIVA>4.00</AliquotaIVA>\n        <ImponibileImporto>77.88</ImponibileImporto>\n        <Imposta>3.12</Imposta>\n        <EsigibilitaIVA>I</EsigibilitaIVA>\n        <RiferimentoNormativo>Tab. A, parte II, n. 37, DPR 633/1972</RiferimentoNormativo>\n      </DatiRiepilogo>\n    </DatiBeniServizi>\n    <DatiPagamento>\n      <CondizioniPagamento>TP02</CondizioniPagamento>\n      <DettaglioPagamento>\n        <ModalitaPagamento>MP08</ModalitaPagamento>\n        <ImportoPagamento>81.00</ImportoPagamento>\n      </DettaglioPagamento>\n    </DatiPagamento>\n  </FatturaElettronicaBody>\n</p:FatturaElettronica>","gaps":[],"year":2026,"meals":15,"method":"card","number":11,"series":"MZC","customer":{"address":{"city":"Mozzecane","street":"Via Dante 23","country":"IT","province":"VR","postalCode":"37060"},"lastName":"Villa","firstName":"Elisa","fiscalCode":"VLLLSE89H57L781Z"},"supplier":{"name":"Tangram Cooperativa Sociale","address":{"city":"Villafranca di Verona","street":"Via dell’Artigianato 15","country":"IT","province":"VR","postalCode":"37069"},"taxRegime":"RF01","vatNumber":"02345670238","fiscalCode":"02345670238"},"holder_id":"01a22b4c-8d6e-772c-9eca-59d1d58860f2","issued_at":"2026-09-18T18:15:00+00:00","issued_on":"2026-09-18","net_cents":7788,"top_up_id":"01a22b4c-9116-7966-a5e4-a8fea950acc1","vat_cents":312,"unit_cents":540,"vat_nature":null,"xml_sha256":"\\x9834d3a7773f486e288fee7b898ab4c34c4d891d1395781500257470aad6db72","number_text":"2026/MZC/000011","total_cents":8100,"completed_at":"2026-09-18T18:15:00+00:00","household_id":"01a22b4c-8d6e-71cc-b8f3-5be9d37b6c03","service_name":"Refezione Scolastica","vat_reference":"Tab. A, parte II, n. 37, DPR 633/1972","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","vat_basis_points":400,"municipality_name":"Mozzecane"},
{"id":"01a22b4c-949e-73b9-95f2-ed12d52eadc0","xml":"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<p:FatturaElettronica xmlns:p=\"http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture/v1.2\" versione=\"FPR12\">\n  <FatturaElettronicaHeader>\n    <DatiTrasmissione>\n      <IdTrasmittente>\n        <IdPaese>IT</IdPaese>\n        <IdCodice>02345670238</IdCodice>\n      </IdTrasmittente>\n      <ProgressivoInvio>MZC2600013</ProgressivoInvio>\n      <FormatoTrasmissione>FPR12</FormatoTrasmissione>\n      <CodiceDestinatario>0000000</CodiceDestinatario>\n    </DatiTrasmissione>\n    <CedentePrestatore>\n      <DatiAnagrafici>\n        <IdFiscaleIVA>\n          <IdPaese>IT</IdPaese>\n          <IdCodice>02345670238</IdCodice>\n        </IdFiscaleIVA>\n        <CodiceFiscale>02345670238</CodiceFiscale>\n        <Anagrafica>\n          <Denominazione>Tangram Cooperativa Sociale</Denominazione>\n        </Anagrafica>\n        <RegimeFiscale>RF01</RegimeFiscale>\n      </DatiAnagrafici>\n      <Sede>\n        <Indirizzo>Via dell'Artigianato 15</Indirizzo>\n        <CAP>37069</CAP>\n        <Comune>Villafranca di Verona</Comune>\n        <Provincia>VR</Provincia>\n        <Nazione>IT</Nazione>\n      </Sede>\n    </CedentePrestatore>\n    <CessionarioCommittente>\n      <DatiAnagrafici>\n        <CodiceFiscale>SNGLSE95B62L781K</CodiceFiscale>\n        <Anagrafica>\n          <Nome>Elisa</Nome>\n          <Cognome>Singh</Cognome>\n        </Anagrafica>\n      </DatiAnagrafici>\n      <Sede>\n        <Indirizzo>Via Dante 35</Indirizzo>\n        <CAP>37060</CAP>\n        <Comune>Mozzecane</Comune>\n        <Provincia>VR</Provincia>\n        <Nazione>IT</Nazione>\n      </Sede>\n    </CessionarioCommittente>\n  </FatturaElettronicaHeader>\n  <FatturaElettronicaBody>\n    <DatiGenerali>\n      <DatiGeneraliDocumento>\n        <TipoDocumento>TD01</TipoDocumento>\n        <Divisa>EUR</Divisa>\n        <Data>2026-09-23</Data>\n        <Numero>2026/MZC/000039</Numero>\n        <ImportoTotaleDocumento>81.00</ImportoTotaleDocumento>\n        <Causale>Ricarica Refezione Scolastica, Comune di Mozzecane</Causale>\n      </DatiGeneraliDocumento>\n    </DatiGenerali>\n    <DatiBeniServizi>\n      <DettaglioLinee>\n        <NumeroLinea>1</NumeroLinea>\n        <Descrizione>Refezione Scolastica: 15 pasti x 5,40 EUR IVA inclusa, ricarica del 23/09/2026</Descrizione>\n        <Quantita>15.00</Quantita>\n        <UnitaMisura>pasti</UnitaMisura>\n        <PrezzoUnitario>5.19200000</PrezzoUnitario>\n        <PrezzoTotale>77.88</PrezzoTotale>\n        <AliquotaIVA>4.00</AliquotaIVA>\n      </DettaglioLinee>\n      <DatiRiepilogo>\n        <AliquotaIVA>4.00</AliquotaIVA>\n        <ImponibileImporto>77.88</ImponibileImporto>\n        <Imposta>3.12</Imposta>\n        <EsigibilitaIVA>I</EsigibilitaIVA>\n        <RiferimentoNormativo>Tab. A, parte II, n. 37, DPR 633/1972</RiferimentoNormativo>\n      </DatiRiepilogo>\n    </DatiBeniServizi>\n    <DatiPagamento>\n      <CondizioniPagamento>TP02</CondizioniPagamento>\n      <DettaglioPagamento>\n        <ModalitaPagamento>MP08</ModalitaPagamento>\n        <ImportoPagamento>81.00</ImportoPagamento>\n      </DettaglioPagamento>\n    </DatiPagamento>\n  </FatturaElettronicaBody>\n</p:FatturaElettronica>","gaps":[],"year":2026,"meals":15,"method":"card","number":39,"series":"MZC","customer":{"address":{"city":"Mozzecane","street":"Via Dante 35","country":"IT","province":"VR","postalCode":"37060"},"lastName":"Singh","firstName":"Elisa","fiscalCode":"SNGLSE95B62L781K"},"supplier":{"name":"Tangram Cooperativa Sociale","address":{"city":"Villafranca di Verona","street":"Via dell’Artigianato 15","country":"IT","province":"VR","postalCode":"37069"},"taxRegime":"RF01","vatNumber":"02345670238","fiscalCode":"02345670238"},"holder_id":"01a22b4c-8def-7b9e-952c-c9e3863dd40f","issued_at":"2026-09-23T18:15:00+00:00","issued_on":"2026-09-23","net_cents":7788,"top_up_id":"01a22b4c-948f-787f-96a4-2e72f67dbbf2","vat_cents":312,"unit_cents":540,"vat_nature":null,"xml_sha256":"\\x9a20323849f7e4a116af5697d423b82d32b8cdbd7b1c4f75d4c81c16ea763f6d","number_text":"2026/MZC/000039","total_cents":8100,"completed_at":"2026-09-23T18:15:00+00:00","household_id":"01a22b4c-8def-741f-bc52-3c224a973ae0","service_name":"Refezione Scolastica","vat_reference":"Tab. A, parte II, n. 37, DPR 633/1972","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","vat_basis_points":400,"municipality_name":"Mozzecane"},
{"id":"01a22b4c-a914-7c24-9919-e8b6319fac4f","xml":"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<p:FatturaElettronica xmlns:p=\"http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture/v1.2\" versione=\"FPR12\">\n  <FatturaElettronicaHeader>\n    <DatiTrasmissione>\n      <IdTrasmittente>\n        <IdPaese>IT</IdPaese>\n        <IdCodice>02345670238</IdCodice>\n      </IdTrasmittente>\n      <ProgressivoInvio>MZC260002W</ProgressivoInvio>\n      <FormatoTrasmissione>FPR12</FormatoTrasmissione>\n      <CodiceDestinatario>0000000</CodiceDestinatario>\n    </DatiTrasmissione>\n    <CedentePrestatore>\n      <DatiAnagrafici>\n        <IdFiscaleIVA>\n          <IdPaese>IT</IdPaese>\n          <IdCodice>02345670238</IdCodice>\n        </IdFiscaleIVA>\n        <CodiceFiscale>02345670238</CodiceFiscale>\n        <Anagrafica>\n          <Denominazione>Tangram Cooperativa Sociale</Denominazione>\n        </Anagrafica>\n        <RegimeFiscale>RF01</RegimeFiscale>\n      </DatiAnagrafici>\n      <Sede>\n        <Indirizzo>Via dell'Artigianato 15</Indirizzo>\n        <CAP>37069</CAP>\n        <Comune>Villafranca di Verona</Comune>\n        <Provincia>VR</Provincia>\n        <Nazione>IT</Nazione>\n      </Sede>\n    </CedentePrestatore>\n    <CessionarioCommittente>\n      <DatiAnagrafici>\n        <CodiceFiscale>CNTLRA86D52L781Z</CodiceFiscale>\n        <Anagrafica>\n          <Nome>Laura</Nome>\n          <Cognome>Conti</Cognome>\n        </Anagrafica>\n      </DatiAnagrafici>\n      <Sede>\n        <Indirizzo>Via Roma 12</Indirizzo>\n        <CAP>37060</CAP>\n        <Comune>Mozzecane</Comune>\n        <Provincia>VR</Provincia>\n        <Nazione>IT</Nazione>\n      </Sede>\n    </CessionarioCommittente>\n  </FatturaElettronicaHeader>\n  <FatturaElettronicaBody>\n    <DatiGenerali>\n      <DatiGeneraliDocumento>\n        <TipoDocumento>TD01</TipoDocumento>\n        <Divisa>EUR</Divisa>\n        <Data>2026-11-19</Data>\n        <Numero>2026/MZC/000104</Numero>\n        <ImportoTotaleDocumento>54.00</ImportoTotaleDocumento>\n        <Causale>Ricarica Refezione Scolastica, Comune di Mozzecane</Causale>\n      </DatiGeneraliDocumento>\n    </DatiGenerali>\n    <DatiBeniServizi>\n      <DettaglioLinee>\n        <NumeroLinea>1</NumeroLinea>\n        <Descrizione>Refezione Scolastica: 10 pasti x 5,40 EUR IVA inclusa, ricarica del 19/11/2026</Descrizione>\n        <Quantita>10.00</Quantita>\n        <UnitaMisura>pasti</UnitaMisura>\n        <PrezzoUnitario>5.19200000</PrezzoUnitario>\n        <PrezzoTotale>51.92</PrezzoTotale>\n        <AliquotaIVA>4.00</AliquotaIVA>\n      </DettaglioLinee>\n      <DatiRiepilogo>\n        <AliquotaIVA>4.00</AliquotaIVA>\n        <ImponibileImporto>51.92</ImponibileImporto>\n        <Imposta>2.08</Imposta>\n        <EsigibilitaIVA>I</EsigibilitaIVA>\n        <RiferimentoNormativo>Tab. A, parte II, n. 37, DPR 633/1972</RiferimentoNormativo>\n      </DatiRiepilogo>\n    </DatiBeniServizi>\n    <DatiPagamento>\n      <CondizioniPagamento>TP02</CondizioniPagamento>\n      <DettaglioPagamento>\n        <ModalitaPagamento>MP08</ModalitaPagamento>\n        <ImportoPagamento>54.00</ImportoPagamento>\n      </DettaglioPagamento>\n    </DatiPagamento>\n  </FatturaElettronicaBody>\n</p:FatturaElettronica>","gaps":[],"year":2026,"meals":10,"method":"card","number":104,"series":"MZC","customer":{"address":{"city":"Mozzecane","street":"Via Roma 12","country":"IT","province":"VR","postalCode":"37060"},"lastName":"Conti","firstName":"Laura","fiscalCode":"CNTLRA86D52L781Z"},"supplier":{"name":"Tangram Cooperativa Sociale","address":{"city":"Villafranca di Verona","street":"Via dell’Artigianato 15","country":"IT","province":"VR","postalCode":"37069"},"taxRegime":"RF01","vatNumber":"02345670238","fiscalCode":"02345670238"},"holder_id":"01a22b4c-8ce3-73e1-954a-747221652bad","issued_at":"2026-11-19T19:15:00+00:00","issued_on":"2026-11-19","net_cents":5192,"top_up_id":"01a22b4c-a903-76cc-98e7-e0c2d00c0e2d","vat_cents":208,"unit_cents":540,"vat_nature":null,"xml_sha256":"\\x656c4db892b9d82a93289bf0cd240eadc03dbf58b0a8d3ea294d3484fa6ac518","number_text":"2026/MZC/000104","total_cents":5400,"completed_at":"2026-11-19T19:15:00+00:00","household_id":"01a22b4c-8ce2-71f1-baf7-34976598acc2","service_name":"Refezione Scolastica","vat_reference":"Tab. A, parte II, n. 37, DPR 633/1972","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","vat_basis_points":400,"municipality_name":"Mozzecane"}]$rows$) on conflict do nothing;

insert into invoice_series ("municipality_id", "code", "year", "last_number", "last_issued_on") overriding system value select "municipality_id", "code", "year", "last_number", "last_issued_on" from jsonb_populate_recordset(null::invoice_series, $rows$[
{"code":"MZC","year":2026,"last_number":114,"last_issued_on":"2026-11-29","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"}]$rows$) on conflict do nothing;

insert into journal ("municipality_id", "id", "kind", "idempotency_key", "description", "person_id", "posted_at") overriding system value select "municipality_id", "id", "kind", "idempotency_key", "description", "person_id", "posted_at" from jsonb_populate_recordset(null::journal, $rows$[
{"id":"01a22b4c-8e6e-7f1c-971d-9d6ae4779e5a","kind":"meals","person_id":null,"posted_at":"2026-09-14T07:30:03+00:00","description":"Pasti del 14/09/2026","idempotency_key":"meals:01a22b4c-8c9c-7b6f-a71e-68326e5142c9","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8e78-7824-b130-540ce5b52915","kind":"meals","person_id":null,"posted_at":"2026-09-14T07:30:03+00:00","description":"Pasti del 14/09/2026","idempotency_key":"meals:01a22b4c-8cc8-7334-a1d5-59cf0ddf8bbc","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8eb1-7e91-9f0e-03a7d60953e3","kind":"meals","person_id":null,"posted_at":"2026-09-15T07:30:03+00:00","description":"Pasti del 15/09/2026","idempotency_key":"meals:01a22b4c-8cb9-798e-95b1-78069715413b","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-ac8d-7280-bfbb-12811ac4ace2","kind":"opening","person_id":null,"posted_at":"2026-09-13T22:10:00+00:00","description":"Saldo iniziale dal vecchio portale","idempotency_key":"opening:01a22b4c-8d0f-7ed7-a210-ff5fff5c1e72","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-ac90-751c-acc4-db2230ddaf5e","kind":"opening","person_id":null,"posted_at":"2026-09-13T22:10:00+00:00","description":"Saldo iniziale dal vecchio portale","idempotency_key":"opening:01a22b4c-8d19-7947-b13a-1265d86e7222","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-accb-7c77-9343-ffe79270ed9c","kind":"opening","person_id":null,"posted_at":"2026-09-13T22:10:00+00:00","description":"Saldo iniziale dal vecchio portale","idempotency_key":"opening:01a22b4c-8e05-7b27-85c9-51ab7bfd929c","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"}]$rows$) on conflict do nothing;

insert into kitchen_count ("municipality_id", "id", "service_day_id", "version", "frozen_at", "reason") overriding system value select "municipality_id", "id", "service_day_id", "version", "frozen_at", "reason" from jsonb_populate_recordset(null::kitchen_count, $rows$[
{"id":"01a22b4c-8e5b-7429-b0bd-064fcbedf8d9","reason":"","version":1,"frozen_at":"2026-09-14T07:30:03+00:00","service_day_id":"01a22b4c-8c9c-7b6f-a71e-68326e5142c9","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8e5b-7cd2-aec3-887a745174cd","reason":"","version":1,"frozen_at":"2026-09-14T07:30:03+00:00","service_day_id":"01a22b4c-8cc8-7334-a1d5-59cf0ddf8bbc","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8ea7-7421-926d-10f2139d1c1e","reason":"","version":1,"frozen_at":"2026-09-15T07:30:03+00:00","service_day_id":"01a22b4c-8c9c-7f7d-8121-e14271fb546e","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"}]$rows$) on conflict do nothing;

insert into kitchen_count_line ("municipality_id", "kitchen_count_id", "school_class_id", "diet_code", "meals", "absent") overriding system value select "municipality_id", "kitchen_count_id", "school_class_id", "diet_code", "meals", "absent" from jsonb_populate_recordset(null::kitchen_count_line, $rows$[
{"meals":1,"absent":0,"diet_code":"D01","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","school_class_id":"01a22b4c-8c8e-796d-8f90-e18141c9195c","kitchen_count_id":"01a22b4c-8e5b-7429-b0bd-064fcbedf8d9"},
{"meals":3,"absent":0,"diet_code":"STD","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","school_class_id":"01a22b4c-8c8e-796d-8f90-e18141c9195c","kitchen_count_id":"01a22b4c-8e5b-7429-b0bd-064fcbedf8d9"},
{"meals":9,"absent":1,"diet_code":"STD","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","school_class_id":"01a22b4c-8c8e-7ca7-9cc4-d630731c398e","kitchen_count_id":"01a22b4c-8e5b-7429-b0bd-064fcbedf8d9"}]$rows$) on conflict do nothing;

insert into kysely_migration ("name", "timestamp") overriding system value select "name", "timestamp" from jsonb_populate_recordset(null::kysely_migration, $rows$[
{"name":"2026-11-29T2055-identity","timestamp":"2026-11-30T07:12:45.670Z"},
{"name":"2026-11-29T2056-school-and-people","timestamp":"2026-11-30T07:12:45.808Z"},
{"name":"2026-11-29T2057-meals-and-kitchen","timestamp":"2026-11-30T07:12:45.933Z"},
{"name":"2026-11-29T2058-money","timestamp":"2026-11-30T07:12:46.066Z"},
{"name":"2026-11-29T2059-publishing","timestamp":"2026-11-30T07:12:46.205Z"},
{"name":"2026-11-29T2100-forms","timestamp":"2026-11-30T07:12:46.293Z"},
{"name":"2026-11-29T2101-notifications-and-outbox","timestamp":"2026-11-30T07:12:46.364Z"},
{"name":"2026-11-29T2140-languages","timestamp":"2026-11-30T07:12:46.379Z"},
{"name":"2026-11-30T0255-charge-after-close","timestamp":"2026-11-30T07:12:46.380Z"},
{"name":"2026-11-30T0310-frozen-meals","timestamp":"2026-11-30T07:12:46.395Z"},
{"name":"2026-11-30T0330-push-by-endpoint","timestamp":"2026-11-30T07:12:46.396Z"}]$rows$) on conflict do nothing;

insert into kysely_migration_lock ("id", "is_locked") overriding system value select "id", "is_locked" from jsonb_populate_recordset(null::kysely_migration_lock, $rows$[
{"id":"migration_lock","is_locked":0}]$rows$) on conflict do nothing;

insert into language ("code") overriding system value select "code" from jsonb_populate_recordset(null::language, $rows$[
{"code":"ar"},
{"code":"en"},
{"code":"it"}]$rows$) on conflict do nothing;

insert into leftover ("municipality_id", "id", "service_day_id", "school_class_id", "course", "grams", "share", "recorded_by", "recorded_at") overriding system value select "municipality_id", "id", "service_day_id", "school_class_id", "course", "grams", "share", "recorded_by", "recorded_at" from jsonb_populate_recordset(null::leftover, $rows$[
{"id":"01a22b4c-ad60-7428-a1e0-3e073a62b1f3","grams":950,"share":null,"course":"primo","recorded_at":"2026-11-30T07:12:46.699+00:00","recorded_by":"01a22b4c-8cd2-7d22-9696-39515a5ae135","service_day_id":"01a22b4c-8ca1-74d0-8651-95639ef6a51c","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","school_class_id":null},
{"id":"01a22b4c-ad60-7476-8344-d1366f153c6f","grams":950,"share":null,"course":"primo","recorded_at":"2026-11-30T07:12:46.699+00:00","recorded_by":"01a22b4c-8cd2-7d22-9696-39515a5ae135","service_day_id":"01a22b4c-8cba-713c-9f3b-2ace41d03b2e","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","school_class_id":null},
{"id":"01a22b4c-ad60-74b8-9b60-ff74e7180bd9","grams":950,"share":null,"course":"primo","recorded_at":"2026-11-30T07:12:46.699+00:00","recorded_by":"01a22b4c-8cd2-7d22-9696-39515a5ae135","service_day_id":"01a22b4c-8cc8-78cb-9ebb-836d56e4814d","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","school_class_id":null}]$rows$) on conflict do nothing;

insert into meal_charge ("municipality_id", "service_day_id", "due_at", "failures", "charged_at") overriding system value select "municipality_id", "service_day_id", "due_at", "failures", "charged_at" from jsonb_populate_recordset(null::meal_charge, $rows$[
{"due_at":null,"failures":0,"charged_at":"2026-09-14T07:30:03+00:00","service_day_id":"01a22b4c-8c9c-7b6f-a71e-68326e5142c9","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"due_at":null,"failures":0,"charged_at":"2026-09-15T07:30:03+00:00","service_day_id":"01a22b4c-8c9c-7f7d-8121-e14271fb546e","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"due_at":null,"failures":0,"charged_at":"2026-09-16T07:30:03+00:00","service_day_id":"01a22b4c-8c9c-7faf-a1f4-98ba9b803313","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"}]$rows$) on conflict do nothing;

insert into meal_price ("municipality_id", "service_id", "valid_from", "price_cents", "vat_basis_points", "vat_nature", "vat_reference", "decided_by", "decided_at", "note") overriding system value select "municipality_id", "service_id", "valid_from", "price_cents", "vat_basis_points", "vat_nature", "vat_reference", "decided_by", "decided_at", "note" from jsonb_populate_recordset(null::meal_price, $rows$[
{"note":"","decided_at":"2026-08-31T22:10:00+00:00","decided_by":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","valid_from":"2026-09-01","vat_nature":null,"price_cents":540,"vat_reference":"Tab. A, parte II, n. 37, DPR 633/1972","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","vat_basis_points":400},
{"note":"Delibera di Giunta sulle tariffe del prossimo anno","decided_at":"2026-11-30T07:12:46.699+00:00","decided_by":"01a22b4c-8cd9-73a5-94db-dca4000e5445","service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","valid_from":"2027-09-01","vat_nature":null,"price_cents":560,"vat_reference":"Tab. A, parte II, n. 37, DPR 633/1972","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","vat_basis_points":400}]$rows$) on conflict do nothing;

insert into meal_rating ("municipality_id", "pupil_id", "service_day_id", "person_id", "comment", "rated_at", "changed_at") overriding system value select "municipality_id", "pupil_id", "service_day_id", "person_id", "comment", "rated_at", "changed_at" from jsonb_populate_recordset(null::meal_rating, $rows$[
{"comment":"","pupil_id":"01a22b4c-8cf6-750e-89f7-f5a26a4dd6b8","rated_at":"2026-11-10T17:30:00+00:00","person_id":"01a22b4c-8cf4-7f59-bd69-69aed4d3b6da","changed_at":"2026-11-10T17:30:00+00:00","service_day_id":"01a22b4c-8cba-7080-a741-5f049ff48d42","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"comment":"","pupil_id":"01a22b4c-8cf6-750e-89f7-f5a26a4dd6b8","rated_at":"2026-11-11T17:30:00+00:00","person_id":"01a22b4c-8cf4-7f59-bd69-69aed4d3b6da","changed_at":"2026-11-11T17:30:00+00:00","service_day_id":"01a22b4c-8cba-709a-b92f-908ef3d4e36d","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"comment":"","pupil_id":"01a22b4c-8cf6-750e-89f7-f5a26a4dd6b8","rated_at":"2026-11-12T17:30:00+00:00","person_id":"01a22b4c-8cf4-7f59-bd69-69aed4d3b6da","changed_at":"2026-11-12T17:30:00+00:00","service_day_id":"01a22b4c-8cba-70b5-b188-d8a4e9806f6a","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"}]$rows$) on conflict do nothing;

insert into meal_rating_dish ("municipality_id", "pupil_id", "service_day_id", "dish_id", "score") overriding system value select "municipality_id", "pupil_id", "service_day_id", "dish_id", "score" from jsonb_populate_recordset(null::meal_rating_dish, $rows$[
{"score":3,"dish_id":"01a22b4c-acd3-719c-ad41-508b7a9be1ce","pupil_id":"01a22b4c-8cf6-750e-89f7-f5a26a4dd6b8","service_day_id":"01a22b4c-8cba-7080-a741-5f049ff48d42","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"score":3,"dish_id":"01a22b4c-acd3-72c7-8d2e-30bf44563c9c","pupil_id":"01a22b4c-8cf6-750e-89f7-f5a26a4dd6b8","service_day_id":"01a22b4c-8cba-7080-a741-5f049ff48d42","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"score":3,"dish_id":"01a22b4c-acd3-7433-b7af-940dd99552ae","pupil_id":"01a22b4c-8cf6-750e-89f7-f5a26a4dd6b8","service_day_id":"01a22b4c-8cba-7080-a741-5f049ff48d42","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"}]$rows$) on conflict do nothing;

insert into menu ("municipality_id", "id", "latest_version", "published_version", "published_at", "published_by", "withdrawn_at", "created_at") overriding system value select "municipality_id", "id", "latest_version", "published_version", "published_at", "published_by", "withdrawn_at", "created_at" from jsonb_populate_recordset(null::menu, $rows$[
{"id":"01a22b4c-acdc-75be-a309-8e463a856788","created_at":"2026-11-30T07:12:46.699+00:00","published_at":"2026-09-08T08:00:00+00:00","published_by":"01a22b4c-8cd2-7d22-9696-39515a5ae135","withdrawn_at":null,"latest_version":1,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","published_version":1},
{"id":"01a22b4c-acde-7423-8048-d23e03b41b1d","created_at":"2026-11-30T07:12:46.699+00:00","published_at":"2026-09-08T08:00:00+00:00","published_by":"01a22b4c-8cd2-7d22-9696-39515a5ae135","withdrawn_at":null,"latest_version":1,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","published_version":1}]$rows$) on conflict do nothing;

insert into menu_change ("municipality_id", "id", "school_id", "day", "dish_id", "new_dish_id", "replacements", "reason", "announced_by", "announced_at", "withdrawn_at") overriding system value select "municipality_id", "id", "school_id", "day", "dish_id", "new_dish_id", "replacements", "reason", "announced_by", "announced_at", "withdrawn_at" from jsonb_populate_recordset(null::menu_change, $rows$[
{"id":"01a22b4c-acea-75dd-b0c6-7bd66a88c4b5","day":"2026-12-01","reason":"Il fornitore non ha potuto consegnare","dish_id":"01a22b4c-acd3-72b4-af61-9f4360e6d0d7","school_id":"01a22b4c-8cad-7355-bbb4-1d6473144d02","new_dish_id":"01a22b4c-acd3-7338-8382-06f11d99f021","announced_at":"2026-11-30T07:12:46.699+00:00","announced_by":"01a22b4c-8cd2-7d22-9696-39515a5ae135","replacements":{"D02":"01a22b4c-acd3-7399-86bf-4f27fb95dd83"},"withdrawn_at":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"}]$rows$) on conflict do nothing;

insert into menu_settings ("municipality_id", "show_ratings") overriding system value select "municipality_id", "show_ratings" from jsonb_populate_recordset(null::menu_settings, $rows$[
{"show_ratings":true,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"}]$rows$) on conflict do nothing;

insert into menu_version ("municipality_id", "menu_id", "number", "name", "starts_on", "ends_on", "weeks", "first_week", "school_ids", "rotation", "replacements", "author_id", "saved_at") overriding system value select "municipality_id", "menu_id", "number", "name", "starts_on", "ends_on", "weeks", "first_week", "school_ids", "rotation", "replacements", "author_id", "saved_at" from jsonb_populate_recordset(null::menu_version, $rows$[
{"name":"Autunno e inverno","weeks":4,"number":1,"ends_on":"2027-03-21","menu_id":"01a22b4c-acdc-75be-a309-8e463a856788","rotation":{"1-1":["01a22b4c-acd2-7b4b-9135-314341409df5","01a22b4c-acd3-72b4-af61-9f4360e6d0d7","01a22b4c-acd3-7448-a60a-c61c4a8f69bb","01a22b4c-acd4-70b3-9449-b6e3c879bc7e","01a22b4c-acd4-706a-9882-5b766b9c9bac"],"1-2":["01a22b4c-acd3-719c-ad41-508b7a9be1ce","01a22b4c-acd3-72c7-8d2e-30bf44563c9c","01a22b4c-acd3-7433-b7af-940dd99552ae","01a22b4c-acd4-70d7-901c-52931fb16e66","01a22b4c-acd4-708b-87cb-645c34fc166c"],"1-3":["01a22b4c-acd3-73d3-bdec-4f485856ec28","01a22b4c-acd3-7483-bce6-17a6c14d9963","01a22b4c-acd4-70ea-aa7c-4287910bbbb3","01a22b4c-acd4-706a-9882-5b766b9c9bac"],"1-4":["01a22b4c-acd3-716f-9e13-e181e6327670","01a22b4c-acd3-72ec-9266-82787a34e8c9","01a22b4c-acd3-746e-a07f-bc6a17a91654","01a22b4c-acd4-70c5-9763-fcc8468b8e3c","01a22b4c-acd4-708b-87cb-645c34fc166c"],"1-5":["01a22b4c-acd3-7241-a5c0-c6d7b2e904c7","01a22b4c-acd3-72da-90bf-04098f2799f9","01a22b4c-acd3-74bc-a47b-9d7864d543b0","01a22b4c-acd4-70fd-98fc-5de87c53b594","01a22b4c-acd4-706a-9882-5b766b9c9bac"],"2-1":["01a22b4c-acd3-71cc-81d1-2e9e14fab520","01a22b4c-acd3-7373-b07e-cc5a2b196369","01a22b4c-acd3-7433-b7af-940dd99552ae","01a22b4c-acd4-70d7-901c-52931fb16e66","01a22b4c-acd4-706a-9882-5b766b9c9bac"],"2-2":["01a22b4c-acd3-71b5-8de2-5fcaa49e7caf","01a22b4c-acd3-7313-94d0-ee8fb2a71fec","01a22b4c-acd3-7448-a60a-c61c4a8f69bb","01a22b4c-acd4-70b3-9449-b6e3c879bc7e","01a22b4c-acd4-708b-87cb-645c34fc166c"],"2-3":["01a22b4c-acd3-71e0-8389-10572a64625a","01a22b4c-acd3-735e-87a8-7617b91e1c07","01a22b4c-acd3-745b-b55d-104a6fbcf336","01a22b4c-acd4-70c5-9763-fcc8468b8e3c","01a22b4c-acd4-706a-9882-5b766b9c9bac"],"2-4":["01a22b4c-acd3-73f9-a262-a0ecac55abb9","01a22b4c-acd3-7496-ab9b-85e2545db565","01a22b4c-acd4-7111-b0c9-ddaf959acc48","01a22b4c-acd4-708b-87cb-645c34fc166c"],"2-5":["01a22b4c-acd3-71f4-80c5-480d2f72085c","01a22b4c-acd3-734b-8c5e-089328783c9d","01a22b4c-acd3-7483-bce6-17a6c14d9963","01a22b4c-acd4-70ea-aa7c-4287910bbbb3","01a22b4c-acd4-706a-9882-5b766b9c9bac"],"3-1":["01a22b4c-acd3-7207-9b54-152497d8dd45","01a22b4c-acd3-7338-8382-06f11d99f021","01a22b4c-acd3-74a9-b395-1e24f2d7b72b","01a22b4c-acd4-70b3-9449-b6e3c879bc7e","01a22b4c-acd4-706a-9882-5b766b9c9bac"],"3-2":["01a22b4c-acd3-722d-a7ee-36d38ada7520","01a22b4c-acd3-7326-9ccd-60335e229472","01a22b4c-acd3-7433-b7af-940dd99552ae","01a22b4c-acd4-70d7-901c-52931fb16e66","01a22b4c-acd4-708b-87cb-645c34fc166c"],"3-3":["01a22b4c-acd3-721a-8bee-e30f6bda60b7","01a22b4c-acd3-7387-b64a-cbc207d09d48","01a22b4c-acd3-7448-a60a-c61c4a8f69bb","01a22b4c-acd4-70c5-9763-fcc8468b8e3c","01a22b4c-acd4-706a-9882-5b766b9c9bac"],"3-4":["01a22b4c-acd3-73e6-acfa-3d45e1ddf784","01a22b4c-acd3-746e-a07f-bc6a17a91654","01a22b4c-acd4-70ea-aa7c-4287910bbbb3","01a22b4c-acd4-708b-87cb-645c34fc166c"],"3-5":["01a22b4c-acd2-7b4b-9135-314341409df5","01a22b4c-acd3-72da-90bf-04098f2799f9","01a22b4c-acd3-74bc-a47b-9d7864d543b0","01a22b4c-acd4-70fd-98fc-5de87c53b594","01a22b4c-acd4-706a-9882-5b766b9c9bac"],"4-1":["01a22b4c-acd3-7266-8cff-9b72d557d9ec","01a22b4c-acd3-7301-a595-89088f7e0ac8","01a22b4c-acd3-7496-ab9b-85e2545db565","01a22b4c-acd4-70c5-9763-fcc8468b8e3c","01a22b4c-acd4-706a-9882-5b766b9c9bac"],"4-2":["01a22b4c-acd3-7253-b1cf-fa8244f38503","01a22b4c-acd3-72b4-af61-9f4360e6d0d7","01a22b4c-acd3-745b-b55d-104a6fbcf336","01a22b4c-acd4-70b3-9449-b6e3c879bc7e","01a22b4c-acd4-708b-87cb-645c34fc166c"],"4-3":["01a22b4c-acd3-7279-9c47-0a248b4ae2c2","01a22b4c-acd3-72ec-9266-82787a34e8c9","01a22b4c-acd3-7483-bce6-17a6c14d9963","01a22b4c-acd4-70d7-901c-52931fb16e66","01a22b4c-acd4-706a-9882-5b766b9c9bac"],"4-4":["01a22b4c-acd3-740c-a321-2ad32270d4e3","01a22b4c-acd3-7433-b7af-940dd99552ae","01a22b4c-acd4-7111-b0c9-ddaf959acc48","01a22b4c-acd4-708b-87cb-645c34fc166c"],"4-5":["01a22b4c-acd3-7241-a5c0-c6d7b2e904c7","01a22b4c-acd3-72c7-8d2e-30bf44563c9c","01a22b4c-acd3-746e-a07f-bc6a17a91654","01a22b4c-acd4-70ea-aa7c-4287910bbbb3","01a22b4c-acd4-706a-9882-5b766b9c9bac"]},"saved_at":"2026-09-08T08:00:00+00:00","author_id":"01a22b4c-8cd2-7d22-9696-39515a5ae135","starts_on":"2026-09-14","first_week":1,"school_ids":["01a22b4c-8c8d-7b02-8ca7-7c9023cf4949","01a22b4c-8cad-7355-bbb4-1d6473144d02","01a22b4c-8cbd-7461-920f-598c612d8e7c"],"replacements":{"01a22b4c-acd2-7b4b-9135-314341409df5":{"D01":"01a22b4c-acd3-728d-b2c0-1695f9d7ffba"},"01a22b4c-acd3-716f-9e13-e181e6327670":{"D02":"01a22b4c-acd3-72a0-92b0-4e6b449b0d72"},"01a22b4c-acd3-719c-ad41-508b7a9be1ce":{"D01":"01a22b4c-acd3-728d-b2c0-1695f9d7ffba"},"01a22b4c-acd3-71b5-8de2-5fcaa49e7caf":{"D01":"01a22b4c-acd3-728d-b2c0-1695f9d7ffba","E02":"01a22b4c-acd3-72a0-92b0-4e6b449b0d72"},"01a22b4c-acd3-71cc-81d1-2e9e14fab520":{"D01":"01a22b4c-acd3-728d-b2c0-1695f9d7ffba","D02":"01a22b4c-acd3-72a0-92b0-4e6b449b0d72","D03":"01a22b4c-acd3-72a0-92b0-4e6b449b0d72"},"01a22b4c-acd3-71e0-8389-10572a64625a":{},"01a22b4c-acd3-71f4-80c5-480d2f72085c":{"D01":"01a22b4c-acd3-728d-b2c0-1695f9d7ffba","D02":"01a22b4c-acd3-72a0-92b0-4e6b449b0d72"},"01a22b4c-acd3-7207-9b54-152497d8dd45":{"D01":"01a22b4c-acd3-728d-b2c0-1695f9d7ffba"},"01a22b4c-acd3-721a-8bee-e30f6bda60b7":{"D01":"01a22b4c-acd3-728d-b2c0-1695f9d7ffba"},"01a22b4c-acd3-722d-a7ee-36d38ada7520":{"D02":"01a22b4c-acd3-72a0-92b0-4e6b449b0d72"},"01a22b4c-acd3-7241-a5c0-c6d7b2e904c7":{"D01":"01a22b4c-acd3-728d-b2c0-1695f9d7ffba","E02":"01a22b4c-acd3-72a0-92b0-4e6b449b0d72"},"01a22b4c-acd3-7253-b1cf-fa8244f38503":{"D02":"01a22b4c-acd3-72a0-92b0-4e6b449b0d72"},"01a22b4c-acd3-7266-8cff-9b72d557d9ec":{"D01":"01a22b4c-acd3-728d-b2c0-1695f9d7ffba","D02":"01a22b4c-acd3-72a0-92b0-4e6b449b0d72"},"01a22b4c-acd3-7279-9c47-0a248b4ae2c2":{"D02":"01a22b4c-acd3-72a0-92b0-4e6b449b0d72"},"01a22b4c-acd3-728d-b2c0-1695f9d7ffba":{},"01a22b4c-acd3-72a0-92b0-4e6b449b0d72":{"D01":"01a22b4c-acd3-728d-b2c0-1695f9d7ffba"},"01a22b4c-acd3-72b4-af61-9f4360e6d0d7":{"D01":"01a22b4c-acd3-7399-86bf-4f27fb95dd83","E02":"01a22b4c-acd3-73bf-83f3-fd10d71e4cf2"},"01a22b4c-acd3-72c7-8d2e-30bf44563c9c":{"D02":"01a22b4c-acd3-7399-86bf-4f27fb95dd83"},"01a22b4c-acd3-72da-90bf-04098f2799f9":{"D01":"01a22b4c-acd3-7399-86bf-4f27fb95dd83","E02":"01a22b4c-acd3-73bf-83f3-fd10d71e4cf2"},"01a22b4c-acd3-72ec-9266-82787a34e8c9":{"D02":"01a22b4c-acd3-7399-86bf-4f27fb95dd83","D03":"01a22b4c-acd3-7399-86bf-4f27fb95dd83"},"01a22b4c-acd3-7301-a595-89088f7e0ac8":{"E01":"01a22b4c-acd3-73ac-965a-6a179a5d65a4","E02":"01a22b4c-acd3-73bf-83f3-fd10d71e4cf2"},"01a22b4c-acd3-7313-94d0-ee8fb2a71fec":{"D01":"01a22b4c-acd3-7399-86bf-4f27fb95dd83","D03":"01a22b4c-acd3-7399-86bf-4f27fb95dd83"},"01a22b4c-acd3-7326-9ccd-60335e229472":{"E02":"01a22b4c-acd3-73bf-83f3-fd10d71e4cf2"},"01a22b4c-acd3-7338-8382-06f11d99f021":{"D02":"01a22b4c-acd3-7399-86bf-4f27fb95dd83"},"01a22b4c-acd3-734b-8c5e-089328783c9d":{"D01":"01a22b4c-acd3-7399-86bf-4f27fb95dd83","D03":"01a22b4c-acd3-7399-86bf-4f27fb95dd83","E02":"01a22b4c-acd3-73bf-83f3-fd10d71e4cf2"},"01a22b4c-acd3-735e-87a8-7617b91e1c07":{"D01":"01a22b4c-acd3-7399-86bf-4f27fb95dd83","E02":"01a22b4c-acd3-73bf-83f3-fd10d71e4cf2"},"01a22b4c-acd3-7373-b07e-cc5a2b196369":{"E01":"01a22b4c-acd3-73ac-965a-6a179a5d65a4","E02":"01a22b4c-acd3-73bf-83f3-fd10d71e4cf2"},"01a22b4c-acd3-7387-b64a-cbc207d09d48":{"D03":"01a22b4c-acd3-7399-86bf-4f27fb95dd83"},"01a22b4c-acd3-7399-86bf-4f27fb95dd83":{"E02":"01a22b4c-acd3-73bf-83f3-fd10d71e4cf2"},"01a22b4c-acd3-73ac-965a-6a179a5d65a4":{"E02":"01a22b4c-acd3-73bf-83f3-fd10d71e4cf2"},"01a22b4c-acd3-73bf-83f3-fd10d71e4cf2":{},"01a22b4c-acd3-73d3-bdec-4f485856ec28":{"D01":"01a22b4c-acd3-7420-9611-5e47078cf811","D02":"01a22b4c-acd3-7420-9611-5e47078cf811"},"01a22b4c-acd3-73e6-acfa-3d45e1ddf784":{"D01":"01a22b4c-acd3-7420-9611-5e47078cf811","D02":"01a22b4c-acd3-7420-9611-5e47078cf811","D03":"01a22b4c-acd3-7420-9611-5e47078cf811","E02":"01a22b4c-acd3-7420-9611-5e47078cf811"},"01a22b4c-acd3-73f9-a262-a0ecac55abb9":{"E02":"01a22b4c-acd3-7420-9611-5e47078cf811"},"01a22b4c-acd3-740c-a321-2ad32270d4e3":{"D01":"01a22b4c-acd3-7420-9611-5e47078cf811"},"01a22b4c-acd3-7420-9611-5e47078cf811":{},"01a22b4c-acd3-7433-b7af-940dd99552ae":{},"01a22b4c-acd3-7448-a60a-c61c4a8f69bb":{},"01a22b4c-acd3-745b-b55d-104a6fbcf336":{"D02":"01a22b4c-acd3-74ce-b1c0-66c4a9013b28"},"01a22b4c-acd3-746e-a07f-bc6a17a91654":{},"01a22b4c-acd3-7483-bce6-17a6c14d9963":{},"01a22b4c-acd3-7496-ab9b-85e2545db565":{},"01a22b4c-acd3-74a9-b395-1e24f2d7b72b":{"D02":"01a22b4c-acd3-74ce-b1c0-66c4a9013b28"},"01a22b4c-acd3-74bc-a47b-9d7864d543b0":{},"01a22b4c-acd3-74ce-b1c0-66c4a9013b28":{},"01a22b4c-acd4-706a-9882-5b766b9c9bac":{"D01":"01a22b4c-acd4-70a0-8c21-8b10aa2a9e95"},"01a22b4c-acd4-708b-87cb-645c34fc166c":{"D01":"01a22b4c-acd4-70a0-8c21-8b10aa2a9e95"},"01a22b4c-acd4-70a0-8c21-8b10aa2a9e95":{},"01a22b4c-acd4-70b3-9449-b6e3c879bc7e":{},"01a22b4c-acd4-70c5-9763-fcc8468b8e3c":{},"01a22b4c-acd4-70d7-901c-52931fb16e66":{},"01a22b4c-acd4-70ea-aa7c-4287910bbbb3":{},"01a22b4c-acd4-70fd-98fc-5de87c53b594":{"D02":"01a22b4c-acd4-70b3-9449-b6e3c879bc7e"},"01a22b4c-acd4-7111-b0c9-ddaf959acc48":{"D01":"01a22b4c-acd4-70b3-9449-b6e3c879bc7e","D02":"01a22b4c-acd4-70b3-9449-b6e3c879bc7e","D03":"01a22b4c-acd4-70b3-9449-b6e3c879bc7e"}},"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"name":"Primavera ed estate","weeks":4,"number":1,"ends_on":"2027-06-04","menu_id":"01a22b4c-acde-7423-8048-d23e03b41b1d","rotation":{"1-1":["01a22b4c-acd2-7b4b-9135-314341409df5","01a22b4c-acd3-72b4-af61-9f4360e6d0d7","01a22b4c-acd3-7448-a60a-c61c4a8f69bb","01a22b4c-acd4-70b3-9449-b6e3c879bc7e","01a22b4c-acd4-706a-9882-5b766b9c9bac"],"1-2":["01a22b4c-acd3-719c-ad41-508b7a9be1ce","01a22b4c-acd3-72c7-8d2e-30bf44563c9c","01a22b4c-acd3-7433-b7af-940dd99552ae","01a22b4c-acd4-70d7-901c-52931fb16e66","01a22b4c-acd4-708b-87cb-645c34fc166c"],"1-3":["01a22b4c-acd3-73d3-bdec-4f485856ec28","01a22b4c-acd3-7483-bce6-17a6c14d9963","01a22b4c-acd4-70ea-aa7c-4287910bbbb3","01a22b4c-acd4-706a-9882-5b766b9c9bac"],"1-4":["01a22b4c-acd3-716f-9e13-e181e6327670","01a22b4c-acd3-72ec-9266-82787a34e8c9","01a22b4c-acd3-746e-a07f-bc6a17a91654","01a22b4c-acd4-70c5-9763-fcc8468b8e3c","01a22b4c-acd4-708b-87cb-645c34fc166c"],"1-5":["01a22b4c-acd3-7241-a5c0-c6d7b2e904c7","01a22b4c-acd3-72da-90bf-04098f2799f9","01a22b4c-acd3-74bc-a47b-9d7864d543b0","01a22b4c-acd4-70fd-98fc-5de87c53b594","01a22b4c-acd4-706a-9882-5b766b9c9bac"],"2-1":["01a22b4c-acd3-71cc-81d1-2e9e14fab520","01a22b4c-acd3-7373-b07e-cc5a2b196369","01a22b4c-acd3-7433-b7af-940dd99552ae","01a22b4c-acd4-70d7-901c-52931fb16e66","01a22b4c-acd4-706a-9882-5b766b9c9bac"],"2-2":["01a22b4c-acd3-71b5-8de2-5fcaa49e7caf","01a22b4c-acd3-7313-94d0-ee8fb2a71fec","01a22b4c-acd3-7448-a60a-c61c4a8f69bb","01a22b4c-acd4-70b3-9449-b6e3c879bc7e","01a22b4c-acd4-708b-87cb-645c34fc166c"],"2-3":["01a22b4c-acd3-71e0-8389-10572a64625a","01a22b4c-acd3-735e-87a8-7617b91e1c07","01a22b4c-acd3-745b-b55d-104a6fbcf336","01a22b4c-acd4-70c5-9763-fcc8468b8e3c","01a22b4c-acd4-706a-9882-5b766b9c9bac"],"2-4":["01a22b4c-acd3-73f9-a262-a0ecac55abb9","01a22b4c-acd3-7496-ab9b-85e2545db565","01a22b4c-acd4-7111-b0c9-ddaf959acc48","01a22b4c-acd4-708b-87cb-645c34fc166c"],"2-5":["01a22b4c-acd3-71f4-80c5-480d2f72085c","01a22b4c-acd3-734b-8c5e-089328783c9d","01a22b4c-acd3-7483-bce6-17a6c14d9963","01a22b4c-acd4-70ea-aa7c-4287910bbbb3","01a22b4c-acd4-706a-9882-5b766b9c9bac"],"3-1":["01a22b4c-acd3-7207-9b54-152497d8dd45","01a22b4c-acd3-7338-8382-06f11d99f021","01a22b4c-acd3-74a9-b395-1e24f2d7b72b","01a22b4c-acd4-70b3-9449-b6e3c879bc7e","01a22b4c-acd4-706a-9882-5b766b9c9bac"],"3-2":["01a22b4c-acd3-722d-a7ee-36d38ada7520","01a22b4c-acd3-7326-9ccd-60335e229472","01a22b4c-acd3-7433-b7af-940dd99552ae","01a22b4c-acd4-70d7-901c-52931fb16e66","01a22b4c-acd4-708b-87cb-645c34fc166c"],"3-3":["01a22b4c-acd3-721a-8bee-e30f6bda60b7","01a22b4c-acd3-7387-b64a-cbc207d09d48","01a22b4c-acd3-7448-a60a-c61c4a8f69bb","01a22b4c-acd4-70c5-9763-fcc8468b8e3c","01a22b4c-acd4-706a-9882-5b766b9c9bac"],"3-4":["01a22b4c-acd3-73e6-acfa-3d45e1ddf784","01a22b4c-acd3-746e-a07f-bc6a17a91654","01a22b4c-acd4-70ea-aa7c-4287910bbbb3","01a22b4c-acd4-708b-87cb-645c34fc166c"],"3-5":["01a22b4c-acd2-7b4b-9135-314341409df5","01a22b4c-acd3-72da-90bf-04098f2799f9","01a22b4c-acd3-74bc-a47b-9d7864d543b0","01a22b4c-acd4-70fd-98fc-5de87c53b594","01a22b4c-acd4-706a-9882-5b766b9c9bac"],"4-1":["01a22b4c-acd3-7266-8cff-9b72d557d9ec","01a22b4c-acd3-7301-a595-89088f7e0ac8","01a22b4c-acd3-7496-ab9b-85e2545db565","01a22b4c-acd4-70c5-9763-fcc8468b8e3c","01a22b4c-acd4-706a-9882-5b766b9c9bac"],"4-2":["01a22b4c-acd3-7253-b1cf-fa8244f38503","01a22b4c-acd3-72b4-af61-9f4360e6d0d7","01a22b4c-acd3-745b-b55d-104a6fbcf336","01a22b4c-acd4-70b3-9449-b6e3c879bc7e","01a22b4c-acd4-708b-87cb-645c34fc166c"],"4-3":["01a22b4c-acd3-7279-9c47-0a248b4ae2c2","01a22b4c-acd3-72ec-9266-82787a34e8c9","01a22b4c-acd3-7483-bce6-17a6c14d9963","01a22b4c-acd4-70d7-901c-52931fb16e66","01a22b4c-acd4-706a-9882-5b766b9c9bac"],"4-4":["01a22b4c-acd3-740c-a321-2ad32270d4e3","01a22b4c-acd3-7433-b7af-940dd99552ae","01a22b4c-acd4-7111-b0c9-ddaf959acc48","01a22b4c-acd4-708b-87cb-645c34fc166c"],"4-5":["01a22b4c-acd3-7241-a5c0-c6d7b2e904c7","01a22b4c-acd3-72c7-8d2e-30bf44563c9c","01a22b4c-acd3-746e-a07f-bc6a17a91654","01a22b4c-acd4-70ea-aa7c-4287910bbbb3","01a22b4c-acd4-706a-9882-5b766b9c9bac"]},"saved_at":"2026-09-08T08:00:00+00:00","author_id":"01a22b4c-8cd2-7d22-9696-39515a5ae135","starts_on":"2027-03-22","first_week":3,"school_ids":["01a22b4c-8c8d-7b02-8ca7-7c9023cf4949","01a22b4c-8cad-7355-bbb4-1d6473144d02","01a22b4c-8cbd-7461-920f-598c612d8e7c"],"replacements":{"01a22b4c-acd2-7b4b-9135-314341409df5":{"D01":"01a22b4c-acd3-728d-b2c0-1695f9d7ffba"},"01a22b4c-acd3-716f-9e13-e181e6327670":{"D02":"01a22b4c-acd3-72a0-92b0-4e6b449b0d72"},"01a22b4c-acd3-719c-ad41-508b7a9be1ce":{"D01":"01a22b4c-acd3-728d-b2c0-1695f9d7ffba"},"01a22b4c-acd3-71b5-8de2-5fcaa49e7caf":{"D01":"01a22b4c-acd3-728d-b2c0-1695f9d7ffba","E02":"01a22b4c-acd3-72a0-92b0-4e6b449b0d72"},"01a22b4c-acd3-71cc-81d1-2e9e14fab520":{"D01":"01a22b4c-acd3-728d-b2c0-1695f9d7ffba","D02":"01a22b4c-acd3-72a0-92b0-4e6b449b0d72","D03":"01a22b4c-acd3-72a0-92b0-4e6b449b0d72"},"01a22b4c-acd3-71e0-8389-10572a64625a":{},"01a22b4c-acd3-71f4-80c5-480d2f72085c":{"D01":"01a22b4c-acd3-728d-b2c0-1695f9d7ffba","D02":"01a22b4c-acd3-72a0-92b0-4e6b449b0d72"},"01a22b4c-acd3-7207-9b54-152497d8dd45":{"D01":"01a22b4c-acd3-728d-b2c0-1695f9d7ffba"},"01a22b4c-acd3-721a-8bee-e30f6bda60b7":{"D01":"01a22b4c-acd3-728d-b2c0-1695f9d7ffba"},"01a22b4c-acd3-722d-a7ee-36d38ada7520":{"D02":"01a22b4c-acd3-72a0-92b0-4e6b449b0d72"},"01a22b4c-acd3-7241-a5c0-c6d7b2e904c7":{"D01":"01a22b4c-acd3-728d-b2c0-1695f9d7ffba","E02":"01a22b4c-acd3-72a0-92b0-4e6b449b0d72"},"01a22b4c-acd3-7253-b1cf-fa8244f38503":{"D02":"01a22b4c-acd3-72a0-92b0-4e6b449b0d72"},"01a22b4c-acd3-7266-8cff-9b72d557d9ec":{"D01":"01a22b4c-acd3-728d-b2c0-1695f9d7ffba","D02":"01a22b4c-acd3-72a0-92b0-4e6b449b0d72"},"01a22b4c-acd3-7279-9c47-0a248b4ae2c2":{"D02":"01a22b4c-acd3-72a0-92b0-4e6b449b0d72"},"01a22b4c-acd3-728d-b2c0-1695f9d7ffba":{},"01a22b4c-acd3-72a0-92b0-4e6b449b0d72":{"D01":"01a22b4c-acd3-728d-b2c0-1695f9d7ffba"},"01a22b4c-acd3-72b4-af61-9f4360e6d0d7":{"D01":"01a22b4c-acd3-7399-86bf-4f27fb95dd83","E02":"01a22b4c-acd3-73bf-83f3-fd10d71e4cf2"},"01a22b4c-acd3-72c7-8d2e-30bf44563c9c":{"D02":"01a22b4c-acd3-7399-86bf-4f27fb95dd83"},"01a22b4c-acd3-72da-90bf-04098f2799f9":{"D01":"01a22b4c-acd3-7399-86bf-4f27fb95dd83","E02":"01a22b4c-acd3-73bf-83f3-fd10d71e4cf2"},"01a22b4c-acd3-72ec-9266-82787a34e8c9":{"D02":"01a22b4c-acd3-7399-86bf-4f27fb95dd83","D03":"01a22b4c-acd3-7399-86bf-4f27fb95dd83"},"01a22b4c-acd3-7301-a595-89088f7e0ac8":{"E01":"01a22b4c-acd3-73ac-965a-6a179a5d65a4","E02":"01a22b4c-acd3-73bf-83f3-fd10d71e4cf2"},"01a22b4c-acd3-7313-94d0-ee8fb2a71fec":{"D01":"01a22b4c-acd3-7399-86bf-4f27fb95dd83","D03":"01a22b4c-acd3-7399-86bf-4f27fb95dd83"},"01a22b4c-acd3-7326-9ccd-60335e229472":{"E02":"01a22b4c-acd3-73bf-83f3-fd10d71e4cf2"},"01a22b4c-acd3-7338-8382-06f11d99f021":{"D02":"01a22b4c-acd3-7399-86bf-4f27fb95dd83"},"01a22b4c-acd3-734b-8c5e-089328783c9d":{"D01":"01a22b4c-acd3-7399-86bf-4f27fb95dd83","D03":"01a22b4c-acd3-7399-86bf-4f27fb95dd83","E02":"01a22b4c-acd3-73bf-83f3-fd10d71e4cf2"},"01a22b4c-acd3-735e-87a8-7617b91e1c07":{"D01":"01a22b4c-acd3-7399-86bf-4f27fb95dd83","E02":"01a22b4c-acd3-73bf-83f3-fd10d71e4cf2"},"01a22b4c-acd3-7373-b07e-cc5a2b196369":{"E01":"01a22b4c-acd3-73ac-965a-6a179a5d65a4","E02":"01a22b4c-acd3-73bf-83f3-fd10d71e4cf2"},"01a22b4c-acd3-7387-b64a-cbc207d09d48":{"D03":"01a22b4c-acd3-7399-86bf-4f27fb95dd83"},"01a22b4c-acd3-7399-86bf-4f27fb95dd83":{"E02":"01a22b4c-acd3-73bf-83f3-fd10d71e4cf2"},"01a22b4c-acd3-73ac-965a-6a179a5d65a4":{"E02":"01a22b4c-acd3-73bf-83f3-fd10d71e4cf2"},"01a22b4c-acd3-73bf-83f3-fd10d71e4cf2":{},"01a22b4c-acd3-73d3-bdec-4f485856ec28":{"D01":"01a22b4c-acd3-7420-9611-5e47078cf811","D02":"01a22b4c-acd3-7420-9611-5e47078cf811"},"01a22b4c-acd3-73e6-acfa-3d45e1ddf784":{"D01":"01a22b4c-acd3-7420-9611-5e47078cf811","D02":"01a22b4c-acd3-7420-9611-5e47078cf811","D03":"01a22b4c-acd3-7420-9611-5e47078cf811","E02":"01a22b4c-acd3-7420-9611-5e47078cf811"},"01a22b4c-acd3-73f9-a262-a0ecac55abb9":{"E02":"01a22b4c-acd3-7420-9611-5e47078cf811"},"01a22b4c-acd3-740c-a321-2ad32270d4e3":{"D01":"01a22b4c-acd3-7420-9611-5e47078cf811"},"01a22b4c-acd3-7420-9611-5e47078cf811":{},"01a22b4c-acd3-7433-b7af-940dd99552ae":{},"01a22b4c-acd3-7448-a60a-c61c4a8f69bb":{},"01a22b4c-acd3-745b-b55d-104a6fbcf336":{"D02":"01a22b4c-acd3-74ce-b1c0-66c4a9013b28"},"01a22b4c-acd3-746e-a07f-bc6a17a91654":{},"01a22b4c-acd3-7483-bce6-17a6c14d9963":{},"01a22b4c-acd3-7496-ab9b-85e2545db565":{},"01a22b4c-acd3-74a9-b395-1e24f2d7b72b":{"D02":"01a22b4c-acd3-74ce-b1c0-66c4a9013b28"},"01a22b4c-acd3-74bc-a47b-9d7864d543b0":{},"01a22b4c-acd3-74ce-b1c0-66c4a9013b28":{},"01a22b4c-acd4-706a-9882-5b766b9c9bac":{"D01":"01a22b4c-acd4-70a0-8c21-8b10aa2a9e95"},"01a22b4c-acd4-708b-87cb-645c34fc166c":{"D01":"01a22b4c-acd4-70a0-8c21-8b10aa2a9e95"},"01a22b4c-acd4-70a0-8c21-8b10aa2a9e95":{},"01a22b4c-acd4-70b3-9449-b6e3c879bc7e":{},"01a22b4c-acd4-70c5-9763-fcc8468b8e3c":{},"01a22b4c-acd4-70d7-901c-52931fb16e66":{},"01a22b4c-acd4-70ea-aa7c-4287910bbbb3":{},"01a22b4c-acd4-70fd-98fc-5de87c53b594":{"D02":"01a22b4c-acd4-70b3-9449-b6e3c879bc7e"},"01a22b4c-acd4-7111-b0c9-ddaf959acc48":{"D01":"01a22b4c-acd4-70b3-9449-b6e3c879bc7e","D02":"01a22b4c-acd4-70b3-9449-b6e3c879bc7e","D03":"01a22b4c-acd4-70b3-9449-b6e3c879bc7e"}},"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"}]$rows$) on conflict do nothing;

insert into municipality ("id", "slug", "name", "province", "region", "operator_id", "invoice_series", "street", "postcode", "email", "pec", "phone", "fiscal_code", "active") overriding system value select "id", "slug", "name", "province", "region", "operator_id", "invoice_series", "street", "postcode", "email", "pec", "phone", "fiscal_code", "active" from jsonb_populate_recordset(null::municipality, $rows$[
{"id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","pec":"comune.mozzecane@pec.example.it","name":"Mozzecane","slug":"mozzecane","email":"scuola@comune.mozzecane.example.it","phone":"045 555 0100","active":true,"region":"Veneto","street":"Via Caterina Bon Brenzoni 26","postcode":"37060","province":"VR","fiscal_code":"00354500233","operator_id":"01a22b4c-8c77-72aa-b906-cba2d828044e","invoice_series":"MZC"}]$rows$) on conflict do nothing;

insert into municipality_settings ("municipality_id", "coat_of_arms_id", "colour", "office_hours", "dpo_name", "dpo_email", "security_contact", "site_url", "transparency_url", "accessibility_declaration_url", "accessibility_goals_url", "appointment_url", "report_url", "updated_at", "updated_by", "revision") overriding system value select "municipality_id", "coat_of_arms_id", "colour", "office_hours", "dpo_name", "dpo_email", "security_contact", "site_url", "transparency_url", "accessibility_declaration_url", "accessibility_goals_url", "appointment_url", "report_url", "updated_at", "updated_by", "revision" from jsonb_populate_recordset(null::municipality_settings, $rows$[
{"colour":null,"dpo_name":"Studio Dati Sereni","revision":1,"site_url":"https://www.comune.mozzecane.example.it","dpo_email":"dpo@comune.mozzecane.example.it","report_url":"https://www.comune.mozzecane.example.it/segnala-disservizio","updated_at":"2026-08-31T22:10:00+00:00","updated_by":null,"office_hours":"Ufficio scuola: lunedì, mercoledì e venerdì dalle 9:00 alle 12:30","appointment_url":"https://www.comune.mozzecane.example.it/prenota-appuntamento","coat_of_arms_id":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","security_contact":"mailto:sicurezza@tangram.example.it","transparency_url":"https://www.comune.mozzecane.example.it/amministrazione-trasparente","accessibility_goals_url":"","accessibility_declaration_url":"https://form.agid.gov.it/view/esempio"}]$rows$) on conflict do nothing;

insert into notification ("municipality_id", "id", "person_id", "batch_id", "event", "key", "title", "body", "path", "created_at", "read_at", "translations") overriding system value select "municipality_id", "id", "person_id", "batch_id", "event", "key", "title", "body", "path", "created_at", "read_at", "translations" from jsonb_populate_recordset(null::notification, $rows$[
{"id":"01a22b4c-96e7-7c21-ad6f-90325dbc007f","key":"balance-none:01a22b4c-8c7c-7cec-b1f1-3ce21e168e57:2026-09-30","body":"Il saldo non basta più per un pasto. Ricarica appena puoi.","path":"/pagamenti/ricarica","event":"balance:low","title":"Il saldo della mensa è finito","read_at":"2026-09-30T10:30:03+00:00","batch_id":"01a22b4c-96e5-760d-9287-433f78ab9001","person_id":"01a22b4c-8ce3-73e1-954a-747221652bad","created_at":"2026-09-30T07:30:03+00:00","translations":{"ar":{"text":"لم يعد الرصيد يكفي لوجبة واحدة. اشحن في أقرب وقت.","title":"نفد رصيد المطعم"},"en":{"text":"Your balance is no longer enough for a meal. Top up as soon as you can.","title":"Your canteen balance has run out"}},"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-9976-7487-a70c-41315cacc0fb","key":"balance-none:01a22b4c-8c7c-7cec-b1f1-3ce21e168e57:2026-10-08","body":"Il saldo non basta più per un pasto. Ricarica appena puoi.","path":"/pagamenti/ricarica","event":"balance:low","title":"Il saldo della mensa è finito","read_at":"2026-10-08T10:30:03+00:00","batch_id":"01a22b4c-995a-7e74-8690-4a57d55a6578","person_id":"01a22b4c-8def-7b9e-952c-c9e3863dd40f","created_at":"2026-10-08T07:30:03+00:00","translations":{"ar":{"text":"لم يعد الرصيد يكفي لوجبة واحدة. اشحن في أقرب وقت.","title":"نفد رصيد المطعم"},"en":{"text":"Your balance is no longer enough for a meal. Top up as soon as you can.","title":"Your canteen balance has run out"}},"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-9e4f-7672-9bb1-c82738aa30a8","key":"balance-none:01a22b4c-8c7c-7cec-b1f1-3ce21e168e57:2026-10-22","body":"Il saldo non basta più per un pasto. Ricarica appena puoi.","path":"/pagamenti/ricarica","event":"balance:low","title":"Il saldo della mensa è finito","read_at":"2026-10-22T10:30:03+00:00","batch_id":"01a22b4c-9e4e-73a1-beed-e2d22ff55c66","person_id":"01a22b4c-8d99-7e84-8505-36d205117de7","created_at":"2026-10-22T07:30:03+00:00","translations":{"ar":{"text":"لم يعد الرصيد يكفي لوجبة واحدة. اشحن في أقرب وقت.","title":"نفد رصيد المطعم"},"en":{"text":"Your balance is no longer enough for a meal. Top up as soon as you can.","title":"Your canteen balance has run out"}},"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-b3fd-78d7-83e1-d9b94fec19fc","key":"communication:01a22b4c-b3b3-7ff1-9f45-cb3571c4dd53:1","body":"C’è una nuova comunicazione per te.","path":"/comunicazioni/01a22b4c-b3b3-7ff1-9f45-cb3571c4dd53","event":"communication:about-money","title":"C’è una nuova comunicazione per te","read_at":null,"batch_id":"01a22b4c-b3fc-744b-a141-777092c3b60f","person_id":"01a22b4c-8d0e-7e38-8237-5941cc9cf957","created_at":"2026-11-22T16:42:00+00:00","translations":{"ar":{"text":"هناك رسالة جديدة لك.","title":"هناك رسالة جديدة لك"},"en":{"text":"There is a new communication for you.","title":"There is a new communication for you"}},"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-b756-79f7-9763-2b1302049470","key":"form:01a22b4c-b754-7493-9792-500352d0583d","body":"L’ufficio ha cominciato a guardare la tua domanda.","path":"/moduli/domande/01a22b4c-b700-7aab-a792-aad86ee568f5","event":"form:status","title":"Domanda 4/2026 in esame","read_at":null,"batch_id":"01a22b4c-b755-781d-90f3-d54bc6699eae","person_id":"01a22b4c-8d16-7cb4-b391-840c2434d10f","created_at":"2026-11-30T07:12:46.699+00:00","translations":{"ar":{"text":"بدأ المكتب النظر في طلبك.","title":"الطلب 4/2026 قيد الدراسة"},"en":{"text":"The office has begun to look at your request.","title":"Request 4/2026 being examined"}},"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-b768-7c1c-90d3-38d60cced1e2","key":"form:01a22b4c-b767-7b69-8c86-ac5c565b3dba","body":"L’ufficio ha cominciato a guardare la tua domanda.","path":"/moduli/domande/01a22b4c-b6df-769b-bd38-2f8ea3f0f26a","event":"form:status","title":"Domanda 3/2026 in esame","read_at":null,"batch_id":"01a22b4c-b755-781d-90f3-d54bc6699eae","person_id":"01a22b4c-8ce3-73e1-954a-747221652bad","created_at":"2026-11-30T07:12:46.699+00:00","translations":{"ar":{"text":"بدأ المكتب النظر في طلبك.","title":"الطلب 3/2026 قيد الدراسة"},"en":{"text":"The office has begun to look at your request.","title":"Request 3/2026 being examined"}},"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"}]$rows$) on conflict do nothing;

insert into online_form ("municipality_id", "id", "kind", "latest_version", "published_version", "closed_at", "closed_reason", "created_by", "created_at") overriding system value select "municipality_id", "id", "kind", "latest_version", "published_version", "closed_at", "closed_reason", "created_by", "created_at" from jsonb_populate_recordset(null::online_form, $rows$[
{"id":"01a22b4c-b628-7a53-9d6f-7087a8808f34","kind":"diet","closed_at":null,"created_at":"2026-10-11T06:30:00+00:00","created_by":"01a22b4c-8cd2-7d22-9696-39515a5ae135","closed_reason":"","latest_version":1,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","published_version":1},
{"id":"01a22b4c-b64d-7bb9-84bd-28209535ccda","kind":"fare","closed_at":null,"created_at":"2026-10-11T06:30:00+00:00","created_by":"01a22b4c-8cd2-7d22-9696-39515a5ae135","closed_reason":"","latest_version":1,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","published_version":1},
{"id":"01a22b4c-b66a-7e07-bef5-cd173eb3549f","kind":"withdrawal","closed_at":null,"created_at":"2026-10-11T06:30:00+00:00","created_by":"01a22b4c-8cd2-7d22-9696-39515a5ae135","closed_reason":"","latest_version":1,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","published_version":1},
{"id":"01a22b4c-b67c-722e-b474-798c80cc0983","kind":"enrolment","closed_at":null,"created_at":"2026-10-11T06:30:00+00:00","created_by":"01a22b4c-8cd2-7d22-9696-39515a5ae135","closed_reason":"","latest_version":1,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","published_version":1}]$rows$) on conflict do nothing;

insert into online_form_version ("municipality_id", "form_id", "number", "revision", "definition", "school_year_id", "opens_at", "closes_at", "author_id", "saved_at", "published_at") overriding system value select "municipality_id", "form_id", "number", "revision", "definition", "school_year_id", "opens_at", "closes_at", "author_id", "saved_at", "published_at" from jsonb_populate_recordset(null::online_form_version, $rows$[
{"number":1,"form_id":"01a22b4c-b628-7a53-9d6f-7087a8808f34","opens_at":"2026-08-31T22:00:00+00:00","revision":2,"saved_at":"2026-10-11T06:30:00+00:00","author_id":"01a22b4c-8cd2-7d22-9696-39515a5ae135","closes_at":null,"definition":{"once":"pupil-open","intro":"Per motivi di salute serve il certificato del medico. Per motivi etici o religiosi basta la tua richiesta. I documenti li vedono solo le persone dell’ufficio mensa che se ne occupano.","steps":[{"id":"figlio","when":null,"intro":"","title":"Per chi è la dieta","fields":[{"id":"alunno","hint":"","kind":"pupil","most":null,"role":"pupil","when":null,"known":null,"label":"Per quale figlio?","least":null,"types":[],"options":[],"allowNew":false,"required":true},{"id":"motivo","hint":"","kind":"choice","most":null,"role":null,"when":null,"known":null,"label":"Perché serve una dieta?","least":null,"types":[],"options":[{"label":"Per motivi di salute","value":"salute"},{"label":"Per motivi etici o religiosi","value":"etica"}],"allowNew":false,"required":true},{"id":"dal","hint":"Se non scrivi niente, dal primo giorno possibile.","kind":"day","most":null,"role":"from","when":null,"known":null,"label":"Da quale giorno?","least":null,"types":[],"options":[],"allowNew":false,"required":false}]},{"id":"salute","when":{"is":"salute","field":"motivo"},"intro":"Il certificato dice che cosa tuo figlio non può mangiare e fino a quando.","title":"Il certificato","fields":[{"id":"certificato","hint":"Una scansione o una foto in cui si legga tutto.","kind":"file","most":null,"role":null,"when":null,"known":null,"label":"Certificato del medico","least":null,"types":["pdf","jpg","png"],"options":[],"allowNew":false,"required":true},{"id":"allergie","hint":"Come è scritto nel certificato.","kind":"long","most":null,"role":null,"when":null,"known":null,"label":"Che cosa non può mangiare?","least":null,"types":[],"options":[],"allowNew":false,"required":true},{"id":"grave","hint":"","kind":"yesNo","most":null,"role":null,"when":null,"known":null,"label":"Rischia una reazione grave?","least":null,"types":[],"options":[],"allowNew":false,"required":true}]},{"id":"scelta","when":{"is":"etica","field":"motivo"},"intro":"","title":"La dieta","fields":[{"id":"quale","hint":"","kind":"choice","most":null,"role":null,"when":null,"known":null,"label":"Quale dieta?","least":null,"types":[],"options":[{"label":"Senza carne di maiale","value":"senza-maiale"},{"label":"Senza carne","value":"senza-carne"},{"label":"Vegetariana, senza carne né pesce","value":"vegetariana"},{"label":"Un’altra","value":"altra"}],"allowNew":false,"required":true},{"id":"descrizione","hint":"","kind":"long","most":null,"role":null,"when":{"is":"altra","field":"quale"},"known":null,"label":"Descrivila","least":null,"types":[],"options":[],"allowNew":false,"required":true}]},{"id":"dichiarazioni","when":null,"intro":"","title":"Dichiarazioni","fields":[{"id":"vero","hint":"Chi dichiara il falso ne risponde davanti alla legge (articolo 76 del DPR 445/2000).","kind":"declaration","most":null,"role":null,"when":null,"known":null,"label":"Dichiaro che quello che ho scritto è vero","least":null,"types":[],"options":[],"allowNew":false,"required":true},{"id":"privacy","hint":"","kind":"declaration","most":null,"role":null,"when":null,"known":null,"label":"Ho letto l’informativa privacy del Comune e del gestore della mensa","least":null,"types":[],"options":[],"allowNew":false,"required":true}]}],"title":"Richiesta di dieta speciale","classIds":[],"schoolIds":[]},"published_at":"2026-10-11T06:30:00+00:00","school_year_id":"01a22b4c-8c7b-7234-b77f-a7131e8a1e68","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"number":1,"form_id":"01a22b4c-b64d-7bb9-84bd-28209535ccda","opens_at":"2026-08-31T22:00:00+00:00","revision":2,"saved_at":"2026-10-11T06:30:00+00:00","author_id":"01a22b4c-8cd2-7d22-9696-39515a5ae135","closes_at":null,"definition":{"once":"pupil-open","intro":"Le famiglie con ISEE basso pagano meno ogni pasto. Serve l’attestazione ISEE in corso di validità. La vedono solo le persone dell’ufficio mensa che se ne occupano.","steps":[{"id":"isee","when":null,"intro":"La riduzione vale dal giorno deciso dall’ufficio fino alla fine dell’anno scolastico.","title":"L’ISEE","fields":[{"id":"alunno","hint":"","kind":"pupil","most":null,"role":"pupil","when":null,"known":null,"label":"Per quale figlio?","least":null,"types":[],"options":[],"allowNew":false,"required":true},{"id":"valore","hint":"","kind":"number","most":999999,"role":null,"when":null,"known":null,"label":"Valore dell’ISEE, in euro","least":0,"types":[],"options":[],"allowNew":false,"required":true},{"id":"scadenza","hint":"","kind":"day","most":null,"role":null,"when":null,"known":null,"label":"Scadenza dell’attestazione","least":null,"types":[],"options":[],"allowNew":false,"required":true},{"id":"attestazione","hint":"","kind":"file","most":null,"role":null,"when":null,"known":null,"label":"Attestazione ISEE","least":null,"types":["pdf","jpg","png","p7m"],"options":[],"allowNew":false,"required":true}]},{"id":"dichiarazioni","when":null,"intro":"","title":"Dichiarazioni","fields":[{"id":"vero","hint":"Chi dichiara il falso ne risponde davanti alla legge (articolo 76 del DPR 445/2000).","kind":"declaration","most":null,"role":null,"when":null,"known":null,"label":"Dichiaro che quello che ho scritto è vero","least":null,"types":[],"options":[],"allowNew":false,"required":true},{"id":"privacy","hint":"","kind":"declaration","most":null,"role":null,"when":null,"known":null,"label":"Ho letto l’informativa privacy del Comune e del gestore della mensa","least":null,"types":[],"options":[],"allowNew":false,"required":true}]}],"title":"Riduzione della tariffa","classIds":[],"schoolIds":[]},"published_at":"2026-10-11T06:30:00+00:00","school_year_id":"01a22b4c-8c7b-7234-b77f-a7131e8a1e68","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"number":1,"form_id":"01a22b4c-b66a-7e07-bef5-cd173eb3549f","opens_at":"2026-08-31T22:00:00+00:00","revision":2,"saved_at":"2026-10-11T06:30:00+00:00","author_id":"01a22b4c-8cd2-7d22-9696-39515a5ae135","closes_at":null,"definition":{"once":"pupil-open","intro":"Da usare quando tuo figlio non mangerà più a mensa. Per un’assenza di qualche giorno basta la disdetta, nel calendario.","steps":[{"id":"rinuncia","when":null,"intro":"","title":"La rinuncia","fields":[{"id":"alunno","hint":"","kind":"pupil","most":null,"role":"pupil","when":null,"known":null,"label":"Per quale figlio?","least":null,"types":[],"options":[],"allowNew":false,"required":true},{"id":"ultimo-giorno","hint":"","kind":"day","most":null,"role":"from","when":null,"known":null,"label":"Ultimo giorno di mensa","least":null,"types":[],"options":[],"allowNew":false,"required":true},{"id":"motivo","hint":"","kind":"choice","most":null,"role":null,"when":null,"known":null,"label":"Perché?","least":null,"types":[],"options":[{"label":"Cambiamo scuola o Comune","value":"trasferimento"},{"label":"Mangerà a casa","value":"casa"},{"label":"Un altro motivo","value":"altro"}],"allowNew":false,"required":false},{"id":"conferma","hint":"","kind":"declaration","most":null,"role":null,"when":null,"known":null,"label":"Ho capito che da quel giorno mio figlio non avrà più il pasto","least":null,"types":[],"options":[],"allowNew":false,"required":true}]}],"title":"Rinuncia alla mensa","classIds":[],"schoolIds":[]},"published_at":"2026-10-11T06:30:00+00:00","school_year_id":"01a22b4c-8c7b-7234-b77f-a7131e8a1e68","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"}]$rows$) on conflict do nothing;

insert into operator ("id", "name", "vat_number", "fiscal_code", "tax_regime", "street", "postcode", "city", "province", "email", "phone") overriding system value select "id", "name", "vat_number", "fiscal_code", "tax_regime", "street", "postcode", "city", "province", "email", "phone" from jsonb_populate_recordset(null::operator, $rows$[
{"id":"01a22b4c-8c77-72aa-b906-cba2d828044e","city":"Villafranca di Verona","name":"Tangram Cooperativa Sociale","email":"mensa@tangram.example.it","phone":"045 555 0101","street":"Via dell’Artigianato 15","postcode":"37069","province":"VR","tax_regime":"RF01","vat_number":"02345670238","fiscal_code":"02345670238"}]$rows$) on conflict do nothing;

insert into outbox ("municipality_id", "id", "dedupe_key", "channel", "recipient", "subject", "body_text", "body_html", "created_at", "due_at", "attempts", "sent_at", "last_error", "sending_since", "secret", "batch_id", "person_id", "notification_id", "push_subscription_id", "email_change_id", "phone_change_id", "outcome", "language") overriding system value select "municipality_id", "id", "dedupe_key", "channel", "recipient", "subject", "body_text", "body_html", "created_at", "due_at", "attempts", "sent_at", "last_error", "sending_since", "secret", "batch_id", "person_id", "notification_id", "push_subscription_id", "email_change_id", "phone_change_id", "outcome", "language" from jsonb_populate_recordset(null::outbox, $rows$[
{"id":"01a22b4c-96e8-70c7-9d85-bb270531b865","due_at":null,"secret":false,"channel":"email","outcome":"sent","sent_at":"2026-09-30T07:30:07+00:00","subject":"Il saldo della mensa è finito","attempts":1,"batch_id":"01a22b4c-96e5-760d-9287-433f78ab9001","language":"it","body_html":null,"body_text":"Ciao Laura,\n\nIl saldo non basta più per un pasto. Ricarica appena puoi.\n\nTutto il resto è nel portale:\nhttp://localhost:3000/mozzecane/pagamenti/ricarica\n\nQuesto messaggio è automatico: non serve rispondere.\n\nMensa scolastica di Mozzecane\nPer scegliere quali messaggi ricevere: http://localhost:3000/mozzecane/profilo/notifiche\n","person_id":"01a22b4c-8ce3-73e1-954a-747221652bad","recipient":"laura.conti@example.it","created_at":"2026-09-30T07:30:03+00:00","dedupe_key":"balance-none:01a22b4c-8c7c-7cec-b1f1-3ce21e168e57:2026-09-30:email:01a22b4c-8ce3-73e1-954a-747221652bad","last_error":null,"sending_since":null,"email_change_id":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","notification_id":"01a22b4c-96e7-7c21-ad6f-90325dbc007f","phone_change_id":null,"push_subscription_id":null},
{"id":"01a22b4c-9976-7a19-af10-02c27f359375","due_at":null,"secret":false,"channel":"email","outcome":"sent","sent_at":"2026-10-08T07:30:07+00:00","subject":"Il saldo della mensa è finito","attempts":1,"batch_id":"01a22b4c-995a-7e74-8690-4a57d55a6578","language":"it","body_html":null,"body_text":"Ciao Elisa,\n\nIl saldo non basta più per un pasto. Ricarica appena puoi.\n\nTutto il resto è nel portale:\nhttp://localhost:3000/mozzecane/pagamenti/ricarica\n\nQuesto messaggio è automatico: non serve rispondere.\n\nMensa scolastica di Mozzecane\nPer scegliere quali messaggi ricevere: http://localhost:3000/mozzecane/profilo/notifiche\n","person_id":"01a22b4c-8def-7b9e-952c-c9e3863dd40f","recipient":"elisa.singh@example.it","created_at":"2026-10-08T07:30:03+00:00","dedupe_key":"balance-none:01a22b4c-8c7c-7cec-b1f1-3ce21e168e57:2026-10-08:email:01a22b4c-8def-7b9e-952c-c9e3863dd40f","last_error":null,"sending_since":null,"email_change_id":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","notification_id":"01a22b4c-9976-7487-a70c-41315cacc0fb","phone_change_id":null,"push_subscription_id":null},
{"id":"01a22b4c-9e4f-7bf8-929c-14b48377a55c","due_at":null,"secret":false,"channel":"email","outcome":"sent","sent_at":"2026-10-22T07:30:07+00:00","subject":"Il saldo della mensa è finito","attempts":1,"batch_id":"01a22b4c-9e4e-73a1-beed-e2d22ff55c66","language":"it","body_html":null,"body_text":"Ciao Sara,\n\nIl saldo non basta più per un pasto. Ricarica appena puoi.\n\nTutto il resto è nel portale:\nhttp://localhost:3000/mozzecane/pagamenti/ricarica\n\nQuesto messaggio è automatico: non serve rispondere.\n\nMensa scolastica di Mozzecane\nPer scegliere quali messaggi ricevere: http://localhost:3000/mozzecane/profilo/notifiche\n","person_id":"01a22b4c-8d99-7e84-8505-36d205117de7","recipient":"sara.rizzi@example.it","created_at":"2026-10-22T07:30:03+00:00","dedupe_key":"balance-none:01a22b4c-8c7c-7cec-b1f1-3ce21e168e57:2026-10-22:email:01a22b4c-8d99-7e84-8505-36d205117de7","last_error":null,"sending_since":null,"email_change_id":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","notification_id":"01a22b4c-9e4f-7672-9bb1-c82738aa30a8","phone_change_id":null,"push_subscription_id":null}]$rows$) on conflict do nothing;

insert into person ("municipality_id", "id", "fiscal_code", "fiscal_code_hash", "given_name", "family_name", "email", "phone", "street", "postcode", "city", "province", "country", "created_at", "email_verified_at", "refused_email", "phone_verified_at") overriding system value select "municipality_id", "id", "fiscal_code", "fiscal_code_hash", "given_name", "family_name", "email", "phone", "street", "postcode", "city", "province", "country", "created_at", "email_verified_at", "refused_email", "phone_verified_at" from jsonb_populate_recordset(null::person, $rows$[
{"id":"01a22b4c-8cd2-7d22-9696-39515a5ae135","city":"Mozzecane","email":"paola.ferrari@example.it","phone":null,"street":"Via dell’Artigianato 15","country":"IT","postcode":"37060","province":"VR","full_name":"Paola Ferrari","created_at":"2026-08-31T22:10:00+00:00","given_name":"Paola","family_name":"Ferrari","fiscal_code":"FRRPLA78S45L781R","refused_email":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","fiscal_code_hash":"\\x26b6a8f79b7018ea397e1fa93a07b3dcf6dad49797540fbe3e4b247c98c53b6c","email_verified_at":null,"phone_verified_at":null},
{"id":"01a22b4c-8cd9-73a5-94db-dca4000e5445","city":"Mozzecane","email":"davide.rossetti@example.it","phone":null,"street":"Via dell’Artigianato 15","country":"IT","postcode":"37060","province":"VR","full_name":"Davide Rossetti","created_at":"2026-08-31T22:10:00+00:00","given_name":"Davide","family_name":"Rossetti","fiscal_code":"RSSDVD81B18L781A","refused_email":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","fiscal_code_hash":"\\x66949761f4599cc3e55ec1763863bae4e16136e2b7bcf18116ba7809e90ad93e","email_verified_at":null,"phone_verified_at":null},
{"id":"01a22b4c-8cdc-7642-8e38-2dc82227bb3c","city":"Mozzecane","email":"elena.marchi@example.it","phone":null,"street":"Via dell’Artigianato 15","country":"IT","postcode":"37060","province":"VR","full_name":"Elena Marchi","created_at":"2026-08-31T22:10:00+00:00","given_name":"Elena","family_name":"Marchi","fiscal_code":"MRCLNE74L67L781D","refused_email":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","fiscal_code_hash":"\\x53e4c9fe8f7da7446ae62f9a2013f3b727eca4a74404d242237d31b5058a9903","email_verified_at":null,"phone_verified_at":null},
{"id":"01a22b4c-8cdd-7d21-b051-96fa3ebd0941","city":"Mozzecane","email":"giorgio.zanetti@example.it","phone":null,"street":"Via dell’Artigianato 15","country":"IT","postcode":"37060","province":"VR","full_name":"Giorgio Zanetti","created_at":"2026-08-31T22:10:00+00:00","given_name":"Giorgio","family_name":"Zanetti","fiscal_code":"ZNTGRG69T14L781Y","refused_email":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","fiscal_code_hash":"\\xa0821237c8f6bbce0f5061b87c059f266a60ddcc8b09dc9e0da93bf45dcf5bc7","email_verified_at":null,"phone_verified_at":null},
{"id":"01a22b4c-8ce3-73e1-954a-747221652bad","city":"Mozzecane","email":"laura.conti@example.it","phone":"+393335550101","street":"Via Roma 12","country":"IT","postcode":"37060","province":"VR","full_name":"Laura Conti","created_at":"2026-08-31T22:10:00+00:00","given_name":"Laura","family_name":"Conti","fiscal_code":"CNTLRA86D52L781Z","refused_email":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","fiscal_code_hash":"\\xa9431683c9b2395d55ea8295ddc6718982a255a37ff4a7abe95ff0f93ac8f4e0","email_verified_at":null,"phone_verified_at":"2026-08-11T22:10:00+00:00"},
{"id":"01a22b4c-8cf4-7f59-bd69-69aed4d3b6da","city":"Mozzecane","email":"amina.diallo@example.it","phone":null,"street":"Via Mazzini 7","country":"IT","postcode":"37060","province":"VR","full_name":"Amina Diallo","created_at":"2026-08-31T22:10:00+00:00","given_name":"Amina","family_name":"Diallo","fiscal_code":"DLLMNA90A63Z343C","refused_email":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","fiscal_code_hash":"\\x27484cfb5fac6b2c9fa609104984e3eb333053b4e7a21dcf85a90519fa964a84","email_verified_at":null,"phone_verified_at":null},
{"id":"01a22b4c-8cf7-7b6c-b320-c0689ba5811a","city":"Mozzecane","email":"giulia.bianchi@example.it","phone":null,"street":"Via Verdi 1","country":"IT","postcode":"37060","province":"VR","full_name":"Giulia Bianchi","created_at":"2026-08-31T22:10:00+00:00","given_name":"Giulia","family_name":"Bianchi","fiscal_code":"BNCGLI79A55L781N","refused_email":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","fiscal_code_hash":"\\xc42e62f0328e825865d65659a086dc1e3367c649359cd6b02c6b862919f64275","email_verified_at":null,"phone_verified_at":null},
{"id":"01a22b4c-8cfb-73d3-9e1f-da79e5f9724f","city":"Mozzecane","email":"valentina.rossi@example.it","phone":null,"street":"Via Mazzini 2","country":"IT","postcode":"37060","province":"VR","full_name":"Valentina Rossi","created_at":"2026-08-31T22:10:00+00:00","given_name":"Valentina","family_name":"Rossi","fiscal_code":"RSSVNT79L47L781D","refused_email":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","fiscal_code_hash":"\\x217325359158d0e6589073ae32bd21db03dce881e32adeb35ea129f450e6be1d","email_verified_at":null,"phone_verified_at":null},
{"id":"01a22b4c-8d05-72d7-af5d-3fb8babe00a4","city":"Mozzecane","email":"daniela.ferrari@example.it","phone":null,"street":"Via Trento 3","country":"IT","postcode":"37060","province":"VR","full_name":"Daniela Ferrari","created_at":"2026-08-31T22:10:00+00:00","given_name":"Daniela","family_name":"Ferrari","fiscal_code":"FRRDNL79T67L781P","refused_email":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","fiscal_code_hash":"\\x68ed599e78cabf49d99cd5b5b826821c51ce7227699565a2e766e64cd4af69d4","email_verified_at":null,"phone_verified_at":null},
{"id":"01a22b4c-8d0e-7e38-8237-5941cc9cf957","city":"Mozzecane","email":"francesca.greco@example.it","phone":null,"street":"Via Dante 5","country":"IT","postcode":"37060","province":"VR","full_name":"Francesca Greco","created_at":"2026-08-31T22:10:00+00:00","given_name":"Francesca","family_name":"Greco","fiscal_code":"GRCFNC80T47L781Y","refused_email":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","fiscal_code_hash":"\\x9ca380fef2d904754ee9a7c5c9a2a0c62464097a5be6c32fd6310e875767a2a3","email_verified_at":null,"phone_verified_at":null},
{"id":"01a22b4c-8d13-7eff-a97c-3be6ba836469","city":"Mozzecane","email":"martina.gallo@example.it","phone":null,"street":"Via Verdi 7","country":"IT","postcode":"37060","province":"VR","full_name":"Martina Gallo","created_at":"2026-08-31T22:10:00+00:00","given_name":"Martina","family_name":"Gallo","fiscal_code":"GLLMTN81S58L781F","refused_email":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","fiscal_code_hash":"\\x9463e46eeccc6f8677aba639f3f1ff89d970b7aba70bd2422e5340a83343706f","email_verified_at":null,"phone_verified_at":null},
{"id":"01a22b4c-8d16-7cb4-b391-840c2434d10f","city":"Mozzecane","email":"roberto.costa@example.it","phone":null,"street":"Via Mazzini 8","country":"IT","postcode":"37060","province":"VR","full_name":"Roberto Costa","created_at":"2026-08-31T22:10:00+00:00","given_name":"Roberto","family_name":"Costa","fiscal_code":"CSTRRT82E10L781T","refused_email":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","fiscal_code_hash":"\\x257bc9cd93761eff86e6a43ac7a25fd2dab58dc2cb0c36fd79f505417ad33cd0","email_verified_at":null,"phone_verified_at":null},
{"id":"01a22b4c-8d1a-7bd4-b3e7-6ba05c6864d5","city":"Mozzecane","email":"monica.moretti@example.it","phone":null,"street":"Via San Pio X 10","country":"IT","postcode":"37060","province":"VR","full_name":"Monica Moretti","created_at":"2026-08-31T22:10:00+00:00","given_name":"Monica","family_name":"Moretti","fiscal_code":"MRTMNC83D61L781Y","refused_email":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","fiscal_code_hash":"\\x8905ae3dd060ef95b6b7a2319aedf8b5947cb26917195ca6530e009b23561c77","email_verified_at":null,"phone_verified_at":null},
{"id":"01a22b4c-8d23-7354-bbfc-ed3f24ce972e","city":"Mozzecane","email":"elisa.barbieri@example.it","phone":null,"street":"Via Dante 11","country":"IT","postcode":"37060","province":"VR","full_name":"Elisa Barbieri","created_at":"2026-08-31T22:10:00+00:00","given_name":"Elisa","family_name":"Barbieri","fiscal_code":"BRBLSE83R51L781L","refused_email":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","fiscal_code_hash":"\\x7cc48ca22bcc9b8f3a708861f7d9fda065657c1f602db7d9e846c59e2b18379b","email_verified_at":null,"phone_verified_at":null},
{"id":"01a22b4c-8d27-7321-a0d6-2cbcd0c8eb38","city":"Mozzecane","email":"giulia.giordano@example.it","phone":null,"street":"Via Verdi 13","country":"IT","postcode":"37060","province":"VR","full_name":"Giulia Giordano","created_at":"2026-08-31T22:10:00+00:00","given_name":"Giulia","family_name":"Giordano","fiscal_code":"GRDGLI84P61L781V","refused_email":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","fiscal_code_hash":"\\x686c78092d2dea8c08c91522640df54da7ace19d57b19f0a3138ff18fff34ecb","email_verified_at":null,"phone_verified_at":null},
{"id":"01a22b4c-8d2a-7382-916c-2d2d1bc47190","city":"Mozzecane","email":"valentina.rinaldi@example.it","phone":null,"street":"Via Mazzini 14","country":"IT","postcode":"37060","province":"VR","full_name":"Valentina Rinaldi","created_at":"2026-08-31T22:10:00+00:00","given_name":"Valentina","family_name":"Rinaldi","fiscal_code":"RNLVNT85C53L781G","refused_email":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","fiscal_code_hash":"\\xb288aa189ec5755b2fa51418995a51286d14887d1e50fa00f68b138e00321c31","email_verified_at":null,"phone_verified_at":null},
{"id":"01a22b4c-8d35-739e-8bdc-555b2fa11932","city":"Mozzecane","email":"daniela.colombo@example.it","phone":null,"street":"Via Trento 15","country":"IT","postcode":"37060","province":"VR","full_name":"Daniela Colombo","created_at":"2026-08-31T22:10:00+00:00","given_name":"Daniela","family_name":"Colombo","fiscal_code":"CLMDNL85P42L781K","refused_email":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","fiscal_code_hash":"\\xd25e37e1301910a2acab4443a5c1a9efec644fc62755823f50db9f4a52741690","email_verified_at":null,"phone_verified_at":null},
{"id":"01a22b4c-8d59-7d16-b99c-adb8bd4a85da","city":"Mozzecane","email":"andrea.sala@example.it","phone":null,"street":"Via Verdi 27","country":"IT","postcode":"37060","province":"VR","full_name":"Andrea Sala","created_at":"2026-08-31T22:10:00+00:00","given_name":"Andrea","family_name":"Sala","fiscal_code":"SLANDR10D20L781D","refused_email":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","fiscal_code_hash":"\\xf268dc0f1c78597dea7829ab217dba08ade9edc26a53e0ad83390a0a8e1c3bf9","email_verified_at":null,"phone_verified_at":null},
{"id":"01a22b4c-8d68-7ecf-a4b9-82e24f451aa8","city":"Mozzecane","email":"monica.marchetti@example.it","phone":null,"street":"Via San Pio X 22","country":"IT","postcode":"37060","province":"VR","full_name":"Monica Marchetti","created_at":"2026-08-31T22:10:00+00:00","given_name":"Monica","family_name":"Marchetti","fiscal_code":"MRCMNC88T66L781Q","refused_email":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","fiscal_code_hash":"\\x9b36f507bb7fbe42027f36c9d34248b2507617e59f8ed5becbce15275741fa20","email_verified_at":null,"phone_verified_at":null},
{"id":"01a22b4c-8d6e-772c-9eca-59d1d58860f2","city":"Mozzecane","email":"elisa.villa@example.it","phone":null,"street":"Via Dante 23","country":"IT","postcode":"37060","province":"VR","full_name":"Elisa Villa","created_at":"2026-08-31T22:10:00+00:00","given_name":"Elisa","family_name":"Villa","fiscal_code":"VLLLSE89H57L781Z","refused_email":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","fiscal_code_hash":"\\xee5ac3d614d7fda853c121a73b5bbf13bbb623d9ae2ac7a81d34cd58c2f8d0bc","email_verified_at":null,"phone_verified_at":null},
{"id":"01a22b4c-8d99-7e84-8505-36d205117de7","city":"Mozzecane","email":"sara.rizzi@example.it","phone":null,"street":"Via Primo Maggio 30","country":"IT","postcode":"37060","province":"VR","full_name":"Sara Rizzi","created_at":"2026-08-31T22:10:00+00:00","given_name":"Sara","family_name":"Rizzi","fiscal_code":"RZZSRA92R50L781Z","refused_email":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","fiscal_code_hash":"\\x2be92482d52df3adb32fa80eb19cefb04a35e9ae3a41cef4255270d3ee124dca","email_verified_at":null,"phone_verified_at":null},
{"id":"01a22b4c-8def-7b9e-952c-c9e3863dd40f","city":"Mozzecane","email":"elisa.singh@example.it","phone":null,"street":"Via Dante 35","country":"IT","postcode":"37060","province":"VR","full_name":"Elisa Singh","created_at":"2026-08-31T22:10:00+00:00","given_name":"Elisa","family_name":"Singh","fiscal_code":"SNGLSE95B62L781K","refused_email":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","fiscal_code_hash":"\\xeddcc2f12e519467a5c96635e93bfd4c8e32cd4b7ba54a0c948b87ae64347203","email_verified_at":null,"phone_verified_at":null}]$rows$) on conflict do nothing;

insert into protocol_series ("municipality_id", "year", "last_number") overriding system value select "municipality_id", "year", "last_number" from jsonb_populate_recordset(null::protocol_series, $rows$[
{"year":2026,"last_number":6,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"}]$rows$) on conflict do nothing;

insert into pupil ("municipality_id", "id", "household_id", "given_name", "family_name", "fiscal_code", "birth_date") overriding system value select "municipality_id", "id", "household_id", "given_name", "family_name", "fiscal_code", "birth_date" from jsonb_populate_recordset(null::pupil, $rows$[
{"id":"01a22b4c-8ce7-7b9d-8ef2-a8df873cfb52","full_name":"Greta Albertini","birth_date":"2018-03-21","given_name":"Greta","family_name":"Albertini","fiscal_code":"LBRGRT18C61L781X","household_id":"01a22b4c-8ce2-71f1-baf7-34976598acc2","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8ced-7313-b298-31cfee2b7abe","full_name":"Sofia Albertini","birth_date":"2021-10-02","given_name":"Sofia","family_name":"Albertini","fiscal_code":"LBRSFO21R42L781N","household_id":"01a22b4c-8ce2-71f1-baf7-34976598acc2","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8cf6-750e-89f7-f5a26a4dd6b8","full_name":"Moussa Diallo","birth_date":"2019-06-11","given_name":"Moussa","family_name":"Diallo","fiscal_code":"DLLMSS19H11L781X","household_id":"01a22b4c-8cf3-7db1-a624-eba5dc914eb0","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8cf9-74f3-bd07-5332aabca1e3","full_name":"Emma Bianchi","birth_date":"2020-01-10","given_name":"Emma","family_name":"Bianchi","fiscal_code":"BNCMME20A50L781W","household_id":"01a22b4c-8cf7-70d5-b4ed-e94f394f7442","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8cfa-713b-b684-73fdc7f4acad","full_name":"Diego Bianchi","birth_date":"2019-04-21","given_name":"Diego","family_name":"Bianchi","fiscal_code":"BNCDGI19D21L781U","household_id":"01a22b4c-8cf7-70d5-b4ed-e94f394f7442","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8cfc-757b-bd2e-da09b44637b2","full_name":"Gabriele Rossi","birth_date":"2022-02-16","given_name":"Gabriele","family_name":"Rossi","fiscal_code":"RSSGRL22B16L781S","household_id":"01a22b4c-8cfa-7d50-9619-03d8138975aa","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d0a-7358-8eba-d0656d9bbd18","full_name":"Matilde Ferrari","birth_date":"2018-03-25","given_name":"Matilde","family_name":"Ferrari","fiscal_code":"FRRMLD18C65L781V","household_id":"01a22b4c-8d01-7339-a7ea-9e8466502fbe","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d0c-76ab-b2fc-ba5c7cff8a3c","full_name":"Nathan Romano","birth_date":"2015-05-01","given_name":"Nathan","family_name":"Romano","fiscal_code":"RMNNHN15E01L781D","household_id":"01a22b4c-8d0a-7f61-843d-01dc31b7ef9d","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d0d-7596-9378-d22f2aef3af4","full_name":"Matilde Romano","birth_date":"2022-08-10","given_name":"Matilde","family_name":"Romano","fiscal_code":"RMNMLD22M50L781W","household_id":"01a22b4c-8d0a-7f61-843d-01dc31b7ef9d","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d10-7347-bae6-fbce80384e18","full_name":"Alice Greco","birth_date":"2016-06-06","given_name":"Alice","family_name":"Greco","fiscal_code":"GRCLCA16H46L781B","household_id":"01a22b4c-8d0e-73d4-aa4b-3850d7df62eb","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d12-7f6b-b765-fc5c547be05f","full_name":"Pietro Bruno","birth_date":"2022-07-14","given_name":"Pietro","family_name":"Bruno","fiscal_code":"BRNPTR22L14L781K","household_id":"01a22b4c-8d10-7d63-8ee2-22cd87c21b36","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d15-7482-baed-21d8d508f107","full_name":"Anita Gallo","birth_date":"2019-08-20","given_name":"Anita","family_name":"Gallo","fiscal_code":"GLLNTA19M60L781X","household_id":"01a22b4c-8d13-79db-9816-f5ff97376342","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d15-7f30-8be0-14c0bd7fdbf1","full_name":"Pietro Gallo","birth_date":"2018-11-29","given_name":"Pietro","family_name":"Gallo","fiscal_code":"GLLPTR18S29L781Z","household_id":"01a22b4c-8d13-79db-9816-f5ff97376342","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d17-7a82-ab0f-90b3533ae119","full_name":"Tommaso Costa","birth_date":"2014-09-26","given_name":"Tommaso","family_name":"Costa","fiscal_code":"CSTTMS14P26L781W","household_id":"01a22b4c-8d16-77f8-98b3-e025f2e6a347","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d19-7e20-81a7-4dda303cb986","full_name":"Vittoria Fontana","birth_date":"2017-11-02","given_name":"Vittoria","family_name":"Fontana","fiscal_code":"FNTVTR17S42L781A","household_id":"01a22b4c-8d18-7366-bd29-0b6103830ca8","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d1f-7d7c-8c8d-78cc41f8e8c6","full_name":"Diego Moretti","birth_date":"2022-12-09","given_name":"Diego","family_name":"Moretti","fiscal_code":"MRTDGI22T09L781X","household_id":"01a22b4c-8d1a-7724-8ba2-5c79e5248492","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d21-781e-9dfd-aa8ab75991b6","full_name":"Vittoria Moretti","birth_date":"2014-04-14","given_name":"Vittoria","family_name":"Moretti","fiscal_code":"MRTVTR14D54L781G","household_id":"01a22b4c-8d1a-7724-8ba2-5c79e5248492","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d24-7746-8c27-696af1a538f8","full_name":"Emma Barbieri","birth_date":"2020-02-09","given_name":"Emma","family_name":"Barbieri","fiscal_code":"BRBMME20B49L781N","household_id":"01a22b4c-8d22-7177-a625-eeb86166aa4b","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d26-7542-9114-ab6fd642de31","full_name":"Gabriele Lombardi","birth_date":"2013-03-18","given_name":"Gabriele","family_name":"Lombardi","fiscal_code":"LMBGRL13C18L781B","household_id":"01a22b4c-8d25-705c-bd49-1bc3d1aa5cd3","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d28-7913-b964-4e9eb9c39b89","full_name":"Matilde Giordano","birth_date":"2018-04-24","given_name":"Matilde","family_name":"Giordano","fiscal_code":"GRDMLD18D64L781U","household_id":"01a22b4c-8d26-7e3f-aa3d-682392c3a125","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d29-766a-9a73-aa48b9c359d5","full_name":"Gabriele Giordano","birth_date":"2017-08-03","given_name":"Gabriele","family_name":"Giordano","fiscal_code":"GRDGRL17M03L781C","household_id":"01a22b4c-8d26-7e3f-aa3d-682392c3a125","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d2b-7331-8280-b7ab535a9273","full_name":"Nathan Rinaldi","birth_date":"2022-05-31","given_name":"Nathan","family_name":"Rinaldi","fiscal_code":"RNLNHN22E31L781T","household_id":"01a22b4c-8d29-7e8f-8a2d-e93c5898a10b","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d3f-7acb-8274-2689a9f40aac","full_name":"Alice Colombo","birth_date":"2016-07-06","given_name":"Alice","family_name":"Colombo","fiscal_code":"CLMLCA16L46L781L","household_id":"01a22b4c-8d31-72ad-b8f8-c06f747caccc","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d50-754e-ba98-6c7d05f787fa","full_name":"Pietro Mancini","birth_date":"2015-08-13","given_name":"Pietro","family_name":"Mancini","fiscal_code":"MNCPTR15M13L781T","household_id":"01a22b4c-8d45-7e05-8596-382b08e012c0","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d58-745a-9964-54d163ab796c","full_name":"Alice Mancini","birth_date":"2022-11-22","given_name":"Alice","family_name":"Mancini","fiscal_code":"MNCLCA22S62L781O","household_id":"01a22b4c-8d45-7e05-8596-382b08e012c0","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d5a-7bfd-8637-5677c5da39bf","full_name":"Anita Longo","birth_date":"2019-09-19","given_name":"Anita","family_name":"Longo","fiscal_code":"LNGNTA19P59L781D","household_id":"01a22b4c-8d58-7f0e-91f0-1f5c3b7fa4c8","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d61-7dd8-8217-4ec2edc918e4","full_name":"Tommaso Leone","birth_date":"2022-10-26","given_name":"Tommaso","family_name":"Leone","fiscal_code":"LNETMS22R26L781T","household_id":"01a22b4c-8d5d-789f-8513-72e8ebc119b2","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d63-7faf-8644-405871a5ea6f","full_name":"Vittoria Martini","birth_date":"2017-12-02","given_name":"Vittoria","family_name":"Martini","fiscal_code":"MRTVTR17T42L781L","household_id":"01a22b4c-8d62-7674-84fd-569e29507a49","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d64-783f-b6ec-37ff7fd749b3","full_name":"Tommaso Martini","birth_date":"2016-04-06","given_name":"Tommaso","family_name":"Martini","fiscal_code":"MRTTMS16D06L781M","household_id":"01a22b4c-8d62-7674-84fd-569e29507a49","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d66-7482-8f05-986dc3c4c8db","full_name":"Diego Vitale","birth_date":"2014-02-02","given_name":"Diego","family_name":"Vitale","fiscal_code":"VTLDGI14B02L781A","household_id":"01a22b4c-8d65-70da-a07f-734d9ad7f139","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d68-71f2-a7a1-442798ac459c","full_name":"Emma Serra","birth_date":"2020-03-10","given_name":"Emma","family_name":"Serra","fiscal_code":"SRRMME20C50L781T","household_id":"01a22b4c-8d66-7c40-8a30-1dd790fab4a0","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d6a-78ff-b79c-ec5ff5c0d803","full_name":"Gabriele Marchetti","birth_date":"2022-04-17","given_name":"Gabriele","family_name":"Marchetti","fiscal_code":"MRCGRL22D17L781D","household_id":"01a22b4c-8d68-7a94-8049-c4099e25705b","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d6d-7a4c-9773-2a3ccbf94966","full_name":"Emma Marchetti","birth_date":"2014-07-27","given_name":"Emma","family_name":"Marchetti","fiscal_code":"MRCMME14L67L781L","household_id":"01a22b4c-8d68-7a94-8049-c4099e25705b","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d6f-7903-aeb3-810ac501380b","full_name":"Matilde Villa","birth_date":"2018-05-24","given_name":"Matilde","family_name":"Villa","fiscal_code":"VLLMLD18E64L781I","household_id":"01a22b4c-8d6e-71cc-b8f3-5be9d37b6c03","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d76-7a1b-a36f-da3d59e2ffa7","full_name":"Nathan Conte","birth_date":"2013-06-30","given_name":"Nathan","family_name":"Conte","fiscal_code":"CNTNHN13H30L781F","household_id":"01a22b4c-8d71-75c1-acd9-ab2bc0de6939","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d7f-7461-9ed5-32a374b92ffd","full_name":"Alice Ferraro","birth_date":"2016-08-05","given_name":"Alice","family_name":"Ferraro","fiscal_code":"FRRLCA16M45L781B","household_id":"01a22b4c-8d77-71f9-8476-d44cdf9d2a74","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d7f-7fe6-8eac-489ebafc6007","full_name":"Nathan Ferraro","birth_date":"2020-11-14","given_name":"Nathan","family_name":"Ferraro","fiscal_code":"FRRNHN20S14L781O","household_id":"01a22b4c-8d77-71f9-8476-d44cdf9d2a74","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d85-7831-aa68-501f1ce43061","full_name":"Pietro Fabbri","birth_date":"2022-09-12","given_name":"Pietro","family_name":"Fabbri","fiscal_code":"FBBPTR22P12L781I","household_id":"01a22b4c-8d80-7801-a37e-8de613a7d46c","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d87-774d-838f-3b7455676251","full_name":"Anita Benedetti","birth_date":"2019-10-19","given_name":"Anita","family_name":"Benedetti","fiscal_code":"BNDNTA19R59L781W","household_id":"01a22b4c-8d86-7066-b102-ad42848795d1","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d8a-7d80-94b9-a588a72b26d5","full_name":"Tommaso Sala","birth_date":"2015-11-25","given_name":"Tommaso","family_name":"Sala","fiscal_code":"SLATMS15S25L781R","household_id":"01a22b4c-8d89-7ad2-ae26-90fa1178e2b0","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d8b-750e-b6fa-a5eaeaa306ff","full_name":"Anita Sala","birth_date":"2022-03-31","given_name":"Anita","family_name":"Sala","fiscal_code":"SLANTA22C71L781C","household_id":"01a22b4c-8d89-7ad2-ae26-90fa1178e2b0","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d98-7e39-8973-92945666e8d7","full_name":"Vittoria Pellegrini","birth_date":"2017-01-26","given_name":"Vittoria","family_name":"Pellegrini","fiscal_code":"PLLVTR17A66L781F","household_id":"01a22b4c-8d8b-7bfe-bc61-2f4117316083","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d9a-7cc2-b19a-7d9742ac273e","full_name":"Diego Rizzi","birth_date":"2022-03-04","given_name":"Diego","family_name":"Rizzi","fiscal_code":"RZZDGI22C04L781J","household_id":"01a22b4c-8d99-78c4-acce-654fcf487eb7","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d9c-7a06-88c7-ce994e133d31","full_name":"Emma Neri","birth_date":"2020-04-09","given_name":"Emma","family_name":"Neri","fiscal_code":"NREMME20D49L781X","household_id":"01a22b4c-8d9b-749f-a970-11b2bfcddd8c","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8d9d-7220-b5ee-904762b6eb00","full_name":"Diego Neri","birth_date":"2019-07-20","given_name":"Diego","family_name":"Neri","fiscal_code":"NREDGI19L20L781U","household_id":"01a22b4c-8d9b-749f-a970-11b2bfcddd8c","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8da5-72e8-abde-073f01f06fe0","full_name":"Gabriele Popescu","birth_date":"2014-05-17","given_name":"Gabriele","family_name":"Popescu","fiscal_code":"PPSGRL14E17L781S","household_id":"01a22b4c-8d9d-7b0a-a2c5-67670737fdfe","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8dde-72b9-831c-683da29ba8cf","full_name":"Matilde Hoxha","birth_date":"2018-06-23","given_name":"Matilde","family_name":"Hoxha","fiscal_code":"HXHMLD18H63L781U","household_id":"01a22b4c-8dce-7b02-aec4-07583da98650","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8ddf-7d6c-bd29-fa226f63646f","full_name":"Nathan El Amrani","birth_date":"2022-07-30","given_name":"Nathan","family_name":"El Amrani","fiscal_code":"LMRNHN22L30L781O","household_id":"01a22b4c-8dde-7b5d-8b94-230621e11dae","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8de1-7147-938a-67a458f49d13","full_name":"Matilde El Amrani","birth_date":"2014-11-08","given_name":"Matilde","family_name":"El Amrani","fiscal_code":"LMRMLD14S48L781O","household_id":"01a22b4c-8dde-7b5d-8b94-230621e11dae","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8df1-7055-842e-c4a868169a29","full_name":"Alice Singh","birth_date":"2016-09-04","given_name":"Alice","family_name":"Singh","fiscal_code":"SNGLCA16P44L781K","household_id":"01a22b4c-8def-741f-bc52-3c224a973ae0","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8dfd-75f5-bbf0-aa3280f88739","full_name":"Pietro Bellini","birth_date":"2013-10-12","given_name":"Pietro","family_name":"Bellini","fiscal_code":"BLLPTR13R12L781K","household_id":"01a22b4c-8df1-7a00-9a53-e3e511fbbc52","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8e05-7f3d-a208-8cb8ccad2386","full_name":"Anita Grassi","birth_date":"2019-11-18","given_name":"Anita","family_name":"Grassi","fiscal_code":"GRSNTA19S58L781W","household_id":"01a22b4c-8dfd-7ec6-9d95-61ffb02dddf1","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8e06-78fa-b3a0-2d19c8464a55","full_name":"Pietro Grassi","birth_date":"2018-03-24","given_name":"Pietro","family_name":"Grassi","fiscal_code":"GRSPTR18C24L781U","household_id":"01a22b4c-8dfd-7ec6-9d95-61ffb02dddf1","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8e08-7fc8-a13e-375bdf4f8744","full_name":"Tommaso Testa","birth_date":"2022-01-19","given_name":"Tommaso","family_name":"Testa","fiscal_code":"TSTTMS22A19L781L","household_id":"01a22b4c-8e07-7300-ab3c-97f1f5cd2a42","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"}]$rows$) on conflict do nothing;

insert into questionnaire ("municipality_id", "id", "title", "intro", "per", "anonymous", "shows_results", "school_ids", "class_ids", "opens_at", "closes_at", "version", "saved_by", "saved_at", "published_at", "published_by", "announced_at", "reminded_at", "ended_early_at", "settled_at", "asked_total", "answered_total") overriding system value select "municipality_id", "id", "title", "intro", "per", "anonymous", "shows_results", "school_ids", "class_ids", "opens_at", "closes_at", "version", "saved_by", "saved_at", "published_at", "published_by", "announced_at", "reminded_at", "ended_early_at", "settled_at", "asked_total", "answered_total" from jsonb_populate_recordset(null::questionnaire, $rows$[
{"id":"01a22b4c-b7a5-7ecd-be72-81b3da120565","per":"household","intro":"Un mese di mensa è passato: ci aiuti a capire che cosa funziona? Bastano due minuti.","title":"Com’è andato il primo mese di mensa?","version":1,"opens_at":"2026-10-31T07:00:00+00:00","saved_at":"2026-10-31T07:00:00+00:00","saved_by":"01a22b4c-8cdc-7642-8e38-2dc82227bb3c","anonymous":true,"class_ids":[],"closes_at":"2026-11-21T17:00:00+00:00","school_ids":[],"settled_at":null,"asked_total":null,"reminded_at":null,"announced_at":"2026-10-31T07:00:00+00:00","published_at":"2026-10-31T07:00:00+00:00","published_by":"01a22b4c-8cdc-7642-8e38-2dc82227bb3c","shows_results":true,"answered_total":null,"ended_early_at":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-b7b9-7384-a948-6490c9f628c1","per":"child","intro":"Il nuovo menù è cominciato. Chiedi a tuo figlio e rispondi per lui.","title":"Il menù d’inverno: che cosa ne pensa tuo figlio?","version":1,"opens_at":"2026-11-28T07:00:00+00:00","saved_at":"2026-11-28T07:00:00+00:00","saved_by":"01a22b4c-8cdc-7642-8e38-2dc82227bb3c","anonymous":false,"class_ids":[],"closes_at":"2026-12-12T17:00:00+00:00","school_ids":[],"settled_at":null,"asked_total":null,"reminded_at":null,"announced_at":"2026-11-28T07:00:00+00:00","published_at":"2026-11-28T07:00:00+00:00","published_by":"01a22b4c-8cdc-7642-8e38-2dc82227bb3c","shows_results":true,"answered_total":null,"ended_early_at":null,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"}]$rows$) on conflict do nothing;

insert into questionnaire_answer ("municipality_id", "slip", "questionnaire_id", "question_id", "part", "chosen", "words", "mixed") overriding system value select "municipality_id", "slip", "questionnaire_id", "question_id", "part", "chosen", "words", "mixed" from jsonb_populate_recordset(null::questionnaire_answer, $rows$[
{"part":null,"slip":"07143770-0a07-436e-a1cc-ea7eb28bf74d","mixed":false,"words":null,"chosen":[0],"question_id":"01a22b4c-b7a7-72ba-a832-764663c380de","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","questionnaire_id":"01a22b4c-b7a5-7ecd-be72-81b3da120565"},
{"part":null,"slip":"089c9a5e-20f4-4431-8834-f475395ec56c","mixed":false,"words":null,"chosen":[0],"question_id":"01a22b4c-b7a7-72ba-a832-764663c380de","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","questionnaire_id":"01a22b4c-b7a5-7ecd-be72-81b3da120565"},
{"part":null,"slip":"08f80f52-e33a-4a0c-8bcc-d978fddb0a60","mixed":false,"words":null,"chosen":[0],"question_id":"01a22b4c-b7a7-72ba-a832-764663c380de","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","questionnaire_id":"01a22b4c-b7a5-7ecd-be72-81b3da120565"}]$rows$) on conflict do nothing;

insert into questionnaire_part ("municipality_id", "part", "questionnaire_id", "household_id", "pupil_id", "person_id", "answered_at", "mixed") overriding system value select "municipality_id", "part", "questionnaire_id", "household_id", "pupil_id", "person_id", "answered_at", "mixed" from jsonb_populate_recordset(null::questionnaire_part, $rows$[
{"part":"1ee69243-45ab-4bff-923c-e875ef56e689","mixed":false,"pupil_id":null,"person_id":null,"answered_at":null,"household_id":"01a22b4c-8d1a-7724-8ba2-5c79e5248492","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","questionnaire_id":"01a22b4c-b7a5-7ecd-be72-81b3da120565"},
{"part":"288130ce-ca30-4ffe-a013-e27d40e97a53","mixed":false,"pupil_id":null,"person_id":null,"answered_at":null,"household_id":"01a22b4c-8d6e-71cc-b8f3-5be9d37b6c03","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","questionnaire_id":"01a22b4c-b7a5-7ecd-be72-81b3da120565"},
{"part":"3013ca35-4e79-424c-8b3d-57a9e2a6f029","mixed":false,"pupil_id":null,"person_id":null,"answered_at":null,"household_id":"01a22b4c-8d31-72ad-b8f8-c06f747caccc","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","questionnaire_id":"01a22b4c-b7a5-7ecd-be72-81b3da120565"}]$rows$) on conflict do nothing;

insert into questionnaire_question ("municipality_id", "questionnaire_id", "id", "position", "kind", "words", "required", "options", "low_label", "high_label") overriding system value select "municipality_id", "questionnaire_id", "id", "position", "kind", "words", "required", "options", "low_label", "high_label" from jsonb_populate_recordset(null::questionnaire_question, $rows$[
{"id":"01a22b4c-b7a6-7bd1-b8e7-13b8e4ad6e12","kind":"scale","words":"Quanto siete contenti della mensa?","options":[],"position":0,"required":true,"low_label":"per niente","high_label":"moltissimo","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","questionnaire_id":"01a22b4c-b7a5-7ecd-be72-81b3da120565"},
{"id":"01a22b4c-b7a7-72ba-a832-764663c380de","kind":"one","words":"I bambini mangiano quello che trovano nel piatto?","options":["Quasi tutto","Circa metà","Poco"],"position":1,"required":true,"low_label":"","high_label":"","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","questionnaire_id":"01a22b4c-b7a5-7ecd-be72-81b3da120565"},
{"id":"01a22b4c-b7a7-748e-82a1-0c8bd0ae4f6e","kind":"text","words":"C’è altro che volete dirci?","options":[],"position":3,"required":false,"low_label":"","high_label":"","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","questionnaire_id":"01a22b4c-b7a5-7ecd-be72-81b3da120565"},
{"id":"01a22b4c-b7b9-7f19-a2d7-230422c5b2a1","kind":"text","words":"Quale piatto toglierebbe, e quale terrebbe?","options":[],"position":2,"required":false,"low_label":"","high_label":"","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","questionnaire_id":"01a22b4c-b7b9-7384-a948-6490c9f628c1"}]$rows$) on conflict do nothing;

insert into schema_source ("name", "hash") overriding system value select "name", "hash" from jsonb_populate_recordset(null::schema_source, $rows$[
{"hash":"19888012277f1e357141d75b528569fa1b86c8100eafff3503f184f7a05835c9","name":"2026-11-29T2101-notifications-and-outbox"},
{"hash":"3e6acaf91cb903a095870083b9392b622f454488c61b8111edcef9406b0fabb2","name":"2026-11-30T0255-charge-after-close"},
{"hash":"478ffc7f2adc88a5873d782f9c5a624208e3674f073179ca4feeea90e3eb499a","name":"2026-11-29T2056-school-and-people"},
{"hash":"5af01d9cc0a935c530cc3188c0281cf5d3520b9933622eec518e199de6eb29d6","name":"2026-11-29T2100-forms"},
{"hash":"626032449ace0e08bf8ac37b1147d64ee44138c09debca90f23455d44aa9210f","name":"2026-11-29T2058-money"},
{"hash":"83eb78365fb367821af320679c4d2a3db60e5c6bb748081090fab838baed157c","name":"2026-11-29T2059-publishing"},
{"hash":"89e05d3c82433d002a21c40c0e0b6fa4540c6d51e889b2991a8b1a391ff4a120","name":"definitions"},
{"hash":"8a3cf59416998cef60b5bc2d78e507cc0bfe411dc8aee0d3629273dcdb765942","name":"2026-11-29T2140-languages"},
{"hash":"b0a1f102f1937d884ab09a3a76050b76686f59f616be40b3389fc7f87655d4c2","name":"2026-11-29T2055-identity"},
{"hash":"b0c94ca8984bcad3aa5493b6899ad5a987e9f955215414e69c98d279e28f4448","name":"2026-11-29T2057-meals-and-kitchen"},
{"hash":"b8141413479c2764657790f15e0e844fd603e83b4e94e9ca51c0074b6041802b","name":"2026-11-30T0330-push-by-endpoint"},
{"hash":"c166af31d8accefcc949ec5023c5875058fff0abca69524093fa9336457f6f62","name":"2026-11-30T0310-frozen-meals"}]$rows$) on conflict do nothing;

insert into school ("municipality_id", "id", "name", "kind", "street") overriding system value select "municipality_id", "id", "name", "kind", "street" from jsonb_populate_recordset(null::school, $rows$[
{"id":"01a22b4c-8c8d-7b02-8ca7-7c9023cf4949","kind":"infanzia","name":"Scuola dell’infanzia Girotondo","street":"Via dei Tigli 4","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8cad-7355-bbb4-1d6473144d02","kind":"primaria","name":"Scuola primaria del capoluogo","street":"Via Caterina Bon Brenzoni 30","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8cbd-7461-920f-598c612d8e7c","kind":"secondaria","name":"Scuola secondaria di primo grado","street":"Piazza Silvio Pellico 2","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"}]$rows$) on conflict do nothing;

insert into school_class ("municipality_id", "id", "school_id", "school_year_id", "name") overriding system value select "municipality_id", "id", "school_id", "school_year_id", "name" from jsonb_populate_recordset(null::school_class, $rows$[
{"id":"01a22b4c-8c8e-796d-8f90-e18141c9195c","name":"Sezione Gialla","school_id":"01a22b4c-8c8d-7b02-8ca7-7c9023cf4949","school_year_id":"01a22b4c-8c7b-7234-b77f-a7131e8a1e68","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8c8e-7ca7-9cc4-d630731c398e","name":"Sezione Verde","school_id":"01a22b4c-8c8d-7b02-8ca7-7c9023cf4949","school_year_id":"01a22b4c-8c7b-7234-b77f-a7131e8a1e68","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8cb1-74c0-9406-46239ffd246c","name":"1A","school_id":"01a22b4c-8cad-7355-bbb4-1d6473144d02","school_year_id":"01a22b4c-8c7b-7234-b77f-a7131e8a1e68","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8cb1-754d-87ab-8c6cfe7036c6","name":"2A","school_id":"01a22b4c-8cad-7355-bbb4-1d6473144d02","school_year_id":"01a22b4c-8c7b-7234-b77f-a7131e8a1e68","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8cb1-7567-adf6-460ebf14cd48","name":"3A","school_id":"01a22b4c-8cad-7355-bbb4-1d6473144d02","school_year_id":"01a22b4c-8c7b-7234-b77f-a7131e8a1e68","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"}]$rows$) on conflict do nothing;

insert into school_year ("municipality_id", "id", "name", "starts_on", "ends_on") overriding system value select "municipality_id", "id", "name", "starts_on", "ends_on" from jsonb_populate_recordset(null::school_year, $rows$[
{"id":"01a22b4c-8c7b-7234-b77f-a7131e8a1e68","name":"2026/2027","ends_on":"2027-08-31","starts_on":"2026-09-01","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"}]$rows$) on conflict do nothing;

insert into service ("municipality_id", "id", "code", "name", "active", "tariff_revision", "tariff_changed_by") overriding system value select "municipality_id", "id", "code", "name", "active", "tariff_revision", "tariff_changed_by" from jsonb_populate_recordset(null::service, $rows$[
{"id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","code":"refezione","name":"Refezione Scolastica","active":true,"municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","tariff_revision":0,"tariff_changed_by":null}]$rows$) on conflict do nothing;

insert into service_day ("municipality_id", "id", "service_id", "school_id", "day", "cutoff_at", "close_at", "status", "closed_at", "closure_id") overriding system value select "municipality_id", "id", "service_id", "school_id", "day", "cutoff_at", "close_at", "status", "closed_at", "closure_id" from jsonb_populate_recordset(null::service_day, $rows$[
{"id":"01a22b4c-8c9c-7b6f-a71e-68326e5142c9","day":"2026-09-14","status":"closed","close_at":"2026-09-14T07:30:03+00:00","closed_at":"2026-09-14T07:30:03+00:00","cutoff_at":"2026-09-14T07:30:00+00:00","school_id":"01a22b4c-8c8d-7b02-8ca7-7c9023cf4949","closure_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8c9c-7f7d-8121-e14271fb546e","day":"2026-09-15","status":"closed","close_at":"2026-09-15T07:30:03+00:00","closed_at":"2026-09-15T07:30:03+00:00","cutoff_at":"2026-09-15T07:30:00+00:00","school_id":"01a22b4c-8c8d-7b02-8ca7-7c9023cf4949","closure_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8c9c-7faf-a1f4-98ba9b803313","day":"2026-09-16","status":"closed","close_at":"2026-09-16T07:30:03+00:00","closed_at":"2026-09-16T07:30:03+00:00","cutoff_at":"2026-09-16T07:30:00+00:00","school_id":"01a22b4c-8c8d-7b02-8ca7-7c9023cf4949","closure_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8ca1-74d0-8651-95639ef6a51c","day":"2026-11-19","status":"closed","close_at":"2026-11-19T08:30:03+00:00","closed_at":"2026-11-19T08:30:03+00:00","cutoff_at":"2026-11-19T08:30:00+00:00","school_id":"01a22b4c-8c8d-7b02-8ca7-7c9023cf4949","closure_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8ca1-757a-bcce-0cbff8af3781","day":"2026-11-30","status":"open","close_at":"2026-11-30T08:30:03+00:00","closed_at":null,"cutoff_at":"2026-11-30T08:30:00+00:00","school_id":"01a22b4c-8c8d-7b02-8ca7-7c9023cf4949","closure_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8ca1-7590-bc2e-7ba2f4973c2a","day":"2026-12-01","status":"open","close_at":"2026-12-01T08:30:03+00:00","closed_at":null,"cutoff_at":"2026-12-01T08:30:00+00:00","school_id":"01a22b4c-8c8d-7b02-8ca7-7c9023cf4949","closure_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8ca1-75a7-94cf-c0d84af527b4","day":"2026-12-02","status":"open","close_at":"2026-12-02T08:30:03+00:00","closed_at":null,"cutoff_at":"2026-12-02T08:30:00+00:00","school_id":"01a22b4c-8c8d-7b02-8ca7-7c9023cf4949","closure_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8cb9-798e-95b1-78069715413b","day":"2026-09-15","status":"closed","close_at":"2026-09-15T07:30:03+00:00","closed_at":"2026-09-15T07:30:03+00:00","cutoff_at":"2026-09-15T07:30:00+00:00","school_id":"01a22b4c-8cad-7355-bbb4-1d6473144d02","closure_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8cba-7080-a741-5f049ff48d42","day":"2026-11-10","status":"closed","close_at":"2026-11-10T08:30:03+00:00","closed_at":"2026-11-10T08:30:03+00:00","cutoff_at":"2026-11-10T08:30:00+00:00","school_id":"01a22b4c-8cad-7355-bbb4-1d6473144d02","closure_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8cba-709a-b92f-908ef3d4e36d","day":"2026-11-11","status":"closed","close_at":"2026-11-11T08:30:03+00:00","closed_at":"2026-11-11T08:30:03+00:00","cutoff_at":"2026-11-11T08:30:00+00:00","school_id":"01a22b4c-8cad-7355-bbb4-1d6473144d02","closure_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8cba-70b5-b188-d8a4e9806f6a","day":"2026-11-12","status":"closed","close_at":"2026-11-12T08:30:03+00:00","closed_at":"2026-11-12T08:30:03+00:00","cutoff_at":"2026-11-12T08:30:00+00:00","school_id":"01a22b4c-8cad-7355-bbb4-1d6473144d02","closure_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8cba-713c-9f3b-2ace41d03b2e","day":"2026-11-19","status":"closed","close_at":"2026-11-19T08:30:03+00:00","closed_at":"2026-11-19T08:30:03+00:00","cutoff_at":"2026-11-19T08:30:00+00:00","school_id":"01a22b4c-8cad-7355-bbb4-1d6473144d02","closure_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8cc8-7334-a1d5-59cf0ddf8bbc","day":"2026-09-14","status":"closed","close_at":"2026-09-14T07:30:03+00:00","closed_at":"2026-09-14T07:30:03+00:00","cutoff_at":"2026-09-14T07:30:00+00:00","school_id":"01a22b4c-8cbd-7461-920f-598c612d8e7c","closure_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8cc8-78cb-9ebb-836d56e4814d","day":"2026-11-19","status":"closed","close_at":"2026-11-19T08:30:03+00:00","closed_at":"2026-11-19T08:30:03+00:00","cutoff_at":"2026-11-19T08:30:00+00:00","school_id":"01a22b4c-8cbd-7461-920f-598c612d8e7c","closure_id":null,"service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"}]$rows$) on conflict do nothing;

insert into service_schedule ("municipality_id", "service_id", "school_id", "school_year_id", "weekdays", "cutoff_time", "cutoff_days_before", "grace_seconds", "starts_on", "ends_on") overriding system value select "municipality_id", "service_id", "school_id", "school_year_id", "weekdays", "cutoff_time", "cutoff_days_before", "grace_seconds", "starts_on", "ends_on" from jsonb_populate_recordset(null::service_schedule, $rows$[
{"ends_on":"2027-06-04","weekdays":[1,2,3,4,5],"school_id":"01a22b4c-8c8d-7b02-8ca7-7c9023cf4949","starts_on":"2026-09-14","service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","cutoff_time":"09:30:00","grace_seconds":3,"school_year_id":"01a22b4c-8c7b-7234-b77f-a7131e8a1e68","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","cutoff_days_before":0},
{"ends_on":"2027-06-04","weekdays":[1,3,4],"school_id":"01a22b4c-8cbd-7461-920f-598c612d8e7c","starts_on":"2026-09-14","service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","cutoff_time":"09:30:00","grace_seconds":3,"school_year_id":"01a22b4c-8c7b-7234-b77f-a7131e8a1e68","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","cutoff_days_before":0},
{"ends_on":"2027-06-04","weekdays":[2,3,4,5],"school_id":"01a22b4c-8cad-7355-bbb4-1d6473144d02","starts_on":"2026-09-14","service_id":"01a22b4c-8c7c-7cec-b1f1-3ce21e168e57","cutoff_time":"09:30:00","grace_seconds":3,"school_year_id":"01a22b4c-8c7b-7234-b77f-a7131e8a1e68","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","cutoff_days_before":0}]$rows$) on conflict do nothing;

insert into staff_member ("municipality_id", "person_id", "role", "valid_from", "valid_to") overriding system value select "municipality_id", "person_id", "role", "valid_from", "valid_to" from jsonb_populate_recordset(null::staff_member, $rows$[
{"role":"editor","valid_to":null,"person_id":"01a22b4c-8cdd-7d21-b051-96fa3ebd0941","valid_from":"2026-09-01","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"role":"manager","valid_to":null,"person_id":"01a22b4c-8cdc-7642-8e38-2dc82227bb3c","valid_from":"2026-09-01","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"role":"operator","valid_to":null,"person_id":"01a22b4c-8cd2-7d22-9696-39515a5ae135","valid_from":"2026-09-01","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"}]$rows$) on conflict do nothing;

insert into stored_file ("municipality_id", "id", "name", "media_type", "size", "sha256", "content", "uploaded_by", "uploaded_at") overriding system value select "municipality_id", "id", "name", "media_type", "size", "sha256", "content", "uploaded_by", "uploaded_at" from jsonb_populate_recordset(null::stored_file, $rows$[
{"id":"86ab3634-cc50-4727-8514-245af258a0ad","name":"modulo-privacy-mensa.pdf","size":691,"sha256":"\\x885dd5f1bd89c26bdc02eac708ce58ccd489b369b4080c370924c4411e119e64","content":"\\x255044462d312e340a312030206f626a0a3c3c202f54797065202f436174616c6f67202f5061676573203220302052202f4c616e67202869742d495429203e3e0a656e646f626a0a322030206f626a0a3c3c202f54797065202f5061676573202f4b696473205b33203020525d202f436f756e742031203e3e0a656e646f626a0a332030206f626a0a3c3c202f54797065202f50616765202f506172656e74203220302052202f4d65646961426f78205b30203020353935203834325d202f436f6e74656e7473203420302052202f5265736f7572636573203c3c202f466f6e74203c3c202f4631203520302052203e3e203e3e203e3e0a656e646f626a0a342030206f626a0a3c3c202f4c656e67746820313332203e3e0a73747265616d0a4254202f46312031362054662037322037363020546420284d6f64756c6f20707269766163792920546a2030202d323820546420284d656e73612073636f6c6173746963612920546a2030202d323820546420284669726d612064656c2067656e69746f72653a205f5f5f5f5f5f5f5f5f5f5f5f2920546a2030202d32382054642045540a656e6473747265616d0a656e646f626a0a352030206f626a0a3c3c202f54797065202f466f6e74202f53756274797065202f5479706531202f42617365466f6e74202f48656c766574696361203e3e0a656e646f626a0a787265660a3020360a303030303030303030302036353533352066200a30303030303030303039203030303030206e200a30303030303030303732203030303030206e200a30303030303030313239203030303030206e200a30303030303030323535203030303030206e200a30303030303030343338203030303030206e200a747261696c6572203c3c202f53697a652036202f526f6f74203120302052203e3e0a7374617274787265660a3530380a2525454f460a","media_type":"application/pdf","uploaded_at":"2026-10-01T06:00:00+00:00","uploaded_by":"01a22b4c-8cdd-7d21-b051-96fa3ebd0941","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"e8d88e31-44a3-4dd7-84a9-98bb1c2d548c","name":"richiesta-dieta-speciale.pdf","size":713,"sha256":"\\xa6ac661d279dd15d6d3d46ecfa1806d36594b6a7ab83bd1fbcf15f2a7857426f","content":"\\x255044462d312e340a312030206f626a0a3c3c202f54797065202f436174616c6f67202f5061676573203220302052202f4c616e67202869742d495429203e3e0a656e646f626a0a322030206f626a0a3c3c202f54797065202f5061676573202f4b696473205b33203020525d202f436f756e742031203e3e0a656e646f626a0a332030206f626a0a3c3c202f54797065202f50616765202f506172656e74203220302052202f4d65646961426f78205b30203020353935203834325d202f436f6e74656e7473203420302052202f5265736f7572636573203c3c202f466f6e74203c3c202f4631203520302052203e3e203e3e203e3e0a656e646f626a0a342030206f626a0a3c3c202f4c656e67746820313534203e3e0a73747265616d0a4254202f4631203136205466203732203736302054642028526963686965737461206469206469657461207370656369616c652920546a2030202d323820546420284e6f6d65206520636f676e6f6d653a205f5f5f5f5f5f5f5f5f5f5f5f2920546a2030202d323820546420285363756f6c61206520636c617373653a205f5f5f5f5f5f5f5f5f5f5f5f2920546a2030202d32382054642045540a656e6473747265616d0a656e646f626a0a352030206f626a0a3c3c202f54797065202f466f6e74202f53756274797065202f5479706531202f42617365466f6e74202f48656c766574696361203e3e0a656e646f626a0a787265660a3020360a303030303030303030302036353533352066200a30303030303030303039203030303030206e200a30303030303030303732203030303030206e200a30303030303030313239203030303030206e200a30303030303030323535203030303030206e200a30303030303030343630203030303030206e200a747261696c6572203c3c202f53697a652036202f526f6f74203120302052203e3e0a7374617274787265660a3533300a2525454f460a","media_type":"application/pdf","uploaded_at":"2026-10-16T06:00:00+00:00","uploaded_by":"01a22b4c-8cdd-7d21-b051-96fa3ebd0941","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"}]$rows$) on conflict do nothing;

insert into top_up ("municipality_id", "id", "household_id", "account_id", "payer_id", "client_key", "meals", "unit_cents", "method", "state", "provider", "order_id", "notification_key", "security_token_hash", "redirect_url", "paid_operation_id", "circuit", "reason", "alarms", "created_at", "updated_at", "paid_at", "next_check_at", "checks", "provider_mode", "creation_claimed_until", "hinted_at", "answered_at") overriding system value select "municipality_id", "id", "household_id", "account_id", "payer_id", "client_key", "meals", "unit_cents", "method", "state", "provider", "order_id", "notification_key", "security_token_hash", "redirect_url", "paid_operation_id", "circuit", "reason", "alarms", "created_at", "updated_at", "paid_at", "next_check_at", "checks", "provider_mode", "creation_claimed_until", "hinted_at", "answered_at" from jsonb_populate_recordset(null::top_up, $rows$[
{"id":"01a22b4c-8f41-7b9c-b022-fe46df80fd5b","meals":20,"state":"paid","alarms":[],"checks":0,"method":"mybank","reason":null,"circuit":"MYBANK","paid_at":"2026-09-17T18:15:00+00:00","order_id":"DE6B7ADCB7F0A9680","payer_id":"01a22b4c-8cf7-7b6c-b320-c0689ba5811a","provider":"nexi","hinted_at":null,"account_id":"01a22b4c-8cf8-7ea4-a9c9-439a91bf3883","client_key":"1f3c8da5-2858-48ce-b96d-3cf7870cceec","created_at":"2026-09-17T18:15:00+00:00","unit_cents":540,"updated_at":"2026-09-17T18:15:00+00:00","answered_at":null,"amount_cents":10800,"household_id":"01a22b4c-8cf7-70d5-b4ed-e94f394f7442","redirect_url":null,"next_check_at":null,"provider_mode":"test","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","notification_key":"e73c1697dd8b73fdcba8a62aaef308332d1cfb47911f9163","paid_operation_id":"a04f1f9d","security_token_hash":null,"creation_claimed_until":null},
{"id":"01a22b4c-8faf-746a-ad61-251ec0e0a030","meals":40,"state":"paid","alarms":[],"checks":0,"method":"card","reason":null,"circuit":"VISA","paid_at":"2026-09-17T18:15:00+00:00","order_id":"D475C38F842E30802","payer_id":"01a22b4c-8d16-7cb4-b391-840c2434d10f","provider":"nexi","hinted_at":null,"account_id":"01a22b4c-8d17-7634-90bd-23b31af8f13d","client_key":"755124af-05bb-4816-9a64-8c1a675d8074","created_at":"2026-09-17T18:15:00+00:00","unit_cents":540,"updated_at":"2026-09-17T18:15:00+00:00","answered_at":null,"amount_cents":21600,"household_id":"01a22b4c-8d16-77f8-98b3-e025f2e6a347","redirect_url":null,"next_check_at":null,"provider_mode":"test","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","notification_key":"2c0f554178af6e20d54a32baaf3a6258dda970b143c7c4e7","paid_operation_id":"1dd87a64","security_token_hash":null,"creation_claimed_until":null},
{"id":"01a22b4c-8fc7-7915-b3c3-f886dfdb7469","meals":15,"state":"paid","alarms":[],"checks":0,"method":"card","reason":null,"circuit":"VISA","paid_at":"2026-09-17T18:15:00+00:00","order_id":"D3FAC8AA96A808D78","payer_id":"01a22b4c-8d35-739e-8bdc-555b2fa11932","provider":"nexi","hinted_at":null,"account_id":"01a22b4c-8d3d-72b1-9b5f-697d1129828f","client_key":"593ad6cb-4442-4d86-bc46-9ecc38c53226","created_at":"2026-09-17T18:15:00+00:00","unit_cents":540,"updated_at":"2026-09-17T18:15:00+00:00","answered_at":null,"amount_cents":8100,"household_id":"01a22b4c-8d31-72ad-b8f8-c06f747caccc","redirect_url":null,"next_check_at":null,"provider_mode":"test","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","notification_key":"4d3f7be21159b0d342c584c6725e0bd5dfaf795bba65eec5","paid_operation_id":"9b2ecae8","security_token_hash":null,"creation_claimed_until":null},
{"id":"01a22b4c-909d-7dc6-9683-070d83fa9a68","meals":15,"state":"paid","alarms":[],"checks":0,"method":"card","reason":null,"circuit":"VISA","paid_at":"2026-09-18T18:15:00+00:00","order_id":"D7CE9F3052EAB0AEC","payer_id":"01a22b4c-8cf4-7f59-bd69-69aed4d3b6da","provider":"nexi","hinted_at":null,"account_id":"01a22b4c-8cf5-7ed2-82fa-555f4288c018","client_key":"884accfc-ac92-4485-8efd-1ad45fa9700f","created_at":"2026-09-18T18:15:00+00:00","unit_cents":540,"updated_at":"2026-09-18T18:15:00+00:00","answered_at":null,"amount_cents":8100,"household_id":"01a22b4c-8cf3-7db1-a624-eba5dc914eb0","redirect_url":null,"next_check_at":null,"provider_mode":"test","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","notification_key":"59d76cd1ec12fa5d83a5e7adad12356864b87a8c50386de3","paid_operation_id":"cc9c8f2b","security_token_hash":null,"creation_claimed_until":null},
{"id":"01a22b4c-9116-7966-a5e4-a8fea950acc1","meals":15,"state":"paid","alarms":[],"checks":0,"method":"card","reason":null,"circuit":"VISA","paid_at":"2026-09-18T18:15:00+00:00","order_id":"DA1BFC213D3297060","payer_id":"01a22b4c-8d6e-772c-9eca-59d1d58860f2","provider":"nexi","hinted_at":null,"account_id":"01a22b4c-8d6f-7553-8a42-427096c09c34","client_key":"0c40c745-8666-4a7b-bd5f-065f469b8d1b","created_at":"2026-09-18T18:15:00+00:00","unit_cents":540,"updated_at":"2026-09-18T18:15:00+00:00","answered_at":null,"amount_cents":8100,"household_id":"01a22b4c-8d6e-71cc-b8f3-5be9d37b6c03","redirect_url":null,"next_check_at":null,"provider_mode":"test","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","notification_key":"5292748433602cb9607812602303620f68bdb39dcbc94be3","paid_operation_id":"140f974c","security_token_hash":null,"creation_claimed_until":null},
{"id":"01a22b4c-948f-787f-96a4-2e72f67dbbf2","meals":15,"state":"paid","alarms":[],"checks":0,"method":"card","reason":null,"circuit":"VISA","paid_at":"2026-09-23T18:15:00+00:00","order_id":"DBCFCA3792006E551","payer_id":"01a22b4c-8def-7b9e-952c-c9e3863dd40f","provider":"nexi","hinted_at":null,"account_id":"01a22b4c-8df0-7c41-98be-7d53fb49f2ed","client_key":"a80ff11d-714d-425b-92bc-47da7d1bbd8d","created_at":"2026-09-23T18:15:00+00:00","unit_cents":540,"updated_at":"2026-09-23T18:15:00+00:00","answered_at":null,"amount_cents":8100,"household_id":"01a22b4c-8def-741f-bc52-3c224a973ae0","redirect_url":null,"next_check_at":null,"provider_mode":"test","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","notification_key":"238c62d44529f3fa8c005f32f52e15f0c35c071c4f966a85","paid_operation_id":"0feff3bb","security_token_hash":null,"creation_claimed_until":null},
{"id":"01a22b4c-a903-76cc-98e7-e0c2d00c0e2d","meals":10,"state":"paid","alarms":[],"checks":0,"method":"card","reason":null,"circuit":"VISA","paid_at":"2026-11-19T19:15:00+00:00","order_id":"D5DB2B8804D0C3CC9","payer_id":"01a22b4c-8ce3-73e1-954a-747221652bad","provider":"nexi","hinted_at":null,"account_id":"01a22b4c-8ce6-7e0f-8037-7e946b4eb803","client_key":"3b7deef7-a1ab-4db1-a32e-6bf8329410b3","created_at":"2026-11-19T19:15:00+00:00","unit_cents":540,"updated_at":"2026-11-19T19:15:00+00:00","answered_at":null,"amount_cents":5400,"household_id":"01a22b4c-8ce2-71f1-baf7-34976598acc2","redirect_url":null,"next_check_at":null,"provider_mode":"test","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457","notification_key":"a88cd3c9be00996d7f16c535c0bfd8a8c48dd62501fd3c36","paid_operation_id":"7d2a4206","security_token_hash":null,"creation_claimed_until":null}]$rows$) on conflict do nothing;

insert into top_up_legal_transition ("from_state", "to_state") overriding system value select "from_state", "to_state" from jsonb_populate_recordset(null::top_up_legal_transition, $rows$[
{"to_state":"paid","from_state":"created"},
{"to_state":"paid","from_state":"expired"},
{"to_state":"paid","from_state":"failed"}]$rows$) on conflict do nothing;

insert into top_up_transition ("municipality_id", "id", "top_up_id", "from_state", "to_state", "cause", "occurred_at") overriding system value select "municipality_id", "id", "top_up_id", "from_state", "to_state", "cause", "occurred_at" from jsonb_populate_recordset(null::top_up_transition, $rows$[
{"id":"01a22b4c-8f4d-7dff-ae7b-c55043d71a7c","cause":"demonstration","to_state":"paid","top_up_id":"01a22b4c-8f41-7b9c-b022-fe46df80fd5b","from_state":"created","occurred_at":"2026-09-17T18:15:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8fb0-7cfe-bcc0-d7ad5462c5d0","cause":"demonstration","to_state":"paid","top_up_id":"01a22b4c-8faf-746a-ad61-251ec0e0a030","from_state":"created","occurred_at":"2026-09-17T18:15:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"},
{"id":"01a22b4c-8fc8-7d09-ac7e-c9c41ebda29e","cause":"demonstration","to_state":"paid","top_up_id":"01a22b4c-8fc7-7915-b3c3-f886dfdb7469","from_state":"created","occurred_at":"2026-09-17T18:15:00+00:00","municipality_id":"01a22b4c-8c79-7834-bd1e-caf81ac09457"}]$rows$) on conflict do nothing;

