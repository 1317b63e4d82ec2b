-- The price of a meal, and the law of its tax: a rate, or an exemption with its reason.

create table meal_price (
  municipality_id uuid not null,
  service_id uuid not null,
  valid_from date not null,
  price_cents integer not null check (price_cents between 1 and 10000),
  vat_basis_points integer not null default 400 check (vat_basis_points between 0 and 3000),
  vat_nature text check (vat_nature in ('N2.2', 'N4')),
  vat_reference text default 'Tab. A, parte II, n. 37, DPR 633/1972' check (length(vat_reference) between 1 and 100),
  decided_by uuid,
  decided_at timestamptz not null default app_now(),
  note text not null default '' check (length(note) <= 200),
  primary key (municipality_id, service_id, valid_from),
  foreign key (municipality_id, service_id) references service,
  check ((vat_basis_points = 0) = (vat_nature is not null)),
  check (vat_nature is null or vat_reference is not null),
  foreign key (municipality_id, decided_by) references person
);
comment on table meal_price is 'A price is valid until the next one starts, so prices can neither overlap nor leave a hole.';
comment on column meal_price.vat_nature is 'Why no VAT is due, as the electronic invoice names it; null with a rate';
comment on column meal_price.vat_reference is 'The law of the rate or of the exemption, as printed on the invoice';

-- Fare bands: a lower price of the meal, band by band, and which pupil has which band from when to when. The price of a
-- meal is the band's price of that day, or the service's; a price of zero is a meal that costs nothing.

create table fare_band (
  municipality_id uuid not null,
  service_id uuid not null,
  code text not null check (code ~ '^[A-Z0-9-]{1,12}$'),
  name text not null check (name <> '' and length(name) <= 80),
  description text not null default '' check (length(description) <= 300),
  closed_at timestamptz,
  primary key (municipality_id, service_id, code),
  foreign key (municipality_id, service_id) references service
);
comment on column fare_band.closed_at is 'From then on no other pupil gets the band; a pupil who has it keeps it to its end';

create table fare_band_price (
  municipality_id uuid not null,
  service_id uuid not null,
  code text not null,
  valid_from date not null,
  price_cents integer not null check (price_cents between 0 and 10000),
  decided_by uuid,
  decided_at timestamptz not null default app_now(),
  note text not null default '' check (length(note) <= 200),
  primary key (municipality_id, service_id, code, valid_from),
  foreign key (municipality_id, service_id, code) references fare_band,
  foreign key (municipality_id, decided_by) references person
);
comment on table fare_band_price is 'As meal_price: a price is valid until the next one starts';

-- Double-entry ledger. The database itself keeps its promises:
-- journals and entries are never changed; the entries of a journal are written by one statement and sum to zero;
-- a balance moves only by the entries' own trigger, with the accounts locked in sorted order; every journal has entries.

create table account (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  kind text not null check (kind in ('household', 'clearing', 'meals', 'opening', 'adjustment')),
  service_id uuid not null,
  household_id uuid,
  school_id uuid,
  balance_cents bigint not null default 0,
  updated_at timestamptz not null default app_now(),
  primary key (municipality_id, id),
  unique nulls not distinct (municipality_id, service_id, kind, household_id, school_id),
  foreign key (municipality_id, service_id) references service,
  foreign key (municipality_id, household_id) references household,
  foreign key (municipality_id, school_id) references school,
  check ((kind = 'household') = (household_id is not null)),
  check ((kind = 'meals') = (school_id is not null))
);
create index account_by_household on account (municipality_id, household_id);
comment on column account.balance_cents is 'Cached sum of the entries. A household in credit is positive.';

create table journal (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  kind text not null check (kind in ('opening', 'top_up', 'meals', 'meals_reversal', 'adjustment', 'refund', 'chargeback')),
  idempotency_key text not null check (length(idempotency_key) between 1 and 120),
  description text not null default '',
  person_id uuid,
  posted_at timestamptz not null default app_now(),
  primary key (municipality_id, id),
  unique (municipality_id, idempotency_key)
);

-- Top-ups with their legal transitions, what the provider said, the inbox of its notifications, invoices.
-- A claim (`creation_claimed_until`) keeps fifty presses of one button from making fifty orders; it lapses after a crash.
-- Something happened (`hinted_at`) after the last question that was answered (`answered_at`): until the provider is asked
-- again, a state that looks final may be old, and the payer must not read it as the end.
-- An invoice is numbered when the money arrives; its XML may come later, once, and then never changes.

