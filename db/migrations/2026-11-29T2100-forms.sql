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
