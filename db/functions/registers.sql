-- Registers that forget in time, and what a person may read of them.

-- Who read or changed what is the reader's own: the own acts, and everybody's on the own family, child and money. Both are
-- found by key, in the partitions of the 24 months that the register keeps: never by reading a municipality's.
create function app_own_audit(most integer)
returns table (id uuid, occurred_at timestamptz, action text, object_type text, outcome text, by_whom text, is_own boolean)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
  person constant uuid := app_person();
  relatives constant uuid[] := app_people();
  paying constant uuid[] := app_paying_households();
  since constant timestamptz := app_now() - interval '24 months';
  until constant timestamptz := app_now() + interval '1 day';
begin
  if app_audience() <> 'family' then return; end if;
  return query
    with mine (object_type, object_id) as (
      select 'person', person
      union all select 'household', h from unnest(paying) h
      union all select 'pupil', p from unnest(app_pupils()) p where paying is not null
      union all select 'account', a from unnest(app_paying_accounts()) a
      union all select 'top_up', t.id from top_up t where t.municipality_id = municipality and t.payer_id = person
      union all select 'invoice', i.id from invoice i where i.municipality_id = municipality and i.holder_id = person
      union all select 'absence_receipt', r.id from absence_receipt r
        where r.municipality_id = municipality and r.household_id = any (paying) and r.arrived_at > since
      union all select 'household_member', m.id from household_member m
        where m.municipality_id = municipality and m.household_id = any (paying)
      union all select 'delegate_invitation', i.id from delegate_invitation i
        where i.municipality_id = municipality and i.household_id = any (paying)
    ), found as (
      select e.id, e.occurred_at, e.action, e.object_type, e.outcome, e.person_id from audit_event e
      where e.municipality_id = municipality and e.person_id = person and e.occurred_at > since and e.occurred_at < until
      union
      select e.id, e.occurred_at, e.action, e.object_type, e.outcome, e.person_id from mine
      join audit_event e on e.municipality_id = municipality and e.object_type = mine.object_type
        and e.object_id = mine.object_id::text and e.occurred_at > since and e.occurred_at < until
    )
    select e.id, e.occurred_at, e.action, e.object_type, e.outcome,
      case
        when e.person_id is null then 'sistema'
        -- Who looked at the portal as this family is said by name.
        when e.person_id = person or e.person_id = any (relatives) or e.action in ('household.looked', 'household.look-ended') then (select p.full_name from person p
          where p.municipality_id = municipality and p.id = e.person_id)
        else 'ufficio'
      end,
      e.person_id is not distinct from person
    from found e
    order by e.occurred_at desc, e.id desc limit most;
end $$;
revoke execute on function app_own_audit from public;
grant execute on function app_own_audit to refettorio_web;

create function purge_registers(most integer) returns integer language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  two_years_ago constant timestamptz := app_now() - interval '24 months';
  a_month_ago constant timestamptz := app_now() - interval '30 days';
  moment constant timestamptz := app_now();
  each_municipality uuid;
  gone integer;
  total integer := 0;
begin
  delete from sign_in_event where id = any (array(
    select id from sign_in_event where occurred_at < two_years_ago order by occurred_at limit most));
  get diagnostics gone = row_count; total := total + gone;
  for each_municipality in select m.id from municipality m
    where exists (select from audit_event e where e.municipality_id = m.id and e.occurred_at < two_years_ago)
      or exists (select from outbox o where o.municipality_id = m.id and o.created_at < two_years_ago and o.due_at is null)
      or m.id in (select c.municipality_id from email_change c where c.created_at < a_month_ago)
      or m.id in (select i.municipality_id from delegate_invitation i
        where i.expires_at < two_years_ago or i.fiscal_code_sealed is not null and i.expires_at < moment)
  loop
    delete from audit_event where municipality_id = each_municipality and occurred_at < two_years_ago and id = any (array(
      select id from audit_event where municipality_id = each_municipality and occurred_at < two_years_ago
      order by occurred_at limit most));
    get diagnostics gone = row_count; total := total + gone;
    delete from email_change where municipality_id = each_municipality and created_at < a_month_ago;
    get diagnostics gone = row_count; total := total + gone;
    delete from outbox where municipality_id = each_municipality and due_at is null and created_at < two_years_ago;
    get diagnostics gone = row_count; total := total + gone;
    delete from family_look where municipality_id = each_municipality and begun_at < two_years_ago;
    get diagnostics gone = row_count; total := total + gone;
    delete from delegate_invitation where municipality_id = each_municipality and expires_at < two_years_ago;
    get diagnostics gone = row_count; total := total + gone;
    update delegate_invitation set fiscal_code_sealed = null
      where municipality_id = each_municipality and fiscal_code_sealed is not null and expires_at < moment;
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

create function purge_phone_changes(most integer) returns integer language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  each_municipality uuid;
  gone integer;
  total integer := 0;
begin
  for each_municipality in
    select distinct c.municipality_id from phone_change c where c.created_at < app_now() - interval '30 days'
  loop
    delete from phone_change where municipality_id = each_municipality and id = any (array(
      select id from phone_change where municipality_id = each_municipality and created_at < app_now() - interval '30 days'
      order by created_at limit most));
    get diagnostics gone = row_count; total := total + gone;
  end loop;
  return total;
end $$;
revoke execute on function purge_phone_changes from public;
grant execute on function purge_phone_changes to refettorio_web;
