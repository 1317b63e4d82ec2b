-- Weekdays and cutoffs of the service in each school, closures and service days.

create table service_schedule (
  municipality_id uuid not null,
  service_id uuid not null,
  school_id uuid not null,
  school_year_id uuid not null,
  weekdays smallint[] not null check (weekdays <@ array[1,2,3,4,5,6,7]::smallint[] and cardinality(weekdays) > 0),
  cutoff_time time not null,
  cutoff_days_before smallint not null default 0 check (cutoff_days_before between 0 and 30),
  grace_seconds smallint not null default 3 check (grace_seconds between 0 and 60),
  starts_on date not null,
  ends_on date not null,
  primary key (municipality_id, service_id, school_id, school_year_id),
  foreign key (municipality_id, service_id) references service,
  foreign key (municipality_id, school_id) references school,
  foreign key (municipality_id, school_year_id) references school_year,
  check (starts_on <= ends_on)
);
comment on column service_schedule.weekdays is 'ISO weekdays, 1 Monday to 7 Sunday, on which the service is given';
comment on column service_schedule.cutoff_time is 'Wall clock in Europe/Rome';

create table closure (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  service_id uuid not null,
  school_id uuid,
  day date not null,
  kind text not null check (kind in ('holiday', 'closure', 'strike', 'trip')),
  reason text not null check (length(reason) between 1 and 200),
  created_by uuid,
  created_at timestamptz not null default app_now(),
  primary key (municipality_id, id),
  unique nulls not distinct (municipality_id, service_id, school_id, day),
  foreign key (municipality_id, service_id) references service,
  foreign key (municipality_id, school_id) references school
);
comment on column closure.school_id is 'Null: every school of the municipality';

create table service_day (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  service_id uuid not null,
  school_id uuid not null,
  day date not null,
  cutoff_at timestamptz not null,
  close_at timestamptz not null,
  status text not null default 'open' check (status in ('open', 'closed', 'suspended')),
  closed_at timestamptz,
  closure_id uuid,
  primary key (municipality_id, id),
  unique (municipality_id, service_id, school_id, day),
  unique (municipality_id, id, day),
  foreign key (municipality_id, service_id) references service,
  foreign key (municipality_id, school_id) references school,
  foreign key (municipality_id, closure_id) references closure,
  check (close_at >= cutoff_at),
  check (status <> 'closed' or closed_at is not null),
  check ((status = 'suspended') = (closure_id is not null))
);
create index service_day_due on service_day (close_at) where status = 'open';
create index service_day_by_day on service_day (municipality_id, day, service_id);
comment on column service_day.cutoff_at is 'Changes are accepted strictly before this instant';
comment on column service_day.close_at is 'The worker closes the day from this instant on (cutoff plus a few seconds of grace)';

-- Absences are exceptions to presence; every change of them is an append-only event under a receipt.
-- Kitchen counts are frozen and versioned.

create table absence_receipt (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  number text not null check (number ~ '^[A-Z0-9-]{6,24}$'),
  household_id uuid not null,
  person_id uuid not null,
  action text not null check (action in ('cancel', 'restore')),
  channel text not null check (channel in ('web', 'app', 'office')),
  arrived_at timestamptz not null default app_now(),
  idempotency_key uuid not null,
  request_hash bytea not null check (octet_length(request_hash) = 32),
  not_changed jsonb not null default '[]',
  first_day date not null,
  last_day date not null,
  primary key (municipality_id, id),
  unique (municipality_id, number),
  unique (municipality_id, person_id, idempotency_key),
  foreign key (municipality_id, household_id) references household,
  foreign key (municipality_id, person_id) references person,
  check (first_day <= last_day)
);
create index absence_receipt_by_household on absence_receipt (municipality_id, household_id, arrived_at desc);
comment on column absence_receipt.not_changed is 'What was asked and left as it was: [{pupilId, day, why}]';
comment on column absence_receipt.first_day is 'Of the meals that it changed: its events stand in the school years from this day to last_day';

create table absence (
  municipality_id uuid not null,
  service_day_id uuid not null,
  pupil_id uuid not null,
  receipt_id uuid not null,
  primary key (municipality_id, service_day_id, pupil_id),
  foreign key (municipality_id, service_day_id) references service_day,
  foreign key (municipality_id, pupil_id) references pupil,
  foreign key (municipality_id, receipt_id) references absence_receipt
);
create index absence_by_pupil on absence (municipality_id, pupil_id, service_day_id);

