-- Imports of pupils: undoing one, forgetting old ones, and where the worker has something to do.

-- What depends on the rows of an import, or changed since: with any of it undoing is refused.
create function what_keeps_an_import(in_municipality uuid, which uuid) returns table (what text, name text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  with image as (
    select i.table_name, i.row_id, i.after_sum from pupil_import_image i
    where i.municipality_id = in_municipality and i.import_id = which
      and in_municipality = app_municipality() and app_audience() = 'staff'
  ), now_is as (
    select 'household' as table_name, h.id, md5(to_jsonb(h)::text) as sum, h.name from household h
      where h.municipality_id = in_municipality and h.id in (select row_id from image where table_name = 'household')
    union all
    select 'person', p.id, md5(to_jsonb(p)::text), p.full_name from person p
      where p.municipality_id = in_municipality and p.id in (select row_id from image where table_name = 'person')
    union all
    select 'pupil', c.id, md5(to_jsonb(c)::text), c.full_name from pupil c
      where c.municipality_id = in_municipality and c.id in (select row_id from image where table_name = 'pupil')
    union all
    select 'household_member', m.id, md5(to_jsonb(m)::text), h.name from household_member m
      join household h on h.municipality_id = in_municipality and h.id = m.household_id
      where m.municipality_id = in_municipality and m.id in (select row_id from image where table_name = 'household_member')
    union all
    select 'account', a.id, md5(to_jsonb(a)::text), h.name from account a
      join household h on h.municipality_id = in_municipality and h.id = a.household_id
      where a.municipality_id = in_municipality and a.id in (select row_id from image where table_name = 'account')
    union all
    select 'enrolment', c.id, md5(coalesce((select jsonb_agg(to_jsonb(e) order by e.id) from enrolment e
        where e.municipality_id = in_municipality and e.pupil_id = c.id), '[]')::text), c.full_name from pupil c
      where c.municipality_id = in_municipality and c.id in (select row_id from image where table_name = 'enrolment')
    union all
    select 'absence', c.id, md5(coalesce((select jsonb_agg(to_jsonb(a) order by a.service_day_id) from absence a
        where a.municipality_id = in_municipality and a.pupil_id = c.id), '[]')::text), c.full_name from pupil c
      where c.municipality_id = in_municipality and c.id in (select row_id from image where table_name = 'absence')
    union all
    select 'fare_assignment', c.id, md5(coalesce((select jsonb_agg(to_jsonb(f) order by f.id) from fare_assignment f
        where f.municipality_id = in_municipality and f.pupil_id = c.id), '[]')::text), c.full_name from pupil c
      where c.municipality_id = in_municipality and c.id in (select row_id from image where table_name = 'fare_assignment')
  )
  select i.table_name, coalesce(n.name, '') from image i
    left join now_is n on n.table_name = i.table_name and n.id = i.row_id
    where n.sum is distinct from i.after_sum
  union all
  select 'counted_meals', c.full_name from pupil_import u
    join service_day d on d.municipality_id = in_municipality and d.day >= u.first_day
    join counted_meals m on m.municipality_id = in_municipality and m.service_day_id = d.id
    join pupil c on c.municipality_id = in_municipality and c.id = any (m.pupil_ids)
    where u.municipality_id = in_municipality and u.id = which
      and c.id in (select row_id from image where table_name = 'enrolment')
  union all
  select 'entry', h.name from image i
    join account a on a.municipality_id = in_municipality and a.id = i.row_id
    join household h on h.municipality_id = in_municipality and h.id = a.household_id
    where i.table_name = 'account' and exists (select from entry e where e.municipality_id = in_municipality and e.account_id = a.id)
  union all
  -- A balance that it opened is reversed while nothing has moved the account since.
  select 'balance', h.name from imported_balance b
    join account a on a.municipality_id = in_municipality and a.id = b.account_id
    join household h on h.municipality_id = in_municipality and h.id = a.household_id
    join entry own on own.municipality_id = in_municipality and own.journal_id = b.journal_id and own.account_id = b.account_id
    where b.municipality_id = in_municipality and b.import_id = which
      and in_municipality = app_municipality() and app_audience() = 'staff'
      and exists (select from entry e where e.municipality_id = in_municipality and e.account_id = b.account_id
        and e.journal_id not in (select mine.journal_id from imported_balance mine
          where mine.municipality_id = in_municipality and mine.import_id = which)
        and (e.posted_at, e.id) > (own.posted_at, own.id))
$$;
revoke execute on function what_keeps_an_import from public;
grant execute on function what_keeps_an_import to refettorio_web;

-- Takes back the rows that an import made, all or nothing, when its enrolments are as they were before it
-- (lib/school/office/enrolment.commands.ts). Pupils and accounts are otherwise never deleted: nothing refers to these, which is asked
-- here by key and by every foreign key.
-- Null when it is done; else the table of a row that refers to one of them.
create function undo_pupil_import(in_municipality uuid, which uuid) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  referring text;
begin
  if in_municipality is distinct from app_municipality() or app_audience() is distinct from 'staff' then
    raise exception 'only the office of the municipality undoes an import' using errcode = 'insufficient_privilege';
  end if;
  perform from pupil_import u where u.municipality_id = in_municipality and u.id = which and u.state = 'undoing' for update;
  if not found then raise exception 'this import is not being undone' using errcode = 'object_not_in_prerequisite_state'; end if;
  select k.what into referring from what_keeps_an_import(in_municipality, which) k
    where k.what not in ('enrolment', 'absence', 'fare_assignment', 'balance') limit 1;
  if found then return referring; end if;
  begin
    perform set_config('app.undoes_import', which::text, true);
    delete from account a using pupil_import_image i where i.municipality_id = in_municipality and i.import_id = which
      and i.table_name = 'account' and a.municipality_id = in_municipality and a.id = i.row_id;
    delete from household_member m using pupil_import_image i where i.municipality_id = in_municipality and i.import_id = which
      and i.table_name = 'household_member' and i.before is null and m.municipality_id = in_municipality and m.id = i.row_id;
    update household_member m set ended_at = (i.before ->> 'ended_at')::timestamptz from pupil_import_image i
      where i.municipality_id = in_municipality and i.import_id = which and i.table_name = 'household_member'
      and i.before is not null and m.municipality_id = in_municipality and m.id = i.row_id;
    delete from pupil c using pupil_import_image i where i.municipality_id = in_municipality and i.import_id = which
      and i.table_name = 'pupil' and c.municipality_id = in_municipality and c.id = i.row_id;
    delete from person_code k using pupil_import_image i where i.municipality_id = in_municipality and i.import_id = which
      and i.table_name = 'person' and k.municipality_id = in_municipality and k.person_id = i.row_id;
    delete from person p using pupil_import_image i where i.municipality_id = in_municipality and i.import_id = which
      and i.table_name = 'person' and p.municipality_id = in_municipality and p.id = i.row_id;
    delete from household h using pupil_import_image i where i.municipality_id = in_municipality and i.import_id = which
      and i.table_name = 'household' and h.municipality_id = in_municipality and h.id = i.row_id;
    perform set_config('app.undoes_import', '', true);
  exception when foreign_key_violation or restrict_violation then
    get stacked diagnostics referring = table_name;
    return coalesce(nullif(referring, ''), 'absence');
  end;
  delete from pupil_import_image i where i.municipality_id = in_municipality and i.import_id = which;
  return null;
end $$;
comment on function undo_pupil_import is 'Null when it is done; else the table of a row that changed or refers to one of the import';
revoke execute on function undo_pupil_import from public;
grant execute on function undo_pupil_import to refettorio_web;

create function municipalities_with_due_imports() returns setof uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select m.id from municipality m where m.active and m.id in (
    select u.municipality_id from pupil_import u where u.state in ('checking', 'applying', 'undoing'))
$$;
revoke execute on function municipalities_with_due_imports from public;
grant execute on function municipalities_with_due_imports to refettorio_web;

-- Files with their findings and images go after 30 days, receipts after 24 months.
create function purge_pupil_imports(most integer) returns integer
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  old record;
  total integer := 0;
begin
  for old in select u.municipality_id, u.id, u.uploaded_at < app_now() - interval '24 months' as is_forgotten from pupil_import u
    where (u.content is not null and greatest(u.uploaded_at, u.applied_at) < app_now() - interval '30 days'
        or u.uploaded_at < app_now() - interval '24 months')
      and u.state not in ('checking', 'applying', 'undoing')
    order by u.municipality_id, u.uploaded_at limit most
  loop
    delete from pupil_import_image i where i.municipality_id = old.municipality_id and i.import_id = old.id;
    delete from pupil_import_finding f where f.municipality_id = old.municipality_id and f.import_id = old.id;
    delete from pupil_import_progress p where p.municipality_id = old.municipality_id and p.import_id = old.id;
    if old.is_forgotten then
      delete from imported_balance b where b.municipality_id = old.municipality_id and b.import_id = old.id;
      delete from pupil_import u where u.municipality_id = old.municipality_id and u.id = old.id;
    else
      update pupil_import u set content = null, state = case when u.state in ('applied', 'undone') then u.state else 'discarded' end
        where u.municipality_id = old.municipality_id and u.id = old.id;
    end if;
    total := total + 1;
  end loop;
  return total;
end $$;
revoke execute on function purge_pupil_imports from public;
grant execute on function purge_pupil_imports to refettorio_web;
