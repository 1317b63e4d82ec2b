import { type Kysely, sql } from 'kysely'

/**
 * E-mail addresses that their owner proved, and registers that forget in time.
 * Sign-ins and operations are kept 24 months, sessions 30 days: the append-only tables let go of a row only after that,
 * whoever asks, and the runtime role can ask only through `purge_registers`.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const office = `app_audience() in ('staff', 'system')`
  const inTown = 'municipality_id = (select app_municipality())'
  await sql
    .raw(`
    alter table person add column email_verified_at timestamptz;
    comment on column person.email_verified_at is 'When the person proved to read this address; it says nothing about who they are';
    grant update (email_verified_at) on person to refettorio_web;

    create table email_change (
      municipality_id uuid not null,
      id uuid not null default uuidv7(),
      person_id uuid not null,
      email text not null,
      code_hash bytea not null check (octet_length(code_hash) = 32),
      attempts smallint not null default 0 check (attempts between 0 and 5),
      created_at timestamptz not null default app_now(),
      expires_at timestamptz not null,
      closed_at timestamptz,
      primary key (municipality_id, id),
      foreign key (municipality_id, person_id) references person
    );
    create index email_change_by_person on email_change (municipality_id, person_id, created_at desc);
    comment on table email_change is 'A new address that waits for the code sent to it';
    alter table email_change enable row level security;
    create policy email_change_scope on email_change to refettorio_web
      using (${inTown} and (${office} or person_id = app_person()))
      with check (${inTown} and (${office} or person_id = app_person()));
    grant select, insert on email_change to refettorio_web;
    grant update (attempts, closed_at) on email_change to refettorio_web;

    -- A family reads the names of its own adults, and writes only the own data.
    drop policy person_scope on person;
    create policy person_read on person for select to refettorio_web
      using (${inTown} and (${office} or id = app_person() or id in (select person_id from household_member m
        where m.municipality_id = person.municipality_id and m.household_id = any (array(select app_households())))));
    create policy person_add on person for insert to refettorio_web with check (${inTown} and ${office});
    create policy person_change on person for update to refettorio_web
      using (${inTown} and (${office} or id = app_person())) with check (${inTown} and (${office} or id = app_person()));

    create function refuse_change_but_forget() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE' and old.occurred_at < app_now() - interval '24 months' then return old; end if;
      raise exception '% is append-only: % refused', tg_table_name, lower(tg_op) using errcode = 'restrict_violation';
    end $$;
    drop trigger sign_in_event_append_only on sign_in_event;
    create trigger sign_in_event_append_only before update or delete on sign_in_event for each row execute function refuse_change_but_forget();
    drop trigger audit_event_append_only on audit_event;
    create trigger audit_event_append_only before update or delete on audit_event for each row execute function refuse_change_but_forget();
    create index sign_in_event_by_time on sign_in_event (occurred_at);
    create index sign_in_event_by_citizen on sign_in_event (citizen_id, occurred_at desc);
    create index session_by_age on session (created_at);

    create function purge_registers(most integer) returns integer language plpgsql security definer set search_path = public as $$
    declare
      town uuid;
      gone integer;
      total integer := 0;
    begin
      delete from sign_in_event where id = any (array(
        select id from sign_in_event where occurred_at < app_now() - interval '24 months' order by occurred_at limit most));
      get diagnostics gone = row_count; total := total + gone;
      for town in select id from municipality loop
        delete from audit_event where municipality_id = town and id = any (array(
          select id from audit_event where municipality_id = town and occurred_at < app_now() - interval '24 months'
          order by occurred_at limit most));
        get diagnostics gone = row_count; total := total + gone;
        delete from email_change where municipality_id = town and created_at < app_now() - interval '30 days';
        get diagnostics gone = row_count; total := total + gone;
        delete from outbox where municipality_id = town and due_at is null and created_at < app_now() - interval '24 months';
        get diagnostics gone = row_count; total := total + gone;
        delete from delegate_invitation where municipality_id = town and expires_at < app_now() - interval '24 months';
        get diagnostics gone = row_count; total := total + gone;
        update delegate_invitation set fiscal_code_sealed = null
          where municipality_id = town and fiscal_code_sealed is not null and expires_at < app_now();
      end loop;
      delete from session where id = any (array(
        select id from session where created_at < app_now() - interval '30 days'
          and coalesce(ended_at, expires_at) < app_now() - interval '30 days' limit most));
      get diagnostics gone = row_count; total := total + gone;
      delete from interrupted_form where expires_at < app_now();
      delete from webauthn_challenge where expires_at < app_now();
      delete from used_sign_in where used_at < app_now() - interval '1 hour';
      return total;
    end $$;
    revoke execute on function purge_registers from public;
    grant execute on function purge_registers to refettorio_web;

    -- Who read or changed what is the reader's own: the own acts, and everybody's on the own family, child and money.
    create function app_own_audit(most integer)
    returns table (id uuid, occurred_at timestamptz, action text, object_type text, outcome text, by_whom text, is_own boolean)
    language sql stable security definer set search_path = public as $$
      select e.id, e.occurred_at, e.action, e.object_type, e.outcome,
        case
          when e.person_id is null then 'sistema'
          when e.person_id in (select m.person_id from household_member m
            where m.municipality_id = e.municipality_id and m.household_id in (select app_households()))
            or e.person_id = app_person() then (select p.given_name || ' ' || p.family_name from person p
              where p.municipality_id = e.municipality_id and p.id = e.person_id)
          else 'ufficio'
        end,
        e.person_id is not distinct from app_person()
      from audit_event e
      where e.municipality_id = app_municipality() and app_audience() = 'family' and (
        e.person_id = app_person()
        or e.object_type = 'person' and e.object_id = app_person()::text
        or e.object_type = 'household' and e.object_id in (select h::text from app_paying_households() h)
        or e.object_type = 'pupil' and e.object_id in (select p::text from app_pupils() p where exists (select from app_paying_households()))
        or e.object_type = 'account' and e.object_id in (select a::text from app_paying_accounts() a)
        or e.object_type = 'top_up' and e.object_id in (select t::text from app_own_top_ups() t)
        or e.object_type = 'invoice' and e.object_id in (select i.id::text from invoice i
          where i.municipality_id = e.municipality_id and i.holder_id = app_person())
        or e.object_type = 'absence_receipt' and e.object_id in (select r.id::text from absence_receipt r
          where r.municipality_id = e.municipality_id and r.household_id in (select app_paying_households()))
        or e.object_type in ('household_member') and e.object_id in (select m.id::text from household_member m
          where m.municipality_id = e.municipality_id and m.household_id in (select app_paying_households()))
        or e.object_type = 'delegate_invitation' and e.object_id in (select i.id::text from delegate_invitation i
          where i.municipality_id = e.municipality_id and i.household_id in (select app_paying_households()))
      )
      order by e.occurred_at desc, e.id desc limit most
    $$;
    revoke execute on function app_own_audit from public;
    grant execute on function app_own_audit to refettorio_web;
  `)
    .execute(db)
}
