-- The kitchens of a municipality, which schools each one serves since when, and which counts were sent to it.

create table kitchen (
  municipality_id uuid not null references municipality,
  id uuid not null default uuidv7(),
  name text not null check (length(name) between 1 and 80),
  emails text[] not null default '{}' check (cardinality(emails) <= 5),
  phone text not null default '' check (length(phone) <= 40),
  revision integer not null default 1,
  updated_by uuid,
  primary key (municipality_id, id),
  foreign key (municipality_id, updated_by) references person
);
create unique index kitchen_by_name on kitchen (municipality_id, lower(name));
comment on column kitchen.emails is 'To these the count goes when a day is closed';

create table kitchen_school (
  municipality_id uuid not null,
  school_id uuid not null,
  valid_from date not null,
  kitchen_id uuid not null,
  decided_by uuid,
  decided_at timestamptz not null default app_now(),
  primary key (municipality_id, school_id, valid_from),
  foreign key (municipality_id, school_id) references school,
  foreign key (municipality_id, kitchen_id) references kitchen,
  foreign key (municipality_id, decided_by) references person
);
create index kitchen_school_by_kitchen on kitchen_school (municipality_id, kitchen_id, valid_from);
comment on table kitchen_school is 'Which kitchen serves a school from a day on, until the next row of the school: no gap and no overlap';

create table count_mail (
  municipality_id uuid not null,
  kitchen_count_id uuid not null,
  kitchen_id uuid not null,
  written_at timestamptz not null default app_now(),
  primary key (municipality_id, kitchen_count_id),
  foreign key (municipality_id, kitchen_count_id) references kitchen_count,
  foreign key (municipality_id, kitchen_id) references kitchen
);
create index count_mail_by_kitchen on count_mail (municipality_id, kitchen_id, written_at desc);
comment on table count_mail is 'Counts that were sent to the kitchen that serves the school on their day: each once';
