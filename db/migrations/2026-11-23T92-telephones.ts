import { type Kysely, sql } from 'kysely'

/**
 * Telephones that their owner proved, and text messages: one more channel of the same outbox, claimed and sent as the
 * letters are. A number is proved by a code, like an e-mail address; it says nothing about who somebody is.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const office = `app_audience() in ('staff', 'system')`
  const inTown = 'municipality_id = (select app_municipality())'
  await sql
    .raw(`
    -- Numbers were kept as they were typed: the Italian ones get the one form that they have from now on.
    update person set phone = '+39' || phone where phone ~ '^(3[0-9]{8,9}|0[0-9]{5,10})$';
    update person set phone = '+' || substr(phone, 3) where phone ~ '^00[1-9][0-9]{6,14}$';

    alter table person
      add column phone_verified_at timestamptz,
      add check (phone_verified_at is null or phone is not null);
    comment on column person.phone_verified_at is 'When the person proved to read texts at this number; it says nothing about who they are';
    grant update (phone_verified_at) on person to refettorio_web;

    create table phone_change (
      municipality_id uuid not null,
      id uuid not null default uuidv7(),
      person_id uuid not null,
      phone text not null check (phone ~ '^[+][1-9][0-9]{6,14}$'),
      code_hash bytea not null check (octet_length(code_hash) = 32),
      attempts smallint not null default 0 check (attempts between 0 and 5),
      created_at timestamptz not null default app_now(),
      expires_at timestamptz not null,
      closed_at timestamptz,
      undelivered_at timestamptz,
      primary key (municipality_id, id),
      foreign key (municipality_id, person_id) references person
    );
    create index phone_change_by_person on phone_change (municipality_id, person_id, created_at desc);
    comment on table phone_change is 'A new number that waits for the code sent to it';
    comment on column phone_change.undelivered_at is 'When it became certain that the text did not leave: the number was refused, or nobody took it in time';
    alter table phone_change enable row level security;
    create policy phone_change_scope on phone_change to refettorio_web
      using (${inTown} and (${office} or app_audience() = 'family' and person_id = app_person()))
      with check (${inTown} and (${office} or app_audience() = 'family' and person_id = app_person()));
    grant select, insert on phone_change to refettorio_web;
    grant update (attempts, closed_at, undelivered_at) on phone_change to refettorio_web;

    do $$
    declare
      old record;
    begin
      for old in select conname from pg_constraint where conrelid = 'outbox'::regclass and contype = 'c'
        and (pg_get_constraintdef(oid) like '%email%' or pg_get_constraintdef(oid) like '%push%') loop
        execute format('alter table outbox drop constraint %I', old.conname);
      end loop;
    end $$;
    alter table outbox
      add constraint outbox_channel_check check (channel in ('email', 'push', 'sms')),
      add constraint outbox_recipient_check check ((channel = 'push') = (recipient = '')),
      add constraint outbox_device_check check ((channel = 'push') = (push_subscription_id is not null));

    create function enqueue_text(town uuid, dedupe_key text, recipient text, body_text text, secret boolean, language text)
    returns void language plpgsql security definer set search_path = public as $$
    #variable_conflict use_column
    begin
      if town is distinct from app_municipality() then
        raise exception 'a text message of another municipality' using errcode = 'insufficient_privilege';
      end if;
      insert into outbox (municipality_id, dedupe_key, channel, recipient, subject, body_text, secret, language, batch_id)
      values (town, enqueue_text.dedupe_key, 'sms', enqueue_text.recipient, '', enqueue_text.body_text, enqueue_text.secret,
        enqueue_text.language, delivery_batch_of(town, jsonb_build_object('key', 'letter:' || app_today(), 'event', 'letter')))
      on conflict (municipality_id, dedupe_key) do nothing;
    end $$;
    revoke execute on function enqueue_text from public;
    grant execute on function enqueue_text to refettorio_web;

    create function purge_phone_changes(most integer) returns integer language plpgsql security definer set search_path = public as $$
    declare
      town uuid;
      gone integer;
      total integer := 0;
    begin
      for town in select id from municipality loop
        delete from phone_change where municipality_id = town and id = any (array(
          select id from phone_change where municipality_id = town and created_at < app_now() - interval '30 days'
          order by created_at limit most));
        get diagnostics gone = row_count; total := total + gone;
      end loop;
      return total;
    end $$;
    revoke execute on function purge_phone_changes from public;
    grant execute on function purge_phone_changes to refettorio_web;
    create index phone_change_by_age on phone_change (municipality_id, created_at);
  `)
    .execute(db)
}
