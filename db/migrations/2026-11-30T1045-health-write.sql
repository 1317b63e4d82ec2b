-- What a health check writes: one row of the whole installation, written again at each check.

create table health_write (
  singleton boolean primary key default true check (singleton),
  written_at timestamptz not null
);
comment on table health_write is 'A write for which no person waits: where it fails, nothing can be confirmed';
