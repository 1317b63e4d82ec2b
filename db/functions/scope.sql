-- The scope of a transaction, which every policy reads: municipality, person, audience, and what is the person's own.
-- `enter_scope` is the first statement of each transaction (db/client.ts); without it no row is visible.
-- Row security reads these settings and no table: whose a row is, is asked once for a transaction and not for each statement.

-- A day begins and ends on the wall clock in Italy.
create function app_today() returns date language sql stable
as $$ select (app_now() at time zone 'Europe/Rome')::date $$;

create function app_municipality() returns uuid language sql stable
as $$ select nullif(current_setting('app.municipality_id', true), '')::uuid $$;

create function app_person() returns uuid language sql stable
as $$ select nullif(current_setting('app.person_id', true), '')::uuid $$;

create function app_audience() returns text language sql stable
as $$ select coalesce(current_setting('app.audience', true), '') $$;

-- The households in which the person has a role now.
create function app_households() returns uuid[] language sql stable
as $$ select nullif(current_setting('app.households', true), '')::uuid[] $$;

-- The households all of whose pupils the person may see.
create function app_whole_households() returns uuid[] language sql stable
as $$ select nullif(current_setting('app.whole_households', true), '')::uuid[] $$;

create function app_paying_households() returns uuid[] language sql stable
as $$ select nullif(current_setting('app.paying_households', true), '')::uuid[] $$;

-- The households for which the person may send requests: those that pay, and the one for which the person has applied.
create function app_filling_households() returns uuid[] language sql stable
as $$ select nullif(current_setting('app.filling_households', true), '')::uuid[] $$;

create function app_pupils() returns uuid[] language sql stable
as $$ select nullif(current_setting('app.pupils', true), '')::uuid[] $$;

-- The pupils for whom the person pays.
create function app_paying_pupils() returns uuid[] language sql stable
as $$ select nullif(current_setting('app.paying_pupils', true), '')::uuid[] $$;

-- Everybody who has or had a role in one of the person's households.
create function app_people() returns uuid[] language sql stable
as $$ select nullif(current_setting('app.people', true), '')::uuid[] $$;

-- The accounts that a holder sees from their first movement on.
create function app_paying_accounts() returns uuid[] language sql stable
as $$ select nullif(current_setting('app.paying_accounts', true), '')::uuid[] $$;

-- The instant of the hand-over of an account that a holder sees only from then on; null for every other account.
create function app_account_since(account uuid) returns timestamptz language sql stable
as $$ select (nullif(current_setting('app.taken_over_accounts', true), '')::jsonb ->> account::text)::timestamptz $$;

-- Whether a colleague of the office is looking at the portal as the family of this transaction: see `looked_at`.
create function app_is_looking() returns boolean language sql stable
as $$ select coalesce(current_setting('app.look', true), '') <> '' $$;

-- How long the request of this transaction waited in the process that had read it, as that process says.
create function app_waited() returns interval language sql stable
as $$ select coalesce(nullif(current_setting('app.waited', true), '')::interval, '0') $$;

-- When the request of this transaction arrived: the start of the transaction, less what it waited for its connection.
create function app_arrival() returns timestamptz language sql stable
as $$ select app_now() - app_waited() $$;
comment on function app_arrival is 'What a process says of waiting is believed until the close of a day is due, and no longer: see absence_needs_open_day';

-- What the office's transaction of a person may see: `staff`, all of the municipality; `partner`, of a person whose roles are all
-- for a part (a school, classes, a kitchen, the figures): what is public, and what functions give for these roles; a person without
-- a role, what is public. The roles are those of this moment.
create function audience_of_staff(municipality uuid, person uuid) returns text
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select case when bool_or(r.role in ('operator', 'accountant', 'manager', 'editor')) then 'staff'
    when count(*) > 0 then 'partner' else 'public' end
  from active_staff_member r where r.municipality_id = municipality and r.person_id = person
$$;
revoke execute on function audience_of_staff from public;

-- The household that a colleague of the office looks at as its holder sees it: while the half hour lasts, the session that began
-- it is open, the colleague has the role and the holder is the holder; null otherwise.
create function looked_at(municipality uuid, look uuid, holder uuid) returns uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select l.household_id from family_look l
  join session s on s.id = l.session_id and s.ended_at is null and s.opened_with = 'identity'
  where l.municipality_id = municipality and l.id = look and l.holder_id = holder
    and l.ended_at is null and l.ends_at > app_now()
    and exists (select from active_staff_member r where r.municipality_id = municipality and r.person_id = l.person_id
      and r.role in ('operator', 'manager'))
    and exists (select from active_member m where m.municipality_id = municipality and m.household_id = l.household_id
      and m.person_id = l.holder_id and m.role = 'holder')
