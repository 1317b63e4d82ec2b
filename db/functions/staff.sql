-- Who works in the office of a municipality. Only a manager gives and ends roles, and no day loses its last manager: it is decided
-- here, under a lock of the municipality, so that two managers who end each other come one after the other. The web role may only
-- read the rows.

-- One change of the office's roles at a time in a municipality. Answers whether the person is a manager now: the change before
-- this one may have ended that.
create function lock_staff() returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  municipality constant uuid := app_municipality();
begin
  if app_audience() is distinct from 'staff' then return false; end if;
  perform from municipality m where m.id = municipality for no key update;
  return exists (select from active_staff_member r
    where r.municipality_id = municipality and r.person_id = app_person() and r.role = 'manager');
end $$;
comment on function lock_staff is 'Holds until the transaction ends; false for a person who is not a manager';
revoke execute on function lock_staff from public;
grant execute on function lock_staff to refettorio_web;

create function require_manager() returns void
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not lock_staff() then
    raise exception 'only a manager of the municipality changes the roles of its office' using errcode = 'insufficient_privilege';
  end if;
end $$;
revoke execute on function require_manager from public;

-- The last day of the school year of a class: a teacher's role goes no further.
create function last_day_of_class(which uuid) returns date
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  municipality constant uuid := app_municipality();
begin
  return (select y.ends_on from school_class c
    join school_year y on y.municipality_id = municipality and y.id = c.school_year_id
    where c.municipality_id = municipality and c.id = which);
end $$;
revoke execute on function last_day_of_class from public;

create function give_staff_role(
  who uuid, which text, in_school uuid, in_class uuid, in_kitchen uuid, first_day date, last_day date
) returns uuid
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  given uuid;
begin
  perform require_manager();
  if first_day < app_today() then
    raise exception 'a role begins today or later' using errcode = 'check_violation';
  end if;
  if which = 'teacher' and (last_day is null or last_day > last_day_of_class(in_class)) then
    raise exception 'a teacher''s role ends with the year of its class' using errcode = 'check_violation';
  end if;
  insert into staff_member (municipality_id, person_id, role, school_id, school_class_id, kitchen_id, valid_from, valid_to, given_by)
  values (app_municipality(), who, which, in_school, in_class, in_kitchen, first_day, last_day, app_person())
  returning id into given;
  return given;
end $$;
revoke execute on function give_staff_role from public;
grant execute on function give_staff_role to refettorio_web;

-- The days from today on that would have no manager if this role ended after `last_day`; `last_day` before the first day: if it
-- had never been. Null as the last day: without an end.
create function days_without_manager(which uuid, last_day date) returns datemultirange
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  municipality constant uuid := app_municipality();
  own record;
  others datemultirange;
  kept daterange := 'empty';
begin
  select r.role, daterange(r.valid_from, r.valid_to, '[]') as days into own from staff_member r
    where r.municipality_id = municipality and r.id = which and r.ended_at is null;
  if not found or own.role <> 'manager' or app_audience() is distinct from 'staff' then return '{}'; end if;
  select coalesce(range_agg(daterange(r.valid_from, r.valid_to, '[]')), '{}') into others from staff_member r
    where r.municipality_id = municipality and r.id <> which and r.role = 'manager' and r.ended_at is null;
  if last_day is null or last_day >= lower(own.days) then kept := daterange(lower(own.days), last_day, '[]'); end if;
  return (own.days::datemultirange - kept::datemultirange - others) * datemultirange(daterange(app_today(), null));
end $$;
revoke execute on function days_without_manager from public;
grant execute on function days_without_manager to refettorio_web;

-- Ends a role after a day, or lets it go on longer. `immediately`: at this instant. Answers `last-manager` and changes nothing
-- where a day would lose its last manager, `gone` where the role is over already.
create function end_staff_role(which uuid, last_day date, immediately boolean) returns text
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  municipality constant uuid := app_municipality();
  first_day date;
  class_ends date;
