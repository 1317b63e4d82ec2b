-- Pupils who move to another municipality of the same installation. Each of the two sees its own row and nothing of the other: what goes
-- along is copied once into the row of the municipality that receives it, and goes when that one has answered.

create table departing_transfer (
  municipality_id uuid not null references municipality,
  id uuid not null default uuidv7(),
  household_id uuid not null,
  pupil_ids uuid[] not null check (cardinality(pupil_ids) between 1 and 4),
  to_municipality_id uuid not null check (to_municipality_id <> municipality_id),
  last_day date not null,
  with_diets boolean not null,
  reason text not null check (length(reason) between 3 and 200),
  fingerprint text not null,
  before jsonb,
  after_sum text not null,
  state text not null default 'sent' check (state in ('sent', 'accepted', 'refused', 'withdrawn')),
  sent_at timestamptz not null default app_now(),
  sent_by uuid not null,
  answered_at timestamptz,
  answer text check (length(answer) between 3 and 200),
  withdrawn_at timestamptz,
  withdrawn_by uuid,
  primary key (municipality_id, id),
  foreign key (municipality_id, household_id) references household,
  foreign key (municipality_id, sent_by) references person,
  foreign key (municipality_id, withdrawn_by) references person,
  check (num_nulls(withdrawn_at, withdrawn_by) in (0, 2)),
  check ((state = 'withdrawn') = (withdrawn_at is not null)),
  check (state not in ('accepted', 'refused') or answered_at is not null)
);
comment on table departing_transfer is 'Pupils who go to another municipality of the installation, as the one that they leave sees it';
comment on column departing_transfer.before is 'Their enrolments and cancellations as they were; null when they cannot come back any more';
comment on column departing_transfer.after_sum is 'A sum over the same rows afterwards: another one now, and they are not put back';
create index departing_transfer_open on departing_transfer (municipality_id, sent_at) where state in ('sent', 'refused');
create index departing_transfer_by_household on departing_transfer (municipality_id, household_id);
create index departing_transfer_by_sender on departing_transfer (municipality_id, sent_by);
create index departing_transfer_by_withdrawer on departing_transfer (municipality_id, withdrawn_by) where withdrawn_by is not null;

create table arriving_transfer (
  municipality_id uuid not null references municipality,
  id uuid not null default uuidv7(),
  from_municipality_id uuid not null check (from_municipality_id <> municipality_id),
  last_day date not null,
  content jsonb check (octet_length(content::text) <= 20000),
  state text not null default 'waiting' check (state in ('waiting', 'accepted', 'refused', 'withdrawn')),
  arrived_at timestamptz not null default app_now(),
  decided_at timestamptz,
  decided_by uuid,
  household_id uuid,
  fingerprint text,
  reason text check (length(reason) between 3 and 200),
  primary key (municipality_id, id),
  foreign key (municipality_id, decided_by) references person,
  foreign key (municipality_id, household_id) references household,
  check ((state = 'waiting') = (content is not null)),
  check ((state in ('accepted', 'refused')) = (decided_by is not null)),
  check ((decided_by is null) = (decided_at is null)),
  check ((state = 'accepted') = (household_id is not null)),
  check ((state = 'refused') = (reason is not null))
);
comment on table arriving_transfer is 'The same, as the municipality that receives them sees it; both rows have one id';
comment on column arriving_transfer.content is 'What goes along, as it was sent; gone when it is answered or withdrawn';
comment on column arriving_transfer.fingerprint is 'Of the registration by which it was accepted: the same confirmation sent twice is done once';
create index arriving_transfer_open on arriving_transfer (municipality_id, arrived_at) where state = 'waiting';
create index arriving_transfer_by_decider on arriving_transfer (municipality_id, decided_by) where decided_by is not null;
create index arriving_transfer_by_household on arriving_transfer (municipality_id, household_id) where household_id is not null;
