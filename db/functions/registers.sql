-- Registers that forget in time, and what a person may read of them.

-- Who read or changed what is the reader's own: the own acts, and everybody's on the own family, child and money. Both are
-- found by key, in the partitions of the 24 months that the register keeps: never by reading a municipality's.
create function app_own_audit(most integer)
returns table (id uuid, occurred_at timestamptz, action text, object_type text, outcome text, by_whom text, is_own boolean)
language sql stable security definer set search_path = public as $$
  with mine (object_type, object_id) as (
    select 'person', app_person()
    union all select 'household', h from unnest(app_paying_households()) h
    union all select 'pupil', p from unnest(app_pupils()) p where app_paying_households() is not null
    union all select 'account', a from unnest(app_paying_accounts()) a
    union all select 'top_up', t.id from top_up t
      where t.municipality_id = app_municipality() and t.payer_id = app_person()
    union all select 'invoice', i.id from invoice i
      where i.municipality_id = app_municipality() and i.holder_id = app_person()
    union all select 'absence_receipt', r.id from absence_receipt r
      where r.municipality_id = app_municipality() and r.household_id = any (app_paying_households())
        and r.arrived_at > app_now() - interval '24 months'
    union all select 'household_member', m.id from household_member m
      where m.municipality_id = app_municipality() and m.household_id = any (app_paying_households())
    union all select 'delegate_invitation', i.id from delegate_invitation i
      where i.municipality_id = app_municipality() and i.household_id = any (app_paying_households())
  ), found as (
    select e.id, e.occurred_at, e.action, e.object_type, e.outcome, e.person_id from audit_event e
    where e.municipality_id = app_municipality() and e.person_id = app_person()
      and e.occurred_at > app_now() - interval '24 months' and e.occurred_at < app_now() + interval '1 day'
    union
    select e.id, e.occurred_at, e.action, e.object_type, e.outcome, e.person_id from mine
    join audit_event e on e.municipality_id = app_municipality() and e.object_type = mine.object_type
      and e.object_id = mine.object_id::text
      and e.occurred_at > app_now() - interval '24 months' and e.occurred_at < app_now() + interval '1 day'
  )
  select e.id, e.occurred_at, e.action, e.object_type, e.outcome,
    case
      when e.person_id is null then 'sistema'
      when e.person_id = app_person() or e.person_id in (select m.person_id from household_member m
        where m.municipality_id = app_municipality() and m.household_id = any (app_households()))
        then (select p.full_name from person p where p.municipality_id = app_municipality() and p.id = e.person_id)
      else 'ufficio'
    end,
    e.person_id is not distinct from app_person()
  from found e
  where app_audience() = 'family'
  order by e.occurred_at desc, e.id desc limit most
$$;
revoke execute on function app_own_audit from public;
grant execute on function app_own_audit to refettorio_web;

create function purge_registers(most integer) returns integer language plpgsql security definer set search_path = public as $$
declare
  each_municipality uuid;
  gone integer;
  total integer := 0;
begin
  delete from sign_in_event where id = any (array(
    select id from sign_in_event where occurred_at < app_now() - interval '24 months' order by occurred_at limit most));
  get diagnostics gone = row_count; total := total + gone;
  for each_municipality in select id from municipality loop
    delete from audit_event where municipality_id = each_municipality and occurred_at < app_now() - interval '24 months'
      and id = any (array(
      select id from audit_event where municipality_id = each_municipality and occurred_at < app_now() - interval '24 months'
      order by occurred_at limit most));
    get diagnostics gone = row_count; total := total + gone;
    delete from email_change where municipality_id = each_municipality and created_at < app_now() - interval '30 days';
    get diagnostics gone = row_count; total := total + gone;
    delete from outbox where municipality_id = each_municipality and due_at is null and created_at < app_now() - interval '24 months';
    get diagnostics gone = row_count; total := total + gone;
    delete from delegate_invitation where municipality_id = each_municipality and expires_at < app_now() - interval '24 months';
    get diagnostics gone = row_count; total := total + gone;
    update delegate_invitation set fiscal_code_sealed = null
      where municipality_id = each_municipality and fiscal_code_sealed is not null and expires_at < app_now();
  end loop;
  delete from session where id = any (array(
    select id from session where created_at < app_now() - interval '30 days'
      and coalesce(ended_at, expires_at) < app_now() - interval '30 days' limit most));
  get diagnostics gone = row_count; total := total + gone;
  delete from interrupted_form where expires_at < app_now();
  delete from webauthn_challenge where expires_at < app_now();
  delete from used_sign_in where used_at < app_now() - interval '1 hour';
  return total;
end $$;
revoke execute on function purge_registers from public;
grant execute on function purge_registers to refettorio_web;

create function purge_phone_changes(most integer) returns integer language plpgsql security definer set search_path = public as $$
declare
  each_municipality uuid;
  gone integer;
  total integer := 0;
begin
  for each_municipality in select id from municipality loop
    delete from phone_change where municipality_id = each_municipality and id = any (array(
      select id from phone_change where municipality_id = each_municipality and created_at < app_now() - interval '30 days'
      order by created_at limit most));
    get diagnostics gone = row_count; total := total + gone;
  end loop;
  return total;
end $$;
revoke execute on function purge_phone_changes from public;
grant execute on function purge_phone_changes to refettorio_web;
