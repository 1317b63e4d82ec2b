-- Families are told before a diet ends.

create table diet_end_notice (
  municipality_id uuid not null,
  pupil_id uuid not null,
  last_day date not null,
  days_before smallint not null,
  told_at timestamptz not null default app_now(),
  primary key (municipality_id, pupil_id, last_day, days_before),
  foreign key (municipality_id, pupil_id) references pupil (municipality_id, id)
);
comment on table diet_end_notice is 'Which family was told, so many days before, that a diet ends on a day: a diet that is decided again ends on another';

-- The few diets among all enrolments, by their last day.
create index enrolment_of_diet_by_end on enrolment (municipality_id, valid_to) where diet_code not in ('STD', 'DA-DEFINIRE');
