-- Lists of the office: an order by name that has an index, the pupils of a class, and the views that each person of the office keeps.

alter table pupil add column list_key text not null
  generated always as (search_key(family_name) || ' ' || search_key(given_name)) stored;
comment on column pupil.list_key is 'Family name, then given name, as lists sort them: accents and capitals do not count';
create index pupil_by_name on pupil (municipality_id, list_key, id);

alter table household add column list_key text not null generated always as (search_key(name)) stored;
comment on column household.list_key is 'The name as lists sort it: accents and capitals do not count';
create index household_by_name on household (municipality_id, list_key, id);

create index enrolment_by_class on enrolment (municipality_id, school_class_id, valid_to);

create table list_view (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  person_id uuid not null,
  list text not null check (list ~ '^[a-z-]{1,40}$'),
  name text not null check (length(name) between 1 and 60),
  query text not null check (length(query) <= 2000),
  kept_at timestamptz not null default app_now(),
  primary key (municipality_id, id),
  unique (municipality_id, person_id, list, name),
  foreign key (municipality_id, person_id) references person
);
comment on table list_view is 'Filters, order and columns of a list that a person of the office gave a name; they alone see it';
