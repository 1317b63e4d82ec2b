-- Who belongs to which household, in which role, for which children.
-- A role ends at an instant (`ended_at`), not at midnight. A delegate with rows in `delegate_pupil` has those pupils only;
-- without any, the whole household.
-- The `app_` functions are asked by policies at every statement. They run as the owner of the schema, because the policies
-- of the tables that they read ask them in turn, and answer short lists, so that plans go by key however large the town is.

create function app_households() returns setof uuid language sql stable security definer set search_path = public as $$ select m.household_id from household_member m where m.municipality_id = app_municipality() and m.person_id = app_person() and app_audience() = 'family' and m.valid_from <= app_today() and (m.valid_to is null or m.valid_to >= app_today()) and m.ended_at is null $$;

create function app_whole_households() returns setof uuid language sql stable security definer set search_path = public as $$ select m.household_id from household_member m where m.municipality_id = app_municipality() and m.person_id = app_person() and app_audience() = 'family' and m.valid_from <= app_today() and (m.valid_to is null or m.valid_to >= app_today()) and m.ended_at is null
and not exists (select from delegate_pupil d where d.municipality_id = m.municipality_id and d.household_member_id = m.id) $$;

create function app_paying_households() returns setof uuid language sql stable security definer set search_path = public as $$ select m.household_id from household_member m where m.role = 'holder' and m.municipality_id = app_municipality() and m.person_id = app_person() and app_audience() = 'family' and m.valid_from <= app_today() and (m.valid_to is null or m.valid_to >= app_today()) and m.ended_at is null $$;

create function app_pupils() returns setof uuid language sql stable security definer set search_path = public as $$
  select p.id from pupil p
    where p.municipality_id = app_municipality() and p.household_id = any (array(select app_whole_households()))
  union all
  select p.id from pupil p
    where p.municipality_id = app_municipality() and p.id = any (array(
      select d.pupil_id from household_member m
      join delegate_pupil d on d.municipality_id = m.municipality_id and d.household_member_id = m.id
      join pupil own on own.municipality_id = d.municipality_id and own.id = d.pupil_id and own.household_id = m.household_id
      where m.municipality_id = app_municipality() and m.person_id = app_person() and app_audience() = 'family'
and m.valid_from <= app_today() and (m.valid_to is null or m.valid_to >= app_today()) and m.ended_at is null))
$$;

-- A holder before me: somebody else held the household until a later instant than my own beginning or right before it.
create function taken_over(m household_member) returns boolean language sql stable security definer set search_path = public as $$
  select exists (select from household_member before
    where before.municipality_id = m.municipality_id and before.household_id = m.household_id and before.role = 'holder'
      and before.person_id <> m.person_id and before.started_at <= m.started_at and before.id <> m.id)
$$;
revoke execute on function taken_over from public;

-- What a person is in a town, at this moment: open roles, and the households that the person held before.
create function memberships_of(town uuid, who uuid) returns jsonb language sql stable security definer set search_path = public as $$
  select coalesce(jsonb_agg(role order by role ->> 'householdId', role ->> 'role'), '[]') from (
    select jsonb_strip_nulls(jsonb_build_object('householdId', m.household_id, 'role', m.role,
      'pupilIds', (select jsonb_agg(d.pupil_id order by d.pupil_id) from delegate_pupil d
        where d.municipality_id = m.municipality_id and d.household_member_id = m.id),
      'since', case when m.role = 'holder' and taken_over(m) then m.started_at end)) as role
    from household_member m
    where m.municipality_id = town and m.person_id = who and m.valid_from <= app_today() and (m.valid_to is null or m.valid_to >= app_today()) and m.ended_at is null
    union all
    select jsonb_build_object('householdId', m.household_id, 'role', 'past_holder')
    from household_member m
    where m.municipality_id = town and m.person_id = who and m.role = 'holder' and not (m.valid_from <= app_today() and (m.valid_to is null or m.valid_to >= app_today()) and m.ended_at is null)
      and (m.ended_at is not null or m.valid_to < app_today())
      and exists (select from top_up t where t.municipality_id = m.municipality_id and t.household_id = m.household_id and t.payer_id = who)
      and not exists (select from household_member now where now.municipality_id = m.municipality_id
        and now.household_id = m.household_id and now.person_id = who and now.role = 'holder' and now.valid_from <= app_today() and (now.valid_to is null or now.valid_to >= app_today()) and now.ended_at is null)
    group by m.household_id
  ) roles
$$;
revoke execute on function memberships_of from public;

-- Everybody with a role now for one of these pupils. A family asks only about its own.
create function people_of_pupils(town uuid, pupils uuid[]) returns setof uuid language sql stable security definer set search_path = public as $$
  select distinct m.person_id
  from pupil c
  join household_member m on m.municipality_id = c.municipality_id and m.household_id = c.household_id
  where c.municipality_id = town and town = app_municipality() and c.id = any (pupils)
    and (app_audience() in ('staff', 'system') or app_audience() = 'family' and c.id in (select app_pupils()))
    and m.valid_from <= app_today() and (m.valid_to is null or m.valid_to >= app_today()) and m.ended_at is null
    and (m.role = 'holder' or exists (select from delegate_pupil d where d.municipality_id = m.municipality_id
        and d.household_member_id = m.id and d.pupil_id = c.id)
      or not exists (select from delegate_pupil d where d.municipality_id = m.municipality_id and d.household_member_id = m.id))
$$;
revoke execute on function people_of_pupils from public;
grant execute on function people_of_pupils to refettorio_web;

create function person_with_code(town uuid, code_hash bytea) returns uuid language sql stable security definer set search_path = public as $$
  select p.id from person p
  where p.municipality_id = town and town = app_municipality() and app_audience() in ('family', 'staff', 'system')
    and p.fiscal_code_hash = code_hash
$$;
revoke execute on function person_with_code from public;
grant execute on function person_with_code to refettorio_web;
