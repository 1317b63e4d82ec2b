-- The sheet that a kitchen gets of a day, version by version, and what it says to have seen of it.

create table count_sheet (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  kitchen_id uuid not null,
  day date not null,
  number integer not null check (number > 0),
  written_at timestamptz not null default app_now(),
  primary key (municipality_id, id),
  unique (municipality_id, kitchen_id, day, number),
  foreign key (municipality_id, kitchen_id) references kitchen
);
comment on table count_sheet is 'A version of what a kitchen got of a day: the newest count of each school that was sent up to then';

alter table count_mail add column count_sheet_id uuid;
alter table count_mail add foreign key (municipality_id, count_sheet_id) references count_sheet;
create index count_mail_by_sheet on count_mail (municipality_id, count_sheet_id) where count_sheet_id is not null;
comment on column count_mail.count_sheet_id is 'The first sheet in which this version of a count stands; null for what went out before there were sheets';

alter table outbox add column count_sheet_id uuid;
alter table outbox add foreign key (municipality_id, count_sheet_id) references count_sheet;
create index outbox_by_count_sheet on outbox (municipality_id, count_sheet_id) where count_sheet_id is not null;
comment on column outbox.count_sheet_id is 'The sheet that leaves with the mail, as PDF and CSV: drawn when it is sent, from counts that never change';

create table count_acknowledgement (
  municipality_id uuid not null,
  kitchen_count_id uuid not null,
  person_id uuid,
  acknowledged_at timestamptz not null default app_now(),
  primary key (municipality_id, kitchen_count_id),
  foreign key (municipality_id, kitchen_count_id) references kitchen_count,
  foreign key (municipality_id, person_id) references person
);
create index count_acknowledgement_by_person on count_acknowledgement (municipality_id, person_id) where person_id is not null;
comment on table count_acknowledgement is 'Who of a kitchen said first to have seen this version of a count: it says nothing of a later version';

create table kitchen_setting (
  municipality_id uuid not null references municipality,
  seen_minutes integer check (seen_minutes between 5 and 600),
  revision integer not null default 1,
  primary key (municipality_id)
);
comment on column kitchen_setting.seen_minutes is 'After so long the office is told of a kitchen that did not say to have seen its count; null: never';
