-- A diet that is asked for in the middle of a year holds the pupil until it is decided, beside the diet that the pupil has.

create table diet_hold (
  municipality_id uuid not null,
  submission_id uuid not null,
  pupil_id uuid not null,
  severe boolean not null,
  since date not null,
  until date,
  primary key (municipality_id, submission_id),
  foreign key (municipality_id, submission_id) references form_submission (municipality_id, id),
  foreign key (municipality_id, pupil_id) references pupil (municipality_id, id)
);
comment on table diet_hold is 'A request for a diet that waits: from its day on the kitchen asks before it serves the pupil, and loses no diet that holds already';
comment on column diet_hold.severe is 'The family wrote that the pupil risks a severe reaction';
comment on column diet_hold.until is 'The last day before the diet that was decided; null while the request waits';
create index diet_hold_by_pupil on diet_hold (municipality_id, pupil_id);

insert into diet_hold (municipality_id, submission_id, pupil_id, severe, since)
  select s.municipality_id, s.id, s.pupil_id, coalesce((
      select bool_or(s.answers ->> (field ->> 'id') = 'si') from jsonb_path_query(v.definition, '$.steps[*].fields[*]') field
      where field ->> 'role' = 'severeReaction' or field ->> 'id' = 'grave'), false),
    (app_now() at time zone 'Europe/Rome')::date
  from form_submission s
  join online_form f on f.municipality_id = s.municipality_id and f.id = s.form_id and f.kind = 'diet'
  join online_form_version v on v.municipality_id = s.municipality_id and v.form_id = s.form_id and v.number = s.version
  where s.state in ('submitted', 'in_review', 'integration') and s.pupil_id is not null;

alter table kitchen_count_line add column asked integer not null default 0 check (asked >= 0);
comment on column kitchen_count_line.asked is 'Of the meals, those of pupils for whom another diet is asked and not decided yet';
