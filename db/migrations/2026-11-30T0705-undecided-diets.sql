-- A diet that the family asked for and that is not decided yet, and the pupils at risk of a severe reaction.

insert into diet (municipality_id, code, name) select id, 'DA-DEFINIRE', 'Dieta da definire' from municipality
  on conflict do nothing;

alter table enrolment add column severe_reaction boolean not null default false;
comment on column enrolment.severe_reaction is 'The pupil risks a severe reaction: the kitchen reads it beside the diet''s code';

alter table kitchen_count_line add column severe integer not null default 0 check (severe >= 0);
comment on column kitchen_count_line.severe is 'Of the meals, those of pupils who risk a severe reaction';