begin
  perform require_manager();
  select r.valid_from, case when r.role = 'teacher' then last_day_of_class(r.school_class_id) end
    into first_day, class_ends from staff_member r
    where r.municipality_id = municipality and r.id = which and r.ended_at is null
      and (r.valid_to is null or r.valid_to >= app_today());
  if not found then return 'gone'; end if;
  if not immediately and last_day < greatest(app_today(), first_day) then
    raise exception 'a role ends today or later' using errcode = 'check_violation';
  end if;
  if not immediately and (last_day is null or last_day > class_ends) and class_ends is not null then
    raise exception 'a teacher''s role ends with the year of its class' using errcode = 'check_violation';
  end if;
  if not isempty(days_without_manager(which, case when immediately then first_day - 1 else last_day end)) then
    return 'last-manager';
  end if;
  update staff_member r
    set ended_at = case when immediately then app_now() end, ended_by = app_person(),
      valid_to = case when immediately then r.valid_to else last_day end
    where r.municipality_id = municipality and r.id = which;
  return 'done';
end $$;
revoke execute on function end_staff_role from public;
grant execute on function end_staff_role to refettorio_web;

-- What is there for roles with a part. A transaction of a person who has no other role sees no row of a family: these functions
-- answer with what the role needs, and ask themselves whose roles count now.

-- The kitchen that serves a school on a day; null where none does.
create function serving_kitchen(school uuid, on_day date) returns uuid
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  municipality constant uuid := app_municipality();
begin
  return (select q.kitchen_id from kitchen_school q
    where q.municipality_id = municipality and q.school_id = school and q.valid_from <= on_day
    order by q.valid_from desc limit 1);
end $$;
revoke execute on function serving_kitchen from public;

-- The schools whose meals of a day the person may count: all of them for the office; for a kitchen those of the own roles, which
-- are one school, all of them, or those that the own kitchen serves on that day: a school that went to another kitchen is no longer
-- seen from its first day there on, and the days before are still read by who cooked for them.
create function counted_schools(on_day date) returns uuid[]
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  municipality constant uuid := app_municipality();
begin
  if app_audience() in ('staff', 'system') then
    return array(select s.id from school s where s.municipality_id = municipality);
  elsif app_audience() is distinct from 'partner' then
    return '{}';
  end if;
  return array(select s.id from school s
    where s.municipality_id = municipality and exists (select from active_staff_member r
      where r.municipality_id = municipality and r.person_id = app_person() and r.role = 'kitchen'
        and case
          when r.kitchen_id is not null then r.kitchen_id = serving_kitchen(s.id, on_day)
          else r.school_id is null or r.school_id = s.id
        end));
end $$;
revoke execute on function counted_schools from public;

-- The service days whose meals the person may count, each with the newest frozen version of its count and the kitchen that serves its
-- school on that day.
create function count_days(on_day date)
returns table (
  service_day_id uuid, school_id uuid, name text, status text, cutoff_at timestamptz, closure_reason text, version integer,
  frozen_at timestamptz, count_reason text, kitchen_id uuid, kitchen_name text, service_id uuid, service_name text, is_cooked boolean
)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
  schools constant uuid[] := counted_schools(on_day);
begin
  return query
    select d.id, d.school_id, s.name, d.status, d.cutoff_at, x.reason, newest.version, newest.frozen_at, newest.reason,
      serves.id, serves.name, v.id, v.name, v.is_cooked
    from service_day d
    join school s on s.municipality_id = municipality and s.id = d.school_id
    join service v on v.municipality_id = municipality and v.id = d.service_id
    left join kitchen serves on serves.municipality_id = municipality and serves.id = serving_kitchen(d.school_id, d.day)
    left join closure x on x.municipality_id = municipality and x.id = d.closure_id
    left join lateral (
      select k.version, k.frozen_at, k.reason from kitchen_count k
      where k.municipality_id = municipality and k.service_day_id = d.id
      order by k.version desc limit 1
    ) newest on true
    where d.municipality_id = municipality and d.day = on_day and d.school_id = any (schools)
    order by s.name, v.name;
end $$;
comment on function count_days is 'No names, no pupils';
revoke execute on function count_days from public;
grant execute on function count_days to refettorio_web;

-- The meals of a day by school, class and diet code: as they are now while a day is open, as they were frozen afterwards. Of all the
-- schools whose meals the person may count, or of those of them that are wanted.
create function count_lines(on_day date, wanted uuid[] default null)
returns table (
  school_id uuid, class_name text, diet_code text, meals integer, absent integer, severe integer, asked integer, service_id uuid
)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
  schools constant uuid[] := array(select s from unnest(counted_schools(on_day)) s where wanted is null or s = any (wanted));
