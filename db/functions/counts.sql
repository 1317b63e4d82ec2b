-- Counts of what went to all families: hundreds of thousands of rows, which row-level security would ask one by one. They ask
-- themselves who reads, and answer with numbers alone.

-- How far the published version of communications has come: who got it, who read and confirmed it, and the mails of it.
create function communication_figures(ids uuid[]) returns table (
  communication_id uuid, households integer, persons integer, read_by integer, confirming_households integer, confirming_persons integer,
  mails_sent integer, mails_waiting integer, mails_refused integer
)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
begin
  if app_audience() is distinct from 'staff' then return; end if;
  return query
    select c.id, r.households, r.persons, d.n, k.households, k.persons, m.sent, m.waiting, m.refused
    from communication c
    cross join lateral (select count(distinct p.household_id)::int as households, count(distinct p.person_id)::int as persons
      from communication_recipient_person p where p.municipality_id = municipality and p.communication_id = c.id) r
    cross join lateral (select count(*)::int as n from communication_read d
      where d.municipality_id = municipality and d.communication_id = c.id and d.version = c.published_version) d
    cross join lateral (select count(distinct a.household_id)::int as households, count(distinct a.person_id)::int as persons
      from communication_acknowledgement a
      where a.municipality_id = municipality and a.communication_id = c.id and a.version = c.published_version) k
    cross join lateral (select count(*) filter (where o.outcome = 'sent')::int as sent,
        count(*) filter (where o.outcome is null)::int as waiting,
        count(*) filter (where o.outcome in ('refused', 'given_up', 'in_doubt'))::int as refused
      from outbox o where o.municipality_id = municipality and o.channel = 'email' and o.batch_id = any (array(
        select b.id from delivery_batch b where b.municipality_id = municipality and b.communication_id = c.id
          and b.communication_version = c.published_version))) m
    where c.municipality_id = municipality and c.id = any (ids);
end $$;
revoke execute on function communication_figures from public;
grant execute on function communication_figures to refettorio_web;

-- What became of the messages of batches, by channel and outcome, null for what waits; with how many people were told in the portal.
create function delivery_counts(ids uuid[]) returns table (batch_id uuid, channel text, outcome text, messages integer)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
begin
  if app_audience() is distinct from 'staff' then return; end if;
  return query
    select b.id, o.channel, o.outcome, o.n from unnest(ids) b (id) cross join lateral (
      select o.channel, o.outcome, count(*)::int as n from outbox o
      where o.municipality_id = municipality and o.batch_id = b.id group by o.channel, o.outcome) o
    union all
    select b.id, 'portal', null, n.n from unnest(ids) b (id) cross join lateral (
      select count(*)::int as n from notification n where n.municipality_id = municipality and n.batch_id = b.id) n;
end $$;
revoke execute on function delivery_counts from public;
grant execute on function delivery_counts to refettorio_web;

-- Pairs of pupils who may be one child: see `doublesForOffice`.
create function doubled_pupils(most integer) returns table (a uuid, b uuid)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp set work_mem = '32MB' as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
begin
  if app_audience() is distinct from 'staff' then return; end if;
  return query
    with known as materialized (
      select p.id, p.birth_date, p.household_id, p.list_key, left(p.fiscal_code, 6) as letters,
        -- The same words the other way round: neither of them has a space.
        split_part(p.list_key, ' ', 2) || ' ' || split_part(p.list_key, ' ', 1) as turned
      from pupil p where p.municipality_id = municipality and not exists (select from pupil_merge m
        where m.municipality_id = municipality and m.gone_id = p.id and m.undone_at is null)
    ), pairs as (
      select one.id as one, other.id as other from known one join known other
        on other.birth_date = one.birth_date and other.list_key = one.list_key and other.id > one.id
      union all
      select one.id, other.id from known one join known other
        on other.birth_date = one.birth_date and other.turned = one.list_key and other.id <> one.id
      union all
      select one.id, other.id from known one join known other
        on other.birth_date = one.birth_date and other.letters = one.letters and other.id > one.id and one.letters ~ '^[A-Z]{6}$'
      union all
      select one.id, other.id from known one join known other
        on other.household_id = one.household_id and other.list_key = one.list_key and other.id > one.id
    )
    -- A pair may be found in each of the four ways.
    select distinct least(f.one, f.other), greatest(f.one, f.other) from (
      select p.one, p.other from pairs p where not are_told_apart(municipality, 'pupil', p.one, p.other) limit 4 * most) f
    limit most;
end $$;
revoke execute on function doubled_pupils from public;
grant execute on function doubled_pupils to refettorio_web;
