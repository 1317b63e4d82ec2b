-- Sessions and what a citizen may do before a municipality's scope is known. These functions run as the owner of the schema:
-- the caller holds the secret whose hash is looked up, or gets nothing that belongs to a family.

-- `is_use` is false for what an open page asks by itself: it tells who is asking and does not keep the session alive. `looks`, on
-- the side of the families: the session in which a colleague of the office looks at the portal as a family answers with that
-- family's holder, without any role of the office.
create function viewer_of_session(
  token_hash bytea, slug text, idle interval, is_use boolean default true, looks boolean default false
)
returns table (
  session_id uuid, citizen_id uuid, method text, level smallint, authenticated_at timestamptz, seconds_since_identity integer,
  opened_with text, device_id uuid, given_name text, family_name text,
  municipality_id uuid, person_id uuid, person_name text, memberships jsonb, staff_roles text[], look jsonb
)
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  live record;
  who record;
  office text[];
  looked record;
begin
  select s.id, s.citizen_id, s.method, s.level, s.authenticated_at, s.opened_with, s.device_id, s.last_seen_at into live
  from session s
  where s.token_hash = viewer_of_session.token_hash and s.ended_at is null
    and s.expires_at > app_now() and s.last_seen_at > app_now() - viewer_of_session.idle;
  if not found then return; end if;
  -- Once a minute is enough to know whether a session is idle, and spares a write per request.
  if viewer_of_session.is_use and live.last_seen_at < app_now() - interval '1 minute' then
    update session s set last_seen_at = app_now() where s.id = live.id and s.last_seen_at < app_now();
  end if;
  -- One statement: citizen and person may get another hash between two (decision 0085).
  select c.given_name, c.family_name, m.id as place, p.id as person_id, p.full_name into who from citizen c
  left join municipality m on m.slug = viewer_of_session.slug and m.active
  left join person_code k on k.municipality_id = m.id and k.fiscal_code_hash = c.fiscal_code_hash
  left join person p on p.municipality_id = m.id and p.id = k.person_id
  where c.id = live.citizen_id;
  -- The office sees every family: a drawn sequence is not enough for that.
  office := coalesce((select array_agg(distinct r.role) from active_staff_member r
    where r.municipality_id = who.place and r.person_id = who.person_id and live.opened_with = 'identity'), '{}');
  if viewer_of_session.looks and office && array['operator', 'manager'] then
    select l.id, l.ends_at, h.id as household_id, h.name, p.id as holder_id, p.given_name, p.full_name into looked
      from family_look l
      join household h on h.municipality_id = who.place and h.id = l.household_id
      join person p on p.municipality_id = who.place and p.id = l.holder_id
      where l.municipality_id = who.place and l.session_id = live.id and l.person_id = who.person_id
        and looked_at(who.place, l.id, l.holder_id) is not null;
    if found then
      return query
        select live.id, live.citizen_id, live.method, live.level, live.authenticated_at,
          extract(epoch from app_now() - live.authenticated_at)::integer, live.opened_with, live.device_id,
          looked.given_name, who.family_name, who.place, looked.holder_id, looked.full_name,
          coalesce((select jsonb_agg(m) from jsonb_array_elements(memberships_of(who.place, looked.holder_id)) m
            where m ->> 'householdId' = looked.household_id::text and m ->> 'role' = 'holder'), '[]'),
          '{}'::text[],
          jsonb_build_object('id', looked.id, 'until', looked.ends_at, 'householdId', looked.household_id,
            'householdName', looked.name, 'by', who.person_id);
      return;
    end if;
  end if;
  return query
    select live.id, live.citizen_id, live.method, live.level, live.authenticated_at,
      extract(epoch from app_now() - live.authenticated_at)::integer, live.opened_with, live.device_id,
      who.given_name, who.family_name, who.place, who.person_id, who.full_name,
      case when who.person_id is null then '[]' else memberships_of(who.place, who.person_id) end,
      office, null::jsonb;
