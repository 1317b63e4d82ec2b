-- Who belongs to which household, in which role, for which pupils. db/views/household-members.sql says which roles count today
-- and which adults may hear of a pupil; nothing else repeats it.

-- What a person is in a municipality at this moment: the roles that count today, and the households that the person held before.
create function memberships_of(in_municipality uuid, who uuid) returns jsonb
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select coalesce(jsonb_agg(role order by role ->> 'householdId', role ->> 'role'), '[]') from (
    select jsonb_strip_nulls(jsonb_build_object('householdId', m.household_id, 'role', m.role,
      'pupilIds', case when not m.all_pupils then coalesce((select jsonb_agg(d.pupil_id order by d.pupil_id) from delegate_pupil d
        join pupil p on p.municipality_id = in_municipality and p.id = d.pupil_id and p.household_id = m.household_id
        where d.municipality_id = in_municipality and d.household_member_id = m.id), '[]') end,
      'sharedPupilIds', case when is_shared then (select jsonb_agg(distinct a.pupil_id order by a.pupil_id) from adult_of_shared_pupil a
        where a.municipality_id = in_municipality and a.person_id = who and a.household_member_id = m.id) end,
      'since', case when m.taken_over then m.started_at end)) as role
    from active_member m
    cross join (select exists (select from meal_household_rule r where r.municipality_id = in_municipality) as is_shared) town
    where m.municipality_id = in_municipality and m.person_id = who
    union all
    select jsonb_build_object('householdId', m.household_id, 'role', 'past_holder')
    from household_member m
    where m.municipality_id = in_municipality and m.person_id = who and m.role = 'holder'
      and (m.ended_at is not null or m.valid_to < app_today())
      and exists (select from top_up t where t.municipality_id = in_municipality and t.household_id = m.household_id
        and t.payer_id = who)
      and not exists (select from active_member now where now.municipality_id = in_municipality
        and now.household_id = m.household_id and now.person_id = who and now.role = 'holder')
    group by m.household_id
    union all
    -- No role of the municipality: see `viewerIn` in lib/session/session.queries.ts.
    select jsonb_build_object('householdId', a.household_id, 'role', 'applicant')
    from household_applicant a
    where a.municipality_id = in_municipality and a.person_id = who and a.ended_at is null and a.valid_to >= app_today()
  ) roles
  -- Until the manager opens the municipality its families may not enter.
  where exists (select from municipality here where here.id = in_municipality and here.opens_on <= app_today())
$$;
revoke execute on function memberships_of from public;

