-- A closure can be undone: its row stays, with who undid it and when, and closes nothing any more.

alter table closure add column undone_at timestamptz, add column undone_by uuid;
alter table closure add foreign key (municipality_id, undone_by) references person;
alter table closure add check ((undone_at is null) = (undone_by is null));
alter table closure drop constraint closure_municipality_id_service_id_school_id_day_key;
create unique index one_closure_in_force on closure (municipality_id, service_id, school_id, day) nulls not distinct
  where undone_at is null;
comment on column closure.undone_at is 'Not null: the row is a trace, and the day has its canteen';
