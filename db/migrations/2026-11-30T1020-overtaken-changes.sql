-- Changes of meals that a later one of the same person took the place of before they arrived.

create table overtaken_change (
  municipality_id uuid not null,
  person_id uuid not null,
  idempotency_key uuid not null,
  overtaken_at timestamptz not null default app_now(),
  primary key (municipality_id, person_id, idempotency_key),
  foreign key (municipality_id, person_id) references person
);
create index overtaken_change_by_age on overtaken_change (overtaken_at);
comment on table overtaken_change is 'Keys of changes without an answer that their person replaced by a later wish: one that arrives now does nothing';
