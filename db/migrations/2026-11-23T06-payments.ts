import { type Kysely, sql } from 'kysely'

/** Top-ups with their legal transitions, what the provider said, the inbox of its notifications, the outbox, invoices. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    create table top_up_legal_transition (from_state text not null, to_state text not null, primary key (from_state, to_state));
    insert into top_up_legal_transition values
      ('created', 'redirected'), ('created', 'failed'), ('created', 'canceled'), ('created', 'expired'), ('created', 'pending'), ('created', 'paid'),
      ('redirected', 'pending'), ('redirected', 'failed'), ('redirected', 'canceled'), ('redirected', 'expired'), ('redirected', 'paid'),
      ('pending', 'failed'), ('pending', 'canceled'), ('pending', 'expired'), ('pending', 'paid'),
      ('failed', 'pending'), ('canceled', 'pending'), ('expired', 'pending'),
      ('failed', 'paid'), ('canceled', 'paid'), ('expired', 'paid');

    create table top_up (
      municipality_id uuid not null,
      id uuid not null default uuidv7(),
      household_id uuid not null,
      account_id uuid not null,
      payer_id uuid not null,
      client_key uuid not null,
      meals integer not null check (meals between 1 and 200),
      unit_cents integer not null check (unit_cents > 0),
      amount_cents integer generated always as (meals * unit_cents) stored,
      method text not null check (method in ('card', 'mybank')),
      state text not null default 'created' check (state in ('created', 'redirected', 'pending', 'paid', 'failed', 'canceled', 'expired')),
      provider text not null,
      order_id text not null check (order_id ~ '^[A-Z0-9]{1,18}$'),
      notification_key text not null,
      security_token_hash bytea,
      redirect_url text,
      paid_operation_id text,
      circuit text,
      reason text,
      alarm text,
      created_at timestamptz not null default app_now(),
      updated_at timestamptz not null default app_now(),
      paid_at timestamptz,
      next_check_at timestamptz,
      checks integer not null default 0,
      primary key (municipality_id, id),
      unique (municipality_id, household_id, client_key),
      unique (municipality_id, order_id),
      unique (municipality_id, notification_key),
      foreign key (municipality_id, household_id) references household,
      foreign key (municipality_id, account_id) references account,
      foreign key (municipality_id, payer_id) references person,
      check ((state = 'paid') = (paid_at is not null)),
      check (state <> 'paid' or paid_operation_id is not null)
    );
    create index top_up_due on top_up (next_check_at) where next_check_at is not null;
    create index top_up_by_household on top_up (municipality_id, household_id, created_at desc);
    alter table entry add foreign key (municipality_id, top_up_id) references top_up;

    create function top_up_is_lawful() returns trigger language plpgsql security definer set search_path = public as $$
    begin
      if tg_op = 'INSERT' then
        if new.state <> 'created' then
          raise exception 'a top-up starts as created' using errcode = 'restrict_violation';
        end if;
        if not exists (select from household_member m where m.municipality_id = new.municipality_id and m.household_id = new.household_id
            and m.person_id = new.payer_id and m.role = 'holder' and m.valid_from <= app_today() and (m.valid_to is null or m.valid_to >= app_today())) then
          raise exception 'only the holder pays' using errcode = 'restrict_violation';
        end if;
        if not exists (select from account a where a.municipality_id = new.municipality_id and a.id = new.account_id and a.household_id = new.household_id) then
          raise exception 'the account belongs to another household' using errcode = 'restrict_violation';
        end if;
        return new;
      end if;
      if (old.household_id, old.account_id, old.payer_id, old.client_key, old.meals, old.unit_cents, old.method, old.order_id)
          is distinct from (new.household_id, new.account_id, new.payer_id, new.client_key, new.meals, new.unit_cents, new.method, new.order_id) then
        raise exception 'what was asked of a top-up does not change' using errcode = 'restrict_violation';
      end if;
      if new.state <> old.state and not exists (select from top_up_legal_transition t where t.from_state = old.state and t.to_state = new.state) then
        raise exception 'a top-up does not go from % to %', old.state, new.state using errcode = 'restrict_violation';
      end if;
      return new;
    end $$;
    create trigger top_up_lawful before insert or update on top_up for each row execute function top_up_is_lawful();
    create trigger top_up_no_delete before delete on top_up for each row execute function refuse_change();
    create trigger top_up_no_truncate before truncate on top_up execute function refuse_change();

    create table top_up_transition (
      municipality_id uuid not null,
      id uuid not null default uuidv7(),
      top_up_id uuid not null,
      from_state text not null, to_state text not null,
      cause text not null,
      occurred_at timestamptz not null default app_now(),
      primary key (municipality_id, id),
      foreign key (municipality_id, top_up_id) references top_up
    );
    create index top_up_transition_by_top_up on top_up_transition (municipality_id, top_up_id);
    create trigger top_up_transition_append_only before update or delete on top_up_transition for each row execute function refuse_change();

    create table provider_operation (
      municipality_id uuid not null,
      id uuid not null default uuidv7(),
      top_up_id uuid not null,
      provider text not null,
      operation_id text not null,
      type text not null, result text not null,
      amount_cents integer, currency text,
      operation_time text,
      seen_at timestamptz not null default app_now(),
      primary key (municipality_id, id),
      unique (municipality_id, provider, operation_id, result),
      foreign key (municipality_id, top_up_id) references top_up
    );

    create table notification_inbox (
      municipality_id uuid not null,
      id uuid not null default uuidv7(),
      provider text not null,
      dedupe_key text not null,
      top_up_id uuid,
      received_at timestamptz not null default app_now(),
      verdict text not null,
      body_sha256 bytea not null,
      primary key (municipality_id, id),
      unique (municipality_id, provider, dedupe_key),
      foreign key (municipality_id, top_up_id) references top_up
    );

    create table outbox (
      municipality_id uuid not null references municipality,
      id uuid not null default uuidv7(),
      dedupe_key text not null,
      channel text not null check (channel in ('email')),
      recipient text not null,
      subject text not null, body_text text not null, body_html text,
      created_at timestamptz not null default app_now(),
      due_at timestamptz default app_now(),
      attempts integer not null default 0,
      sent_at timestamptz,
      last_error text,
      primary key (municipality_id, id),
      unique (municipality_id, dedupe_key),
      check (sent_at is null or due_at is null)
    );
    create index outbox_due on outbox (due_at) where due_at is not null;
    comment on column outbox.due_at is 'When to try next; null once sent or given up';

    create table invoice_series (
      municipality_id uuid not null references municipality,
      code text not null check (code ~ '^[A-Z]{3}$'),
      year integer not null check (year between 2000 and 2199),
      last_number integer not null default 0 check (last_number >= 0),
      last_issued_on date,
      primary key (municipality_id, code, year)
    );

    create table invoice (
      municipality_id uuid not null,
      id uuid not null default uuidv7(),
      series text not null,
      year integer not null,
      number integer not null check (number >= 1),
      number_text text not null check (length(number_text) <= 20),
      issued_on date not null,
      issued_at timestamptz not null default app_now(),
      top_up_id uuid not null,
      household_id uuid not null,
      holder_id uuid not null,
      supplier jsonb not null,
      customer jsonb not null,
      meals integer not null check (meals > 0),
      unit_cents integer not null check (unit_cents > 0),
      net_cents integer not null,
      vat_cents integer not null,
      vat_basis_points integer not null,
      total_cents integer not null check (total_cents = meals * unit_cents and total_cents = net_cents + vat_cents),
      method text not null check (method in ('card', 'mybank')),
      xml text not null,
      xml_sha256 bytea not null check (octet_length(xml_sha256) = 32),
      primary key (municipality_id, id),
      unique (municipality_id, series, year, number),
      unique (municipality_id, top_up_id),
      foreign key (municipality_id, series, year) references invoice_series,
      foreign key (municipality_id, top_up_id) references top_up,
      foreign key (municipality_id, household_id) references household,
      foreign key (municipality_id, holder_id) references person,
      check (extract(year from issued_on) = year)
    );
    create index invoice_by_household on invoice (municipality_id, household_id, issued_at desc);
    create trigger invoice_append_only before update or delete on invoice for each row execute function refuse_change();
    create trigger invoice_no_truncate before truncate on invoice execute function refuse_change();
  `)
    .execute(db)
}