create table absence_event (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  receipt_id uuid not null,
  service_day_id uuid not null,
  pupil_id uuid not null,
  kind text not null check (kind in ('cancelled', 'restored')),
  occurred_at timestamptz not null default app_now(),
  day date not null,
  primary key (municipality_id, id, day),
  unique (municipality_id, receipt_id, service_day_id, pupil_id, day),
  foreign key (municipality_id, receipt_id) references absence_receipt,
  foreign key (municipality_id, service_day_id, day) references service_day (municipality_id, id, day),
  foreign key (municipality_id, pupil_id) references pupil
) partition by range (day);
create index absence_event_by_pupil on absence_event (municipality_id, pupil_id, day);
comment on column absence_event.day is 'The day of its service day, as the foreign key holds it: so a unique key with it is one without it';

create table kitchen_count (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  service_day_id uuid not null,
  version integer not null check (version >= 1),
  frozen_at timestamptz not null default app_now(),
  reason text not null default '',
  primary key (municipality_id, id),
  unique (municipality_id, service_day_id, version),
  foreign key (municipality_id, service_day_id) references service_day
);

create table kitchen_count_line (
  municipality_id uuid not null,
  kitchen_count_id uuid not null,
  school_class_id uuid not null,
  diet_code text not null,
  meals integer not null check (meals >= 0),
  absent integer not null check (absent >= 0),
  primary key (municipality_id, kitchen_count_id, school_class_id, diet_code),
  foreign key (municipality_id, kitchen_count_id) references kitchen_count,
  foreign key (municipality_id, school_class_id) references school_class,
  foreign key (municipality_id, diet_code) references diet
);

-- Dishes, menus and one-day changes: public data of a municipality.
-- A menu is a rotation of weeks for some schools between two days. Its versions are never changed: what was published
-- can be shown as it was. A dish is written once and referred to, so that a corrected allergen reaches every menu;
-- `allergens` null means that they are not declared yet, which is not the same as none.

create table dish (
  municipality_id uuid not null references municipality,
  id uuid not null default uuidv7(),
  name text not null check (length(name) between 1 and 120),
  course text not null check (course in ('primo', 'secondo', 'unico', 'contorno', 'pane', 'frutta')),
  ingredients text not null default '' check (length(ingredients) <= 1000),
  allergens text[] check (allergens <@ array['gluten', 'crustaceans', 'eggs', 'fish', 'peanuts', 'soy', 'milk', 'nuts', 'celery', 'mustard', 'sesame', 'sulphites', 'lupin', 'molluscs']),
  unsuited_diets text[] not null default '{}',
  archived_at timestamptz,
  updated_at timestamptz not null default app_now(),
  revision integer not null default 1,
  updated_by uuid,
  primary key (municipality_id, id),
  foreign key (municipality_id, updated_by) references person
);
create unique index dish_by_name on dish (municipality_id, lower(name)) where archived_at is null;
comment on column dish.allergens is 'Of Annex II of Regulation (EU) 1169/2011; null while they are not declared, empty when there are none';
comment on column dish.unsuited_diets is 'Codes of the diets that do not eat it; a diet that is not named here is no promise that it may';

create table menu (
  municipality_id uuid not null references municipality,
  id uuid not null default uuidv7(),
  latest_version integer not null check (latest_version >= 1),
  published_version integer check (published_version between 1 and latest_version),
  published_at timestamptz,
  published_by uuid,
  withdrawn_at timestamptz,
  created_at timestamptz not null default app_now(),
  primary key (municipality_id, id),
  foreign key (municipality_id, published_by) references person,
  check ((published_version is null) = (published_at is null))
);

create table menu_version (
  municipality_id uuid not null,
  menu_id uuid not null,
  number integer not null check (number >= 1),
  name text not null check (length(name) between 1 and 80),
  starts_on date not null,
  ends_on date not null,
  weeks smallint not null check (weeks between 1 and 12),
  first_week smallint not null check (first_week between 1 and weeks),
  school_ids uuid[] not null check (cardinality(school_ids) between 1 and 1000),
  rotation jsonb not null,
  replacements jsonb not null,
  author_id uuid not null,
  saved_at timestamptz not null default app_now(),
  primary key (municipality_id, menu_id, number),
  foreign key (municipality_id, menu_id) references menu,
  foreign key (municipality_id, author_id) references person,
  check (starts_on <= ends_on)
);
comment on column menu_version.first_week is 'The week of the rotation that is served in the calendar week of starts_on';
comment on column menu_version.rotation is '{"week-weekday": [dish ids]}, weeks from 1, ISO weekdays';
comment on column menu_version.replacements is '{dish id: {diet code: dish id, or null where the diet goes without}}';

