-- Two adults who are one person. Codes, names and contacts of a person, and roles that are taken back, are rights that the office has by
-- these alone.

-- The person that stands for one: itself, or the one into which it was merged, and so on. It says who is meant in a list of the office,
-- and opens nothing: a sign-in asks `person_code`.
create function kept_person(in_municipality uuid, which uuid) returns uuid
language sql stable set search_path = pg_catalog, public, pg_temp as $$
  with recursive path (id, step) as (
    select which, 0
    union all
    select m.kept_id, p.step + 1 from path p
    join person_merge m on m.municipality_id = in_municipality and m.gone_id = p.id and m.undone_at is null
  )
  select p.id from path p order by p.step desc limit 1
$$;
revoke execute on function kept_person from public;
grant execute on function kept_person to refettorio_web;

-- The two codes change places. For a moment one of them is no person's, because a code belongs to one.
create function swap_person_codes(in_municipality uuid, one uuid, other uuid) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  first person;
  second person;
begin
  select * into strict first from person p where p.municipality_id = in_municipality and p.id = one;
  select * into strict second from person p where p.municipality_id = in_municipality and p.id = other;
  delete from person_code k where k.municipality_id = in_municipality
    and k.fiscal_code_hash in (first.fiscal_code_hash, second.fiscal_code_hash);
  update person p set fiscal_code = '00000000000', fiscal_code_hash = sha256(convert_to(uuidv7()::text, 'UTF8'))
    where p.municipality_id = in_municipality and p.id = other;
  update person p set fiscal_code = second.fiscal_code, fiscal_code_hash = second.fiscal_code_hash
    where p.municipality_id = in_municipality and p.id = one;
  update person p set fiscal_code = first.fiscal_code, fiscal_code_hash = first.fiscal_code_hash
    where p.municipality_id = in_municipality and p.id = other;
end $$;
revoke execute on function swap_person_codes from public;

-- Who the person that stays is. `opens`: the codes of the other open to them too; else they open to a person without any role.
-- What was made under the codes of the one that goes ends, and so does what was made under a code that closes.
create function merge_persons(in_municipality uuid, kept uuid, gone uuid, given text, family text, birth date, swaps boolean, opens boolean)
returns jsonb language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  before_kept person;
  before_gone person;
  closed bytea[];
  chosen boolean;
begin
  if in_municipality is distinct from app_municipality() or app_audience() is distinct from 'staff' then
    raise exception 'only the office of the municipality merges people' using errcode = 'insufficient_privilege';
  end if;
  if exists (select from top_up t where t.municipality_id = in_municipality and t.payer_id = gone)
    or exists (select from active_staff_member r where r.municipality_id = in_municipality and r.person_id in (kept, gone)) then
    raise exception 'a payer stays, and colleagues are not merged' using errcode = 'restrict_violation';
  end if;
  select * into strict before_kept from person p where p.municipality_id = in_municipality and p.id = kept;
  select * into strict before_gone from person p where p.municipality_id = in_municipality and p.id = gone;
  closed := array(select k.fiscal_code_hash from person_code k where k.municipality_id = in_municipality and (k.person_id = gone
    or swaps and not opens and k.person_id = kept and k.fiscal_code_hash = before_kept.fiscal_code_hash));
  perform end_what_codes_opened(in_municipality, gone, closed);
  update calendar_feed f set revoked_at = app_now()
    where f.municipality_id = in_municipality and f.person_id = gone and f.revoked_at is null;
  update push_subscription s set ended_at = app_now(), end_reason = 'revoked'
    where s.municipality_id = in_municipality and s.person_id = gone and s.ended_at is null;
  if swaps and not opens and exists (select from citizen c where c.fiscal_code_hash = before_kept.fiscal_code_hash) then
    update calendar_feed f set revoked_at = app_now()
      where f.municipality_id = in_municipality and f.person_id = kept and f.revoked_at is null;
    update push_subscription s set ended_at = app_now(), end_reason = 'revoked'
      where s.municipality_id = in_municipality and s.person_id = kept and s.ended_at is null;
  end if;
  if swaps then perform swap_person_codes(in_municipality, kept, gone); end if;
  if opens then
    update person_code k set person_id = kept where k.municipality_id = in_municipality and k.person_id = gone;
  end if;
  update person p set given_name = given, family_name = family, birth_date = birth,
      email = coalesce(p.email, before_gone.email),
      email_verified_at = case when p.email is null then before_gone.email_verified_at else p.email_verified_at end,
      phone = coalesce(p.phone, before_gone.phone),
      phone_verified_at = case when p.phone is null then before_gone.phone_verified_at else p.phone_verified_at end
    where p.municipality_id = in_municipality and p.id = kept;
  insert into notification_choice (municipality_id, person_id, choices, is_quiet, quiet_from, quiet_to, low_balance_meals, changed_at)
    select n.municipality_id, kept, n.choices, n.is_quiet, n.quiet_from, n.quiet_to, n.low_balance_meals, n.changed_at
    from notification_choice n where n.municipality_id = in_municipality and n.person_id = gone
    on conflict do nothing;
  chosen := found;
  return jsonb_build_object('choice', chosen, 'swapped', swaps,
    'email', before_kept.email is null and before_gone.email is not null,
    'phone', before_kept.phone is null and before_gone.phone is not null);
