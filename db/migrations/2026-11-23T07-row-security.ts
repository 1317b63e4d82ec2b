import { type Kysely, sql } from 'kysely'

/**
 * Row-level security: the net under the application's own checks.
 * Everything needs the municipality of the transaction. Families' tables also need: staff or system, or one's own household.
 * Money's tables need, for a family, that one is the holder: a delegate's transaction sees no row of them.
 * What belongs to whom is asked once per statement (the sub-selects become init plans), not once per row.
 */
const OPEN_TO_THE_TOWN = [
  'school_year',
  'school',
  'school_class',
  'diet',
  'service',
  'meal_price',
  'service_schedule',
  'calendar_exception',
  'service_day',
]

const FAMILY: Record<string, string> = {
  household: 'id = any (array(select app_households()))',
  person: `id = app_person() or id in (select person_id from household_member m where m.municipality_id = person.municipality_id
    and m.household_id = any (array(select app_households())))`,
  household_member: 'household_id = any (array(select app_households()))',
  pupil: 'household_id = any (array(select app_households()))',
  enrolment: 'pupil_id = any (array(select app_pupils()))',
  absence: 'pupil_id = any (array(select app_pupils()))',
  absence_event: 'pupil_id = any (array(select app_pupils()))',
  absence_receipt: 'household_id = any (array(select app_households()))',
}

const MONEY: Record<string, string> = {
  account: 'household_id = any (array(select app_paying_households()))',
  entry: 'account_id in (select id from account a where a.municipality_id = entry.municipality_id)',
  top_up: 'household_id = any (array(select app_paying_households())) and payer_id = app_person()',
  top_up_transition:
    'top_up_id in (select id from top_up t where t.municipality_id = top_up_transition.municipality_id)',
  invoice: 'household_id = any (array(select app_paying_households())) and holder_id = app_person()',
}

const OFFICE_ONLY = [
  'journal',
  'provider_operation',
  'notification_inbox',
  'outbox',
  'invoice_series',
  'kitchen_count',
  'kitchen_count_line',
  'staff_member',
]

const GRANTS = `
  grant select on school_year, school, school_class, diet, service, meal_price, service_schedule, top_up_legal_transition, communication, staff_member to refettorio_web;
  grant select, insert on calendar_exception, household, household_member, pupil, enrolment, person to refettorio_web;
  grant update (valid_to) on household_member to refettorio_web;
  grant update (email, phone, street, postcode, city, province) on person to refettorio_web;
  grant update (given_name) on pupil to refettorio_web;
  grant select, insert, update on service_day to refettorio_web;
  grant select, insert, delete on absence to refettorio_web;
  grant select, insert on absence_receipt, absence_event, kitchen_count, kitchen_count_line, audit_event to refettorio_web;
  grant select, insert on account, journal, entry to refettorio_web;
  grant update (updated_at) on account to refettorio_web;
  grant select, insert, update on top_up, outbox to refettorio_web;
  grant select, insert on top_up_transition, provider_operation, notification_inbox, invoice to refettorio_web;
  grant select, insert, update on invoice_series to refettorio_web;
`

const OFFICE = `app_audience() in ('staff', 'system')`

const policy = (table: string, condition: string) => `
  alter table ${table} enable row level security;
  create policy ${table}_scope on ${table} to refettorio_web
    using (municipality_id = (select app_municipality()) and (${condition}))
    with check (municipality_id = (select app_municipality()) and (${condition}));`

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    create function app_households() returns setof uuid language sql stable security definer set search_path = public as $$
      select m.household_id from household_member m
      where m.municipality_id = app_municipality() and m.person_id = app_person() and app_audience() = 'family'
        and m.valid_from <= app_today() and (m.valid_to is null or m.valid_to >= app_today())
    $$;
    create function app_paying_households() returns setof uuid language sql stable security definer set search_path = public as $$
      select m.household_id from household_member m
      where m.municipality_id = app_municipality() and m.person_id = app_person() and app_audience() = 'family' and m.role = 'holder'
        and m.valid_from <= app_today() and (m.valid_to is null or m.valid_to >= app_today())
    $$;
    create function app_pupils() returns setof uuid language sql stable security definer set search_path = public as $$
      select p.id from pupil p where p.municipality_id = app_municipality() and p.household_id in (select app_households())
    $$;
    ${OPEN_TO_THE_TOWN.map((table) => policy(table, 'true')).join('')}
    ${Object.entries({ ...FAMILY, ...MONEY })
      .map(([table, own]) => policy(table, `${OFFICE} or (${own})`))
      .join('')}
    ${OFFICE_ONLY.map((table) => policy(table, OFFICE)).join('')}
    ${policy('communication', `${OFFICE} or household_id is null and (about = 'service' or exists (select app_paying_households())) or household_id = any (array(select app_paying_households())) or about = 'service' and household_id = any (array(select app_households()))`)}

    alter table audit_event enable row level security;
    create policy audit_event_write on audit_event for insert to refettorio_web
      with check (municipality_id = (select app_municipality()));
    create policy audit_event_read on audit_event for select to refettorio_web
      using (municipality_id = (select app_municipality()) and (${OFFICE} or person_id = app_person()));
    ${GRANTS}
  `)
    .execute(db)
}
