-- Telling people: one row per person in the inbox, and deliveries in the outbox as each person chose. A family's transaction
-- may tell its own people without a right to read the outbox.

-- The first moment outside a person's quiet hours, on the wall clock in Italy.
create function after_quiet_hours(at timestamptz, quiet_from time, quiet_to time) returns timestamptz language sql stable as $$
  select case
    when quiet_from < quiet_to and wall::time >= quiet_from and wall::time < quiet_to then (wall::date + quiet_to) at time zone 'Europe/Rome'
    when quiet_from > quiet_to and wall::time >= quiet_from then (wall::date + 1 + quiet_to) at time zone 'Europe/Rome'
    when quiet_from > quiet_to and wall::time < quiet_to then (wall::date + quiet_to) at time zone 'Europe/Rome'
    else at end
  from (select at at time zone 'Europe/Rome' as wall) clock
$$;

create function delivery_batch_of(in_municipality uuid, batch jsonb) returns uuid language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  found_id uuid;
begin
  select b.id into found_id from delivery_batch b where b.municipality_id = in_municipality and b.key = batch ->> 'key';
  if found_id is null then
    insert into delivery_batch (municipality_id, key, event, title, communication_id, communication_version)
    values (in_municipality, batch ->> 'key', batch ->> 'event', batch ->> 'title',
      (batch #>> '{communication,id}')::uuid, (batch #>> '{communication,version}')::integer)
    on conflict (municipality_id, key) do nothing;
    select b.id into found_id from delivery_batch b where b.municipality_id = in_municipality and b.key = batch ->> 'key';
  end if;
  return found_id;
end $$;
revoke execute on function delivery_batch_of from public;

-- Tells people something, once each: the inbox, and the deliveries that each of them wants, in the language of each.
-- `money`: null, the households whose holders of this moment may know it, or "own-payment", which a past holder keeps.
create function notify_people(in_municipality uuid, people uuid[], message jsonb) returns integer
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  batch uuid;
  told_count integer;
  about_money constant boolean := jsonb_typeof(message -> 'money') <> 'null';
  is_own_payment constant boolean := message ->> 'money' = 'own-payment';
  paying constant uuid[] := array(select jsonb_array_elements_text(message #> '{money,households}')::uuid);
begin
  if in_municipality is distinct from app_municipality() or app_audience() not in ('family', 'staff', 'system') then
    raise exception 'a notification of another municipality' using errcode = 'insufficient_privilege';
  end if;
  batch := delivery_batch_of(in_municipality, message -> 'batch');
  with told as (
    insert into notification (municipality_id, person_id, batch_id, event, key, title, body, translations, path)
    select p.municipality_id, p.id, batch, message ->> 'event', message ->> 'key', message #>> array['said', message ->> 'original', 'title'],
      message #>> array['said', message ->> 'original', 'text'], message -> 'translations', message ->> 'path'
    from person p
    where p.municipality_id = in_municipality and p.id = any (people)
      and (not about_money
        or is_own_payment and exists (select from household_member m
          where m.municipality_id = in_municipality and m.person_id = p.id and m.role = 'holder')
        or exists (select from active_member m where m.municipality_id = in_municipality and m.person_id = p.id
          and m.role = 'holder' and m.household_id = any (paying)))
    order by p.id
    on conflict (municipality_id, person_id, key) do nothing
    returning id, person_id
  ), wishes as (
    select t.id, t.person_id, p.given_name, nullif(p.email, p.refused_email) as email,
      case when message -> 'said' ? z.language then z.language else message ->> 'original' end as language,
      case when (message ->> 'mailAlways')::boolean then true
        else coalesce((c.choices -> (message ->> 'event') ->> 'email')::boolean, (message ->> 'mail')::boolean) end as by_mail,
      coalesce((c.choices -> (message ->> 'event') ->> 'push')::boolean, (message ->> 'push')::boolean) as by_push,
      case when (message ->> 'urgent')::boolean or not coalesce(c.is_quiet, true) then app_now()
        else after_quiet_hours(app_now(), coalesce(c.quiet_from, '21:00'), coalesce(c.quiet_to, '07:00')) end as due_at
    from told t
    join person p on p.municipality_id = in_municipality and p.id = t.person_id
    left join lateral (select z.language from person_code k join citizen z on z.fiscal_code_hash = k.fiscal_code_hash
      where k.municipality_id = in_municipality and k.person_id = t.person_id and z.language is not null
      order by z.language_chosen_at desc limit 1) z on true
    left join notification_choice c on c.municipality_id = in_municipality and c.person_id = t.person_id
  ), mails as (
    insert into outbox (municipality_id, dedupe_key, channel, recipient, subject, body_text, language, due_at, batch_id, person_id, notification_id)
    select in_municipality, (message ->> 'key') || ':email:' || w.person_id, 'email', w.email, message -> 'said' -> w.language ->> 'mailSubject',
      replace(message -> 'said' -> w.language ->> 'greeting', '{name}', w.given_name) || (message -> 'said' -> w.language ->> 'mailText'),
      w.language, w.due_at, batch, w.person_id, w.id
    from wishes w where w.by_mail and w.email is not null
    on conflict (municipality_id, dedupe_key) do nothing
  ), pushes as (
    insert into outbox (municipality_id, dedupe_key, channel, recipient, subject, body_text, language, due_at, batch_id, person_id, notification_id, push_subscription_id)
    select in_municipality, (message ->> 'key') || ':push:' || s.id, 'push', '', message -> 'said' -> w.language ->> 'pushTitle',
      message -> 'said' -> w.language ->> 'pushText', w.language, w.due_at, batch, w.person_id, w.id, s.id
    from wishes w
    join push_subscription s on s.municipality_id = in_municipality and s.person_id = w.person_id and s.ended_at is null
    where w.by_push
    on conflict (municipality_id, dedupe_key) do nothing
  )
  select count(*)::int into told_count from told;
  return told_count;
end $$;
revoke execute on function notify_people from public;
grant execute on function notify_people to refettorio_web;

create function enqueue_mail(
  in_municipality uuid, dedupe_key text, recipient text, subject text, body_text text, secret boolean, language text, email_change uuid
) returns void language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
begin
  if in_municipality is distinct from app_municipality() then
    raise exception 'a letter of another municipality' using errcode = 'insufficient_privilege';
  end if;
  insert into outbox (municipality_id, dedupe_key, channel, recipient, subject, body_text, secret, language, email_change_id, batch_id)
  values (in_municipality, enqueue_mail.dedupe_key, 'email', enqueue_mail.recipient, enqueue_mail.subject, enqueue_mail.body_text, enqueue_mail.secret,
    enqueue_mail.language, enqueue_mail.email_change,
    delivery_batch_of(in_municipality, jsonb_build_object('key', 'letter:' || app_today(), 'event', 'letter')))
  on conflict (municipality_id, dedupe_key) do nothing;
end $$;
revoke execute on function enqueue_mail from public;
grant execute on function enqueue_mail to refettorio_web;

create function enqueue_text(
  in_municipality uuid, dedupe_key text, recipient text, body_text text, secret boolean, language text, phone_change uuid
) returns void language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
begin
  if in_municipality is distinct from app_municipality() then
    raise exception 'a text message of another municipality' using errcode = 'insufficient_privilege';
  end if;
  insert into outbox (municipality_id, dedupe_key, channel, recipient, subject, body_text, secret, language, phone_change_id, batch_id)
  values (in_municipality, enqueue_text.dedupe_key, 'sms', enqueue_text.recipient, '', enqueue_text.body_text, enqueue_text.secret,
    enqueue_text.language, enqueue_text.phone_change,
    delivery_batch_of(in_municipality, jsonb_build_object('key', 'letter:' || app_today(), 'event', 'letter')))
  on conflict (municipality_id, dedupe_key) do nothing;
end $$;
revoke execute on function enqueue_text from public;
grant execute on function enqueue_text to refettorio_web;

-- One browser, one person: the last one who allowed push on it.
create function keep_push_subscription(endpoint text, p256dh text, auth text, device_name text) returns uuid
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  municipality constant uuid := app_municipality();
  person constant uuid := app_person();
  kept uuid;
begin
  if app_audience() is distinct from 'family' or person is null then
    raise exception 'only a family subscribes its own devices' using errcode = 'insufficient_privilege';
  end if;
  update push_subscription s set ended_at = app_now(), end_reason = 'moved'
  where s.municipality_id = municipality and s.endpoint = keep_push_subscription.endpoint and s.ended_at is null
    and (s.person_id <> person or s.p256dh <> keep_push_subscription.p256dh or s.auth <> keep_push_subscription.auth);
  insert into push_subscription (municipality_id, person_id, endpoint, p256dh, auth, device_name)
  values (municipality, person, keep_push_subscription.endpoint, keep_push_subscription.p256dh,
    keep_push_subscription.auth, keep_push_subscription.device_name)
  on conflict (municipality_id, endpoint) where ended_at is null do update set device_name = excluded.device_name
  returning id into kept;
  return kept;
end $$;
revoke execute on function keep_push_subscription from public;
grant execute on function keep_push_subscription to refettorio_web;

-- The browser knows its address and no municipality: an index leads from the one to the other.
create function renew_push_subscription(old_endpoint text, old_auth text, endpoint text, p256dh text, auth text)
returns integer language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
#variable_conflict use_column
declare
  kept record;
  renewed integer := 0;
begin
  for kept in
    update push_subscription s set ended_at = app_now(), end_reason = 'moved'
    where s.endpoint = old_endpoint and s.auth = old_auth and s.ended_at is null
    returning s.municipality_id, s.person_id, s.device_name
  loop
    insert into push_subscription (municipality_id, person_id, endpoint, p256dh, auth, device_name)
    values (kept.municipality_id, kept.person_id, renew_push_subscription.endpoint, renew_push_subscription.p256dh,
      renew_push_subscription.auth, kept.device_name)
    on conflict (municipality_id, endpoint) where ended_at is null do nothing;
    renewed := renewed + 1;
  end loop;
  return renewed;
end $$;
revoke execute on function renew_push_subscription from public;
grant execute on function renew_push_subscription to refettorio_web;

-- Twelve months are enough to answer "did you tell me?"; the outbox keeps addresses no longer than that either.
create function purge_notifications(most integer) returns integer language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  notifications_since constant timestamptz := app_now() - kept_for('notifications');
  messages_since constant timestamptz := app_now() - kept_for('messages');
  batches_since constant timestamptz := app_now() - kept_for('messages') - interval '1 month';
  a_month_ago constant timestamptz := app_now() - interval '30 days';
  old_ones uuid[];
  gone integer;
  total integer := 0;
  each_municipality uuid;
begin
  for each_municipality in select m.id from municipality m
    where exists (select from outbox o where o.municipality_id = m.id and o.created_at < messages_since and o.due_at is null)
      or exists (select from delivery_batch b where b.municipality_id = m.id and b.created_at < batches_since)
      or exists (select from push_subscription s where s.municipality_id = m.id and s.ended_at < a_month_ago)
      or m.id in (select n.municipality_id from notification n where n.created_at < notifications_since)
      or exists (select from work_alert a where a.municipality_id = m.id and a.told_at < messages_since)
      or exists (select from work_take t where t.municipality_id = m.id and t.ended_at < messages_since)
  loop
    delete from outbox where municipality_id = each_municipality and id = any (array(
      select id from outbox where municipality_id = each_municipality and due_at is null and created_at < messages_since
      order by created_at limit most));
    get diagnostics gone = row_count; total := total + gone;
    old_ones := array(select n.id from notification n where n.municipality_id = each_municipality and n.created_at < notifications_since
      and not exists (select from outbox o where o.municipality_id = each_municipality and o.notification_id = n.id)
      order by n.created_at limit most);
    delete from notification where municipality_id = each_municipality and id = any (old_ones);
    get diagnostics gone = row_count; total := total + gone;
    delete from push_subscription s where s.municipality_id = each_municipality and s.ended_at < a_month_ago
      and not exists (select from outbox o where o.municipality_id = each_municipality and o.push_subscription_id = s.id);
    get diagnostics gone = row_count; total := total + gone;
    delete from delivery_batch b where b.municipality_id = each_municipality and b.created_at < batches_since
      and not exists (select from outbox o where o.municipality_id = each_municipality and o.batch_id = b.id)
      and not exists (select from notification n where n.municipality_id = each_municipality and n.batch_id = b.id);
    get diagnostics gone = row_count; total := total + gone;
    delete from work_alert where municipality_id = each_municipality and told_at < messages_since;
    get diagnostics gone = row_count; total := total + gone;
    delete from work_take where municipality_id = each_municipality and ended_at < messages_since;
    get diagnostics gone = row_count; total := total + gone;
  end loop;
  return total;
end $$;
revoke execute on function purge_notifications from public;
grant execute on function purge_notifications to refettorio_web;
