-- A parent whom the municipality does not know may ask for a child to be enrolled, or to be linked to a child who is enrolled.

create table household_applicant (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  household_id uuid not null,
  person_id uuid not null,
  asked_at timestamptz not null default app_now(),
  valid_to date not null,
  ended_at timestamptz,
  primary key (municipality_id, id),
  foreign key (municipality_id, household_id) references household (municipality_id, id),
  foreign key (municipality_id, person_id) references person (municipality_id, id)
);
comment on table household_applicant is 'A person who may send requests for a household that has no member yet, and read their own; no role, and no other right';
comment on column household_applicant.ended_at is 'Not null: a request was accepted and the person is the holder, or began again';
create unique index household_applicant_open on household_applicant (municipality_id, person_id) where ended_at is null;
create index household_applicant_by_household on household_applicant (municipality_id, household_id);

create table link_request (
  municipality_id uuid not null references municipality (id),
  id uuid not null default uuidv7(),
  citizen_id uuid not null,
  given_name text not null,
  family_name text not null,
  full_name text not null generated always as (given_name || ' ' || family_name) virtual,
  birth_date date not null,
  fiscal_code text not null check (fiscal_code ~ '^([A-Z0-9]{16}|[0-9]{11})$'),
  email text,
  child_given_name text not null check (child_given_name <> ''),
  child_family_name text not null check (child_family_name <> ''),
  child_name text not null generated always as (child_given_name || ' ' || child_family_name) virtual,
  child_code text check (child_code ~ '^([A-Z0-9]{16}|[0-9]{11})$'),
  child_class text not null default '' check (length(child_class) <= 80),
  words text not null default '' check (length(words) <= 1000),
  sent_at timestamptz not null default app_now(),
  state text not null default 'sent' check (state in ('sent', 'linked', 'refused')),
  pupil_id uuid,
  decided_by uuid,
  decided_at timestamptz,
  reason text not null default '' check (length(reason) <= 1000),
  plan_fingerprint text,
  primary key (municipality_id, id),
  foreign key (municipality_id, pupil_id) references pupil (municipality_id, id),
  foreign key (municipality_id, decided_by) references person (municipality_id, id),
  check ((state = 'sent') = (decided_at is null)),
  check ((state = 'linked') = (pupil_id is not null))
);
comment on table link_request is 'A person recognised by SPID or CIE asks to be linked to a child who is enrolled; whether there is such a child is not told';
create index link_request_by_citizen on link_request (citizen_id, sent_at desc);
create index link_request_waiting on link_request (municipality_id, sent_at) where state = 'sent';
