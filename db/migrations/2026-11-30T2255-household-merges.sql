-- Two households of one family: the pupils of one go to the other, and what that act changed can be put back.

create table household_merge (
  municipality_id uuid not null references municipality,
  id uuid not null default uuidv7(),
  kept_id uuid not null,
  gone_id uuid not null,
  fingerprint text not null,
  reason text not null check (length(reason) between 3 and 200),
  before jsonb not null,
  after_sums jsonb not null,
  done_at timestamptz not null default app_now(),
  done_by uuid not null,
  undone_at timestamptz,
  undone_by uuid,
  primary key (municipality_id, id),
  foreign key (municipality_id, kept_id) references household,
  foreign key (municipality_id, gone_id) references household,
  foreign key (municipality_id, done_by) references person,
  foreign key (municipality_id, undone_by) references person,
  check (kept_id <> gone_id),
  check (num_nulls(undone_at, undone_by) in (0, 2))
);
comment on table household_merge is 'Two households of one family: the one that goes has no pupil any more, and keeps its account and its documents';
comment on column household_merge.before is 'Pupils and roles of both as they were, and what the act added';
comment on column household_merge.after_sums is 'A sum over the same rows after it: undoing is refused where one is another now';
create unique index household_merge_gone on household_merge (municipality_id, gone_id) where undone_at is null;
create index household_merge_by_kept on household_merge (municipality_id, kept_id);
