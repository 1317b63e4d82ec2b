-- A family that leaves a service with a credit is a case: what becomes of the money is decided by a person.

create table refund_case (
  municipality_id uuid not null references municipality,
  id uuid not null default uuidv7(),
  account_id uuid not null,
  household_id uuid not null,
  service_id uuid not null,
  cause text not null check (cause in ('ended', 'rollover')),
  rollover_id uuid,
  left_on date not null,
  opened_at timestamptz not null default app_now(),
  opened_by uuid not null,
  opened_cents bigint not null check (opened_cents > 0),
  taken_at timestamptz,
  taken_by uuid,
  decision text check (decision in ('refund', 'keep', 'sibling')),
  decided_at timestamptz,
  decided_by uuid,
  decided_cents bigint check (decided_cents > 0),
  reason text check (length(reason) between 3 and 300),
  to_account_id uuid,
  closed_at timestamptz,
  closed_by uuid,
  closed_why text check (closed_why in ('settled', 'returned', 'said')),
  revision integer not null default 1,
  primary key (municipality_id, id),
  foreign key (municipality_id, account_id) references account,
  foreign key (municipality_id, household_id) references household,
  foreign key (municipality_id, service_id) references service,
  foreign key (municipality_id, rollover_id) references year_rollover,
  foreign key (municipality_id, opened_by) references person,
  foreign key (municipality_id, taken_by) references person,
  foreign key (municipality_id, decided_by) references person,
  foreign key (municipality_id, to_account_id) references account,
  foreign key (municipality_id, closed_by) references person,
  check ((cause = 'rollover') = (rollover_id is not null)),
  check (num_nulls(taken_at, taken_by) in (0, 2)),
  check (num_nulls(decision, decided_at, decided_by, decided_cents, reason) in (0, 5)),
  check ((decision is not distinct from 'sibling') = (to_account_id is not null)),
  check (to_account_id <> account_id),
  check ((closed_at is null) = (closed_why is null)),
  check ((closed_why is not distinct from 'said') = (closed_by is not null))
);
comment on table refund_case is 'A credit of a household that left a service: whether it is given back, kept or moved is decided once; no money moves by it';
comment on column refund_case.left_on is 'The last day on which a pupil of the household is enrolled in the service: until then the balance moves';
comment on column refund_case.to_account_id is 'Where the credit is to go: an account of the same family or of a person of it';
comment on column refund_case.closed_why is 'settled: nothing is left; returned: a pupil is enrolled again; said: the family said that it comes back';
create unique index refund_case_one on refund_case (municipality_id, account_id) where closed_at is null;
create index refund_case_waiting on refund_case (municipality_id, opened_at) where closed_at is null and decision is null;
create index refund_case_by_rollover on refund_case (municipality_id, rollover_id) where rollover_id is not null;
create index refund_case_by_household on refund_case (municipality_id, household_id, service_id);
