-- Registers that forget in time, and what a person may read of them.

-- Who read or changed what is the reader's own: the own acts, and everybody's on the own family, child and money.
create function app_own_audit(most integer)
returns table (id uuid, occurred_at timestamptz, action text, object_type text, outcome text, by_whom text, is_own boolean)
language sql stable security definer set search_path = public as $$
  select e.id, e.occurred_at, e.action, e.object_type, e.outcome,
    case
      when e.person_id is null then 'sistema'
      when e.person_id in (select m.person_id from household_member m
        where m.municipality_id = e.municipality_id and m.household_id = any (app_households()))
        or e.person_id = app_person() then (select p.full_name from person p
          where p.municipality_id = e.municipality_id and p.id = e.person_id)
      else 'ufficio'
    end,
    e.person_id is not distinct from app_person()
  from audit_event e
  where e.municipality_id = app_municipality() and app_audience() = 'family' and (
    e.person_id = app_person()
    or e.object_type = 'person' and e.object_id = app_person()::text
    or e.object_type = 'household' and e.object_id = any (app_paying_households()::text[])
    or e.object_type = 'pupil' and app_paying_households() is not null and e.object_id = any (app_pupils()::text[])
    or e.object_type = 'account' and e.object_id = any (app_paying_accounts()::text[])
    or e.object_type = 'top_up' and e.object_id in (select t.id::text from top_up t
      where t.municipality_id = e.municipality_id and t.payer_id = app_person())
    or e.object_type = 'invoice' and e.object_id in (select i.id::text from invoice i
      where i.municipality_id = e.municipality_id and i.holder_id = app_person())
    or e.object_type = 'absence_receipt' and e.object_id in (select r.id::text from absence_receipt r
      where r.municipality_id = e.municipality_id and r.household_id = any (app_paying_households()))
    or e.object_type in ('household_member') and e.object_id in (select m.id::text from household_member m
      where m.municipality_id = e.municipality_id and m.household_id = any (app_paying_households()))
    or e.object_type = 'delegate_invitation' and e.object_id in (select i.id::text from delegate_invitation i
      where i.municipality_id = e.municipality_id and i.household_id = any (app_paying_households()))
  )
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
    delete from audit_event where municipality_id = each_municipality and id = any (array(
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
