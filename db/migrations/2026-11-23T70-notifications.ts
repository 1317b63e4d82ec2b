import { type Kysely, sql } from 'kysely'

/**
 * Notifications: one row per person in the portal's inbox and, by each one's choice, deliveries in the same outbox as
 * the letters, one per address (e-mail) or device (push). Whoever tells something calls `notify_people` in the same
 * transaction; a family may tell its own and reads only the own inbox.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const office = `app_audience() in ('staff', 'system')`
  const inTown = 'municipality_id = (select app_municipality())'
  const policy = (table: string, own: string) => `
    alter table ${table} enable row level security;
    create policy ${table}_scope on ${table} to refettorio_web
      using (${inTown} and (${office} or (${own}))) with check (${inTown} and (${office} or (${own})));`
  const own = `app_audience() = 'family' and person_id = app_person()`

  await sql
    .raw(`
    create table delivery_batch (
      municipality_id uuid not null references municipality,
      id uuid not null default uuidv7(),
      key text not null,
      event text not null,
      title text,
      created_at timestamptz not null default app_now(),
      primary key (municipality_id, id),
      unique (municipality_id, key)
    );
    create index delivery_batch_by_time on delivery_batch (municipality_id, created_at desc, id desc);
    comment on table delivery_batch is 'What the office sees as one sending: a message to many, or a day of one kind of message to single persons';
    comment on column delivery_batch.title is 'The title of a message to many; null for messages to single persons, which are theirs alone';

    create table notification (
      municipality_id uuid not null references municipality,
      id uuid not null default uuidv7(),
      person_id uuid not null,
      batch_id uuid not null,
      event text not null,
      key text not null,
      title text not null check (char_length(title) between 1 and 200),
      body text not null check (char_length(body) <= 4000),
      path text not null check (path ~ '^/([A-Za-z0-9._~-]+(/[A-Za-z0-9._~-]+)*)?([?][A-Za-z0-9=&._~-]*)?(#[A-Za-z0-9_-]+)?$'),
      created_at timestamptz not null default app_now(),
      read_at timestamptz,
      primary key (municipality_id, id),
      unique (municipality_id, person_id, key),
      foreign key (municipality_id, person_id) references person,
      foreign key (municipality_id, batch_id) references delivery_batch
    );
    create index notification_by_person on notification (municipality_id, person_id, created_at desc, id desc);
    create index notification_unread on notification (municipality_id, person_id) where read_at is null;
    create index notification_by_batch on notification (municipality_id, batch_id);
    create index notification_by_age on notification (created_at);
    comment on column notification.path is 'Place in the portal, below the municipality''s address; never another site';

    create table notification_choice (
      municipality_id uuid not null,
      person_id uuid not null,
      choices jsonb not null default '{}',
      is_quiet boolean not null default true,
      quiet_from time not null default '21:00',
      quiet_to time not null default '07:00',
      low_balance_meals smallint not null default 3 check (low_balance_meals between 1 and 20),
      changed_at timestamptz not null default app_now(),
      primary key (municipality_id, person_id),
      foreign key (municipality_id, person_id) references person
    );
    comment on column notification_choice.choices is 'event → channel → boolean; what is not named follows the event''s own defaults';

    create table push_subscription (
      municipality_id uuid not null,
      id uuid not null default uuidv7(),
      person_id uuid not null,
      endpoint text not null check (char_length(endpoint) <= 1000),
      p256dh text not null check (char_length(p256dh) <= 100),
      auth text not null check (char_length(auth) <= 40),
      device_name text not null check (char_length(device_name) between 1 and 80),
      created_at timestamptz not null default app_now(),
      last_sent_at timestamptz,
      ended_at timestamptz,
      end_reason text check (end_reason in ('revoked', 'gone', 'moved')),
      primary key (municipality_id, id),
      foreign key (municipality_id, person_id) references person,
      check ((ended_at is null) = (end_reason is null))
    );
    create unique index push_subscription_open on push_subscription (municipality_id, endpoint) where ended_at is null;
    create index push_subscription_by_person on push_subscription (municipality_id, person_id) where ended_at is null;

    alter table person add column refused_email text;
    comment on column person.refused_email is 'The address that a mail server refused for good; it counts only while it is the current one';
    grant update (refused_email) on person to refettorio_web;

    alter table outbox drop constraint outbox_channel_check;
    alter table outbox
      add column batch_id uuid,
      add column person_id uuid,
      add column notification_id uuid,
      add column push_subscription_id uuid,
      add column outcome text check (outcome in ('sent', 'refused', 'in_doubt', 'given_up')),
      add check (channel in ('email', 'push')),
      add check ((channel = 'email') = (recipient <> '')),
      add check ((channel = 'push') = (push_subscription_id is not null)),
      add foreign key (municipality_id, batch_id) references delivery_batch,
      add foreign key (municipality_id, person_id) references person,
      add foreign key (municipality_id, notification_id) references notification,
      add foreign key (municipality_id, push_subscription_id) references push_subscription;
    comment on column outbox.outcome is 'How it ended; null while it still has to go. in_doubt: it may have gone, so it is never repeated';
    update outbox set outcome = case when sent_at is not null then 'sent' when sending_since is not null then 'in_doubt' else 'given_up' end
      where due_at is null;
    drop index outbox_due;
    create index outbox_waiting on outbox (municipality_id, channel, due_at) where due_at is not null and sending_since is null;
    create index outbox_in_hand on outbox (municipality_id, channel, due_at) where due_at is not null and sending_since is not null;
    create index outbox_by_batch on outbox (municipality_id, batch_id, channel, outcome);
    create index outbox_by_notification on outbox (municipality_id, notification_id);

    ${policy('notification', own)}
    ${policy('notification_choice', own)}
    ${policy('push_subscription', own)}
    ${policy('delivery_batch', 'false')}
    grant select on notification, delivery_batch, push_subscription, notification_choice to refettorio_web;
    grant update (read_at) on notification to refettorio_web;
    grant insert, update on notification_choice to refettorio_web;
    grant update (last_sent_at, ended_at, end_reason) on push_subscription to refettorio_web;

    -- The first moment outside a person's quiet hours, on the wall clock in Italy.
    create function after_quiet_hours(at timestamptz, quiet_from time, quiet_to time) returns timestamptz language sql stable as $$
      select case
        when quiet_from < quiet_to and wall::time >= quiet_from and wall::time < quiet_to then (wall::date + quiet_to) at time zone 'Europe/Rome'
        when quiet_from > quiet_to and wall::time >= quiet_from then (wall::date + 1 + quiet_to) at time zone 'Europe/Rome'
        when quiet_from > quiet_to and wall::time < quiet_to then (wall::date + quiet_to) at time zone 'Europe/Rome'
        else at end
      from (select at at time zone 'Europe/Rome' as wall) clock
    $$;

    create function delivery_batch_of(town uuid, batch jsonb) returns uuid language plpgsql security definer set search_path = public as $$
    declare
      found_id uuid;
    begin
      select b.id into found_id from delivery_batch b where b.municipality_id = town and b.key = batch ->> 'key';
      if found_id is null then
        insert into delivery_batch (municipality_id, key, event, title)
        values (town, batch ->> 'key', batch ->> 'event', batch ->> 'title')
        on conflict (municipality_id, key) do nothing;
        select b.id into found_id from delivery_batch b where b.municipality_id = town and b.key = batch ->> 'key';
      end if;
      return found_id;
    end $$;
    revoke execute on function delivery_batch_of from public;

    -- Tells people something, once each: the inbox, and the deliveries that each of them wants.
    create function notify_people(town uuid, people uuid[], message jsonb) returns integer
    language plpgsql security definer set search_path = public as $$
    #variable_conflict use_column
    declare
      batch uuid;
      told_count integer;
    begin
      if town is distinct from app_municipality() or app_audience() not in ('family', 'staff', 'system') then
        raise exception 'a notification of another municipality' using errcode = 'insufficient_privilege';
      end if;
      batch := delivery_batch_of(town, message -> 'batch');
      with told as (
        insert into notification (municipality_id, person_id, batch_id, event, key, title, body, path)
        select p.municipality_id, p.id, batch, message ->> 'event', message ->> 'key', message ->> 'title', message ->> 'text', message ->> 'path'
        from person p
        where p.municipality_id = town and p.id = any (people)
          and (not (message ->> 'money')::boolean or exists (select from household_member m
            where m.municipality_id = p.municipality_id and m.person_id = p.id and m.role = 'holder'))
        order by p.id
        on conflict (municipality_id, person_id, key) do nothing
        returning id, person_id
      ), wishes as (
        select t.id, t.person_id, p.given_name, nullif(p.email, p.refused_email) as email,
          case when (message ->> 'mailAlways')::boolean then true
            else coalesce((c.choices -> (message ->> 'event') ->> 'email')::boolean, (message ->> 'mail')::boolean) end as by_mail,
          coalesce((c.choices -> (message ->> 'event') ->> 'push')::boolean, (message ->> 'push')::boolean) as by_push,
          case when (message ->> 'urgent')::boolean or not coalesce(c.is_quiet, true) then app_now()
            else after_quiet_hours(app_now(), coalesce(c.quiet_from, '21:00'), coalesce(c.quiet_to, '07:00')) end as due_at
        from told t
        join person p on p.municipality_id = town and p.id = t.person_id
        left join notification_choice c on c.municipality_id = town and c.person_id = t.person_id
      ), mails as (
        insert into outbox (municipality_id, dedupe_key, channel, recipient, subject, body_text, due_at, batch_id, person_id, notification_id)
        select town, (message ->> 'key') || ':email:' || w.person_id, 'email', w.email, message ->> 'mailSubject',
          case when (message ->> 'greets')::boolean then 'Ciao ' || w.given_name || E',\\n\\n' else '' end || (message ->> 'mailText'),
          w.due_at, batch, w.person_id, w.id
        from wishes w where w.by_mail and w.email is not null
        on conflict (municipality_id, dedupe_key) do nothing
      ), pushes as (
        insert into outbox (municipality_id, dedupe_key, channel, recipient, subject, body_text, due_at, batch_id, person_id, notification_id, push_subscription_id)
        select town, (message ->> 'key') || ':push:' || s.id, 'push', '', message ->> 'pushTitle', message ->> 'pushText',
          w.due_at, batch, w.person_id, w.id, s.id
        from wishes w
        join push_subscription s on s.municipality_id = town and s.person_id = w.person_id and s.ended_at is null
        where w.by_push
        on conflict (municipality_id, dedupe_key) do nothing
      )
      select count(*)::int into told_count from told;
      return told_count;
    end $$;
    revoke execute on function notify_people from public;
    grant execute on function notify_people to refettorio_web;

    create or replace function enqueue_mail(town uuid, dedupe_key text, recipient text, subject text, body_text text, secret boolean)
    returns void language plpgsql security definer set search_path = public as $$
    #variable_conflict use_column
    begin
      if town is distinct from app_municipality() then
        raise exception 'a letter of another municipality' using errcode = 'insufficient_privilege';
      end if;
      insert into outbox (municipality_id, dedupe_key, channel, recipient, subject, body_text, secret, batch_id)
      values (town, enqueue_mail.dedupe_key, 'email', enqueue_mail.recipient, enqueue_mail.subject, enqueue_mail.body_text, enqueue_mail.secret,
        delivery_batch_of(town, jsonb_build_object('key', 'letter:' || app_today(), 'event', 'letter')))
      on conflict (municipality_id, dedupe_key) do nothing;
    end $$;

    -- Everybody with a role now for one of these pupils. A family asks only about its own.
    create function people_of_pupils(town uuid, pupils uuid[]) returns setof uuid language sql stable security definer set search_path = public as $$
      select distinct m.person_id
      from pupil c
      join household_member m on m.municipality_id = c.municipality_id and m.household_id = c.household_id
      where c.municipality_id = town and town = app_municipality() and c.id = any (pupils)
        and (app_audience() in ('staff', 'system') or app_audience() = 'family' and c.id in (select app_pupils()))
        and m.valid_from <= app_today() and (m.valid_to is null or m.valid_to >= app_today()) and m.ended_at is null
        and (m.role = 'holder' or exists (select from delegate_pupil d where d.municipality_id = m.municipality_id
            and d.household_member_id = m.id and d.pupil_id = c.id)
          or not exists (select from delegate_pupil d where d.municipality_id = m.municipality_id and d.household_member_id = m.id))
    $$;
    revoke execute on function people_of_pupils from public;
    grant execute on function people_of_pupils to refettorio_web;

    -- One browser, one person: whoever allows push on it now is who gets it.
    create function keep_push_subscription(endpoint text, p256dh text, auth text, device_name text) returns uuid
    language plpgsql security definer set search_path = public as $$
    #variable_conflict use_column
    declare
      kept uuid;
    begin
      if app_audience() is distinct from 'family' or app_person() is null then
        raise exception 'only a family subscribes its own devices' using errcode = 'insufficient_privilege';
      end if;
      update push_subscription s set ended_at = app_now(), end_reason = 'moved'
      where s.municipality_id = app_municipality() and s.endpoint = keep_push_subscription.endpoint and s.ended_at is null
        and (s.person_id <> app_person() or s.p256dh <> keep_push_subscription.p256dh or s.auth <> keep_push_subscription.auth);
      insert into push_subscription (municipality_id, person_id, endpoint, p256dh, auth, device_name)
      values (app_municipality(), app_person(), keep_push_subscription.endpoint, keep_push_subscription.p256dh,
        keep_push_subscription.auth, keep_push_subscription.device_name)
      on conflict (municipality_id, endpoint) where ended_at is null do update set device_name = excluded.device_name
      returning id into kept;
      return kept;
    end $$;
    revoke execute on function keep_push_subscription from public;
    grant execute on function keep_push_subscription to refettorio_web;

    -- Twelve months are enough to answer "did you tell me?"; the outbox keeps addresses no longer than that either.
    create function purge_notifications(most integer) returns integer language plpgsql security definer set search_path = public as $$
    declare
      old_ones uuid[];
      gone integer;
      total integer := 0;
      town uuid;
    begin
      for town in select id from municipality loop
        delete from outbox where municipality_id = town and id = any (array(
          select id from outbox where municipality_id = town and due_at is null and created_at < app_now() - interval '12 months'
          order by created_at limit most));
        get diagnostics gone = row_count; total := total + gone;
        old_ones := array(select n.id from notification n where n.municipality_id = town and n.created_at < app_now() - interval '12 months'
          and not exists (select from outbox o where o.municipality_id = town and o.notification_id = n.id)
          order by n.created_at limit most);
        delete from notification where municipality_id = town and id = any (old_ones);
        get diagnostics gone = row_count; total := total + gone;
        delete from push_subscription s where s.municipality_id = town and s.ended_at < app_now() - interval '30 days'
          and not exists (select from outbox o where o.municipality_id = town and o.push_subscription_id = s.id);
        get diagnostics gone = row_count; total := total + gone;
        delete from delivery_batch b where b.municipality_id = town and b.created_at < app_now() - interval '13 months'
          and not exists (select from outbox o where o.municipality_id = town and o.batch_id = b.id)
          and not exists (select from notification n where n.municipality_id = town and n.batch_id = b.id);
        get diagnostics gone = row_count; total := total + gone;
      end loop;
      return total;
    end $$;
    revoke execute on function purge_notifications from public;
    grant execute on function purge_notifications to refettorio_web;
    create index outbox_by_age on outbox (municipality_id, created_at);
    create index outbox_by_subscription on outbox (municipality_id, push_subscription_id) where push_subscription_id is not null;
  `)
    .execute(db)
}
