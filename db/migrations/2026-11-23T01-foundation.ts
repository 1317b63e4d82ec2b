import { type Kysely, sql } from 'kysely'

/**
 * Clock, scope and the runtime role.
 * `app_now()` is the transaction's start: the moment a request reached the database, however long it then waits for locks.
 * The scope (`app.municipality_id`, `app.person_id`, `app.audience`) is set per transaction by db/client.ts and read by
 * every row-level policy; an unset scope sees nothing.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    create extension if not exists btree_gist;

    do $$ begin
      if not exists (select from pg_roles where rolname = 'refettorio_web') then
        create role refettorio_web login nosuperuser nocreatedb nocreaterole nobypassrls;
      end if;
    end $$;
    grant usage on schema public to refettorio_web;

    create function app_now() returns timestamptz language sql stable as 'select now()';
    create function app_today() returns date language sql stable
      as $$ select (app_now() at time zone 'Europe/Rome')::date $$;

    create function app_municipality() returns uuid language sql stable
      as $$ select nullif(current_setting('app.municipality_id', true), '')::uuid $$;
    create function app_person() returns uuid language sql stable
      as $$ select nullif(current_setting('app.person_id', true), '')::uuid $$;
    create function app_audience() returns text language sql stable
      as $$ select coalesce(current_setting('app.audience', true), '') $$;

    create function refuse_change() returns trigger language plpgsql as $$
    begin
      raise exception '% is append-only: % refused', tg_table_name, lower(tg_op) using errcode = 'restrict_violation';
    end $$;

    create table operator (
      id uuid primary key default uuidv7(),
      name text not null check (name <> ''),
      vat_number text not null unique check (vat_number ~ '^[0-9]{11}$'),
      fiscal_code text not null,
      tax_regime text not null default 'RF01' check (tax_regime ~ '^RF[0-9]{2}$' and tax_regime <> 'RF03'),
      street text not null, postcode text not null check (postcode ~ '^[0-9]{5}$'),
      city text not null, province text not null check (province ~ '^[A-Z]{2}$'),
      email text not null, phone text not null
    );

    create table municipality (
      id uuid primary key default uuidv7(),
      slug text not null unique check (slug ~ '^[a-z][a-z0-9-]{1,62}$'),
      name text not null, province text not null check (province ~ '^[A-Z]{2}$'), region text not null,
      operator_id uuid not null references operator,
      invoice_series text not null unique check (invoice_series ~ '^[A-Z]{3}$'),
      street text not null, postcode text not null, email text not null, pec text not null, phone text not null,
      fiscal_code text not null,
      active boolean not null default true
    );

    create table citizen (
      id uuid primary key default uuidv7(),
      fiscal_code_hash bytea not null unique check (octet_length(fiscal_code_hash) = 32),
      given_name text not null, family_name text not null,
      birth_date date not null,
      created_at timestamptz not null default app_now(),
      updated_at timestamptz not null default app_now()
    );
    comment on column citizen.fiscal_code_hash is 'HMAC-SHA-256 of the upper-case fiscal code: links SPID and CIE of one person';

    create table identity_link (
      issuer text not null, subject text not null,
      citizen_id uuid not null references citizen,
      method text not null check (method in ('spid', 'cie')),
      last_level smallint not null check (last_level between 1 and 3),
      first_seen_at timestamptz not null default app_now(),
      last_seen_at timestamptz not null default app_now(),
      primary key (issuer, subject)
    );
    create index identity_link_by_citizen on identity_link (citizen_id);

    create table session (
      id uuid primary key default uuidv7(),
      token_hash bytea not null unique check (octet_length(token_hash) = 32),
      citizen_id uuid not null references citizen,
      method text not null check (method in ('spid', 'cie')),
      level smallint not null check (level between 2 and 3),
      authenticated_at timestamptz not null,
      created_at timestamptz not null default app_now(),
      last_seen_at timestamptz not null default app_now(),
      expires_at timestamptz not null,
      ended_at timestamptz,
      end_reason text check (end_reason in ('signed_out', 'signed_out_everywhere', 'idle', 'expired', 'revoked')),
      device text not null default '',
      check ((ended_at is null) = (end_reason is null))
    );
    create index session_by_citizen on session (citizen_id) where ended_at is null;

    create table sign_in_event (
      id uuid primary key default uuidv7(),
      occurred_at timestamptz not null default app_now(),
      municipality_slug text,
      citizen_id uuid,
      session_id uuid,
      method text, level smallint,
      outcome text not null
    );
    comment on table sign_in_event is 'Every sign-in, refusal and sign-out. Kept 24 months. No fiscal codes, names, tokens or addresses.';
    create trigger sign_in_event_append_only before update or delete on sign_in_event for each row execute function refuse_change();
    create trigger sign_in_event_no_truncate before truncate on sign_in_event execute function refuse_change();

    grant select on operator, municipality to refettorio_web;
    grant select, insert, update on citizen, identity_link, session to refettorio_web;
    grant select, insert on sign_in_event to refettorio_web;
  `)
    .execute(db)
}
