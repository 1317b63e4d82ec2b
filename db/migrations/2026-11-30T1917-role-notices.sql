-- A teacher's role ends with the school year of its class, and a colleague is told when a role begins, is about to end and ends.

update staff_member r set valid_to = y.ends_on
from school_class c
join school_year y on y.municipality_id = c.municipality_id and y.id = c.school_year_id
where r.role = 'teacher' and r.ended_at is null and c.municipality_id = r.municipality_id and c.id = r.school_class_id
  and r.valid_from <= y.ends_on and (r.valid_to is null or r.valid_to > y.ends_on);

create table role_notice (
  municipality_id uuid not null,
  role_id uuid not null,
  kind text not null check (kind in ('begins', 'ends-soon', 'ended')),
  day date not null,
  told_at timestamptz not null default app_now(),
  primary key (municipality_id, role_id, kind, day),
  foreign key (municipality_id, role_id) references staff_member
);
comment on table role_notice is 'Of which day of a role its colleague was told, once, also where there was no address to write to';
comment on column role_notice.day is 'The first day of the role, or the last: an end that is moved is told again';