end $$;
revoke execute on function viewer_of_session from public;
grant execute on function viewer_of_session to refettorio_web;

-- The session of a request that only reads, with its transaction's scope: who is reading, what is theirs and how many
-- notifications wait, in one statement.
create function enter_session(
  token_hash bytea, slug text, idle interval, is_use boolean default true, looks boolean default false
)
returns table (
  session_id uuid, citizen_id uuid, method text, level smallint, authenticated_at timestamptz, seconds_since_identity integer,
  opened_with text, device_id uuid, given_name text, family_name text,
  municipality_id uuid, person_id uuid, person_name text, memberships jsonb, staff_roles text[], look jsonb, unread integer
)
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  v record;
begin
  select * into v from viewer_of_session(enter_session.token_hash, enter_session.slug, enter_session.idle, enter_session.is_use,
    enter_session.looks);
  if not found then return; end if;
  if v.person_id is not null then 
    perform enter_scope(v.municipality_id, 'family', v.person_id, look => (v.look ->> 'id')::uuid);
  end if;
  -- From here on the transaction only reads: what it wrote could be undone after the answer.
  perform set_config('transaction_read_only', 'on', true);
  return query select v.session_id, v.citizen_id, v.method, v.level, v.authenticated_at, v.seconds_since_identity,
    v.opened_with, v.device_id, v.given_name, v.family_name, v.municipality_id, v.person_id, v.person_name, v.memberships,
    v.staff_roles, v.look,
    (select count(*)::integer from notification n
      where n.municipality_id = v.municipality_id and n.person_id = v.person_id and n.read_at is null);
end $$;
revoke execute on function enter_session from public;
grant execute on function enter_session to refettorio_web;

