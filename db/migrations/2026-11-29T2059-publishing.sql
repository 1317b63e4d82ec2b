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
