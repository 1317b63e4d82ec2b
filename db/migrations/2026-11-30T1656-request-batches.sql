-- A queue of many requests: what a request asks for is found without reading its answers, and many of them are decided together.

alter table form_submission
  add column school_id uuid,
  add column lacks text[] not null default '{}';
alter table form_submission
  add foreign key (municipality_id, school_id) references school (municipality_id, id),
  add check (lacks <@ array['documents', 'diet', 'code']);
comment on column form_submission.school_id is 'The school that the request asks for, or the pupil''s when it was sent; null: none';
comment on column form_submission.lacks is 'What the answers left open when they were sent: optional documents, a diet to decide, a fiscal code that does not agree';

update form_submission s set school_id = asked.school_id
from (
  select r.municipality_id, r.id, c.id as school_id
  from form_submission r
  join online_form_version v on v.municipality_id = r.municipality_id and v.form_id = r.form_id and v.number = r.version
  join lateral jsonb_path_query(v.definition, '$.steps[*].fields[*] ? (@.role == "school")') field on true
  join school c on c.municipality_id = r.municipality_id and c.id::text = r.answers ->> (field ->> 'id')
) asked
where s.municipality_id = asked.municipality_id and s.id = asked.id;

create table class_places (
  municipality_id uuid not null,
  school_class_id uuid not null,
  places integer not null check (places between 0 and 999),
  updated_by uuid not null,
  updated_at timestamptz not null default app_now(),
  primary key (municipality_id, school_class_id),
  foreign key (municipality_id, school_class_id) references school_class (municipality_id, id),
  foreign key (municipality_id, updated_by) references person (municipality_id, id)
);
comment on table class_places is 'How many pupils of a class may eat; a class without a row has no limit';

create table form_batch (
  municipality_id uuid not null references municipality (id),
  id uuid not null default uuidv7(),
  kind text not null check (kind in ('accept', 'ask')),
  state text not null default 'preparing' check (state in ('preparing', 'ready', 'running', 'done', 'cancelled')),
  school_class_id uuid,
  words text not null default '' check (length(words) <= 2000),
  due_on date,
  made_by uuid not null,
  made_at timestamptz not null default app_now(),
  session_id uuid not null,
  confirmed_by uuid,
  confirmed_at timestamptz,
  ended_by uuid,
  ended_at timestamptz,
  due_at timestamptz default app_now(),
  primary key (municipality_id, id),
  foreign key (municipality_id, school_class_id) references school_class (municipality_id, id),
  foreign key (municipality_id, made_by) references person (municipality_id, id),
  foreign key (municipality_id, confirmed_by) references person (municipality_id, id),
  foreign key (municipality_id, ended_by) references person (municipality_id, id),
  check ((kind = 'ask') = (due_on is not null)),
  check ((due_at is not null) = (state in ('preparing', 'running'))),
  check ((confirmed_by is null) = (confirmed_at is null)),
  check ((ended_at is not null) = (state in ('done', 'cancelled')))
);
comment on table form_batch is 'Requests that a person of the office decides together: prepared, read, confirmed, done one by one by the worker';
comment on column form_batch.school_class_id is 'The class for requests that name none, where it is of the school that they ask for';
comment on column form_batch.session_id is 'Of who prepared it, then of who confirmed it: it goes into the register with each decision';
create index form_batch_due on form_batch (due_at) where due_at is not null;
create index form_batch_by_time on form_batch (municipality_id, made_at desc);

create table form_batch_item (
  municipality_id uuid not null,
  batch_id uuid not null,
  submission_id uuid not null,
  place integer not null,
  outcome text not null default 'waiting' check (outcome in ('waiting', 'ready', 'doubtful', 'done', 'refused', 'left')),
  reason jsonb,
  subject text,
  typed jsonb,
  effect jsonb,
  words text not null default '',
  fingerprint text,
  handled_at timestamptz,
  primary key (municipality_id, batch_id, submission_id),
  foreign key (municipality_id, batch_id) references form_batch (municipality_id, id),
  foreign key (municipality_id, submission_id) references form_submission (municipality_id, id),
  check ((reason is not null) = (outcome in ('doubtful', 'refused'))),
  check ((fingerprint is not null) or outcome not in ('ready', 'done'))
);
comment on table form_batch_item is 'One request of a batch: what its preview said, and what became of it';
comment on column form_batch_item.subject is 'The pupil whom the request is about: the second request for one pupil is set aside';
comment on column form_batch_item.effect is 'What the preview counted: class, diet, fare band, whether a pupil enters';
comment on column form_batch_item.fingerprint is 'Of the preview: when the facts are others at the moment of doing, nothing is done';
create index form_batch_item_by_outcome on form_batch_item (municipality_id, batch_id, outcome, place);
create index form_batch_item_by_submission on form_batch_item (municipality_id, submission_id);
create index form_batch_item_by_subject on form_batch_item (municipality_id, batch_id, subject) where subject is not null;
