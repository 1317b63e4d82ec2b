-- The office is told: who took which work in hand, how each colleague wants to hear of it, and what was told immediately.

create table work_take (
  municipality_id uuid not null references municipality,
  id uuid not null default uuidv7(),
  kind text not null check (kind ~ '^[a-z-]{3,40}$'),
  taken_by uuid not null,
  taken_at timestamptz not null default app_now(),
  ended_by uuid,
  ended_at timestamptz,
  is_done boolean not null default false,
  primary key (municipality_id, id),
  foreign key (municipality_id, taken_by) references person,
  foreign key (municipality_id, ended_by) references person,
  check ((ended_by is null) = (ended_at is null)),
  check (ended_at is not null or not is_done)
);
comment on table work_take is 'Who took waiting work of a kind in hand, and who said that it is done; ended and not done: another colleague took it over';
create unique index work_take_open on work_take (municipality_id, kind) where ended_at is null;
create index work_take_latest on work_take (municipality_id, kind, taken_at desc);

create table work_notice (
  municipality_id uuid not null references municipality,
  person_id uuid not null,
  email text check (length(email) between 3 and 254),
  digest_hour smallint check (digest_hour between 0 and 23),
  is_urgent boolean not null default true,
  digested_on date,
  changed_at timestamptz not null default app_now(),
  primary key (municipality_id, person_id),
  foreign key (municipality_id, person_id) references person
);
comment on table work_notice is 'How a colleague hears of waiting work; without a row: no digest, and what is urgent';
comment on column work_notice.email is 'An address for work; null: the one of the person';
comment on column work_notice.digest_hour is 'From this hour of the day on, in Italy; null: never';
comment on column work_notice.digested_on is 'The last day whose digest was written';

create table work_alert (
  municipality_id uuid not null references municipality,
  kind text not null check (kind ~ '^[a-z-]{3,40}$'),
  item text not null check (length(item) <= 500),
  told_at timestamptz not null default app_now(),
  primary key (municipality_id, kind, item)
);
comment on table work_alert is 'Urgent work of which the office was told: each item once';
create index work_alert_by_time on work_alert (municipality_id, told_at);