create table top_up_legal_transition (
  from_state text not null,
  to_state text not null,
  primary key (from_state, to_state)
);
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
  alarms text[] not null default '{}'
    check (alarms <@ array['late-success', 'surplus', 'mismatch', 'unknown-answer', 'reversed', 'credited-but-not-paid', 'mode-mixed']),
  created_at timestamptz not null default app_now(),
  updated_at timestamptz not null default app_now(),
  paid_at timestamptz,
  next_check_at timestamptz,
  checks integer not null default 0,
  provider_mode text not null default 'test' check (provider_mode in ('test', 'live')),
  creation_claimed_until timestamptz,
  hinted_at timestamptz,
  answered_at timestamptz,
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
comment on column top_up.alarms is 'What a person must look at, each once, in the order in which it was found';
comment on column top_up.hinted_at is 'Last notification, or last return of the payer';
comment on column top_up.answered_at is 'When the provider was asked the question it last answered';

create table top_up_transition (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  top_up_id uuid not null,
  from_state text not null,
  to_state text not null,
  cause text not null,
  occurred_at timestamptz not null default app_now(),
  primary key (municipality_id, id),
  foreign key (municipality_id, top_up_id) references top_up
);
create index top_up_transition_by_top_up on top_up_transition (municipality_id, top_up_id);
create unique index top_up_transition_first on top_up_transition (municipality_id, top_up_id) where from_state = 'created';

create table entry (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  journal_id uuid not null,
  account_id uuid not null,
  kind text not null check (kind in ('opening', 'top_up', 'meals', 'meals_reversal', 'adjustment', 'refund', 'chargeback')),
  amount_cents integer not null check (amount_cents <> 0),
  posted_at timestamptz not null default app_now(),
  pupil_id uuid,
  service_day_id uuid,
  day date,
  top_up_id uuid,
  school_year smallint not null default school_year_of((app_now() at time zone 'Europe/Rome')::date),
  primary key (municipality_id, id, school_year),
  foreign key (municipality_id, journal_id) references journal,
  foreign key (municipality_id, account_id) references account,
  foreign key (municipality_id, pupil_id) references pupil,
  check (pupil_id is null or (service_day_id is not null and day is not null)),
  foreign key (municipality_id, top_up_id) references top_up,
  check (school_year = school_year_of((posted_at at time zone 'Europe/Rome')::date))
) partition by range (school_year);
create index entry_by_account on entry (municipality_id, account_id, school_year, posted_at, id);
create index entry_by_journal on entry (municipality_id, journal_id);
create unique index one_charge_per_meal on entry (municipality_id, service_day_id, pupil_id, kind, school_year)
  where pupil_id is not null;
create unique index one_credit_per_top_up on entry (municipality_id, top_up_id, account_id, school_year)
  where top_up_id is not null and kind = 'top_up';
comment on column entry.school_year is 'Of the day on which it was posted, in Italy';

-- A unique index of `entry` holds within a school year. Here is, once for all years, in which one the charges of a service day
-- stand, its reversals, the credit of a top-up: a second one in another year is refused (`entries_balance`).

create table entry_year (
  municipality_id uuid not null,
  subject_id uuid not null,
  kind text not null,
  school_year smallint not null,
  primary key (municipality_id, subject_id, kind)
);
comment on column entry_year.subject_id is 'A service day or a top-up';

create table provider_operation (
  municipality_id uuid not null,
  id uuid not null default uuidv7(),
  top_up_id uuid not null,
  provider text not null,
  operation_id text not null,
  type text not null,
  result text not null,
  amount_cents integer,
  currency text,
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

create table invoice_series (
  municipality_id uuid not null references municipality,
  code text not null check (code ~ '^[A-Z]{3}$'),
  year integer not null check (year between 2000 and 2199),
  last_number integer not null default 0 check (last_number >= 0),
  last_issued_on date not null,
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
  method text not null check (method in ('card', 'mybank', 'pagopa')),
  xml text,
  xml_sha256 bytea check (octet_length(xml_sha256) = 32),
  municipality_name text not null,
  service_name text not null,
  vat_nature text check (vat_nature in ('N2.2', 'N4')),
  vat_reference text,
  gaps text[] not null default '{}'
    check (gaps <@ array['customer_address', 'customer_name', 'customer_fiscal_code', 'supplier', 'structure']),
  completed_at timestamptz default app_now(),
  primary key (municipality_id, id),
  unique (municipality_id, series, year, number),
  unique (municipality_id, top_up_id),
  foreign key (municipality_id, series, year) references invoice_series,
  foreign key (municipality_id, top_up_id) references top_up,
  foreign key (municipality_id, household_id) references household,
  foreign key (municipality_id, holder_id) references person,
  check (extract(year from issued_on) = year),
  check ((xml is null) = (xml_sha256 is null)),
  check ((xml is null) = (cardinality(gaps) > 0)),
  check ((xml is null) = (completed_at is null))
);
create index invoice_by_household on invoice (municipality_id, household_id, issued_at desc);
create index invoice_waiting on invoice (municipality_id, holder_id) where xml is null;
comment on column invoice.gaps is 'What the XML still lacks (customer_address, …); empty once it is written';
