-- Who has which diet, for those who serve: the only function that gives a name beside a diet code outside the office's own tables.

-- The pupils of a school who eat on a day and whose plate is not the common one: another diet, a severe reaction, a diet that is asked
-- for. As they are now while the day is open; as they were counted afterwards. Of today and of days to come, for an operator or a manager.
create function hatch_lines(in_school uuid, on_day date)
returns table (
  service_name text, class_name text, pupil_id uuid, given_name text, family_name text, diet_code text, severe boolean, asked boolean
)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
begin
  if on_day < app_today() or app_audience() is distinct from 'staff' or not exists (select from active_staff_member r
    where r.municipality_id = municipality and r.person_id = app_person() and r.role in ('operator', 'manager')) then return; end if;
  return query
    with held as materialized (
      select h.pupil_id, bool_or(h.severe) as severe from diet_hold h
      where h.municipality_id = municipality and h.since <= on_day and (h.until is null or h.until >= on_day)
      group by h.pupil_id
    ), plates as (
      select d.service_id, e.school_class_id, e.pupil_id, served_diet(e.diet_code, held.pupil_id is not null) as diet_code,
        e.severe_reaction or coalesce(held.severe, false) as severe, is_asked_beside(e.diet_code, held.pupil_id is not null) as asked
      from service_day d
      join enrolment e on e.municipality_id = municipality and e.service_id = d.service_id and e.school_id = d.school_id
        and e.valid_from <= d.day and e.valid_to >= d.day and eats_on(e.weekdays, d.day)
      left join held on held.pupil_id = e.pupil_id
      where d.municipality_id = municipality and d.school_id = in_school and d.day = on_day and d.status = 'open'
        and not exists (select from absence a where a.municipality_id = municipality and a.service_day_id = d.id and a.pupil_id = e.pupil_id)
      union all
      select d.service_id, c.school_class_id, one.pupil_id, c.diet_code, coalesce(e.severe_reaction, false) or coalesce(held.severe, false),
        is_asked_beside(c.diet_code, held.pupil_id is not null)
      from service_day d
      join counted_meals c on c.municipality_id = municipality and c.service_day_id = d.id
      cross join lateral unnest(c.pupil_ids) as one (pupil_id)
      left join enrolment e on e.municipality_id = municipality and e.pupil_id = one.pupil_id and e.service_id = d.service_id
        and e.valid_from <= d.day and e.valid_to >= d.day
      left join held on held.pupil_id = one.pupil_id
      where d.municipality_id = municipality and d.school_id = in_school and d.day = on_day and d.status = 'closed'
    )
    select v.name, k.name, p.id, p.given_name, p.family_name, q.diet_code, q.severe, q.asked
    from plates q
    join service v on v.municipality_id = municipality and v.id = q.service_id and v.is_cooked
    join school_class k on k.municipality_id = municipality and k.id = q.school_class_id
    join pupil p on p.municipality_id = municipality and p.id = q.pupil_id
    where q.diet_code <> 'STD' or q.severe or q.asked
    order by v.name, k.name, p.family_name, p.given_name, p.id;
end $$;
revoke execute on function hatch_lines from public;
grant execute on function hatch_lines to refettorio_web;
