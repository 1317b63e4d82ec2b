-- Where the worker's duties have something to do now. One statement over the indexes of what is due names the
-- municipalities; the worker opens a transaction for these and for no other, however many there are.

-- The fewest days first: no small municipality waits for the count of a large one.
create function due_service_days() returns table (municipality_id uuid, service_day_ids uuid[])
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select d.municipality_id, array_agg(d.id order by d.id)
  from service_day d join municipality m on m.id = d.municipality_id and m.active
  where d.status = 'open' and d.close_at <= app_now()
  group by d.municipality_id order by count(*), min(d.close_at), d.municipality_id
$$;
revoke execute on function due_service_days from public;
grant execute on function due_service_days to refettorio_web;

-- In turns: the first day of every municipality comes before the second of any, so that no small one waits for a large one.
create function due_meal_charges() returns table (municipality_id uuid, service_day_id uuid)
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select c.municipality_id, c.service_day_id from (
    select c.municipality_id, c.service_day_id, c.due_at,
      row_number() over (partition by c.municipality_id order by c.due_at, d.day, d.id) as turn
    from meal_charge c
    join municipality m on m.id = c.municipality_id and m.active
    join service_day d on d.municipality_id = c.municipality_id and d.id = c.service_day_id
    where c.due_at <= app_now()) c
  order by c.turn, c.due_at, c.service_day_id
$$;
revoke execute on function due_meal_charges from public;
grant execute on function due_meal_charges to refettorio_web;

create function municipalities_with_due_top_ups() returns setof uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select m.id from municipality m where m.active and m.id in (
    select t.municipality_id from top_up t where t.next_check_at <= app_now())
$$;
revoke execute on function municipalities_with_due_top_ups from public;
grant execute on function municipalities_with_due_top_ups to refettorio_web;

-- What waits and what a worker that died left in hand.
create function municipalities_with_due_messages(channel text) returns setof uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select m.id from municipality m where m.active and exists (
    select from outbox o where o.municipality_id = m.id
      and o.channel = municipalities_with_due_messages.channel and o.due_at <= app_now())
$$;
revoke execute on function municipalities_with_due_messages from public;
grant execute on function municipalities_with_due_messages to refettorio_web;

create function municipalities_with_due_meal_notices() returns setof uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select m.id from municipality m where m.active and m.id in (
    select n.municipality_id from meal_notice n where n.due_at <= app_now())
$$;
revoke execute on function municipalities_with_due_meal_notices from public;
grant execute on function municipalities_with_due_meal_notices to refettorio_web;

create function municipalities_with_due_communications() returns setof uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select m.id from municipality m where m.active and exists (
    select from communication c where c.municipality_id = m.id and c.due_at <= app_now())
$$;
revoke execute on function municipalities_with_due_communications from public;
grant execute on function municipalities_with_due_communications to refettorio_web;

create function municipalities_with_opened_questionnaires() returns setof uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select m.id from municipality m where m.active and exists (
    select from questionnaire q where q.municipality_id = m.id and q.published_at is not null and q.announced_at is null
      and q.opens_at <= app_now() and q.closes_at > app_now())
$$;
revoke execute on function municipalities_with_opened_questionnaires from public;
grant execute on function municipalities_with_opened_questionnaires to refettorio_web;

-- What the data of the supplier, or a check of the file, kept from being written.
create function municipalities_with_held_invoices() returns setof uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select m.id from municipality m where m.active and m.id in (
    select i.municipality_id from invoice i where i.xml is null and i.gaps && '{supplier,structure}')
$$;
revoke execute on function municipalities_with_held_invoices from public;
grant execute on function municipalities_with_held_invoices to refettorio_web;

