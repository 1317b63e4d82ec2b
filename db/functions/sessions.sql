-- Sessions and what a citizen may do before a municipality's scope is known. These functions run as the owner of the schema:
-- the caller holds the secret whose hash is looked up, or gets nothing that belongs to a family.

-- `is_use` is false for what an open page asks by itself: it tells who is asking and does not keep the session alive.
create function viewer_of_session(token_hash bytea, slug text, idle interval, is_use boolean default true)
returns table (
  session_id uuid, citizen_id uuid, method text, level smallint, authenticated_at timestamptz, seconds_since_identity integer,
  opened_with text, device_id uuid, given_name text, family_name text,
  municipality_id uuid, person_id uuid, person_name text, memberships jsonb, staff_roles text[]
)
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  live record;
  who record;
  place uuid;
  known record;
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
  select c.given_name, c.family_name, c.fiscal_code_hash into who from citizen c where c.id = live.citizen_id;
  select m.id into place from municipality m where m.slug = viewer_of_session.slug and m.active;
  select p.id, p.full_name into known from person_code k
  join person p on p.municipality_id = place and p.id = k.person_id
  where k.municipality_id = place and k.fiscal_code_hash = who.fiscal_code_hash;
  return query
    select live.id, live.citizen_id, live.method, live.level, live.authenticated_at,
      extract(epoch from app_now() - live.authenticated_at)::integer, live.opened_with, live.device_id,
      who.given_name, who.family_name, place, known.id, known.full_name,
      case when known.id is null then '[]' else memberships_of(place, known.id) end,
      -- The office sees every family: a drawn sequence is not enough for that.
      coalesce((select array_agg(distinct r.role)
        from active_staff_member r
        where r.municipality_id = place and r.person_id = known.id and live.opened_with = 'identity'), '{}');
end $$;
revoke execute on function viewer_of_session from public;
grant execute on function viewer_of_session to refettorio_web;

-- The session of a request that only reads, with its transaction's scope: who is reading, what is theirs and how many
-- notifications wait, in one statement.
create function enter_session(token_hash bytea, slug text, idle interval, is_use boolean default true)
returns table (
  session_id uuid, citizen_id uuid, method text, level smallint, authenticated_at timestamptz, seconds_since_identity integer,
  opened_with text, device_id uuid, given_name text, family_name text,
  municipality_id uuid, person_id uuid, person_name text, memberships jsonb, staff_roles text[], unread integer
)
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  v record;
begin
  select * into v from viewer_of_session(enter_session.token_hash, enter_session.slug, enter_session.idle, enter_session.is_use);
  if not found then return; end if;
  if v.person_id is not null then perform enter_scope(v.municipality_id, 'family', v.person_id); end if;
  -- From here on the transaction only reads: what it wrote could be undone after the answer.
  perform set_config('transaction_read_only', 'on', true);
  return query select v.session_id, v.citizen_id, v.method, v.level, v.authenticated_at, v.seconds_since_identity,
    v.opened_with, v.device_id, v.given_name, v.family_name, v.municipality_id, v.person_id, v.person_name, v.memberships,
    v.staff_roles,
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

create function take_attempt(whose bytea, seconds integer, most integer) returns integer
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  until timestamptz := to_timestamp((floor(extract(epoch from app_now()) / seconds) + 1) * seconds);
  used integer;
begin
  insert into attempt_window as w (key, expires_at, count) values (whose, until, 1)
    on conflict (key, expires_at) do update set count = w.count + 1 returning w.count into used;
  return case when used > most then greatest(1, ceil(extract(epoch from until - app_now())))::integer else 0 end;
end $$;
comment on function take_attempt is 'Counts one attempt; answers 0, or after how many seconds to try again';
revoke execute on function take_attempt from public;
grant execute on function take_attempt to refettorio_web;

create function give_back_attempt(whose bytea, seconds integer) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  update attempt_window set count = count - 1
  where key = whose and count > 0
    and expires_at = to_timestamp((floor(extract(epoch from app_now()) / seconds) + 1) * seconds)
$$;
comment on function give_back_attempt is 'Uncounts one attempt of the window of now';
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
