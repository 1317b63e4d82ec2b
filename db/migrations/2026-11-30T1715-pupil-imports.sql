-- Files of schools with pupils and adults: what they say beside the registry, the decisions of a person, and what undoing needs.
-- File, findings and images go after 30 days; the receipt stays as long as the registers.

create table pupil_import (
  municipality_id uuid not null references municipality,
  id uuid not null default uuidv7(),
  name text not null check (length(name) between 1 and 120),
  form text not null check (form in ('csv', 'xlsx', 'html')),
  read_as text not null,
  size integer not null check (size > 0),
  sha256 bytea not null check (octet_length(sha256) = 32),
  content bytea,
  header_set text not null,
  mapping jsonb not null default '{}',
  state text not null default 'mapping'
    check (state in ('mapping', 'checking', 'checked', 'applying', 'applied', 'undoing', 'undone', 'discarded')),
  seen text,
  counts jsonb not null default '{}',
  ignored jsonb not null default '[]',
  unknown_classes jsonb not null default '[]',
  stopped text,
  first_day date,
  uploaded_by uuid not null,
  uploaded_at timestamptz not null default app_now(),
  acted_by uuid not null,
  applied_by uuid,
  applied_at timestamptz,
  undone_by uuid,
  undone_at timestamptz,
  primary key (municipality_id, id),
  foreign key (municipality_id, uploaded_by) references person,
  foreign key (municipality_id, acted_by) references person,
  foreign key (municipality_id, applied_by) references person,
  foreign key (municipality_id, undone_by) references person
);
create unique index one_import_at_work on pupil_import (municipality_id) where state in ('checking', 'applying', 'undoing');
create index pupil_import_by_age on pupil_import (municipality_id, uploaded_at);
comment on column pupil_import.content is 'The file; null from 30 days on, or when it was thrown away';
comment on column pupil_import.header_set is 'The names of the columns in any order: by them the last mapping is proposed again';
comment on column pupil_import.mapping is 'What each column is and what was answered for the whole file: no name of a person';
comment on column pupil_import.seen is 'Fingerprint of the findings: applying is bound to what a person read';
comment on column pupil_import.stopped is 'Why the last work on it ended without doing anything, in words';
comment on column pupil_import.first_day is 'The first day from which an enrolment that it wrote holds';
comment on column pupil_import.acted_by is 'For whom the worker works on it';

create table pupil_import_progress (
  municipality_id uuid not null,
  import_id uuid not null,
  done integer not null default 0 check (done >= 0),
  total integer not null default 0 check (total >= 0),
  stop_asked boolean not null default false,
  primary key (municipality_id, import_id),
  foreign key (municipality_id, import_id) references pupil_import
);
comment on table pupil_import_progress is 'How far the worker is: written beside its transaction, which shows nothing before its end';

create table pupil_import_finding (
  municipality_id uuid not null,
  import_id uuid not null,
  position integer not null check (position >= 0),
  key text not null,
  lines integer[] not null,
  name text not null,
  verdict text not null check (verdict in ('new', 'changed', 'doubtful', 'refused', 'gone', 'same')),
  words text[] not null,
  why text[] not null,
  household_id uuid,
  pupil_id uuid,
  decision text check (decision in ('take', 'skip')),
  primary key (municipality_id, import_id, position),
  foreign key (municipality_id, import_id) references pupil_import,
  check (decision is null or verdict = 'doubtful')
);
create index pupil_import_finding_by_verdict on pupil_import_finding (municipality_id, import_id, verdict, position);

create table pupil_import_image (
  municipality_id uuid not null,
  import_id uuid not null,
  table_name text not null
    check (table_name in ('household', 'person', 'household_member', 'pupil', 'account', 'enrolment', 'absence')),
  row_id uuid not null,
  before jsonb,
  after_sum text not null,
  primary key (municipality_id, import_id, table_name, row_id),
  foreign key (municipality_id, import_id) references pupil_import
);
comment on table pupil_import_image is 'What undoing an import compares and puts back: for enrolments and absences all rows of a pupil, under the pupil''s id';
comment on column pupil_import_image.before is 'The rows before; null for a row that the import made';
