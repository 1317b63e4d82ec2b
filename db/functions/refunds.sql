-- A case of a refund opens itself, when a credit arises on the account of a family that has left the service; it closes itself when nothing
-- is left on the account, and when a pupil of the family is enrolled again. It is asked where accounts and enrolments are written, by
-- whichever way.

-- A family has left when none of its enrolments goes on and the last of them was cut short, or did not go over to the next year.
create function open_late_refund() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  town constant uuid := new.municipality_id;
  latest record;
  rollover uuid;
begin
  select x.id, x.pupil_id, x.valid_to, x.is_whole, coalesce(bool_or(x.is_whole and x.valid_to >= app_today()) over (), false) as goes_on
    into latest from (
      select e.id, e.pupil_id, e.valid_to, r.is_whole
      from pupil p join enrolment e on e.municipality_id = town and e.pupil_id = p.id and e.service_id = new.service_id
      cross join reaches_its_end(town, e.service_id, e.school_class_id, e.valid_to) r (is_whole)
      where p.municipality_id = town and p.household_id = new.household_id
      union all
      -- On some days of a pupil of another household: until the rule ends, or the enrolment.
      select e.id, e.pupil_id, least(e.valid_to, u.valid_to), r.is_whole and (u.valid_to is null or u.valid_to >= e.valid_to)
      from meal_household_rule u
      join enrolment e on e.municipality_id = town and e.pupil_id = u.pupil_id and e.service_id = new.service_id
        and e.valid_to >= u.valid_from and (u.valid_to is null or e.valid_from <= u.valid_to)
      cross join reaches_its_end(town, e.service_id, e.school_class_id, e.valid_to) r (is_whole)
      where u.municipality_id = town and u.household_id = new.household_id) x
    order by x.valid_to desc, x.is_whole desc nulls last limit 1;
  if not found or latest.goes_on then return null; end if;
  select r.id into rollover from year_rollover r
    join year_rollover_pupil w on w.municipality_id = town and w.rollover_id = r.id and w.pupil_id = latest.pupil_id
      and w.service_id = new.service_id and w.from_enrolment_id = latest.id and w.outcome = 'leaves'
    where r.municipality_id = town limit 1;
  if latest.is_whole and rollover is null then return null; end if;
  insert into refund_case (municipality_id, account_id, household_id, service_id, cause, rollover_id, left_on, opened_cents)
    values (town, new.id, new.household_id, new.service_id, case when rollover is null then 'late' else 'rollover' end, rollover,
      latest.valid_to, new.balance_cents)
    on conflict (municipality_id, account_id) where closed_at is null do nothing;
  if found then
    insert into audit_event (municipality_id, action, object_type, object_id, details)
    values (town, 'refunds.opened', 'household', new.household_id::text,
      jsonb_build_object('service', new.service_id, 'cents', new.balance_cents));
  end if;
  return null;
end $$;
create trigger account_credited after update on account for each row
  when (old.balance_cents <= 0 and new.balance_cents > 0 and new.kind = 'household') execute function open_late_refund();

create function close_settled_refund() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  with closed as (
    update refund_case c set closed_at = app_now(), closed_why = 'settled', revision = c.revision + 1
    where c.municipality_id = new.municipality_id and c.account_id = new.id and c.closed_at is null
    returning c.municipality_id, c.household_id, c.service_id
  )
  insert into audit_event (municipality_id, action, object_type, object_id, details)
  select c.municipality_id, 'refunds.closed', 'household', c.household_id::text, jsonb_build_object('service', c.service_id, 'why', 'settled')
  from closed c;
  return null;
end $$;
-- The condition is the trigger's own: a close moves thousands of balances, and few of them reach zero.
create trigger account_settled after update on account for each row
  when (old.balance_cents > 0 and new.balance_cents <= 0 and new.kind = 'household') execute function close_settled_refund();

create function close_refunds_of_returned() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  town uuid;
  it record;
begin
  for town in select distinct a.municipality_id from added a loop
    continue when not exists (select from refund_case c where c.municipality_id = town and c.closed_at is null);
    for it in select a.pupil_id, a.service_id, max(a.valid_to) as valid_to from added a
      where a.municipality_id = town and a.valid_to >= app_today() group by 1, 2 loop
      with closed as (
        update refund_case c set closed_at = app_now(), closed_why = 'returned', revision = c.revision + 1
        where c.municipality_id = town and c.service_id = it.service_id and c.closed_at is null and it.valid_to > c.left_on
          and (c.household_id = (select p.household_id from pupil p where p.municipality_id = town and p.id = it.pupil_id)
            or exists (select from meal_household_rule u where u.municipality_id = town and u.pupil_id = it.pupil_id
              and u.household_id = c.household_id and (u.valid_to is null or u.valid_to > c.left_on)))
        returning c.household_id
      )
      insert into audit_event (municipality_id, action, object_type, object_id, details)
      select town, 'refunds.closed', 'household', c.household_id::text, jsonb_build_object('service', it.service_id, 'why', 'returned')
      from closed c;
    end loop;
  end loop;
  return null;
end $$;
create function close_refunds_of_second() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  with closed as (
    update refund_case c set closed_at = app_now(), closed_why = 'returned', revision = c.revision + 1
    where c.municipality_id = new.municipality_id and c.household_id = new.household_id and c.closed_at is null
      and (new.valid_to is null or new.valid_to > c.left_on)
    returning c.municipality_id, c.household_id, c.service_id
  )
  insert into audit_event (municipality_id, action, object_type, object_id, details)
  select c.municipality_id, 'refunds.closed', 'household', c.household_id::text, jsonb_build_object('service', c.service_id, 'why', 'returned')
  from closed c;
  return null;
end $$;
-- A second household that has days again.
create trigger meal_household_rule_given after insert or update on meal_household_rule for each row
  execute function close_refunds_of_second();

create trigger enrolment_added after insert on enrolment referencing new table as added for each statement
  execute function close_refunds_of_returned();
create trigger enrolment_changed after update on enrolment referencing new table as added for each statement
  execute function close_refunds_of_returned();