create function municipalities_of_citizen(who uuid) returns table (slug text, name text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select m.slug, m.name from citizen c
  join person_code k on k.fiscal_code_hash = c.fiscal_code_hash
  join municipality m on m.id = k.municipality_id and m.active
  where c.id = who and (
    jsonb_array_length(memberships_of(m.id, k.person_id)) > 0
    or exists (select from active_staff_member r where r.municipality_id = m.id and r.person_id = k.person_id))
  order by m.name, m.slug
$$;
revoke execute on function municipalities_of_citizen from public;
grant execute on function municipalities_of_citizen to refettorio_web;

create function choose_language(token_hash bytea, chosen text) returns text
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  kept text;
begin
  update citizen c set language = choose_language.chosen, language_chosen_at = app_now()
  from session s
  where choose_language.chosen is not null and c.language is distinct from choose_language.chosen
    and s.token_hash = choose_language.token_hash and s.ended_at is null and s.expires_at > app_now()
    and c.id = s.citizen_id;
  select c.language into kept from citizen c join session s on s.citizen_id = c.id
  where s.token_hash = choose_language.token_hash and s.ended_at is null and s.expires_at > app_now();
  return kept;
end $$;
revoke execute on function choose_language from public;
grant execute on function choose_language to refettorio_web;

create function language_chosen_at(in_municipality uuid, who uuid) returns timestamptz
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select max(c.language_chosen_at) from person_code k join citizen c on c.fiscal_code_hash = k.fiscal_code_hash
  where k.municipality_id = in_municipality and k.person_id = who
$$;
revoke execute on function language_chosen_at from public;
grant execute on function language_chosen_at to refettorio_web;

create function language_of_person(in_municipality uuid, who uuid) returns text
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select c.language from person_code k join citizen c on c.fiscal_code_hash = k.fiscal_code_hash
  where k.municipality_id = in_municipality and k.person_id = who and c.language is not null
  order by c.language_chosen_at desc limit 1
$$;
revoke execute on function language_of_person from public;
grant execute on function language_of_person to refettorio_web;

-- What goes on without a session: addresses of calendars, and browsers that get push messages. In every municipality.
create function end_subscriptions_of_citizen(who uuid) returns void
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  it record;
begin
  for it in
    select k.municipality_id, k.person_id as id from citizen c
    join person_code k on k.fiscal_code_hash = c.fiscal_code_hash where c.id = who
  loop
    update calendar_feed f set revoked_at = app_now()
    where f.municipality_id = it.municipality_id and f.person_id = it.id and f.revoked_at is null;
    update push_subscription s set ended_at = app_now(), end_reason = 'revoked'
    where s.municipality_id = it.municipality_id and s.person_id = it.id and s.ended_at is null;
  end loop;
end $$;
revoke execute on function end_subscriptions_of_citizen from public;
grant execute on function end_subscriptions_of_citizen to refettorio_web;

-- A true limit: no stretch of `seconds` holds more than `most` uses. The row of a key holds its uses; those that fall into one
-- hundredth of the window share an entry and leave with the last of them, so that the row of a limit of thousands is short too.
-- What is refused is not counted: who tries again does not wait longer. The row is locked until the transaction ends.
create function take_attempt(whose bytea, seconds integer, most integer) returns integer
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  step constant double precision := seconds / 100.0;
  moment double precision := extract(epoch from app_now());
  held attempt_count;
  used integer;
  latest integer;
  leaving integer := 1;
begin
  loop
    insert into attempt_count (key, expires_at) values (whose, app_now()) on conflict do nothing;
    select * into held from attempt_count where key = whose for update;
    -- The row of a key whose uses had all ended may be deleted in between.
    exit when found;
  end loop;
  select coalesce(array_agg(at order by at), '{}'), coalesce(array_agg(n order by at), '{}'), coalesce(sum(n), 0)
    into held.instants, held.counts, used
    from unnest(held.instants, held.counts) as entry (at, n) where at > moment - seconds;
  latest := cardinality(held.instants);
  if used >= most then
    while leaving < latest and used - held.counts[leaving] >= most loop
      used := used - held.counts[leaving];
      leaving := leaving + 1;
    end loop;
    return greatest(1, ceil(held.instants[leaving] + seconds - moment))::integer;
  end if;
  -- A transaction that began earlier may come later: uses are in the order in which they are counted.
  moment := greatest(moment, held.instants[latest]);
  if latest > 0 and floor(held.instants[latest] / step) = floor(moment / step) then
    held.instants[latest] := moment;
    held.counts[latest] := held.counts[latest] + 1;
  else
    held.instants := held.instants || moment;
    held.counts := held.counts || 1;
  end if;
  update attempt_count set instants = held.instants, counts = held.counts, expires_at = to_timestamp(moment + seconds)
    where key = whose;
  return 0;
end $$;
comment on function take_attempt is 'Counts one attempt; answers 0, or after how many seconds to try again';
revoke execute on function take_attempt from public;
grant execute on function take_attempt to refettorio_web;

create function give_back_attempt(whose bytea, seconds integer) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  update attempt_count c set
    instants = case when latest.n > 1 then c.instants else trim_array(c.instants, 1) end,
    counts = trim_array(c.counts, 1) || case when latest.n > 1 then array[latest.n - 1] else '{}' end
  from (
    select key, counts[cardinality(counts)] as n from attempt_count
    where key = whose and instants[cardinality(instants)] > extract(epoch from app_now()) - seconds
    for update
  ) latest
  where c.key = latest.key
$$;
comment on function give_back_attempt is 'Uncounts the latest attempt of the window';
revoke execute on function give_back_attempt from public;
grant execute on function give_back_attempt to refettorio_web;

create function purge_devices(most integer) returns integer language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  old uuid[];
begin
  old := array(
    select d.id from remembered_device d
    where coalesce(d.revoked_at, d.last_used_at) < app_now() - interval '12 months'
      and not exists (select from session s where s.device_id = d.id)
    limit most for update skip locked);
  delete from passkey where device_id = any (old);
  delete from remembered_device where id = any (old);
  return coalesce(array_length(old, 1), 0);
end $$;
revoke execute on function purge_devices from public;
grant execute on function purge_devices to refettorio_web;
