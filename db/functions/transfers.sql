-- Pupils who go to another municipality of the installation. These three functions are all that crosses from one to the other: each begins
-- from a row of the caller's own municipality and touches the one row of the same id in the other.

-- Puts the copy of a transfer that was just written where the other municipality reads it. Once for each.
create function hand_transfer_over(in_municipality uuid, which uuid, what jsonb) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  own record;
begin
  if in_municipality is distinct from app_municipality() or app_audience() is distinct from 'staff' then
    raise exception 'only the office of the municipality that is left hands pupils over' using errcode = 'insufficient_privilege';
  end if;
  select t.to_municipality_id, t.last_day, cardinality(t.pupil_ids) as pupils into strict own from departing_transfer t
    where t.municipality_id = in_municipality and t.id = which and t.state = 'sent' and t.sent_by = app_person() for no key update;
  perform from municipality m where m.id = own.to_municipality_id and m.active;
  if not found then raise exception 'this municipality receives no pupils' using errcode = 'foreign_key_violation'; end if;
  insert into arriving_transfer (municipality_id, id, from_municipality_id, last_day, content)
    values (own.to_municipality_id, which, in_municipality, own.last_day, what);
  insert into audit_event (municipality_id, action, object_type, object_id, details)
    values (own.to_municipality_id, 'transfers.arrived', 'municipality', own.to_municipality_id::text,
      jsonb_build_object('town', (select m.name from municipality m where m.id = in_municipality), 'pupils', own.pupils));
end $$;
revoke execute on function hand_transfer_over from public;
grant execute on function hand_transfer_over to refettorio_web;

-- Takes a transfer back that is not accepted. The row of the receiver is locked first, by both sides: of two at the same time one wins.
create function take_transfer_back(in_municipality uuid, which uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  town uuid;
begin
  if in_municipality is distinct from app_municipality() or app_audience() is distinct from 'staff' then
    raise exception 'only the office of the municipality that is left takes pupils back' using errcode = 'insufficient_privilege';
  end if;
  select t.to_municipality_id into town from departing_transfer t where t.municipality_id = in_municipality and t.id = which;
  if not found then return false; end if;
  perform from arriving_transfer a where a.municipality_id = town and a.id = which for update;
  update departing_transfer t set state = 'withdrawn', withdrawn_at = app_now(), withdrawn_by = app_person(), before = null
    where t.municipality_id = in_municipality and t.id = which and t.state in ('sent', 'refused');
  if not found then return false; end if;
  update arriving_transfer a set state = 'withdrawn', content = null
    where a.municipality_id = town and a.id = which and a.state = 'waiting';
  if found then
    insert into audit_event (municipality_id, action, object_type, object_id, details)
      values (town, 'transfers.taken-back', 'municipality', town::text,
        jsonb_build_object('town', (select m.name from municipality m where m.id = in_municipality)));
  end if;
  return true;
end $$;
comment on function take_transfer_back is 'False where it is over already';
revoke execute on function take_transfer_back from public;
grant execute on function take_transfer_back to refettorio_web;

-- The answer of the municipality that receives: accepted into a household of its own, or refused with a reason.
create function answer_transfer(in_municipality uuid, which uuid, household uuid, mark text, why text) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  town uuid;
  answered constant text := case when household is null then 'refused' else 'accepted' end;
  left_by uuid;
begin
  if in_municipality is distinct from app_municipality() or app_audience() is distinct from 'staff' then
    raise exception 'only the office of the municipality that receives answers' using errcode = 'insufficient_privilege';
  end if;
  update arriving_transfer a set state = answered, content = null, decided_at = app_now(), decided_by = app_person(),
      household_id = household, fingerprint = mark, reason = why
    where a.municipality_id = in_municipality and a.id = which and a.state = 'waiting' returning a.from_municipality_id into town;
  if not found then return false; end if;
  update departing_transfer t set state = answered, answered_at = app_now(), answer = why,
      before = case when household is null then t.before end
    where t.municipality_id = town and t.id = which and t.to_municipality_id = in_municipality returning t.household_id into strict left_by;
  insert into audit_event (municipality_id, action, object_type, object_id, details)
    values (town, 'transfers.answered', 'household', left_by::text, jsonb_strip_nulls(jsonb_build_object(
      'town', (select m.name from municipality m where m.id = in_municipality), 'answer', answered, 'reason', why)));
  return true;
end $$;
comment on function answer_transfer is 'False where it does not wait any more';
revoke execute on function answer_transfer from public;
grant execute on function answer_transfer to refettorio_web;
