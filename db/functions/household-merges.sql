-- Two households of one family. To which household a pupil belongs, and which accounts are taken away, are rights that the office has by
-- these alone.

-- Pupils of one household belong to another one of the same holder. What was counted is charged before: a charge asks the household of
-- its pupil.
create function move_pupils(in_municipality uuid, which uuid[], from_household uuid, to_household uuid) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if in_municipality is distinct from app_municipality() or app_audience() is distinct from 'staff' then
    raise exception 'only the office of the municipality merges households' using errcode = 'insufficient_privilege';
  end if;
  if not exists (select from active_member a join active_member b on b.municipality_id = in_municipality
      and b.household_id = to_household and b.role = 'holder' and b.person_id = a.person_id
    where a.municipality_id = in_municipality and a.household_id = from_household and a.role = 'holder') then
    raise exception 'pupils move between households of one holder' using errcode = 'restrict_violation';
  end if;
  if uncharged_days_of(in_municipality, which) > 0 then
    raise exception 'a counted meal is charged before its pupil moves' using errcode = 'restrict_violation';
  end if;
  if exists (select from meal_household_rule r where r.municipality_id = in_municipality and r.pupil_id = any (which)
      and (r.valid_to is null or r.valid_to >= app_today())) then
    raise exception 'a pupil with two households does not move' using errcode = 'restrict_violation';
  end if;
  perform set_config('app.merges_households', 'yes', true);
  update pupil p set household_id = to_household
    where p.municipality_id = in_municipality and p.id = any (which) and p.household_id = from_household;
  perform set_config('app.merges_households', '', true);
end $$;
revoke execute on function move_pupils from public;
grant execute on function move_pupils to refettorio_web;

-- How many counted days with one of these pupils wait for their charge. The frozen meals are the worker's alone: this tells a number.
create function uncharged_days_of(in_municipality uuid, which uuid[]) returns integer
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select count(*)::int from meal_charge c
  where c.municipality_id = in_municipality and in_municipality = app_municipality() and app_audience() in ('staff', 'system')
    and c.due_at is not null and exists (select from counted_meals m where m.municipality_id = in_municipality
      and m.service_day_id = c.service_day_id and m.pupil_ids && which)
$$;
revoke execute on function uncharged_days_of from public;
grant execute on function uncharged_days_of to refettorio_web;

-- Whether the pupils of a household belong to another one of its holder by a merge that stands: it is read, and nothing is paid into it.
create function is_merged_away(in_municipality uuid, which uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select exists (select from household_merge m
    where m.municipality_id = in_municipality and in_municipality = app_municipality() and m.gone_id = which and m.undone_at is null)
    and (app_audience() in ('staff', 'system') or which = any (app_paying_households()))
$$;
revoke execute on function is_merged_away from public;
grant execute on function is_merged_away to refettorio_web;

-- Takes away what a merge of households added beside moving pupils: delegations, accounts. Those that ended begin again.
create function take_household_merge_back(in_municipality uuid, which uuid) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  it household_merge;
  given uuid[];
begin
  if in_municipality is distinct from app_municipality() or app_audience() is distinct from 'staff' then
    raise exception 'only the office of the municipality undoes a merge' using errcode = 'insufficient_privilege';
  end if;
  select * into strict it from household_merge m
    where m.municipality_id = in_municipality and m.id = which and m.undone_at is null for update;
  given := array(select g::uuid from jsonb_array_elements_text(it.before -> 'given') g);
  delete from calendar_feed f where f.municipality_id = in_municipality and f.household_member_id = any (given);
  delete from delegate_pupil d where d.municipality_id = in_municipality and d.household_member_id = any (given);
  delete from household_member m where m.municipality_id = in_municipality and m.id = any (given);
  update household_member m set ended_at = null where m.municipality_id = in_municipality
    and m.id in (select e::uuid from jsonb_array_elements_text(it.before -> 'ends') e);
  perform set_config('app.undoes_import', which::text, true);
  delete from account a where a.municipality_id = in_municipality
    and a.id in (select o::uuid from jsonb_array_elements_text(it.before -> 'accounts') o);
  perform set_config('app.undoes_import', '', true);
end $$;
revoke execute on function take_household_merge_back from public;
grant execute on function take_household_merge_back to refettorio_web;