begin
  return query
    select d.school_id, c.name, served_diet(e.diet_code, held.pupil_id is not null),
      (count(*) filter (where a.pupil_id is null))::integer, count(a.pupil_id)::integer,
      (count(*) filter (where a.pupil_id is null and (e.severe_reaction or coalesce(held.severe, false))))::integer,
      (count(*) filter (where a.pupil_id is null and is_asked_beside(e.diet_code, held.pupil_id is not null)))::integer, d.service_id
    from service_day d
    join enrolment e on e.municipality_id = municipality and e.service_id = d.service_id and e.school_id = d.school_id
      and e.valid_from <= d.day and e.valid_to >= d.day and eats_on(e.weekdays, d.day)
    join school_class c on c.municipality_id = municipality and c.id = e.school_class_id
    left join absence a on a.municipality_id = municipality and a.service_day_id = d.id and a.pupil_id = e.pupil_id
    left join (
      select h.pupil_id, bool_or(h.severe) as severe from diet_hold h
      where h.municipality_id = municipality and h.since <= on_day and (h.until is null or h.until >= on_day)
      group by h.pupil_id
    ) held on held.pupil_id = e.pupil_id
    where d.municipality_id = municipality and d.day = on_day and d.status = 'open' and d.school_id = any (schools)
    group by 1, 2, 3, d.service_id
    union all
    select d.school_id, c.name, l.diet_code, l.meals, l.absent, l.severe, l.asked, d.service_id
    from service_day d
    join lateral (
      select k.id from kitchen_count k where k.municipality_id = municipality and k.service_day_id = d.id
      order by k.version desc limit 1
    ) newest on true
    join kitchen_count_line l on l.municipality_id = municipality and l.kitchen_count_id = newest.id
    join school_class c on c.municipality_id = municipality and c.id = l.school_class_id
    where d.municipality_id = municipality and d.day = on_day and d.status = 'closed' and d.school_id = any (schools)
    order by 2, 3;
end $$;
comment on function count_lines is 'Diets by their code: no names, no pupils';
revoke execute on function count_lines from public;
grant execute on function count_lines to refettorio_web;

-- The same in all, by service and diet code: what stands above the schools. All who are enrolled are counted school by school; only of
-- those who are away, or for whom another diet is asked, is it looked up one by one what they are counted for instead.
create function count_figures(on_day date)
returns table (service_id uuid, diet_code text, meals integer, absent integer, severe integer)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
  schools constant uuid[] := counted_schools(on_day);
begin
  return query
    with open_day as materialized (
      select d.id, d.service_id, d.school_id from service_day d
      where d.municipality_id = municipality and d.day = on_day and d.status = 'open' and d.school_id = any (schools)
    ), held as materialized (
      select h.pupil_id, bool_or(h.severe) as severe from diet_hold h
      where h.municipality_id = municipality and h.since <= on_day and (h.until is null or h.until >= on_day)
      group by h.pupil_id
    ), enrolled as (
      select e.service_id, e.school_id, e.diet_code, count(*) as pupils, count(*) filter (where e.severe_reaction) as severe
      from enrolment e
      where e.municipality_id = municipality and e.valid_from <= on_day and e.valid_to >= on_day and eats_on(e.weekdays, on_day)
      group by 1, 2, 3
    ), one_by_one as (
      select d.service_id, e.diet_code, served_diet(e.diet_code, held.pupil_id is not null) as served, a.pupil_id is null as eats,
        e.severe_reaction, e.severe_reaction or coalesce(held.severe, false) as is_severe
      from (
        select held.pupil_id from held
        union select a.pupil_id from open_day d
          join absence a on a.municipality_id = municipality and a.service_day_id = d.id
      ) other
      join enrolment e on e.municipality_id = municipality and e.pupil_id = other.pupil_id
        and e.valid_from <= on_day and e.valid_to >= on_day and eats_on(e.weekdays, on_day)
      join open_day d on d.service_id = e.service_id and d.school_id = e.school_id
      left join absence a on a.municipality_id = municipality and a.service_day_id = d.id and a.pupil_id = e.pupil_id
      left join held on held.pupil_id = e.pupil_id
    )
    select f.service_id, f.diet_code, sum(f.meals)::integer, sum(f.absent)::integer, sum(f.severe)::integer
    from (
      select e.service_id, e.diet_code, e.pupils as meals, 0 as absent, e.severe from enrolled e
      join open_day d on d.service_id = e.service_id and d.school_id = e.school_id
      union all
      select o.service_id, o.diet_code, -1, 0, -o.severe_reaction::integer from one_by_one o
      union all
      select o.service_id, o.served, o.eats::integer, (not o.eats)::integer, (o.eats and o.is_severe)::integer from one_by_one o
      union all
      select d.service_id, l.diet_code, l.meals, l.absent, l.severe
      from service_day d
      join lateral (
        select k.id from kitchen_count k where k.municipality_id = municipality and k.service_day_id = d.id
        order by k.version desc limit 1
      ) newest on true
      join kitchen_count_line l on l.municipality_id = municipality and l.kitchen_count_id = newest.id
      where d.municipality_id = municipality and d.day = on_day and d.status = 'closed' and d.school_id = any (schools)
    ) f
    group by 1, 2
    having sum(f.meals) > 0 or sum(f.absent) > 0;
