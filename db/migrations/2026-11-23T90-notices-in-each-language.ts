import { type Kysely, sql } from 'kysely'

/**
 * Notifications and letters in the language of whoever gets them. The inbox keeps the words of every language, as they were
 * told, so that it follows who changes language later; the outbox keeps the ones of the person's language on that day, and
 * which it is.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    alter table notification add column translations jsonb not null default '{}';
    comment on column notification.translations is 'language → {title, text}, as they were told; title and body are the Italian ones. Empty in rows from before';

    alter table outbox add column language text not null default 'it' check (language in ('it', 'en'));
    comment on column outbox.language is 'Of subject and text';

    alter table citizen add column language_chosen_at timestamptz;
    comment on column citizen.language_chosen_at is 'Calendars learn from it that an event reads otherwise';

    create or replace function choose_language(token_hash bytea, chosen text) returns text
    language plpgsql volatile security definer set search_path = public as $$
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

    create function language_chosen_at(town uuid, who uuid) returns timestamptz
    language sql stable security definer set search_path = public as $$
      select c.language_chosen_at from person p join citizen c on c.fiscal_code_hash = p.fiscal_code_hash
      where p.municipality_id = town and p.id = who
    $$;
    revoke execute on function language_chosen_at from public;
    grant execute on function language_chosen_at to refettorio_web;

    -- Tells people something, once each: the inbox, and the deliveries that each of them wants, in the language of each.
    create or replace function notify_people(town uuid, people uuid[], message jsonb) returns integer
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
        insert into notification (municipality_id, person_id, batch_id, event, key, title, body, translations, path)
        select p.municipality_id, p.id, batch, message ->> 'event', message ->> 'key', message #>> '{said,it,title}',
          message #>> '{said,it,text}', message -> 'translations', message ->> 'path'
        from person p
        where p.municipality_id = town and p.id = any (people)
          and (not (message ->> 'money')::boolean or exists (select from household_member m
            where m.municipality_id = p.municipality_id and m.person_id = p.id and m.role = 'holder'))
        order by p.id
        on conflict (municipality_id, person_id, key) do nothing
        returning id, person_id
      ), wishes as (
        select t.id, t.person_id, p.given_name, nullif(p.email, p.refused_email) as email,
          case when message -> 'said' ? z.language then z.language else 'it' end as language,
          case when (message ->> 'mailAlways')::boolean then true
            else coalesce((c.choices -> (message ->> 'event') ->> 'email')::boolean, (message ->> 'mail')::boolean) end as by_mail,
          coalesce((c.choices -> (message ->> 'event') ->> 'push')::boolean, (message ->> 'push')::boolean) as by_push,
          case when (message ->> 'urgent')::boolean or not coalesce(c.is_quiet, true) then app_now()
            else after_quiet_hours(app_now(), coalesce(c.quiet_from, '21:00'), coalesce(c.quiet_to, '07:00')) end as due_at
        from told t
        join person p on p.municipality_id = town and p.id = t.person_id
        left join citizen z on z.fiscal_code_hash = p.fiscal_code_hash
        left join notification_choice c on c.municipality_id = town and c.person_id = t.person_id
      ), mails as (
        insert into outbox (municipality_id, dedupe_key, channel, recipient, subject, body_text, language, due_at, batch_id, person_id, notification_id)
        select town, (message ->> 'key') || ':email:' || w.person_id, 'email', w.email, message -> 'said' -> w.language ->> 'mailSubject',
          replace(message -> 'said' -> w.language ->> 'greeting', '{name}', w.given_name) || (message -> 'said' -> w.language ->> 'mailText'),
          w.language, w.due_at, batch, w.person_id, w.id
        from wishes w where w.by_mail and w.email is not null
        on conflict (municipality_id, dedupe_key) do nothing
      ), pushes as (
        insert into outbox (municipality_id, dedupe_key, channel, recipient, subject, body_text, language, due_at, batch_id, person_id, notification_id, push_subscription_id)
        select town, (message ->> 'key') || ':push:' || s.id, 'push', '', message -> 'said' -> w.language ->> 'pushTitle',
          message -> 'said' -> w.language ->> 'pushText', w.language, w.due_at, batch, w.person_id, w.id, s.id
        from wishes w
        join push_subscription s on s.municipality_id = town and s.person_id = w.person_id and s.ended_at is null
        where w.by_push
        on conflict (municipality_id, dedupe_key) do nothing
      )
      select count(*)::int into told_count from told;
      return told_count;
    end $$;

    drop function enqueue_mail(uuid, text, text, text, text, boolean);
    create function enqueue_mail(town uuid, dedupe_key text, recipient text, subject text, body_text text, secret boolean, language text)
    returns void language plpgsql security definer set search_path = public as $$
    #variable_conflict use_column
    begin
      if town is distinct from app_municipality() then
        raise exception 'a letter of another municipality' using errcode = 'insufficient_privilege';
      end if;
      insert into outbox (municipality_id, dedupe_key, channel, recipient, subject, body_text, secret, language, batch_id)
      values (town, enqueue_mail.dedupe_key, 'email', enqueue_mail.recipient, enqueue_mail.subject, enqueue_mail.body_text, enqueue_mail.secret,
        enqueue_mail.language, delivery_batch_of(town, jsonb_build_object('key', 'letter:' || app_today(), 'event', 'letter')))
      on conflict (municipality_id, dedupe_key) do nothing;
    end $$;
    revoke execute on function enqueue_mail from public;
    grant execute on function enqueue_mail to refettorio_web;
  `)
    .execute(db)
}
