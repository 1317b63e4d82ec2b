-- The household to which a meal belongs: the pupil's own, or on the days of a rule a second one. The close keeps the answer.

-- Whether a day is one of a rule's: counted from its first Monday, two weeks over and over. The rule of `isRuleDay` (lib/meals/cutoff.ts).
create function is_rule_day(first_monday date, days smallint[], on_day date) returns boolean language sql immutable
as $$ select ((((on_day - first_monday) % 14 + 14) % 14) + 1)::smallint = any (days) $$;

-- The rule of `householdOfMeal` (lib/meals/cutoff.ts).
create function household_of_meal(in_municipality uuid, which_pupil uuid, on_day date) returns uuid language sql stable
as $$
  select coalesce((select r.household_id from meal_household_rule r
    where r.municipality_id = in_municipality and r.pupil_id = which_pupil and r.valid_from <= on_day
      and (r.valid_to is null or r.valid_to >= on_day) and is_rule_day(r.first_monday, r.days, on_day)),
    (select p.household_id from pupil p where p.municipality_id = in_municipality and p.id = which_pupil))
$$;

create function meals_counted(m uuid, p uuid, first_day date, last_day date) returns boolean language sql stable as $$
  select exists (select from enrolment e
    join service_day d on d.municipality_id = m and d.service_id = e.service_id and d.school_id = e.school_id
      and d.day between greatest(e.valid_from, first_day) and least(e.valid_to, last_day)
    where e.municipality_id = m and e.pupil_id = p and d.status = 'closed')
$$;

-- Whose a counted meal was stays readable: a rule changes only on days that no kitchen has counted.
create function counted_household_stays() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'UPDATE' then
    if to_jsonb(old) - 'valid_to' - 'validity' is distinct from to_jsonb(new) - 'valid_to' - 'validity' then
      raise exception 'a rule of a household keeps all but its last day' using errcode = 'restrict_violation';
    end if;
    if meals_counted(old.municipality_id, old.pupil_id, least(coalesce(old.valid_to, 'infinity'), coalesce(new.valid_to, 'infinity')) + 1,
        greatest(coalesce(old.valid_to, 'infinity'), coalesce(new.valid_to, 'infinity'))) then
      raise exception 'the household of a counted meal does not change' using errcode = 'restrict_violation';
    end if;
    return new;
  end if;
  if tg_op = 'INSERT' and exists (select from pupil p where p.municipality_id = new.municipality_id and p.id = new.pupil_id
      and p.household_id = new.household_id) then
    raise exception 'the second household of a pupil is another than its own' using errcode = 'restrict_violation';
  end if;
  if meals_counted(coalesce(new.municipality_id, old.municipality_id), coalesce(new.pupil_id, old.pupil_id),
      coalesce(new.valid_from, old.valid_from),
      coalesce(case tg_op when 'INSERT' then new.valid_to else old.valid_to end, 'infinity')) then
    raise exception 'the household of a counted meal does not change' using errcode = 'restrict_violation';
  end if;
  return coalesce(new, old);
end $$;
create trigger meal_household_rule_stays before insert or update or delete on meal_household_rule for each row
  execute function counted_household_stays();

-- What the pupils are called for whom a holder pays, or once paid, on some days: the own movements and expenses name them still
-- when the rule is over and nothing else of them is the holder's to see.
create function pupils_paid_on_some_days()
returns table (household_id uuid, pupil_id uuid, given_name text, full_name text, fiscal_code text)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
  households constant uuid[] := app_paying_households();
begin
  if app_audience() <> 'family' then return; end if;
  return query
    select distinct r.household_id, p.id, p.given_name, p.full_name, p.fiscal_code
    from meal_household_rule r
    join pupil p on p.municipality_id = municipality and p.id = r.pupil_id
    where r.municipality_id = municipality and r.household_id = any (households);
end $$;
revoke execute on function pupils_paid_on_some_days from public;
grant execute on function pupils_paid_on_some_days to refettorio_web;

-- The bands of pupils who eat on some days at the expense of a second household: from when to when and which, as the price needs
-- them. Why they were given is the own household's.
create function fares_on_some_days(in_municipality uuid, households uuid[])
returns table (household_id uuid, pupil_id uuid, name text, service_id uuid, fares jsonb)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select who.household_id, p.id, p.given_name, e.service_id,
    coalesce((select jsonb_agg(jsonb_build_object('from', f.valid_from, 'to', f.valid_to, 'bandCode', f.band_code) order by f.valid_from)
      from fare_assignment f where f.municipality_id = in_municipality and f.service_id = e.service_id and f.pupil_id = p.id), '[]')
  from (select distinct r.household_id, r.pupil_id from meal_household_rule r
    where r.municipality_id = in_municipality and r.household_id = any (households) and (r.valid_to is null or r.valid_to >= app_today())) who
  join pupil p on p.municipality_id = in_municipality and p.id = who.pupil_id
  join lateral (select distinct n.service_id from enrolment n
    where n.municipality_id = in_municipality and n.pupil_id = p.id and n.valid_to >= app_today()) e on true
  where in_municipality = app_municipality()
    and (app_audience() in ('staff', 'system') or app_audience() = 'family' and who.household_id = any (app_paying_households()))
  order by p.given_name, p.id, e.service_id
$$;
revoke execute on function fares_on_some_days from public;
grant execute on function fares_on_some_days to refettorio_web;