end $$;
comment on function count_figures is 'Diets by their code: no names, no pupils';
revoke execute on function count_figures from public;
grant execute on function count_figures to refettorio_web;

-- Who is in the own classes today, and who of them eats: of a teacher the classes of the role, of a school office those of the
-- school. No diet, no family, and no other day.
create function own_class_list()
returns table (
  school_name text, class_id uuid, class_name text, service_name text, status text, pupil_id uuid, given_name text, family_name text,
  is_absent boolean, eats_today boolean
)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
begin
  if app_audience() not in ('staff', 'partner') then return; end if;
  return query
    select s.name, c.id, c.name, v.name, d.status, p.id, p.given_name, p.family_name, a.pupil_id is not null, eats_on(e.weekdays, app_today())
    from school_class c
    join school s on s.municipality_id = municipality and s.id = c.school_id
    join enrolment e on e.municipality_id = municipality and e.school_class_id = c.id
      and e.valid_from <= app_today() and e.valid_to >= app_today()
    join pupil p on p.municipality_id = municipality and p.id = e.pupil_id
    join service v on v.municipality_id = municipality and v.id = e.service_id
    left join service_day d on d.municipality_id = municipality and d.service_id = e.service_id and d.school_id = c.school_id
      and d.day = app_today()
    left join absence a on a.municipality_id = municipality and a.service_day_id = d.id and a.pupil_id = e.pupil_id
    where c.municipality_id = municipality and exists (select from active_staff_member r
      where r.municipality_id = municipality and r.person_id = app_person()
        and (r.role = 'teacher' and r.school_class_id = c.id or r.role = 'school_office' and r.school_id = c.school_id))
    order by s.name, c.name, v.name, p.family_name, p.given_name, p.id;
end $$;
revoke execute on function own_class_list from public;
grant execute on function own_class_list to refettorio_web;

-- The pupils of the own schools, a line for each enrolment in a school year that is not over: names, classes and days, for a school
-- office. No diet, no fare, no family.
create function own_school_enrolments()
returns table (
  id uuid, list_key text, search_key text, pupil_name text, school_id uuid, school_name text, class_name text, service_id uuid,
  service_name text, school_year_id uuid, year_name text, valid_from date, valid_to date
)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
begin
  if app_audience() not in ('staff', 'partner') then return; end if;
  return query
    select e.id, p.list_key, p.search_key, p.family_name || ' ' || p.given_name, s.id, s.name, c.name, v.id, v.name, y.id, y.name,
      e.valid_from, e.valid_to
    from enrolment e
    join pupil p on p.municipality_id = municipality and p.id = e.pupil_id
    join school s on s.municipality_id = municipality and s.id = e.school_id
    join school_class c on c.municipality_id = municipality and c.id = e.school_class_id
    join service v on v.municipality_id = municipality and v.id = e.service_id
    join school_year y on y.municipality_id = municipality and y.id = e.school_year_id and y.ends_on >= app_today()
    where e.municipality_id = municipality and e.school_id = any (array(select r.school_id from active_staff_member r
      where r.municipality_id = municipality and r.person_id = app_person() and r.role = 'school_office'));
