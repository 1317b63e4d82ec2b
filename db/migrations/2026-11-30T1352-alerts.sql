-- What the operator is told by mail while it lasts: one row for each kind, so that several processes say it once.

create table alert (
  kind text primary key,
  raised_at timestamptz not null default clock_timestamp(),
  told_at timestamptz not null default clock_timestamp(),
  is_open boolean not null default true
);
comment on table alert is 'What was told to the operator: since when it lasts, and when it was said last';
