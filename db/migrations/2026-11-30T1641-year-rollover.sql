-- The pupils of a school year go on into the next one: what the office decides before, and what the act wrote, so that it can be undone.

create table year_rollover (
  municipality_id uuid not null references municipality,
  id uuid not null default uuidv7(),
  from_year_id uuid not null,
  to_year_id uuid not null,
  renewal_form_id uuid,
  lapsing_diets text[] not null default '{}',
  revision integer not null default 1,
  created_at timestamptz not null default app_now(),
  updated_by uuid not null,
  done_at timestamptz,
  done_by uuid,
  fingerprint text,
  primary key (municipality_id, id),
  unique (municipality_id, from_year_id),
  unique (municipality_id, to_year_id),
  foreign key (municipality_id, from_year_id) references school_year,
  foreign key (municipality_id, to_year_id) references school_year,
  foreign key (municipality_id, renewal_form_id) references online_form,
  foreign key (municipality_id, updated_by) references person,
  foreign key (municipality_id, done_by) references person,
  check (from_year_id <> to_year_id),
  check (num_nulls(done_at, done_by, fingerprint) in (0, 3))
);
comment on table year_rollover is 'How the pupils of a school year go on into the next one; once it is done it changes only by its undoing';
comment on column year_rollover.renewal_form_id is 'The form by which families renew; null where none is asked for';
comment on column year_rollover.lapsing_diets is 'Codes of diets that ask for a new certificate: who has one begins the new year with a diet to be decided';
comment on column year_rollover.fingerprint is 'Of what was previewed and done: the same confirmation sent twice is known by it';

create table year_rollover_class (
  municipality_id uuid not null,
  rollover_id uuid not null,
  class_id uuid not null,
  to_class_id uuid,
  leaves boolean not null default false,
  revision integer not null default 1,
  primary key (municipality_id, rollover_id, class_id),
  foreign key (municipality_id, rollover_id) references year_rollover,
  foreign key (municipality_id, class_id) references school_class,
  foreign key (municipality_id, to_class_id) references school_class,
  check (to_class_id is null or not leaves)
);
comment on table year_rollover_class is 'Where the pupils of a class go; neither a class nor out: it is not decided, and they are set apart';
comment on column year_rollover_class.revision is 'The revision of the roll-over at which a person decided this';

create table year_rollover_choice (
  municipality_id uuid not null,
  rollover_id uuid not null,
  pupil_id uuid not null,
  decision text not null check (decision in ('rule', 'goes', 'class', 'leaves')),
  to_class_id uuid,
  revision integer not null,
  primary key (municipality_id, rollover_id, pupil_id),
  foreign key (municipality_id, rollover_id) references year_rollover,
  foreign key (municipality_id, pupil_id) references pupil,
  foreign key (municipality_id, to_class_id) references school_class,
  check ((decision = 'class') = (to_class_id is not null))
);
comment on table year_rollover_choice is 'What the office decided for a pupil against the rule; ''rule'' takes a decision back';

create table year_rollover_pupil (
  municipality_id uuid not null,
  rollover_id uuid not null,
  pupil_id uuid not null,
  service_id uuid not null,
  outcome text not null check (outcome in ('moves', 'leaves', 'apart', 'already', 'left')),
  why text not null,
  from_class_id uuid not null,
  from_enrolment_id uuid not null,
  earlier_to date,
  shortened_to date check (shortened_to < earlier_to),
  enrolment_id uuid,
  to_class_id uuid,
  diet_code text,
  diet_to date check (diet_to >= valid_from and diet_to < valid_to),
  rest_id uuid,
  valid_from date,
  valid_to date,
  fare_ends boolean not null,
  left_cents bigint,
  primary key (municipality_id, rollover_id, pupil_id, service_id),
  foreign key (municipality_id, rollover_id) references year_rollover,
  foreign key (municipality_id, pupil_id) references pupil,
  foreign key (municipality_id, service_id) references service,
  foreign key (municipality_id, from_class_id) references school_class,
  foreign key (municipality_id, to_class_id) references school_class,
  check ((outcome = 'moves') = (enrolment_id is not null)),
  check (num_nulls(enrolment_id, diet_code, valid_from, valid_to) in (0, 4)),
  check (num_nulls(diet_to, rest_id) in (0, 2)),
  check (num_nulls(earlier_to, shortened_to) in (0, 2))
);
comment on table year_rollover_pupil is 'What the roll-over did with each pupil and why: the rows that it wrote are undone by it';
comment on column year_rollover_pupil.earlier_to is 'The last day that the old enrolment had before it was shortened';
comment on column year_rollover_pupil.left_cents is 'What stays on the account of a household whose last pupil leaves: a refund to be decided, or a debt';
comment on column year_rollover_pupil.diet_to is 'The last day on which the code of the diet may be given, where the year is longer; the rest is to be decided';