-- By day: what is told of a diet's end comes when the office answers the telephone.
create function municipalities_with_ending_diets() returns setof uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select m.id from municipality m
  where m.active and extract(hour from app_now() at time zone 'Europe/Rome') between 9 and 17 and exists (
    select from enrolment e where e.municipality_id = m.id and e.diet_code not in ('STD', 'DA-DEFINIRE')
      and e.valid_to between app_today() and app_today() + 30)
$$;
revoke execute on function municipalities_with_ending_diets from public;
grant execute on function municipalities_with_ending_diets to refettorio_web;

-- Where something may be urgent for the office: what was told already, the worker leaves out.
create function municipalities_with_urgent_work() returns setof uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select m.id from municipality m where m.active and (
    exists (select from service_day d where d.municipality_id = m.id and d.status = 'open' and d.close_at <= app_now())
    or exists (select from diet_hold h where h.municipality_id = m.id and h.until is null and h.severe)
    or exists (select from enrolment e where e.municipality_id = m.id and e.diet_code = 'DA-DEFINIRE' and e.valid_to >= app_today()
      and e.severe_reaction)
    or exists (select from payment_alarm a where a.municipality_id = m.id and a.settled_at is null)
    -- A count of today that its kitchen has not said to have seen: how long that may take, the worker asks.
    or exists (select from service_day d join kitchen_count k on k.municipality_id = m.id and k.service_day_id = d.id
      where d.municipality_id = m.id and d.day = app_today() and d.status <> 'open' and k.frozen_at < app_now() - interval '5 minutes'
        and not exists (select from count_acknowledgement a where a.municipality_id = m.id and a.kitchen_count_id = k.id)
        and exists (select from active_staff_member r where r.municipality_id = m.id and r.role = 'kitchen')))
$$;
revoke execute on function municipalities_with_urgent_work from public;
grant execute on function municipalities_with_urgent_work to refettorio_web;

create function municipalities_with_due_digests() returns setof uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select m.id from municipality m where m.active and m.id in (
    select n.municipality_id from work_notice n
    where n.digest_hour <= extract(hour from app_now() at time zone 'Europe/Rome') and n.digested_on is distinct from app_today())
$$;
revoke execute on function municipalities_with_due_digests from public;
grant execute on function municipalities_with_due_digests to refettorio_web;

-- Batches of requests that are being prepared or done.
create function municipalities_with_due_batches() returns setof uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select m.id from municipality m where m.active and m.id in (
    select b.municipality_id from form_batch b where b.due_at <= app_now())
$$;
revoke execute on function municipalities_with_due_batches from public;
grant execute on function municipalities_with_due_batches to refettorio_web;

-- Passages to a new school year that wait for the worker.
create function municipalities_with_due_rollovers() returns setof uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select m.id from municipality m where m.active and m.id in (
    select w.municipality_id from year_rollover_work w where w.state = 'waiting')
$$;
revoke execute on function municipalities_with_due_rollovers from public;
grant execute on function municipalities_with_due_rollovers to refettorio_web;

-- Counts of today and of days to come that the kitchen of their school was not sent.
create function municipalities_with_unsent_counts() returns setof uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select m.id from municipality m where m.active and exists (
    select from kitchen w where w.municipality_id = m.id and w.emails <> '{}')
  and exists (
    select from service_day d
    join service v on v.municipality_id = m.id and v.id = d.service_id and v.is_cooked
    join kitchen_count k on k.municipality_id = m.id and k.service_day_id = d.id
    where d.municipality_id = m.id and d.day >= app_today() and d.status <> 'open'
      and (select w.emails <> '{}' from kitchen_school s join kitchen w on w.municipality_id = m.id and w.id = s.kitchen_id
        where s.municipality_id = m.id and s.school_id = d.school_id and s.valid_from <= d.day order by s.valid_from desc limit 1)
      and not exists (select from count_mail c where c.municipality_id = m.id and c.kitchen_count_id = k.id))
$$;
revoke execute on function municipalities_with_unsent_counts from public;
grant execute on function municipalities_with_unsent_counts to refettorio_web;