create table menu_change (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  school_id uuid not null,
  day date not null,
  dish_id uuid not null,
  new_dish_id uuid not null,
  replacements jsonb not null default '{}',
  reason text not null check (length(reason) between 1 and 200),
  announced_by uuid not null,
  announced_at timestamptz not null default app_now(),
  withdrawn_at timestamptz,
  primary key (municipality_id, id),
  foreign key (municipality_id, school_id) references school,
  foreign key (municipality_id, dish_id) references dish,
  foreign key (municipality_id, new_dish_id) references dish,
  foreign key (municipality_id, announced_by) references person,
  check (dish_id <> new_dish_id)
);
create unique index menu_change_once on menu_change (municipality_id, school_id, day, dish_id) where withdrawn_at is null;
comment on column menu_change.replacements is '{diet code: dish id, or null}: what the diets eat for which the new dish is not suited';

-- What families thought of a meal, and what was left on the plates.
-- A rating names a child, so the office never reads its rows: it gets sums through a function that hides small ones, and
-- comments without names. Leftovers are weighed by staff, per course, for a class or a whole school.

create table menu_settings (
  municipality_id uuid not null references municipality,
  show_ratings boolean not null default false,
  primary key (municipality_id)
);
comment on column menu_settings.show_ratings is 'Families see the average of their school';

create table meal_rating (
  municipality_id uuid not null,
  pupil_id uuid not null,
  service_day_id uuid not null,
  person_id uuid not null,
  comment text not null default '' check (length(comment) <= 300),
  rated_at timestamptz not null default app_now(),
  changed_at timestamptz not null default app_now(),
  primary key (municipality_id, pupil_id, service_day_id),
  foreign key (municipality_id, pupil_id) references pupil,
  foreign key (municipality_id, service_day_id) references service_day,
  foreign key (municipality_id, person_id) references person
);
create index meal_rating_by_day on meal_rating (municipality_id, service_day_id);

create table meal_rating_dish (
  municipality_id uuid not null,
  pupil_id uuid not null,
  service_day_id uuid not null,
  dish_id uuid not null,
  score smallint not null check (score between 1 and 3),
  primary key (municipality_id, pupil_id, service_day_id, dish_id),
  foreign key (municipality_id, pupil_id, service_day_id) references meal_rating on delete cascade,
  foreign key (municipality_id, dish_id) references dish
);
comment on column meal_rating_dish.score is '1 not eaten, 2 so so, 3 liked';

create table leftover (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  service_day_id uuid not null,
  school_class_id uuid,
  course text not null check (course in ('primo', 'secondo', 'unico', 'contorno', 'pane', 'frutta')),
  grams integer check (grams between 0 and 500000),
  share smallint check (share between 0 and 100),
  recorded_by uuid not null,
  recorded_at timestamptz not null default app_now(),
  primary key (municipality_id, id),
  unique nulls not distinct (municipality_id, service_day_id, school_class_id, course),
  foreign key (municipality_id, service_day_id) references service_day,
  foreign key (municipality_id, school_class_id) references school_class,
  foreign key (municipality_id, recorded_by) references person,
  check (num_nonnulls(grams, share) = 1)
);
comment on column leftover.school_class_id is 'Null: the whole school';
comment on column leftover.share is 'Per cent of what was served';

-- A child's calendar on a secret address, for a phone's own calendar.
-- It belongs to one role of one person in the child's household: when the role ends, or no longer has the child, the
-- address is dead, and a new role does not wake it. Only the hash of the secret is kept. It is no session: it opens nothing else.

create table calendar_feed (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  household_member_id uuid not null,
  person_id uuid not null,
  pupil_id uuid not null,
  token_hash bytea not null check (octet_length(token_hash) = 32),
  alarm_minutes smallint check (alarm_minutes between 5 and 1440),
  created_at timestamptz not null default app_now(),
  revoked_at timestamptz,
  primary key (municipality_id, id),
  foreign key (municipality_id, household_member_id) references household_member,
  foreign key (municipality_id, person_id) references person,
  foreign key (municipality_id, pupil_id) references pupil
);
create unique index calendar_feed_token on calendar_feed (token_hash);
create unique index calendar_feed_once on calendar_feed (municipality_id, household_member_id, pupil_id)
  where revoked_at is null;
comment on column calendar_feed.alarm_minutes is 'Minutes before the cutoff; null for no alarm';
