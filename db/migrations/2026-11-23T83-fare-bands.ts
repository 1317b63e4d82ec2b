import { type Kysely, sql } from 'kysely'

/**
 * Fare bands: a lower price of the meal, band by band, and which pupil has which band from when to when. The price of a
 * meal is the band's price of that day, or the service's; a price of zero is a meal that costs nothing.
 * An enrolment may now change: its end and, from a day on, its diet. Only the office writes enrolments.
 */
const OFFICE = `app_audience() in ('staff', 'system')`
const IN_TOWN = 'municipality_id = (select app_municipality())'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    create table fare_band (
      municipality_id uuid not null,
      service_id uuid not null,
      code text not null check (code ~ '^[A-Z0-9-]{1,12}$'),
      name text not null check (name <> '' and length(name) <= 80),
      primary key (municipality_id, service_id, code),
      foreign key (municipality_id, service_id) references service
    );

    create table fare_band_price (
      municipality_id uuid not null,
      service_id uuid not null,
      code text not null,
      valid_from date not null,
      price_cents integer not null check (price_cents between 0 and 10000),
      primary key (municipality_id, service_id, code, valid_from),
      foreign key (municipality_id, service_id, code) references fare_band
    );
    comment on table fare_band_price is 'As meal_price: a price is valid until the next one starts';

    create table fare_assignment (
      municipality_id uuid not null,
      id uuid not null default uuidv7(),
      pupil_id uuid not null,
      service_id uuid not null,
      band_code text not null,
      valid_from date not null,
      valid_to date not null,
      validity daterange generated always as (daterange(valid_from, valid_to, '[]')) stored,
      submission_id uuid,
      given_by uuid not null,
      given_at timestamptz not null default app_now(),
      primary key (municipality_id, id),
      foreign key (municipality_id, pupil_id) references pupil,
      foreign key (municipality_id, service_id, band_code) references fare_band,
      foreign key (municipality_id, submission_id) references form_submission,
      foreign key (municipality_id, given_by) references person,
      check (valid_from <= valid_to),
      constraint fare_once_at_a_time unique (municipality_id, pupil_id, service_id, validity without overlaps)
    );
    create index fare_assignment_by_pupil on fare_assignment (municipality_id, service_id, pupil_id, valid_to);

    alter table fare_band enable row level security;
    create policy fare_band_scope on fare_band to refettorio_web using (${IN_TOWN}) with check (${IN_TOWN} and ${OFFICE});
    alter table fare_band_price enable row level security;
    create policy fare_band_price_scope on fare_band_price to refettorio_web using (${IN_TOWN}) with check (${IN_TOWN} and ${OFFICE});
    alter table fare_assignment enable row level security;
    create policy fare_assignment_scope on fare_assignment to refettorio_web
      using (${IN_TOWN} and (${OFFICE} or pupil_id in (select p.id from pupil p where p.municipality_id = fare_assignment.municipality_id
        and p.household_id = any (array(select app_paying_households())))))
      with check (${IN_TOWN} and ${OFFICE});
    grant select on fare_band, fare_band_price to refettorio_web;
    grant select, insert, delete on fare_assignment to refettorio_web;
    grant update (valid_to) on fare_assignment to refettorio_web;

    drop policy enrolment_scope on enrolment;
    create policy enrolment_read on enrolment for select to refettorio_web
      using (${IN_TOWN} and (${OFFICE} or pupil_id = any (array(select app_pupils()))));
    create policy enrolment_give on enrolment for insert to refettorio_web with check (${IN_TOWN} and ${OFFICE});
    create policy enrolment_change on enrolment for update to refettorio_web
      using (${IN_TOWN} and ${OFFICE}) with check (${IN_TOWN} and ${OFFICE});
    create policy enrolment_drop on enrolment for delete to refettorio_web using (${IN_TOWN} and ${OFFICE});
    grant update (valid_to, diet_code) on enrolment to refettorio_web;
    grant delete on enrolment to refettorio_web;
  `)
    .execute(db)
}