end $$;
comment on function merge_persons is 'What it added to the one that stays: a row of choices, contacts; and whether the codes changed places';
revoke execute on function merge_persons from public;
grant execute on function merge_persons to refettorio_web;

-- Takes a merge of two adults back: codes, names and roles are as they were, and what the one that stayed had by it is gone.
create function split_persons(in_municipality uuid, which uuid) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  it person_merge;
  own jsonb;
  lost bytea[];
  given uuid[];
begin
  if in_municipality is distinct from app_municipality() or app_audience() is distinct from 'staff' then
    raise exception 'only the office of the municipality undoes a merge' using errcode = 'insufficient_privilege';
  end if;
  select * into strict it from person_merge m
    where m.municipality_id = in_municipality and m.id = which and m.undone_at is null for update;
  given := array(select g::uuid from jsonb_array_elements_text(it.before -> 'given') g);
  delete from calendar_feed f where f.municipality_id = in_municipality and f.household_member_id = any (given);
  delete from delegate_pupil d where d.municipality_id = in_municipality and d.household_member_id = any (given);
  delete from household_member m where m.municipality_id = in_municipality and m.id = any (given);
  update household_member m set ended_at = null where m.municipality_id = in_municipality
    and m.id in (select e::uuid from jsonb_array_elements_text(it.before -> 'ends') e);
  lost := array(select k.fiscal_code_hash from person_code k where k.municipality_id = in_municipality and k.person_id = it.kept_id
    and not exists (select from jsonb_to_recordset(it.before -> 'codes') c (hash text, person uuid)
      where decode(c.hash, 'hex') = k.fiscal_code_hash and c.person = it.kept_id));
  perform end_what_codes_opened(in_municipality, it.kept_id, lost);
  if it.before -> 'added' -> 'swapped' = 'true' then perform swap_person_codes(in_municipality, it.kept_id, it.gone_id); end if;
  delete from person_code k where k.municipality_id = in_municipality and k.person_id in (it.kept_id, it.gone_id);
  insert into person_code (municipality_id, fiscal_code_hash, person_id, fiscal_code, since)
    select in_municipality, decode(c.hash, 'hex'), c.person, c.code, c.since
    from jsonb_to_recordset(it.before -> 'codes') c (hash text, person uuid, code text, since timestamptz);
  select p into strict own from jsonb_array_elements(it.before -> 'people') p where p ->> 'id' = it.kept_id::text;
  update person p set given_name = own ->> 'givenName', family_name = own ->> 'familyName', birth_date = (own ->> 'birthDay')::date
    where p.municipality_id = in_municipality and p.id = it.kept_id;
  update person p set email = null, email_verified_at = null from person g
    where it.before -> 'added' -> 'email' = 'true' and p.municipality_id = in_municipality and p.id = it.kept_id
      and g.municipality_id = in_municipality and g.id = it.gone_id and p.email = g.email;
  update person p set phone = null, phone_verified_at = null from person g
    where it.before -> 'added' -> 'phone' = 'true' and p.municipality_id = in_municipality and p.id = it.kept_id
      and g.municipality_id = in_municipality and g.id = it.gone_id and p.phone = g.phone;
  delete from notification_choice n where it.before -> 'added' -> 'choice' = 'true'
    and n.municipality_id = in_municipality and n.person_id = it.kept_id;
end $$;
revoke execute on function split_persons from public;
grant execute on function split_persons to refettorio_web;
