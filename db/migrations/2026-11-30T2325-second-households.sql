-- The second household of a pupil whose parents live apart: on which days it pays, and what the close of a day keeps of that.

create table meal_household_rule (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  pupil_id uuid not null,
  household_id uuid not null,
  first_monday date not null check (extract(isodow from first_monday) = 1),
  days smallint[] not null check (cardinality(days) between 1 and 14 and array_position(days, null) is null
    and 1 <= all (days) and 14 >= all (days)),
  valid_from date not null,
  valid_to date,
  validity daterange generated always as (daterange(valid_from, valid_to, '[]')) stored,
  given_by uuid not null,
  given_at timestamptz not null default app_now(),
  primary key (municipality_id, id),
  foreign key (municipality_id, pupil_id) references pupil,
  foreign key (municipality_id, household_id) references household,
  foreign key (municipality_id, given_by) references person,
  check (valid_from <= valid_to),
  constraint meal_household_once_at_a_time unique (municipality_id, pupil_id, validity without overlaps)
);
create index meal_household_rule_by_pupil on meal_household_rule (municipality_id, pupil_id);
create index meal_household_rule_by_household on meal_household_rule (municipality_id, household_id);
comment on table meal_household_rule is 'Days of a pupil that are those of another household than its own: it sees the pupil, changes these meals and pays them';
comment on column meal_household_rule.days is 'Of two weeks, from 1 (the first Monday) to 14; they come again every two weeks, over the end of a year too';

alter table counted_meals
  add column household_ids uuid[],
  add constraint counted_meals_household_of_each check (household_ids is null or cardinality(household_ids) = cardinality(pupil_ids));
comment on column counted_meals.household_ids is 'In the order of pupil_ids, where a meal is another household''s than the pupil''s own; null for the own one, and where all are';
