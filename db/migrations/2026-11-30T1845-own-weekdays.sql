-- The weekdays on which a pupil eats, where these are not all those of the school.
alter table enrolment add column weekdays smallint[]
  check (weekdays <@ array[1,2,3,4,5,6,7]::smallint[] and cardinality(weekdays) > 0);
comment on column enrolment.weekdays is 'ISO weekdays on which the pupil eats in this stretch; null: all those of the school';
