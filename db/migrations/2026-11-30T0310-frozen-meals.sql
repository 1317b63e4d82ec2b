-- What the close of a day leaves for its charge: the meals that were counted, and a row that is due.

create table counted_meals (
  municipality_id uuid not null,
  service_day_id uuid not null,
  school_class_id uuid not null,
  diet_code text not null,
  pupil_ids uuid[] not null,
  prices_cents integer[] not null,
  primary key (municipality_id, service_day_id, school_class_id, diet_code),
  check (cardinality(pupil_ids) = cardinality(prices_cents) and array_position(pupil_ids, null) is null),
  check (array_position(prices_cents, null) is null and 0 <= all (prices_cents))
);
comment on table counted_meals is 'The pupils behind a line of a day''s first count, each with the price of the meal; the charge reads this and nothing else';
comment on column counted_meals.prices_cents is 'In the order of pupil_ids; zero is a meal that costs nothing';

create table meal_charge (
  municipality_id uuid not null,
  service_day_id uuid not null,
  due_at timestamptz default app_now(),
  failures integer not null default 0 check (failures >= 0),
  charged_at timestamptz,
  primary key (municipality_id, service_day_id),
  foreign key (municipality_id, service_day_id) references service_day,
  check (due_at is null or charged_at is null)
);
create index meal_charge_due on meal_charge (due_at) where due_at is not null;
comment on table meal_charge is 'The charge of a closed day: due, or done (charged_at), or no longer due because the day was taken off the calendar';
comment on column meal_charge.failures is 'How often it failed; each time due_at moves further away';

-- Every day moves every balance. Room on its page lets a moved row stay there, and no index has to follow it.
alter table account set (fillfactor = 60);
