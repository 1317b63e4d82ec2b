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

-- Pairs of adults who may be one: see `doubledAdults`. The same name, also the other way round, and a sign of the same person. A
-- telephone or an address that more than four people have is a desk's, or a family's of many, and no sign. Looked for by sign, of
-- which few people have the same, and not by name, which hundreds have.
create function doubled_adults(most integer) returns table (a uuid, b uuid)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp set work_mem = '32MB'
  -- Few have a sign in common, which no statistics say: sorting all of them by it, twice for each sign, would be the whole cost.
  set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
begin
  if app_audience() is distinct from 'staff' then return; end if;
  return query
    with known as materialized (
      -- Compared sign by sign: the order of a language costs ten times as much.
      select p.id, p.phone collate "C" as phone, lower(p.email) collate "C" as email, p.birth_date, p.search_key collate "C" as name,
        p.family_name collate "C" as family_name, p.given_name collate "C" as given_name,
        -- The letters of the day and the sex; a number of the office's own in the place of a code tells no other person.
        case when p.fiscal_code ~ '^[A-Z]' then substr(p.fiscal_code, 7, 5) collate "C" end as born
      from person p where p.municipality_id = municipality and not exists (select from person_merge m
        where m.municipality_id = municipality and m.gone_id = p.id and m.undone_at is null)
    ), pairs as (
      select one.id as one, other.id as other
        from (select k.phone from known k where k.phone <> '' group by 1 having count(*) between 2 and 4) s
        join known one on one.phone = s.phone join known other on other.phone = s.phone and other.id > one.id
      union all
      select one.id, other.id
        from (select k.email from known k where k.email <> '' group by 1 having count(*) between 2 and 4) s
        join known one on one.email = s.email join known other on other.email = s.email and other.id > one.id
      union all
      select one.id, other.id
        from (select k.name, k.born from known k where k.born is not null group by 1, 2 having count(*) > 1) s
        join known one on one.name = s.name and one.born = s.born join known other on other.name = s.name and other.born = s.born and other.id > one.id
      union all
      select one.id, other.id
        from (select k.name, k.birth_date from known k where k.birth_date is not null group by 1, 2 having count(*) > 1) s
        join known one on one.name = s.name and one.birth_date = s.birth_date
        join known other on other.name = s.name and other.birth_date = s.birth_date and other.id > one.id
      union all
      -- Turned round, as far as both are written alike.
      select least(one.id, other.id), greatest(one.id, other.id) from known one join known other on other.birth_date = one.birth_date
        and other.family_name = one.given_name and other.given_name = one.family_name and other.id <> one.id
        where one.birth_date is not null
      union all
      select least(one.id, other.id), greatest(one.id, other.id) from known one join known other on other.name = one.name and other.id <> one.id
        where one.born is null
    ), named as materialized (
      select distinct p.one, p.other from pairs p
      cross join lateral (select o.search_key, o.family_name, o.given_name from person o
        where o.municipality_id = municipality and o.id = p.one offset 0) x
      cross join lateral (select o.search_key, o.family_name, o.given_name from person o
        where o.municipality_id = municipality and o.id = p.other offset 0) y
      where x.search_key = y.search_key
        or search_key(x.given_name) = search_key(y.family_name) and search_key(x.family_name) = search_key(y.given_name)
    )
    select n.one, n.other from named n where not are_told_apart(municipality, 'person', n.one, n.other) limit most;
end $$;
revoke execute on function doubled_adults from public;
grant execute on function doubled_adults to refettorio_web;

-- The adults of one name and birth day who pay for several families, each by the first of them, with those families.
create function holders_of_several(most integer) returns table (person_id uuid, households uuid[])
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp set work_mem = '32MB' as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
begin
  if app_audience() is distinct from 'staff' then return; end if;
  return query
    select (array_agg(p.id order by p.id))[1], array_agg(m.household_id)
    from active_member m
    join person p on p.municipality_id = municipality and p.id = m.person_id
    where m.municipality_id = municipality and m.role = 'holder' and not exists (select from household_merge x
      where x.municipality_id = municipality and x.gone_id = m.household_id and x.undone_at is null)
    group by p.search_key collate "C", p.birth_date having count(*) > 1
      and not (count(*) = 2 and are_told_apart(municipality, 'household', min(m.household_id::text)::uuid, max(m.household_id::text)::uuid))
    order by p.search_key collate "C" limit most;
end $$;
revoke execute on function holders_of_several from public;
grant execute on function holders_of_several to refettorio_web;