end $$;
comment on function own_school_enrolments is 'No diets, no families';
revoke execute on function own_school_enrolments from public;
grant execute on function own_school_enrolments to refettorio_web;

-- Sums of a municipality, for the office and for a person who reads its figures: no name, no diet.
create function office_figures()
returns table (enrolled jsonb, households integer, credit_cents bigint, debt_cents bigint, indebted integer, top_ups jsonb)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
begin
  if app_audience() not in ('staff', 'system') and not (app_audience() = 'partner' and exists (
    select from active_staff_member r
    where r.municipality_id = municipality and r.person_id = app_person() and r.role = 'reader'))
  then return; end if;
  return query
    select
      coalesce((select jsonb_agg(jsonb_build_object('schoolName', q.name, 'pupils', q.pupils) order by q.name) from (
        select s.name, count(distinct e.pupil_id) as pupils
        from enrolment e join school s on s.municipality_id = municipality and s.id = e.school_id
        where e.municipality_id = municipality and e.valid_from <= app_today() and e.valid_to >= app_today()
        group by s.id, s.name) q), '[]'),
      count(*)::integer, coalesce(sum(a.balance_cents) filter (where a.balance_cents > 0), 0)::bigint,
      coalesce(-sum(a.balance_cents) filter (where a.balance_cents < 0), 0)::bigint,
      (count(*) filter (where a.balance_cents < 0))::integer,
      coalesce((select jsonb_agg(jsonb_build_object('month', q.month, 'count', q.count, 'cents', q.cents) order by q.month desc) from (
        select to_char(t.paid_at at time zone 'Europe/Rome', 'YYYY-MM') as month, count(*) as count,
          sum(t.amount_cents) as cents
        from top_up t where t.municipality_id = municipality and t.state = 'paid' group by 1) q), '[]')
    from account a where a.municipality_id = municipality and a.kind = 'household';
end $$;
comment on function office_figures is 'Sums only, no single row';
revoke execute on function office_figures from public;
grant execute on function office_figures to refettorio_web;

-- The municipalities in whose office a citizen has a role now, for the desk over them.
create function offices_of_citizen(who uuid) returns table (slug text, name text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select m.slug, m.name from citizen c
  join person_code k on k.fiscal_code_hash = c.fiscal_code_hash
  join municipality m on m.id = k.municipality_id and m.active
  where c.id = who and exists (
    select from active_staff_member r where r.municipality_id = m.id and r.person_id = k.person_id)
  order by m.name, m.slug
$$;
revoke execute on function offices_of_citizen from public;
grant execute on function offices_of_citizen to refettorio_web;

-- The days of roles of which a colleague is not told yet: one that begins or began within a week, one that ends within thirty days
-- after lasting longer than that, one that ended within a week.
create function due_role_notices() returns table (municipality_id uuid, role_id uuid, kind text, day date)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  today constant date := app_today();
begin
  return query
    select d.municipality_id, d.id, d.kind, d.day from (
      select r.municipality_id, r.id, 'begins' as kind, r.valid_from as day from staff_member r
        where r.ended_at is null and r.valid_from between today - 7 and today and (r.valid_to is null or r.valid_to >= today)
      union all
      select r.municipality_id, r.id, 'ends-soon', r.valid_to from staff_member r
        where r.ended_at is null and r.valid_from <= today and r.valid_to between today and today + 30
          and r.valid_to - r.valid_from > 30
      union all
      select r.municipality_id, r.id, 'ended', r.valid_to from staff_member r
        where r.ended_at is null and r.valid_to between today - 7 and today - 1
      union all
      select r.municipality_id, r.id, 'ended', (r.ended_at at time zone 'Europe/Rome')::date from staff_member r
        where r.ended_at > app_now() - interval '7 days' and (r.valid_to is null or r.valid_to >= today - 7)
    ) d
    join municipality m on m.id = d.municipality_id and m.active
    where not exists (select from role_notice n
      where n.municipality_id = d.municipality_id and n.role_id = d.id and n.kind = d.kind and n.day = d.day);
end $$;
revoke execute on function due_role_notices from public;
grant execute on function due_role_notices to refettorio_web;
