-- A colleague of the office looks at the portal as the holder of one family sees it, for half an hour at most, in the own session.

create table family_look (
  id uuid not null default uuidv7(),
  municipality_id uuid not null references municipality,
  household_id uuid not null,
  holder_id uuid not null,
  person_id uuid not null,
  session_id uuid,
  reason text not null check (char_length(reason) between 1 and 200),
  begun_at timestamptz not null default app_now(),
  ends_at timestamptz not null default app_now() + interval '30 minutes',
  ended_at timestamptz,
  primary key (municipality_id, id),
  foreign key (municipality_id, household_id) references household,
  foreign key (municipality_id, holder_id) references person,
  foreign key (municipality_id, person_id) references person,
  constraint family_look_half_an_hour check (ends_at > begun_at and ends_at <= begun_at + interval '30 minutes')
);
comment on table family_look is 'What the office sees as a family: read only, dated, written in the register of that family';
comment on column family_look.person_id is 'The colleague who looks';
create unique index family_look_of_session on family_look (municipality_id, session_id) where ended_at is null;
create index family_look_by_household on family_look (municipality_id, household_id);
create index family_look_by_holder on family_look (municipality_id, holder_id);
create index family_look_by_person on family_look (municipality_id, person_id);
