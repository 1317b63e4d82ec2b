-- Registers that forget in time, and what a person may read of them.

-- How long a row is kept, a rule for each register: those of sign-ins and operations by law, neither shorter nor longer (DPCM
-- 24/10/2014, art. 13). What deletes and what says beforehand what will be deleted ask here.
create function kept_for(register text) returns interval language sql immutable parallel safe as $$
  select case register
    when 'operations' then interval '24 months'
    when 'sign-ins' then interval '24 months'
    when 'invitations' then interval '24 months'
    when 'notifications' then interval '12 months'
    when 'messages' then interval '12 months'
    when 'contact-codes' then interval '30 days'
  end
$$;

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
  since constant timestamptz := app_now() - kept_for('operations');
  until constant timestamptz := app_now() + interval '1 day';
begin
  if app_audience() <> 'family' then return; end if;
  return query
    with mine (object_type, object_id) as (
      select 'person', person
      union all select 'household', h from unnest(paying) h
      -- Not those who only eat here on some days: what is decided of them is their own household's.
      union all select 'pupil', p.id from pupil p
        where p.municipality_id = municipality and p.id = any (app_pupils()) and p.household_id = any (app_households()) and paying is not null
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
  operations_since constant timestamptz := app_now() - kept_for('operations');
  sign_ins_since constant timestamptz := app_now() - kept_for('sign-ins');
  invitations_since constant timestamptz := app_now() - kept_for('invitations');
  codes_since constant timestamptz := app_now() - kept_for('contact-codes');
  moment constant timestamptz := app_now();
  each_municipality uuid;
  gone integer;
  total integer := 0;
begin
  delete from sign_in_event where id = any (array(
    select id from sign_in_event where occurred_at < sign_ins_since order by occurred_at limit most));
  get diagnostics gone = row_count; total := total + gone;
  for each_municipality in select m.id from municipality m
    where exists (select from audit_event e where e.municipality_id = m.id and e.occurred_at < operations_since)
      or m.id in (select c.municipality_id from email_change c where c.created_at < codes_since)
      or m.id in (select i.municipality_id from delegate_invitation i
        where i.expires_at < invitations_since or i.fiscal_code_sealed is not null and i.expires_at < moment)
  loop
    delete from audit_event where municipality_id = each_municipality and occurred_at < operations_since and id = any (array(
      select id from audit_event where municipality_id = each_municipality and occurred_at < operations_since
      order by occurred_at limit most));
    get diagnostics gone = row_count; total := total + gone;
    delete from email_change where municipality_id = each_municipality and created_at < codes_since;
    get diagnostics gone = row_count; total := total + gone;
    delete from family_look where municipality_id = each_municipality and begun_at < operations_since;
    get diagnostics gone = row_count; total := total + gone;
    delete from delegate_invitation where municipality_id = each_municipality and expires_at < invitations_since;
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
    select distinct c.municipality_id from phone_change c where c.created_at < app_now() - kept_for('contact-codes')
  loop
    delete from phone_change where municipality_id = each_municipality and id = any (array(
      select id from phone_change where municipality_id = each_municipality and created_at < app_now() - kept_for('contact-codes')
      order by created_at limit most));
    get diagnostics gone = row_count; total := total + gone;
  end loop;
  return total;
end $$;
revoke execute on function purge_phone_changes from public;
grant execute on function purge_phone_changes to refettorio_web;

-- What the purges will delete of a municipality: what is old enough now, what will be within `ahead`, and the oldest row. For the
-- office; what is due is found by the indexes that the purges use.
create function purge_preview(ahead interval)
returns table (register text, months integer, days integer, due bigint, due_ahead bigint, oldest timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
  own_slug constant text := (select m.slug from municipality m where m.id = municipality);
  moment constant timestamptz := app_now();
  later constant timestamptz := moment + ahead;
begin
  if app_audience() <> 'staff' then return; end if;
  return query
    with found (register, due, due_ahead, oldest) as (
      select 'operations', count(*) filter (where e.occurred_at < moment - kept_for('operations')), count(*),
        (select min(o.occurred_at) from audit_event o where o.municipality_id = municipality)
      from audit_event e where e.municipality_id = municipality and e.occurred_at < later - kept_for('operations')
      union all
      select 'sign-ins', count(*) filter (where s.occurred_at < moment - kept_for('sign-ins')), count(*),
        (select min(o.occurred_at) from sign_in_event o where o.municipality_slug = own_slug)
      from sign_in_event s where s.municipality_slug = own_slug and s.occurred_at < later - kept_for('sign-ins')
      union all
      select 'notifications', count(*) filter (where n.created_at < moment - kept_for('notifications')), count(*),
        (select min(o.created_at) from notification o where o.municipality_id = municipality)
      from notification n where n.municipality_id = municipality and n.created_at < later - kept_for('notifications')
      union all
      select 'messages', count(*) filter (where b.created_at < moment - kept_for('messages')), count(*),
        (select min(o.created_at) from outbox o where o.municipality_id = municipality)
      from outbox b where b.municipality_id = municipality and b.due_at is null and b.created_at < later - kept_for('messages')
      union all
      select 'invitations', count(*) filter (where i.expires_at < moment - kept_for('invitations')), count(*),
        (select min(o.expires_at) from delegate_invitation o where o.municipality_id = municipality)
      from delegate_invitation i where i.municipality_id = municipality and i.expires_at < later - kept_for('invitations')
      union all
      select 'contact-codes', count(*) filter (where c.created_at < moment - kept_for('contact-codes')), count(*), min(c.created_at)
      from (select x.created_at from email_change x where x.municipality_id = municipality
        union all select y.created_at from phone_change y where y.municipality_id = municipality) c
      where c.created_at < later - kept_for('contact-codes')
    )
    select f.register, (extract(year from kept_for(f.register)) * 12 + extract(month from kept_for(f.register)))::integer,
      extract(day from kept_for(f.register))::integer, f.due, f.due_ahead, f.oldest
    from found f;
end $$;
revoke execute on function purge_preview from public;
grant execute on function purge_preview to refettorio_web;
