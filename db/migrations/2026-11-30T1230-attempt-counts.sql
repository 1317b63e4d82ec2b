-- How often an act was done lately: one row for each key, so that a limit has no edge. `attempt_window` counts no more; processes of
-- the version before still empty it, and a later release drops it.

create unlogged table attempt_count (
  key bytea primary key check (octet_length(key) = 32),
  expires_at timestamptz not null,
  instants double precision[] not null default '{}',
  counts integer[] not null default '{}',
  check (cardinality(instants) = cardinality(counts))
);
create index attempt_count_by_end on attempt_count (expires_at);
comment on table attempt_count is 'Attempts per key within its window of time; losing it in a crash costs nothing but one window';
comment on column attempt_count.instants is 'Seconds since 1970, the earliest first: when the last attempt of each entry was made';
comment on column attempt_count.counts is 'How many attempts each entry holds';
