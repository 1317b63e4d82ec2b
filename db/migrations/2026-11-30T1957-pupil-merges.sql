-- Two pupils who are one child: what comes from a day on is written to one of them, and what that act changed can be put back.

create table pupil_merge (
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
  foreign key (municipality_id, kept_id) references pupil,
  foreign key (municipality_id, gone_id) references pupil,
  foreign key (municipality_id, done_by) references person,
  foreign key (municipality_id, undone_by) references person,
  check (kept_id <> gone_id),
  check (num_nulls(undone_at, undone_by) in (0, 2))
);
comment on table pupil_merge is 'Two pupils who are one child: the one that goes eats no more, and keeps what it has eaten';
comment on column pupil_merge.before is 'The rows that the act changed, as they were, what it added, and the first day of each service that no kitchen had counted';
comment on column pupil_merge.after_sums is 'A sum over the same rows after it: undoing is refused where one is another now';
create unique index pupil_merge_gone on pupil_merge (municipality_id, gone_id) where undone_at is null;
create index pupil_merge_by_kept on pupil_merge (municipality_id, kept_id);
