-- The passage of a large town to a new school year waits for the worker, which says how far it is and can be stopped.

create table year_rollover_work (
  municipality_id uuid not null,
  rollover_id uuid not null,
  act text not null check (act in ('do', 'undo')),
  fingerprint text not null,
  state text not null default 'waiting' check (state in ('waiting', 'done', 'stopped')),
  refusal jsonb,
  asked_by uuid not null,
  session_id uuid not null,
  asked_at timestamptz not null default app_now(),
  done integer not null default 0 check (done >= 0),
  total integer not null default 0 check (total >= 0),
  stop_asked boolean not null default false,
  primary key (municipality_id, rollover_id),
  foreign key (municipality_id, rollover_id) references year_rollover,
  foreign key (municipality_id, asked_by) references person,
  check ((state = 'stopped') = (refusal is not null))
);
create index year_rollover_work_waiting on year_rollover_work (municipality_id) where state = 'waiting';
comment on table year_rollover_work is 'The last act on a roll-over that the worker does for a person: done and total are written beside its transaction';
comment on column year_rollover_work.session_id is 'The session in which it was confirmed, for the register';
comment on column year_rollover_work.fingerprint is 'Of the preview that the person confirmed';
comment on column year_rollover_work.refusal is 'Why the act ended without doing anything';
