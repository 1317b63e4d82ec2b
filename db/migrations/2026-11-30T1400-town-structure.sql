-- A municipality that begins, and structure that changes: since when families may enter, its patron saint, schools with an end,
-- a school's week that changes from a day on.

alter table municipality
  add column opens_on date,
  add column patron_name text check (length(patron_name) between 1 and 80),
  add column patron_day text check (patron_day ~ '^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'),
  add check ((patron_name is null) = (patron_day is null));
comment on column municipality.opens_on is 'The first day on which its families may enter; null while it is being prepared';
comment on column municipality.patron_day is 'Month and day of the patron saint, a holiday of every year';
-- Those that are there have families already.
update municipality set opens_on = date '2020-01-01';

alter table school
  add column mechanographic_code text check (mechanographic_code ~ '^[A-Z]{4}[A-Z0-9]{6}$'),
  add column valid_to date,
  add column revision integer not null default 1,
  add column updated_by uuid,
  add foreign key (municipality_id, updated_by) references person;
comment on column school.mechanographic_code is 'How the ministry calls it; null where it is not written';
comment on column school.valid_to is 'The last day on which it has the canteen; null while it has none';

alter table school_class
  add column valid_to date,
  add column revision integer not null default 1,
  add column updated_by uuid,
  add foreign key (municipality_id, updated_by) references person;
comment on column school_class.valid_to is 'The last day on which a pupil may be enrolled in it; null: to the end of its school year';

alter table service_schedule
  add column next_from date,
  add column next_weekdays smallint[] check (next_weekdays <@ array[1, 2, 3, 4, 5, 6, 7]::smallint[] and cardinality(next_weekdays) > 0),
  add column next_cutoff_time time,
  add column next_cutoff_days_before smallint check (next_cutoff_days_before between 0 and 30),
  add column served_weekdays smallint[] not null default '{}' check (served_weekdays <@ array[1, 2, 3, 4, 5, 6, 7]::smallint[]),
  add column revision integer not null default 1,
  add column updated_by uuid,
  add foreign key (municipality_id, updated_by) references person,
  add check (num_nulls(next_from, next_weekdays, next_cutoff_time, next_cutoff_days_before) in (0, 4)),
  add check (next_from between starts_on and ends_on);
comment on column service_schedule.next_from is 'From this day on the week and the cutoff are those of the columns next_*; null while no change was decided';
comment on column service_schedule.served_weekdays is 'Weekdays of earlier changes of this school year: the calendar shows them still';

alter table school_year
  add column revision integer not null default 1,
  add column updated_by uuid,
  add foreign key (municipality_id, updated_by) references person;
