-- The roles of the office that count today.
create view active_staff_member with (security_invoker = true) as
  select r.* from staff_member r
  where r.valid_from <= app_today() and (r.valid_to is null or r.valid_to >= app_today()) and r.ended_at is null;
grant select on active_staff_member to refettorio_web;
