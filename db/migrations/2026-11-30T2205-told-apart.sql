-- Two that look like one and are not: a colleague looked and said so, and the pair leaves the list of doubles.

create table told_apart (
  municipality_id uuid not null references municipality,
  id uuid not null default uuidv7(),
  kind text not null check (kind in ('pupil', 'person', 'household')),
  one_id uuid not null,
  other_id uuid not null,
  basis text not null,
  reason text not null default '' check (length(reason) <= 200),
  told_at timestamptz not null default app_now(),
  told_by uuid not null,
  taken_back_at timestamptz,
  taken_back_by uuid,
  primary key (municipality_id, id),
  foreign key (municipality_id, told_by) references person,
  foreign key (municipality_id, taken_back_by) references person,
  check (one_id < other_id),
  check (num_nulls(taken_back_at, taken_back_by) in (0, 2))
);
comment on table told_apart is 'Two who look like one and are two, as a colleague said after looking';
comment on column told_apart.basis is 'A sum over what the two were called then: with another one the pair is looked at again';
create unique index told_apart_open on told_apart (municipality_id, kind, one_id, other_id) where taken_back_at is null;
