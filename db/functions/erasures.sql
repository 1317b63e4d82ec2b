-- What was entered by mistake and on which nothing depends is taken out of the registry for good. Pupils and accounts are otherwise never
-- deleted (append-only.sql): that nothing refers to these is asked here by key and, by deleting, by every foreign key.

-- The people of a household who are nowhere else in the municipality: no other household, no role of the office.
create function erasable_people(in_municipality uuid, in_household uuid) returns setof uuid
language sql stable as $$
  select distinct m.person_id from household_member m
  where m.municipality_id = in_municipality and m.household_id = in_household
    and not exists (select from household_member o
      where o.municipality_id = in_municipality and o.person_id = m.person_id and o.household_id <> in_household)
    and not exists (select from staff_member r where r.municipality_id = in_municipality and r.person_id = m.person_id)
$$;

-- Whether a kitchen has counted a pupil of a household, or this one: counted meals hold pupils in arrays, without a key.
create function is_pupil_counted(in_municipality uuid, in_household uuid, in_pupil uuid) returns boolean
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select exists (select from pupil p
    join enrolment e on e.municipality_id = in_municipality and e.pupil_id = p.id
    join service_day d on d.municipality_id = in_municipality and d.service_id = e.service_id and d.school_id = e.school_id
      and d.day between e.valid_from and e.valid_to
    join counted_meals m on m.municipality_id = in_municipality and m.service_day_id = d.id and p.id = any (m.pupil_ids)
    where p.municipality_id = in_municipality and p.household_id = in_household and (in_pupil is null or p.id = in_pupil)
      and in_municipality = app_municipality() and app_audience() = 'staff')
$$;
revoke execute on function is_pupil_counted from public;
grant execute on function is_pupil_counted to refettorio_web;

-- Takes out a household with its people who are nowhere else, or one pupil of it, whose enrolments are gone already
-- (lib/school/office/enrolment.commands.ts). Null when it is done; else the table of a row that refers to one of them.
create function erase_mistake(in_municipality uuid, in_household uuid, in_pupil uuid) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  pupils uuid[];
  people uuid[];
  gone constant uuid[] := case when in_pupil is null then array[in_household] else '{}' end;
  referring text;
begin
  if in_municipality is distinct from app_municipality() or app_audience() is distinct from 'staff' then
    raise exception 'only the office of the municipality erases' using errcode = 'insufficient_privilege';
  end if;
  if not exists (select from active_staff_member r
      where r.municipality_id = in_municipality and r.person_id = app_person() and r.role = 'manager') then
    raise exception 'only a manager erases' using errcode = 'insufficient_privilege';
  end if;
  perform from household h where h.municipality_id = in_municipality and h.id = in_household for update;
  if not found then return 'household'; end if;
  select coalesce(array_agg(c.id), '{}') into pupils from (select p.id from pupil p
    where p.municipality_id = in_municipality and p.household_id = in_household and (in_pupil is null or p.id = in_pupil)
    order by p.id for update) c;
  if in_pupil is not null and cardinality(pupils) = 0 then return 'pupil'; end if;
  if in_pupil is null and exists (select from departing_transfer t where t.municipality_id = in_municipality and t.household_id = in_household)
      or exists (select from departing_transfer t where t.municipality_id = in_municipality and t.pupil_ids && pupils) then
    return 'departing_transfer';
  end if;
  select coalesce(array_agg(k.id), '{}') into people from erasable_people(in_municipality, in_household) k (id)
    where in_pupil is null;
  begin
    perform set_config('app.undoes_import', in_household::text, true);
    delete from fare_assignment f where f.municipality_id = in_municipality and f.pupil_id = any (pupils);
    delete from diet_end_notice n where n.municipality_id = in_municipality and n.pupil_id = any (pupils);
    delete from delegate_pupil d where d.municipality_id = in_municipality and d.pupil_id = any (pupils);
    delete from told_apart t where t.municipality_id = in_municipality and (t.one_id = any (pupils || people || gone) or t.other_id = any (pupils || people || gone));
    delete from pupil p where p.municipality_id = in_municipality and p.id = any (pupils);
    if in_pupil is null then
      delete from account a where a.municipality_id = in_municipality and a.household_id = in_household;
      delete from household_member m where m.municipality_id = in_municipality and m.household_id = in_household;
      delete from outbox o where o.municipality_id = in_municipality and o.person_id = any (people);
      delete from notification n where n.municipality_id = in_municipality and n.person_id = any (people);
      delete from notification_choice c where c.municipality_id = in_municipality and c.person_id = any (people);
      delete from person_code k where k.municipality_id = in_municipality and k.person_id = any (people);
      delete from person p where p.municipality_id = in_municipality and p.id = any (people);
      delete from household h where h.municipality_id = in_municipality and h.id = in_household;
    end if;
    perform set_config('app.undoes_import', '', true);
  exception
    when foreign_key_violation or restrict_violation then
      get stacked diagnostics referring = table_name;
      return coalesce(nullif(referring, ''), 'meal_charge');
  end;
  return null;
end $$;
comment on function erase_mistake is 'Null when it is done; else the table of a row that refers to one of them';
revoke execute on function erase_mistake from public;
grant execute on function erase_mistake to refettorio_web;
