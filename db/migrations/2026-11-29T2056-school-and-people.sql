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
