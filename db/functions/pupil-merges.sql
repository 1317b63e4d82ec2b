-- Two pupils who are one child. Who a pupil is, and which accounts are taken away, are rights that the office has by these alone.

-- The chosen name, birth day and code. A code belongs to one pupil: where it is that of the one that goes, the two change places.
create function name_merged_pupil(in_municipality uuid, kept uuid, gone uuid, given text, family text, birth date, swaps boolean)
returns void language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  kept_code text;
  gone_code text;
begin
  if in_municipality is distinct from app_municipality() or app_audience() is distinct from 'staff' then
    raise exception 'only the office of the municipality merges pupils' using errcode = 'insufficient_privilege';
  end if;
  select p.fiscal_code into strict kept_code from pupil p where p.municipality_id = in_municipality and p.id = kept for no key update;
  select p.fiscal_code into strict gone_code from pupil p where p.municipality_id = in_municipality and p.id = gone for no key update;
  if swaps then
    update pupil p set fiscal_code = '00000000000' where p.municipality_id = in_municipality and p.id = gone;
  end if;
  update pupil p set given_name = given, family_name = family, birth_date = birth,
      fiscal_code = case when swaps then gone_code else kept_code end
    where p.municipality_id = in_municipality and p.id = kept;
  if swaps then
    update pupil p set fiscal_code = kept_code where p.municipality_id = in_municipality and p.id = gone;
  end if;
end $$;
revoke execute on function name_merged_pupil from public;
grant execute on function name_merged_pupil to refettorio_web;

-- Takes away what a merge added beside enrolments and bands: accounts, and delegates of the pupil that stayed. Null when it is done; else
-- the family of an account that has moved since.
create function take_merge_back(in_municipality uuid, which uuid) returns text
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  opened uuid[];
  members uuid[];
  kept uuid;
  moved text;
begin
  if in_municipality is distinct from app_municipality() or app_audience() is distinct from 'staff' then
    raise exception 'only the office of the municipality undoes a merge' using errcode = 'insufficient_privilege';
  end if;
  select coalesce((select array_agg(a::uuid) from jsonb_array_elements_text(m.before -> 'accounts') a), '{}'),
      coalesce((select array_agg(d::uuid) from jsonb_array_elements_text(m.before -> 'added') d), '{}'), m.kept_id
    into strict opened, members, kept from pupil_merge m where m.municipality_id = in_municipality and m.id = which and m.undone_at is null for update;
  select h.name into moved from account a join household h on h.municipality_id = in_municipality and h.id = a.household_id
    where a.municipality_id = in_municipality and a.id = any (opened)
      and (exists (select from entry e where e.municipality_id = in_municipality and e.account_id = a.id)
        or exists (select from top_up t where t.municipality_id = in_municipality and t.account_id = a.id)) limit 1;
  if found then return moved; end if;
  delete from delegate_pupil d where d.municipality_id = in_municipality and d.pupil_id = kept and d.household_member_id = any (members);
  perform set_config('app.undoes_import', which::text, true);
  delete from account a where a.municipality_id = in_municipality and a.id = any (opened);
  perform set_config('app.undoes_import', '', true);
  return null;
end $$;
comment on function take_merge_back is 'Null when it is done; else the family of an account that has moved since';
revoke execute on function take_merge_back from public;
grant execute on function take_merge_back to refettorio_web;

-- The pupil that stands for one: itself, or the one into which it was merged, and so on. Merges that were undone do not count.
create function kept_pupil(in_municipality uuid, which uuid) returns uuid
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  with recursive path (id, step) as (
    select which, 0
    union all
    select m.kept_id, p.step + 1 from path p
    join pupil_merge m on m.municipality_id = in_municipality and m.gone_id = p.id and m.undone_at is null
  )
  select p.id from path p order by p.step desc limit 1
$$;
revoke execute on function kept_pupil from public;
grant execute on function kept_pupil to refettorio_web;

-- What two are called at this moment, as a sum: names, codes and birth days; of families, their names and who pays. Null: one is not there.
create function pair_basis(in_municipality uuid, what text, one uuid, other uuid) returns text
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select case when count(*) = 2 then encode(sha256(convert_to(string_agg(said.words, chr(10) order by said.id), 'UTF8')), 'hex') end
  from (
    select p.id, concat_ws('|', p.given_name, p.family_name, coalesce(p.fiscal_code, ''), to_char(p.birth_date, 'YYYY-MM-DD')) as words
    from pupil p where what = 'pupil' and p.municipality_id = in_municipality and p.id in (one, other)
    union all
    select p.id, concat_ws('|', p.given_name, p.family_name, p.fiscal_code, coalesce(to_char(p.birth_date, 'YYYY-MM-DD'), ''))
    from person p where what = 'person' and p.municipality_id = in_municipality and p.id in (one, other)
    union all
    select h.id, concat_ws('|', h.name, (select string_agg(m.person_id::text, ',' order by m.person_id) from active_member m
      where m.municipality_id = in_municipality and m.household_id = h.id and m.role = 'holder'))
    from household h where what = 'household' and h.municipality_id = in_municipality and h.id in (one, other)
  ) said
$$;
revoke execute on function pair_basis from public;
grant execute on function pair_basis to refettorio_web;

-- Whether a colleague said that two are two, and nothing of what they are called has changed since.
create function are_told_apart(in_municipality uuid, what text, one uuid, other uuid) returns boolean
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  select exists (select from told_apart t
    where t.municipality_id = in_municipality and t.kind = what and t.one_id = least(one, other) and t.other_id = greatest(one, other)
      and t.taken_back_at is null and t.basis = pair_basis(in_municipality, what, one, other))
$$;
revoke execute on function are_told_apart from public;
grant execute on function are_told_apart to refettorio_web;
