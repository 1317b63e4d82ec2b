-- Changes of meals of which the other adults are not told yet. Who cancels and restores one meal thirty times tells them once.

create table meal_notice (
  municipality_id uuid not null,
  household_id uuid not null,
  person_id uuid not null,
  by_office boolean not null,
  since timestamptz not null default app_now(),
  due_at timestamptz not null,
  primary key (municipality_id, household_id, person_id, by_office),
  foreign key (municipality_id, household_id) references household (municipality_id, id),
  foreign key (municipality_id, person_id) references person (municipality_id, id)
);
comment on table meal_notice is 'What a person changed since then for a household waits to be told to its other adults, once and as it ended';
create index meal_notice_due on meal_notice (due_at);

-- The documents of a family in a year are counted before it brings more.
create index form_document_by_household on form_document (municipality_id, household_id, uploaded_at);
