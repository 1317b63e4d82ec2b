-- Days of service, absences, ratings and calendar feeds.

create function service_day_moves_forward() returns trigger language plpgsql as $$
begin
  if (old.municipality_id, old.service_id, old.school_id, old.day) is distinct from (new.municipality_id, new.service_id, new.school_id, new.day) then
    raise exception 'a service day keeps its place' using errcode = 'restrict_violation';
  end if;
  if old.status = 'closed' and new.status = 'open' then
    raise exception 'a closed service day does not open again' using errcode = 'restrict_violation';
  end if;
  if old.status = 'suspended' and new.status = 'open' and exists (select from kitchen_count k
      where k.municipality_id = new.municipality_id and k.service_day_id = new.id) then
    raise exception 'a service day that was counted does not open again' using errcode = 'restrict_violation';
  end if;
  if new.status <> 'closed' and exists (select from meal_charge c
      where c.municipality_id = new.municipality_id and c.service_day_id = new.id and c.due_at is not null) then
    raise exception 'a day whose charge is due stays closed' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger service_day_forward before update on service_day for each row execute function service_day_moves_forward();

-- Whether a person is an adult of the household whose meal it is: of a pupil with a second household. A parent who pays for one of two
-- households has, while they share the days, those of that one alone. The rule of `isOwnMeal` (lib/access/capabilities.ts).
create function is_meal_of(m uuid, person uuid, pupil uuid, service_day uuid) returns boolean language sql stable as $$
  select exists (select from (
      select a.household_id, a.role from adult_of_pupil a where a.municipality_id = m and a.person_id = person and a.pupil_id = pupil
      union all
      select a.household_id, a.role from adult_of_shared_pupil a
        where a.municipality_id = m and a.person_id = person and a.pupil_id = pupil) own
    cross join (select d.day from service_day d where d.municipality_id = m and d.id = service_day) meal
    where own.household_id = household_of_meal(m, pupil, meal.day)
      and (own.role = 'holder' or not exists (select from meal_household_rule r
        join pupil home on home.municipality_id = m and home.id = r.pupil_id
        join active_member h on h.municipality_id = m and h.person_id = person and h.role = 'holder'
          and h.household_id in (r.household_id, home.household_id)
        where r.municipality_id = m and r.pupil_id = pupil and r.valid_from <= meal.day
          and (r.valid_to is null or r.valid_to >= meal.day) and h.household_id <> own.household_id)))
$$;

-- The last net under the application: a day that is not open keeps its absences as they were counted. A family's own change
-- also arrived before the cutoff, and comes before the close is due: the grace between the two is all that waiting may take; and
-- the meal is one of its own household's days.
create function absence_needs_open_day() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  row_changed constant record := coalesce(new, old);
begin
  if not exists (
    select from service_day d
    where d.municipality_id = row_changed.municipality_id and d.id = row_changed.service_day_id and d.status = 'open'
      and (app_audience() <> 'family' or (app_arrival() < d.cutoff_at and app_now() < d.close_at))
  ) then
    raise exception 'the service day is not open' using errcode = 'restrict_violation';
  end if;
  if app_audience() = 'family' and exists (select from meal_household_rule r
      where r.municipality_id = row_changed.municipality_id and r.pupil_id = row_changed.pupil_id)
    and not is_meal_of(row_changed.municipality_id, app_person(), row_changed.pupil_id, row_changed.service_day_id)
  then
    raise exception 'the meal is another household''s' using errcode = 'restrict_violation';
  end if;
  return row_changed;
end $$;
create trigger absence_open_day before insert or update or delete on absence for each row
  execute function absence_needs_open_day();

-- A charge is due until it is done or no longer due; then it stays so. What a closure took away before it was written is due again
-- when its day is closed again.
create function meal_charge_ends_once() returns trigger language plpgsql as $$
begin
  if old.charged_at is null and new.charged_at is null and exists (select from service_day d
      where d.municipality_id = new.municipality_id and d.id = new.service_day_id and d.status = 'closed') then
    return new;
  end if;
  raise exception 'a charge that ended is not due again' using errcode = 'restrict_violation';
end $$;
create trigger meal_charge_ended before update on meal_charge for each row when (old.due_at is null)
  execute function meal_charge_ends_once();

-- The meals of the holder's children that were counted and are not charged yet, at the price that was frozen. With no
-- charge due it reads one index.
create function uncharged_meals() returns table (household_id uuid, service_id uuid, pupil_id uuid, day date, price_cents integer)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  own_municipality uuid := app_municipality();
  households uuid[] := app_paying_households();
  -- The own pupils of these households, and those who eat here on some days.
  eaters uuid[] := array(
    select p.id from pupil p where p.municipality_id = own_municipality and p.household_id = any (households)
    union all
    select r.pupil_id from meal_household_rule r where r.municipality_id = own_municipality and r.household_id = any (households));
begin
  return query
    with due as materialized (
      select d.id, d.service_id, d.day from meal_charge c
      join service_day d on d.municipality_id = own_municipality and d.id = c.service_day_id
      where c.municipality_id = own_municipality and c.due_at is not null and app_audience() = 'family' and exists (
        select from enrolment e
        where e.municipality_id = own_municipality and e.pupil_id = any (eaters) and e.service_id = d.service_id
          and e.school_id = d.school_id and d.day between e.valid_from and e.valid_to))
    select coalesce(meal.household_id, p.household_id), due.service_id, p.id, due.day, meal.price_cents
    from due
    join counted_meals m on m.municipality_id = own_municipality and m.service_day_id = due.id
    cross join lateral unnest(m.pupil_ids, m.prices_cents, m.household_ids) meal (pupil_id, price_cents, household_id)
    join pupil p on p.municipality_id = own_municipality and p.id = meal.pupil_id and p.id = any (eaters)
      and coalesce(meal.household_id, p.household_id) = any (households)
    where meal.price_cents > 0;
