-- Imports of pupils: undoing one, forgetting old ones, and where the worker has something to do.

-- What depends on the rows that an import wrote in one table (of enrolments, cancellations and fares: of a pupil), or changed since: with
-- any of it undoing is refused. A table at a time, so that each statement of a large import ends long before its limit.
create function what_keeps_an_import(in_municipality uuid, which uuid, of_table text) returns table (what text, name text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  with image as materialized (
    select i.table_name, i.row_id, i.after_sum from pupil_import_image i
    where i.municipality_id = in_municipality and i.import_id = which and i.table_name = of_table
      and in_municipality = app_municipality() and app_audience() = 'staff'
  )
  select i.table_name, coalesce(h.name, '') from image i
    left join household h on h.municipality_id = in_municipality and h.id = i.row_id
    where i.table_name = 'household' and (h.id is null or md5(to_jsonb(h)::text) is distinct from i.after_sum)
  union all
  select i.table_name, coalesce(p.full_name, '') from image i
    left join person p on p.municipality_id = in_municipality and p.id = i.row_id
    where i.table_name = 'person' and (p.id is null or md5(to_jsonb(p)::text) is distinct from i.after_sum)
  union all
  select i.table_name, coalesce(c.full_name, '') from image i
    left join pupil c on c.municipality_id = in_municipality and c.id = i.row_id
    where i.table_name = 'pupil' and (c.id is null or md5(to_jsonb(c)::text) is distinct from i.after_sum)
  union all
  select i.table_name, coalesce(h.name, '') from image i
    left join household_member m on m.municipality_id = in_municipality and m.id = i.row_id
    left join household h on h.municipality_id = in_municipality and h.id = m.household_id
    where i.table_name = 'household_member' and (m.id is null or md5(to_jsonb(m)::text) is distinct from i.after_sum)
  union all
  select i.table_name, coalesce(h.name, '') from image i
    left join account a on a.municipality_id = in_municipality and a.id = i.row_id
    left join household h on h.municipality_id = in_municipality and h.id = a.household_id
    where i.table_name = 'account' and (a.id is null or md5(to_jsonb(a)::text) is distinct from i.after_sum)
  union all
  select i.table_name, coalesce(c.full_name, '') from image i
    left join pupil c on c.municipality_id = in_municipality and c.id = i.row_id
    where i.table_name = 'enrolment' and (c.id is null or i.after_sum is distinct from md5(coalesce((
      select jsonb_agg(to_jsonb(e) order by e.id) from enrolment e
      where e.municipality_id = in_municipality and e.pupil_id = i.row_id), '[]')::text))
  union all
  select i.table_name, coalesce(c.full_name, '') from image i
    left join pupil c on c.municipality_id = in_municipality and c.id = i.row_id
    where i.table_name = 'absence' and (c.id is null or i.after_sum is distinct from md5(coalesce((
      select jsonb_agg(to_jsonb(a) order by a.service_day_id) from absence a
      where a.municipality_id = in_municipality and a.pupil_id = i.row_id), '[]')::text))
  union all
  select i.table_name, coalesce(c.full_name, '') from image i
    left join pupil c on c.municipality_id = in_municipality and c.id = i.row_id
    where i.table_name = 'fare_assignment' and (c.id is null or i.after_sum is distinct from md5(coalesce((
      select jsonb_agg(to_jsonb(f) order by f.id) from fare_assignment f
      where f.municipality_id = in_municipality and f.pupil_id = i.row_id), '[]')::text))
  union all
  -- Counted in a school where they eat: an enrolment elsewhere would be one that changed.
  select 'counted_meals', c.full_name from pupil_import u
    join service_day d on d.municipality_id = in_municipality and d.day >= u.first_day
      and (d.service_id, d.school_id) in (select e.service_id, e.school_id from image i
        join enrolment e on e.municipality_id = in_municipality and e.pupil_id = i.row_id where i.table_name = 'enrolment')
    join counted_meals m on m.municipality_id = in_municipality and m.service_day_id = d.id
    cross join lateral unnest(m.pupil_ids) as counted (pupil_id)
    join image i on i.table_name = 'enrolment' and i.row_id = counted.pupil_id
    join pupil c on c.municipality_id = in_municipality and c.id = i.row_id
    where u.municipality_id = in_municipality and u.id = which
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
    where b.municipality_id = in_municipality and b.import_id = which and of_table = 'account'
      and in_municipality = app_municipality() and app_audience() = 'staff'
      and exists (select from entry e where e.municipality_id = in_municipality and e.account_id = b.account_id
        and e.journal_id not in (select mine.journal_id from imported_balance mine
          where mine.municipality_id = in_municipality and mine.import_id = which)
        and (e.posted_at, e.id) > (own.posted_at, own.id))
$$;
revoke execute on function what_keeps_an_import from public;
grant execute on function what_keeps_an_import to refettorio_web;

-- Takes back so many rows of one table that an import made, when its enrolments and fares are as they were before it
-- (lib/school/office/enrolment.commands.ts); all of them are one transaction. Pupils and accounts are otherwise never deleted: nothing
-- refers to these, which every foreign key asks. What is taken back is held first and compared with what the import left, so that
-- nothing changes between the comparison and the end. Of enrolments, cancellations and fares, which are written before, it asks that
-- they are what they were.
-- How many images went; where a row has changed or another refers to it, the table of that row.
create function undo_pupil_import(in_municipality uuid, which uuid, of_table text, most integer, out undone integer, out referring text)
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  ids uuid[];
  made uuid[];
begin
  if in_municipality is distinct from app_municipality() or app_audience() is distinct from 'staff' then
    raise exception 'only the office of the municipality undoes an import' using errcode = 'insufficient_privilege';
  end if;
  perform from pupil_import u where u.municipality_id = in_municipality and u.id = which and u.state = 'undoing' for update;
  if not found then raise exception 'this import is not being undone' using errcode = 'object_not_in_prerequisite_state'; end if;
  ids := array(select i.row_id from pupil_import_image i
    where i.municipality_id = in_municipality and i.import_id = which and i.table_name = of_table
    -- A role that the import gave goes before the one that it ended comes back: a person has one.
    order by i.before is not null, i.row_id limit most);

  if of_table in ('enrolment', 'absence', 'fare_assignment') then
    execute format($query$
      select from unnest($2) as n (pupil_id)
      join pupil_import_image i on i.municipality_id = $1 and i.import_id = $3 and i.table_name = %1$L and i.row_id = n.pupil_id
      where i.before is distinct from coalesce((select jsonb_agg(to_jsonb(r) order by r.%2$I) from %1$I r
        where r.municipality_id = $1 and r.pupil_id = n.pupil_id), '[]') limit 1$query$,
      of_table, case of_table when 'absence' then 'service_day_id' else 'id' end)
      using in_municipality, ids, which;
    get diagnostics undone = row_count;
    if undone > 0 then raise exception 'what is undone is as it was before: %', of_table using errcode = 'data_exception'; end if;
  elsif of_table in ('account', 'household_member', 'pupil', 'person', 'household') then
    execute format($query$
      with held as materialized (
        select r.id, md5(to_jsonb(r)::text) as sum from %1$I r where r.municipality_id = $1 and r.id = any ($2) order by r.id for update)
      select %1$L from unnest($2) as n (id)
      join pupil_import_image i on i.municipality_id = $1 and i.import_id = $3 and i.table_name = %1$L and i.row_id = n.id
      left join held h on h.id = n.id where h.sum is distinct from i.after_sum limit 1$query$, of_table)
      into referring using in_municipality, ids, which;
    if referring is not null then return; end if;
    begin
      perform set_config('app.undoes_import', which::text, true);
      if of_table = 'person' then
        delete from person_code k where k.municipality_id = in_municipality and k.person_id = any (ids);
      end if;
      made := array(select i.row_id from pupil_import_image i where i.municipality_id = in_municipality and i.import_id = which
        and i.table_name = of_table and i.row_id = any (ids) and i.before is null);
      execute format('delete from %I r where r.municipality_id = $1 and r.id = any ($2)', of_table) using in_municipality, made;
      if of_table = 'household_member' then
        update household_member m set ended_at = (i.before ->> 'ended_at')::timestamptz from pupil_import_image i
          where i.municipality_id = in_municipality and i.import_id = which and i.table_name = of_table and i.row_id = any (ids)
          and i.before is not null and m.municipality_id = in_municipality and m.id = i.row_id;
      end if;
      perform set_config('app.undoes_import', '', true);
    exception when foreign_key_violation or restrict_violation then
      get stacked diagnostics referring = table_name;
      referring := coalesce(nullif(referring, ''), 'absence');
      return;
    end;
  end if;
  delete from pupil_import_image i where i.municipality_id = in_municipality and i.import_id = which and i.table_name = of_table
    and i.row_id = any (ids);
  undone := cardinality(ids);
end $$;
comment on function undo_pupil_import(uuid, uuid, text, integer) is
  'How many images went, or the table of a row that changed or refers to one of the import';
revoke execute on function undo_pupil_import(uuid, uuid, text, integer) from public;
grant execute on function undo_pupil_import(uuid, uuid, text, integer) to refettorio_web;

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