-- The adults who may hear of these pupils now, of the own household and of a second one, for a message to them. A family asks only about its own pupils, and is answered
-- in full: it sees too little of other delegates to answer by itself.
create function adults_of_pupils(in_municipality uuid, pupils uuid[]) returns table (pupil_id uuid, household_id uuid, person_id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select a.pupil_id, a.household_id, a.person_id from (
    select o.municipality_id, o.pupil_id, o.household_id, o.person_id from adult_of_pupil o
    union
    select t.municipality_id, t.pupil_id, t.household_id, t.person_id from adult_of_shared_pupil t) a
  where a.municipality_id = in_municipality and in_municipality = app_municipality() and a.pupil_id = any (pupils)
    and (app_audience() in ('staff', 'system') or app_audience() = 'family' and a.pupil_id = any (app_pupils()))
$$;
revoke execute on function adults_of_pupils from public;
grant execute on function adults_of_pupils to refettorio_web;

create function person_with_code(in_municipality uuid, code_hash bytea) returns uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select k.person_id from person_code k
  where k.municipality_id = in_municipality and in_municipality = app_municipality()
    and app_audience() in ('family', 'staff', 'system') and k.fiscal_code_hash = code_hash
$$;
comment on function person_with_code is 'The id of a person one of whose fiscal codes the caller knows; it opens nothing';
revoke execute on function person_with_code from public;
grant execute on function person_with_code to refettorio_web;

-- The current code always opens. A code that is another person's, also as an earlier one, is a unique violation.
create function person_code_follows() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op = 'UPDATE' and new.fiscal_code_hash = old.fiscal_code_hash then return new; end if;
  if not exists (select from person_code k where k.municipality_id = new.municipality_id
    and k.fiscal_code_hash = new.fiscal_code_hash and k.person_id = new.id)
  then
    insert into person_code (municipality_id, fiscal_code_hash, person_id, fiscal_code)
    values (new.municipality_id, new.fiscal_code_hash, new.id, new.fiscal_code);
  end if;
  if tg_op = 'UPDATE' then
    delete from person_code k where k.municipality_id = new.municipality_id and k.fiscal_code_hash = old.fiscal_code_hash;
  end if;
  return new;
end $$;
create trigger person_code_follows after insert or update of fiscal_code_hash on person for each row
  execute function person_code_follows();

-- A code that was a mistake may be a stranger's. What goes on without asking who enters ends with it, here: addresses of the
-- calendar and push messages (no row says which code made them), remembered devices. A session ends too, unless another
-- municipality knows the code: there it is the stranger's own, and here it opens nothing from the next request on.
create function end_what_codes_opened(in_municipality uuid, who uuid, closed bytea[]) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  entered constant uuid[] := array(select c.id from citizen c where c.fiscal_code_hash = any (closed));
  unknown_elsewhere constant uuid[] := array(select c.id from citizen c where c.id = any (entered) and not exists (
    select from person_code k where k.municipality_id <> in_municipality and k.fiscal_code_hash = c.fiscal_code_hash));
  forgotten uuid[];
begin
  if entered = '{}' then return false; end if;
  update calendar_feed f set revoked_at = app_now()
    where f.municipality_id = in_municipality and f.person_id = who and f.revoked_at is null;
  update push_subscription s set ended_at = app_now(), end_reason = 'revoked'
    where s.municipality_id = in_municipality and s.person_id = who and s.ended_at is null;
  with gone as (
    update remembered_device d set revoked_at = app_now(), revoke_reason = 'code-closed'
    where d.municipality_id = in_municipality and d.citizen_id = any (entered) and d.revoked_at is null returning d.id)
  select array_agg(gone.id) into forgotten from gone;
  update session s set ended_at = app_now(), end_reason = 'revoked'
    where s.citizen_id = any (entered) and s.ended_at is null
      and (s.citizen_id = any (unknown_elsewhere) or s.device_id = any (forgotten));
  return true;
end $$;
comment on function end_what_codes_opened is 'Whether a person has ever entered with one of the codes';
revoke execute on function end_what_codes_opened from public;

-- The office corrects who a person is. Families may change their own contacts in the same rows, so this right is no grant.
-- `opening`: the codes of before, the one of today among them, that open from now on beside the new one.
create function correct_person(
  in_municipality uuid, who uuid, given text, family text, birth date, code text, code_hash bytea, opening text[]
) returns boolean language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  earlier record;
  closed bytea[];
begin
  if in_municipality is distinct from app_municipality() or app_audience() is distinct from 'staff' then
    raise exception 'only the office of the municipality corrects a person' using errcode = 'insufficient_privilege';
  end if;
  select p.fiscal_code, p.fiscal_code_hash into strict earlier from person p
    where p.municipality_id = in_municipality and p.id = who for update;
  closed := array(select k.fiscal_code_hash from person_code k where k.municipality_id = in_municipality and k.person_id = who
    and k.fiscal_code_hash <> code_hash and k.fiscal_code <> all (opening));
  update person p set given_name = given, family_name = family, birth_date = birth, fiscal_code = code, fiscal_code_hash = code_hash
    where p.municipality_id = in_municipality and p.id = who;
  delete from person_code k where k.municipality_id = in_municipality and k.person_id = who
    and k.fiscal_code_hash <> code_hash and k.fiscal_code <> all (opening);
  if earlier.fiscal_code_hash <> code_hash and earlier.fiscal_code = any (opening) then
    insert into person_code (municipality_id, fiscal_code_hash, person_id, fiscal_code)
    values (in_municipality, earlier.fiscal_code_hash, who, earlier.fiscal_code);
  end if;
  return end_what_codes_opened(in_municipality, who, closed);
end $$;
comment on function correct_person is 'Whether a code with which a person had entered was closed, and with it what was made under it';
revoke execute on function correct_person from public;
grant execute on function correct_person to refettorio_web;

create function correct_pupil(in_municipality uuid, which uuid, given text, family text, birth date, code text)
returns void language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if in_municipality is distinct from app_municipality() or app_audience() is distinct from 'staff' then
    raise exception 'only the office of the municipality corrects a pupil' using errcode = 'insufficient_privilege';
  end if;
  update pupil c set given_name = given, family_name = family, birth_date = birth, fiscal_code = code
    where c.municipality_id = in_municipality and c.id = which;
end $$;
revoke execute on function correct_pupil from public;
grant execute on function correct_pupil to refettorio_web;

-- A list of pupils belongs to a delegate of some of them: beside `all_pupils` it would mean nothing.
create function delegate_pupil_is_lawful() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if exists (select from household_member m
    where m.municipality_id = new.municipality_id and m.id = new.household_member_id and m.all_pupils)
  then raise exception 'a role for all pupils has no list of them' using errcode = 'restrict_violation'; end if;
  return new;
end $$;
create trigger delegate_pupil_lawful before insert or update on delegate_pupil for each row
  execute function delegate_pupil_is_lawful();

-- One change of a household's roles at a time. Families may not update a household, so this lock is no grant.
create function lock_household(in_municipality uuid, which uuid) returns void
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform from household h
    where h.municipality_id = in_municipality and h.id = which and in_municipality = app_municipality()
      and (app_audience() in ('staff', 'system') or h.id = any (app_households()))
    for no key update;
end $$;
comment on function lock_household is 'Waits until no other transaction changes the roles of the household; of a foreign one nothing happens';
revoke execute on function lock_household from public;
grant execute on function lock_household to refettorio_web;
