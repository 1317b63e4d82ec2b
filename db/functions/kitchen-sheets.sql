-- The sheets that kitchens got of their days. They hold codes and numbers: no names, no pupils.

-- Whether the person may read what a kitchen got: the office and the worker of every kitchen, a cook of the own one; the role of
-- all schools reads every kitchen's.
create function may_read_sheets_of(kitchen uuid) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  municipality constant uuid := app_municipality();
begin
  if app_audience() in ('staff', 'system') then return true; end if;
  return app_audience() = 'partner' and exists (select from active_staff_member r
    where r.municipality_id = municipality and r.person_id = app_person() and r.role = 'kitchen' and r.school_id is null
      and (r.kitchen_id is null or r.kitchen_id = kitchen));
end $$;
revoke execute on function may_read_sheets_of from public;

-- The newest sheet of each kitchen of a day.
create function newest_sheets(on_day date) returns table (id uuid, kitchen_id uuid, kitchen_name text, number integer, written_at timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
begin
  return query
    select distinct on (w.name, h.kitchen_id) h.id, h.kitchen_id, w.name, h.number, h.written_at
    from count_sheet h join kitchen w on w.municipality_id = municipality and w.id = h.kitchen_id
    where h.municipality_id = municipality and h.day = on_day and may_read_sheets_of(h.kitchen_id)
    order by w.name, h.kitchen_id, h.number desc;
end $$;
revoke execute on function newest_sheets from public;
grant execute on function newest_sheets to refettorio_web;

-- A sheet of which the person may read the kitchen's.
create function sheet_head(sheet uuid) returns table (kitchen_name text, day date, number integer, written_at timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
begin
  return query
    select w.name, h.day, h.number, h.written_at
    from count_sheet h join kitchen w on w.municipality_id = municipality and w.id = h.kitchen_id
    where h.municipality_id = municipality and h.id = sheet and may_read_sheets_of(h.kitchen_id);
end $$;
revoke execute on function sheet_head from public;
grant execute on function sheet_head to refettorio_web;

-- The counts of a sheet: of each school and service the newest that had gone out, the one of the sheet before, and the last count of
-- the same weekday in the four weeks before.
create function sheet_counts(sheet uuid)
returns table (
  count_id uuid, school_id uuid, school_name text, service_name text, version integer, frozen_at timestamptz, reason text,
  before_id uuid, before_version integer, usual_id uuid, usual_day date
)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
begin
  return query
    with asked as (
      select h.kitchen_id, h.day, h.number from count_sheet h
      where h.municipality_id = municipality and h.id = sheet and may_read_sheets_of(h.kitchen_id)
    ), sent as materialized (
      select k.id, k.service_day_id, k.version, k.frozen_at, k.reason, h.number < asked.number as is_earlier
      from asked
      join count_sheet h on h.municipality_id = municipality and h.kitchen_id = asked.kitchen_id and h.day = asked.day
        and h.number <= asked.number
      join count_mail c on c.municipality_id = municipality and c.count_sheet_id = h.id
      join kitchen_count k on k.municipality_id = municipality and k.id = c.kitchen_count_id
    ), newest as (
      select distinct on (s.service_day_id) s.* from sent s order by s.service_day_id, s.version desc
    )
    select n.id, d.school_id, s.name, v.name, n.version, n.frozen_at, coalesce(n.reason, ''), earlier.id, earlier.version, usual.id, usual.day
    from newest n
    join service_day d on d.municipality_id = municipality and d.id = n.service_day_id
    join school s on s.municipality_id = municipality and s.id = d.school_id
    join service v on v.municipality_id = municipality and v.id = d.service_id
    left join lateral (
      select e.id, e.version from sent e where e.service_day_id = n.service_day_id and e.is_earlier order by e.version desc limit 1
    ) earlier on true
    left join lateral (
      select k.id, u.day from service_day u
      join kitchen_count k on k.municipality_id = municipality and k.service_day_id = u.id
      where u.municipality_id = municipality and u.school_id = d.school_id and u.service_id = d.service_id and u.status = 'closed'
        and u.day in (d.day - 7, d.day - 14, d.day - 21, d.day - 28)
      order by u.day desc, k.version desc limit 1
    ) usual on true
    order by s.name, v.name;
end $$;
revoke execute on function sheet_counts from public;
grant execute on function sheet_counts to refettorio_web;

-- The lines of the counts that `sheet_counts` names.
create function sheet_lines(sheet uuid)
returns table (
  count_id uuid, class_name text, diet_code text, meals integer, absent integer, severe integer, asked integer
)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
begin
  return query
    select l.kitchen_count_id, c.name, l.diet_code, l.meals, l.absent, l.severe, l.asked
    from kitchen_count_line l
    join school_class c on c.municipality_id = municipality and c.id = l.school_class_id
    where l.municipality_id = municipality and l.kitchen_count_id = any (array(
      select unnest(array[n.count_id, n.before_id, n.usual_id]) from sheet_counts(sheet) n))
    order by 2, 3;
end $$;
revoke execute on function sheet_lines from public;
grant execute on function sheet_lines to refettorio_web;

-- As `enqueue_mail`, with a sheet that leaves as files of the mail.
create function enqueue_count_mail(
  in_municipality uuid, dedupe_key text, recipient text, subject text, body_text text, sheet uuid
) returns void language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
begin
  if in_municipality is distinct from app_municipality() or app_audience() is distinct from 'system' then
    raise exception 'a count of another municipality' using errcode = 'insufficient_privilege';
  end if;
  insert into outbox (municipality_id, dedupe_key, channel, recipient, subject, body_text, language, batch_id, count_sheet_id)
  values (in_municipality, enqueue_count_mail.dedupe_key, 'email', enqueue_count_mail.recipient, enqueue_count_mail.subject,
    enqueue_count_mail.body_text, 'it',
    delivery_batch_of(in_municipality, jsonb_build_object('key', 'letter:' || app_today(), 'event', 'letter')), sheet)
  on conflict (municipality_id, dedupe_key) do nothing;
end $$;
revoke execute on function enqueue_count_mail from public;
grant execute on function enqueue_count_mail to refettorio_web;

-- Whether the person has now the role of a kitchen that cooks for a school; null as the person: any person.
create function cooks_for(school uuid, kitchen uuid, person uuid) returns boolean
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  municipality constant uuid := app_municipality();
begin
  return exists (select from active_staff_member r
    where r.municipality_id = municipality and r.role = 'kitchen' and (person is null or r.person_id = person)
      and case when r.kitchen_id is not null then r.kitchen_id = kitchen else r.school_id is null or r.school_id = school end);
end $$;
revoke execute on function cooks_for from public;

-- The frozen counts of a day of services for which a kitchen cooks, of the schools whose meals the person may count: the newest of each, whether its
-- kitchen has seen it, and whether the person cooks for it.
create function frozen_counts(on_day date)
returns table (
  count_id uuid, school_id uuid, school_name text, service_name text, kitchen_id uuid, kitchen_name text, version integer,
  frozen_at timestamptz, reason text, seen_at timestamptz, seen_by text, is_own boolean
)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
  schools constant uuid[] := counted_schools(on_day);
begin
  return query
    select newest.id, d.school_id, s.name, v.name, w.id, w.name, newest.version, newest.frozen_at, coalesce(newest.reason, ''),
      a.acknowledged_at, p.full_name, coalesce(app_person() is not null and cooks_for(d.school_id, w.id, app_person()), false)
    from service_day d
    join school s on s.municipality_id = municipality and s.id = d.school_id
    join service v on v.municipality_id = municipality and v.id = d.service_id and v.is_cooked
    join lateral (
      select k.id, k.version, k.frozen_at, k.reason from kitchen_count k
      where k.municipality_id = municipality and k.service_day_id = d.id order by k.version desc limit 1
    ) newest on true
    left join kitchen w on w.municipality_id = municipality and w.id = serving_kitchen(d.school_id, d.day)
    left join count_acknowledgement a on a.municipality_id = municipality and a.kitchen_count_id = newest.id
    left join person p on p.municipality_id = municipality and p.id = a.person_id
    where d.municipality_id = municipality and d.day = on_day and d.status <> 'open' and d.school_id = any (schools)
    order by w.name nulls last, s.name, v.name;
end $$;
comment on function frozen_counts is 'No names of pupils; who has seen a count is a colleague';
revoke execute on function frozen_counts from public;
grant execute on function frozen_counts to refettorio_web;

-- A cook says to have seen counts of today or of a day to come. Only the newest version of each is taken, and only of the own schools;
-- who was first stays. Answers how many were not seen before.
create function acknowledge_counts(on_day date, counts uuid[]) returns integer
language plpgsql volatile security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
  seen integer;
begin
  if on_day < app_today() or app_person() is null then return 0; end if;
  insert into count_acknowledgement (municipality_id, kitchen_count_id, person_id)
  select municipality, f.count_id, app_person() from frozen_counts(on_day) f
  where f.count_id = any (counts) and f.seen_at is null and f.is_own order by f.count_id
  on conflict do nothing;
  get diagnostics seen = row_count;
  return seen;
end $$;
revoke execute on function acknowledge_counts from public;
grant execute on function acknowledge_counts to refettorio_web;

-- What no one has seen although the municipality's time is over: the newest counts of today of each kitchen (of a school that no
-- kitchen serves), where there is a person who could say so. Since when: the end of that time for the oldest of them.
create function unseen_counts() returns table (item text, since timestamptz)
language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
  minutes constant integer := (select case when q.municipality_id is null then 30 else q.seen_minutes end
    from (select 1) one left join kitchen_setting q on q.municipality_id = municipality);
begin
  if app_audience() not in ('staff', 'system') or minutes is null then return; end if;
  return query
    select coalesce(f.kitchen_id, f.school_id)::text || ' ' || max(f.version), min(f.frozen_at) + make_interval(mins => minutes)
    from frozen_counts(app_today()) f
    where f.seen_at is null and f.frozen_at <= app_now() - make_interval(mins => minutes)
      and cooks_for(f.school_id, f.kitchen_id, null)
    group by coalesce(f.kitchen_id, f.school_id);
end $$;
revoke execute on function unseen_counts from public;
grant execute on function unseen_counts to refettorio_web;
