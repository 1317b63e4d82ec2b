import { type Kysely, sql } from 'kysely'

/** Households, their people, pupils, enrolments, staff. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    create table household (
      municipality_id uuid not null references municipality,
      id uuid not null default uuidv7(),
      name text not null,
      created_at timestamptz not null default app_now(),
      primary key (municipality_id, id)
    );

    create table person (
      municipality_id uuid not null references municipality,
      id uuid not null default uuidv7(),
      fiscal_code text not null check (fiscal_code ~ '^([A-Z0-9]{16}|[0-9]{11})$'),
      fiscal_code_hash bytea not null check (octet_length(fiscal_code_hash) = 32),
      given_name text not null check (given_name <> ''),
      family_name text not null check (family_name <> ''),
      email text, phone text,
      street text, postcode text, city text, province text, country text not null default 'IT',
      created_at timestamptz not null default app_now(),
      primary key (municipality_id, id),
      unique (municipality_id, fiscal_code_hash),
      unique (municipality_id, fiscal_code)
    );

    create table household_member (
      municipality_id uuid not null,
      household_id uuid not null,
      person_id uuid not null,
      role text not null check (role in ('holder', 'delegate')),
      valid_from date not null,
      valid_to date,
      primary key (municipality_id, household_id, person_id, valid_from),
      foreign key (municipality_id, household_id) references household,
      foreign key (municipality_id, person_id) references person,
      check (valid_to is null or valid_to >= valid_from)
    );
    create unique index one_holder_per_household on household_member (municipality_id, household_id) where role = 'holder' and valid_to is null;
    create unique index one_open_role_per_person on household_member (municipality_id, household_id, person_id) where valid_to is null;
    create index household_member_by_person on household_member (municipality_id, person_id);
    comment on column household_member.valid_to is 'Last day of the role; null while it lasts';

    create table pupil (
      municipality_id uuid not null,
      id uuid not null default uuidv7(),
      household_id uuid not null,
      given_name text not null check (given_name <> ''),
      family_name text not null check (family_name <> ''),
      fiscal_code text not null check (fiscal_code ~ '^([A-Z0-9]{16}|[0-9]{11})$'),
      birth_date date not null,
      primary key (municipality_id, id),
      unique (municipality_id, fiscal_code),
      foreign key (municipality_id, household_id) references household
    );
    create index pupil_by_household on pupil (municipality_id, household_id);

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

    create table communication (
      municipality_id uuid not null references municipality,
      id uuid not null default uuidv7(),
      title text not null, body text not null,
      about text not null check (about in ('service', 'money')),
      household_id uuid,
      published_at timestamptz not null,
      expires_at timestamptz,
      primary key (municipality_id, id),
      foreign key (municipality_id, household_id) references household
    );
    create index communication_latest on communication (municipality_id, published_at desc);
    comment on column communication.household_id is 'Null: every family of the municipality';

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
      primary key (municipality_id, id)
    );
    create index audit_event_by_time on audit_event (municipality_id, occurred_at);
    comment on table audit_event is 'Who read and changed a child''s or money''s data, in the same transaction. 24 months. No diets, no tokens.';
    create trigger audit_event_append_only before update or delete on audit_event for each row execute function refuse_change();
    create trigger audit_event_no_truncate before truncate on audit_event execute function refuse_change();
  `)
    .execute(db)
}