end $$;
comment on function uncharged_meals is 'Of the holder alone: the rows that it reads name the children of others.';
revoke execute on function uncharged_meals from public;
grant execute on function uncharged_meals to refettorio_web;

create function meal_figures() returns table (month text, school_id uuid, school_name text, service_days bigint, meals bigint, absent bigint)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
begin
  return query
    select to_char(d.day, 'YYYY-MM'), s.id, s.name, count(distinct d.id), coalesce(sum(l.meals), 0), coalesce(sum(l.absent), 0)
    from service_day d
    join school s on s.municipality_id = municipality and s.id = d.school_id
    join lateral (select k.id from kitchen_count k where k.municipality_id = municipality and k.service_day_id = d.id
      order by k.version desc limit 1) k on true
    join kitchen_count_line l on l.municipality_id = municipality and l.kitchen_count_id = k.id
    where d.municipality_id = municipality
    group by 1, 2, 3;
end $$;
comment on function meal_figures is 'Meals by month and school, from the last frozen count of each day: sums only, no single row.';
revoke execute on function meal_figures from public;
grant execute on function meal_figures to refettorio_web;

create function meal_rating_figures(first_day date, smallest integer)
returns table (school_id uuid, dish_id uuid, answers bigint, liked bigint, so_so bigint, not_eaten bigint)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
begin
  if app_audience() not in ('staff', 'system')
    and not exists (select from menu_settings s where s.municipality_id = municipality and s.show_ratings) then return; end if;
  return query
    select d.school_id, r.dish_id, count(*), count(*) filter (where r.score = 3), count(*) filter (where r.score = 2),
      count(*) filter (where r.score = 1)
    from meal_rating_dish r
    join service_day d on d.municipality_id = municipality and d.id = r.service_day_id
    where r.municipality_id = municipality and d.day >= first_day
    group by 1, 2 having count(*) >= greatest(smallest, 5);
end $$;
comment on function meal_rating_figures is 'Opinions by school and dish: sums only, none under five answers; to families only where the office chose so.';
revoke execute on function meal_rating_figures from public;
grant execute on function meal_rating_figures to refettorio_web;

create function meal_rating_comments(first_day date)
returns table (school_name text, month text, comment text)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
begin
  if app_audience() not in ('staff', 'system') then return; end if;
  return query
    select s.name, to_char(d.day, 'YYYY-MM'), r.comment
    from meal_rating r
    join service_day d on d.municipality_id = municipality and d.id = r.service_day_id
    join school s on s.municipality_id = municipality and s.id = d.school_id
    where r.municipality_id = municipality and d.day >= first_day and r.comment <> ''
    order by 2 desc, 1, r.comment limit 200;
end $$;
comment on function meal_rating_comments is 'What families wrote, by school and month: no child, no parent, no day, in alphabetical order.';
revoke execute on function meal_rating_comments from public;
grant execute on function meal_rating_comments to refettorio_web;

create function purge_meal_ratings(most integer) returns integer language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  gone integer;
begin
  delete from meal_rating where (municipality_id, pupil_id, service_day_id) in (
    select municipality_id, pupil_id, service_day_id from meal_rating where rated_at < app_now() - interval '24 months' limit most);
  get diagnostics gone = row_count;
  return gone;
end $$;
revoke execute on function purge_meal_ratings from public;
grant execute on function purge_meal_ratings to refettorio_web;

create function calendar_feed_of(hash bytea)
returns table (municipality_id uuid, person_id uuid, pupil_id uuid, household_ids uuid[], alarm_minutes smallint, created_at timestamptz)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select f.municipality_id, f.person_id, f.pupil_id,
    array(select a.household_id from adult_of_pupil a
        where a.municipality_id = f.municipality_id and a.person_id = f.person_id and a.pupil_id = f.pupil_id
      union select a.household_id from adult_of_shared_pupil a
        where a.municipality_id = f.municipality_id and a.person_id = f.person_id and a.pupil_id = f.pupil_id),
    f.alarm_minutes, f.created_at
  from calendar_feed f
  join municipality t on t.id = f.municipality_id and t.active
  where f.token_hash = calendar_feed_of.hash and f.revoked_at is null
    and (exists (select from adult_of_pupil a where a.municipality_id = f.municipality_id
        and a.household_member_id = f.household_member_id and a.person_id = f.person_id and a.pupil_id = f.pupil_id)
      or exists (select from adult_of_shared_pupil a where a.municipality_id = f.municipality_id
        and a.household_member_id = f.household_member_id and a.person_id = f.person_id and a.pupil_id = f.pupil_id))
$$;
revoke execute on function calendar_feed_of from public;
grant execute on function calendar_feed_of to refettorio_web;

create function purge_calendar_feeds(most integer) returns integer language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  gone integer;
begin
  delete from calendar_feed where id = any (array(
    select id from calendar_feed where revoked_at < app_now() - interval '30 days' limit most));
  get diagnostics gone = row_count;
  return gone;
end $$;
revoke execute on function purge_calendar_feeds from public;
grant execute on function purge_calendar_feeds to refettorio_web;

create function purge_overtaken_changes(most integer) returns integer language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  gone integer;
begin
  delete from overtaken_change where (municipality_id, person_id, idempotency_key) in (
    select municipality_id, person_id, idempotency_key from overtaken_change
    where overtaken_at < app_now() - interval '7 days' limit most);
  get diagnostics gone = row_count;
  return gone;
end $$;
revoke execute on function purge_overtaken_changes from public;
grant execute on function purge_overtaken_changes to refettorio_web;