$$;
revoke execute on function looked_at from public;

-- What is a person's own at this moment. With `look`, what of it a colleague of the office sees, and the transaction only reads:
-- a look that is over sees what is public. It runs as the owner of the schema: the policies of the tables that it reads ask for
-- its answer.
create function enter_scope(
  municipality uuid, audience text, person uuid, waited interval default '0', look uuid default null
) returns void
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  households uuid[];
  whole uuid[];
  paying uuid[];
  applied uuid[];
  people uuid[];
  pupils uuid[];
  paying_pupils uuid[];
  accounts uuid[];
  taken_over jsonb;
  entered text := enter_scope.audience;
  looked uuid;
begin
  if enter_scope.look is not null then
    looked := looked_at(enter_scope.municipality, enter_scope.look, enter_scope.person);
    if looked is null then entered := 'public'; end if;
    -- From here on: a transaction that has asked something cannot become one that writes.
    perform set_config('transaction_read_only', 'on', true);
  end if;
  if entered in ('staff', 'partner') then
    entered := audience_of_staff(enter_scope.municipality, enter_scope.person);
  end if;
  if entered = 'family' then
    select array_agg(m.household_id), array_agg(m.household_id) filter (where m.all_pupils),
        array_agg(m.household_id) filter (where m.role = 'holder'),
        array_agg(a.id) filter (where m.role = 'holder' and not m.taken_over),
        jsonb_object_agg(a.id, m.started_at) filter (where a.id is not null and m.role = 'holder' and m.taken_over)
      into households, whole, paying, accounts, taken_over
      from active_member m
      left join account a on a.municipality_id = enter_scope.municipality and a.household_id = m.household_id and m.role = 'holder'
      where m.municipality_id = enter_scope.municipality and m.person_id = enter_scope.person
        and (looked is null or m.household_id = looked);
    applied := array(select a.household_id from household_applicant a
      where a.municipality_id = enter_scope.municipality and a.person_id = enter_scope.person
        and looked is null and a.ended_at is null and a.valid_to >= app_today());
    select array_agg(distinct a.pupil_id), array_agg(distinct a.pupil_id) filter (where a.household_id = any (paying))
      into pupils, paying_pupils
      from adult_of_pupil a where a.municipality_id = enter_scope.municipality and a.person_id = enter_scope.person
        and (looked is null or a.household_id = looked);
    -- Pupils of another household who eat here on some days. They are seen, and paid on these days; what only the own household
    -- decides of them (requests, bands) is not `paying_pupils`.
    if exists (select from meal_household_rule r where r.municipality_id = enter_scope.municipality) then
      select array_agg(distinct s.id) into pupils from (
        select unnest(pupils) as id
        union all
        select a.pupil_id from adult_of_shared_pupil a
        where a.municipality_id = enter_scope.municipality and a.person_id = enter_scope.person
          and (looked is null or a.household_id = looked)) s;
    end if;
    people := array(select distinct m.person_id from household_member m
      where m.municipality_id = enter_scope.municipality and m.household_id = any (households));
  end if;
  perform
    set_config('app.municipality_id', coalesce(enter_scope.municipality::text, ''), true),
    set_config('app.audience', entered, true),
    set_config('app.person_id', coalesce(enter_scope.person::text, ''), true),
    set_config('app.households', coalesce(households::text, ''), true),
    set_config('app.whole_households', coalesce(whole::text, ''), true),
    set_config('app.paying_households', coalesce(paying::text, ''), true),
    set_config('app.filling_households', coalesce((paying || applied)::text, ''), true),
    set_config('app.people', coalesce(people::text, ''), true),
    set_config('app.pupils', coalesce(pupils::text, ''), true),
    set_config('app.paying_pupils', coalesce(paying_pupils::text, ''), true),
    set_config('app.paying_accounts', coalesce(accounts::text, ''), true),
    set_config('app.taken_over_accounts', coalesce(taken_over::text, ''), true),
    set_config('app.look', coalesce(enter_scope.look::text, ''), true),
    set_config('app.waited', greatest(enter_scope.waited, '0')::text, true);
  perform leave_subjects();
end $$;
comment on function enter_scope is 'Names who a transaction speaks for and what is theirs; holds until the transaction ends';
revoke execute on function enter_scope from public;
grant execute on function enter_scope to refettorio_web;

create function reenter_scope() returns void language sql volatile
as $$ select enter_scope(app_municipality(), app_audience(), app_person(), app_waited(),
  nullif(current_setting('app.look', true), '')::uuid) $$;
comment on function reenter_scope is 'Asks again what is the person''s own: after a wait for a lock, in which a role may have ended';
