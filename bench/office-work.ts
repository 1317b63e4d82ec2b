/**
 * What tells the people of the large municipality apart, and the work that an office of its size has behind it. The load test needs
 * neither; the lists of the office are judged by both. Every statement speaks of the one municipality of the database, and runs
 * with triggers off: the numbers are to be listed, and no ledger is kept of them.
 */

/** A number from 0 that is always the same for an id, and that has nothing to do with the order of the ids. */
const spread = (id: string, digits = 7): string =>
  `('x' || left(md5(${id}::text), ${digits}))::bit(${digits * 4})::int`
const spreadAgain = (id: string): string => `('x' || right(md5(${id}::text), 7))::bit(28)::int`

/** Sixteen signs that begin with letters, as a code does: one that begins with a digit is a number of the office's own. */
const codeOf = (id: string): string =>
  `translate(upper(left(md5(${id}::text), 6)), '0123456789', 'GHIJKLMNOP') || upper(substr(md5(${id}::text), 7, 10))`

const TOWN = `(select id from municipality where slug = 'carico')`
const aColleague = (number: string): string =>
  `(array(select person_id from staff_member where role = 'operator' order by person_id))[1 + ${number} % 40]`

/** 1,000 surnames, 8 given names, telephones, second parents, pupils without a code, places that ended and that are to come. */
const PEOPLE = [
  `update pupil set family_name = (array['Rossi', 'Bianchi', 'D''Angelo', 'De Luca', 'Ferrari', 'Conti', 'Müller', 'Greco', 'Villa', 'Zorzi'])
      [1 + (${spread('id')} & 7)] || ' ' || chr(65 + ${spread('id', 6)} % 26) || chr(97 + ${spreadAgain('id')} % 26),
    given_name = (array['Anna', 'Ugo', 'Èva', 'Luca', 'Greta', 'Tommaso', 'Sara', 'Leo'])[1 + (${spreadAgain('id')} & 7)],
    birth_date = app_today() - 3000 - ${spreadAgain('id')} % 1500,
    fiscal_code = case when ${spread('id')} % 200 = 0 then null else fiscal_code end`,
  `update household h set name = p.family_name from pupil p where p.municipality_id = h.municipality_id and p.household_id = h.id`,
  `update person p set family_name = h.name, given_name = (array['Marta', 'Ivo', 'Lucia', 'Paolo'])[1 + ${spread('p.id')} % 4],
      phone = '+393' || lpad((${spread('p.id')} % 1000000000)::text, 9, '0')
    from household_member m join household h on h.municipality_id = m.municipality_id and h.id = m.household_id
    where m.municipality_id = p.municipality_id and m.person_id = p.id`,
  `create temp table second as select uuidv7() as person_id, h.id as household_id, h.municipality_id, h.name from household h
    where ${spread('h.id')} % 2 = 0`,
  // Half of them write from an address of their own.
  `insert into person (municipality_id, id, fiscal_code, fiscal_code_hash, given_name, family_name, phone, email)
    select municipality_id, person_id, ${codeOf('person_id')}, sha256(person_id::text::bytea),
      (array['Marta', 'Ivo', 'Lucia', 'Paolo'])[1 + ${spread('person_id')} % 4], name,
      '+393' || lpad((${spread('person_id')} % 1000000000)::text, 9, '0'),
      case when ${spread('person_id', 6)} % 2 = 0 then left(md5(person_id::text), 12) || '@example.it' end from second`,
  // A trigger writes by which code a person signs in.
  `insert into person_code (municipality_id, person_id, fiscal_code, fiscal_code_hash)
    select municipality_id, id, fiscal_code, fiscal_code_hash from person p where not exists (select from person_code c where c.person_id = p.id)`,
  `insert into household_member (municipality_id, household_id, person_id, role, valid_from)
    select municipality_id, household_id, person_id, 'delegate', app_today() - 60 from second`,
  // What a desk typed where a parent had none; parents who entered twice, once by a code of the office.
  `update person set email = 'segreteria@example.it' where ${spread('id')} % 100 = 0`,
  `update person set phone = '+39045000000' where ${spread('id', 6)} % 200 = 0`,
  `insert into person (municipality_id, id, fiscal_code, fiscal_code_hash, given_name, family_name, phone, email)
    select municipality_id, uuidv7(), lpad((${spread('id')} % 100000000000)::text, 11, '0'), sha256(('twice' || id)::bytea), family_name, given_name,
      phone, email from person where ${spread('id')} % 1000 = 1`,
  `update account set balance_cents = -540 where kind = 'household' and ${spread('id', 6)} % 20 = 0`,
  `insert into fare_band (municipality_id, service_id, code, name) select municipality_id, id, 'F1', 'Fascia 1' from service`,
  `insert into fare_assignment (municipality_id, pupil_id, service_id, band_code, valid_from, valid_to, given_by)
    select e.municipality_id, e.pupil_id, e.service_id, 'F1', e.valid_from, e.valid_to, (select id from person limit 1)
    from enrolment e where ${spread('e.pupil_id', 6)} % 10 = 0`,
  `update enrolment set valid_to = app_today() - 10 where ${spread('id')} % 100 = 1`,
  `update enrolment set valid_from = app_today() + 20 where ${spread('id')} % 100 = 2`,
]

/** The manager comes first, whose id is given; then 40 operators, an office for each school, and 3 teachers for each. */
const colleagues = (managerId: string): string[] => [
  `insert into staff_member (municipality_id, person_id, role, valid_from) values (${TOWN}, '${managerId}', 'manager', '2020-09-01')`,
  `insert into staff_member (municipality_id, person_id, role, valid_from)
    select municipality_id, id, 'operator', '2020-09-01' from person where id <> '${managerId}' order by md5(id::text) limit 40`,
  `insert into staff_member (municipality_id, person_id, role, valid_from, school_id)
    select s.municipality_id, p.id, 'school_office', '2020-09-01', s.id
    from (select *, row_number() over (order by id) as n from school) s
    join (select id, row_number() over (order by md5(id::text)) - 100 as n from person) p using (n)`,
  `insert into staff_member (municipality_id, person_id, role, valid_from, school_id, school_class_id)
    select c.municipality_id, p.id, 'teacher', '2020-09-01', c.school_id, c.id
    from (select *, row_number() over (order by id) as n from school_class) c
    join (select id, row_number() over (order by md5(id::text)) - 2000 as n from person) p using (n) where c.n % 3 = 0`,
]

/** Every 40th communication went to all families: all of them together are a million rows. */
const COMMUNICATIONS = [
  `create temp table written as select uuidv7() as id, n, n % 40 = 1 as to_all, app_now() - make_interval(hours => n * 60) as at
    from generate_series(1, 200) n`,
  `insert into communication (municipality_id, id, latest_version, approved_version, published_version, published_at, created_at)
    select ${TOWN}, id, 1, 1, 1, at, at from written`,
  `insert into communication_version (municipality_id, communication_id, number, kind, about, title, body, audience, acknowledgement, author_id, saved_at)
    select ${TOWN}, id, 1, 'information', 'service', 'Comunicazione ' || n, '<p>Prova</p>', '{"kind": "all"}',
      case when to_all then 'household' else 'none' end, ${aColleague('n')}, at from written`,
  `insert into communication_publication (municipality_id, communication_id, version, title, published_at)
    select ${TOWN}, id, 1, 'Comunicazione ' || n, at from written`,
  `create temp table member as select m.household_id, m.person_id, m.role, p.email, ${spread('m.household_id')} % 700 as n
    from household_member m join person p on p.municipality_id = m.municipality_id and p.id = m.person_id`,
  `create temp table addressed as
    select w.id as communication_id, w.at, m.household_id, m.person_id, m.role, m.email from written w cross join member m where w.to_all
    union all
    select w.id, w.at, m.household_id, m.person_id, m.role, m.email from written w join member m on m.n = w.n where not w.to_all`,
  `insert into communication_recipient (municipality_id, communication_id, household_id, about)
    select distinct ${TOWN}, communication_id, household_id, 'service' from addressed`,
  `insert into communication_recipient_person (municipality_id, communication_id, household_id, person_id, about, role, had_email)
    select ${TOWN}, communication_id, household_id, person_id, 'service', role, email is not null from addressed`,
  `insert into communication_read (municipality_id, communication_id, version, person_id, read_at)
    select distinct on (communication_id, person_id) ${TOWN}, communication_id, 1, person_id, at + interval '1 hour' from addressed
    where ${spread('person_id')} % 10 < 6`,
  `insert into communication_acknowledgement (municipality_id, communication_id, version, household_id, person_id, once_per, was_late, acknowledged_at)
    select ${TOWN}, a.communication_id, 1, a.household_id, a.person_id, 'household', false, a.at + interval '2 hours' from addressed a
    join written w on w.id = a.communication_id and w.to_all where a.role = 'holder' and ${spread('a.person_id')} % 10 < 4`,
  `insert into delivery_batch (municipality_id, id, key, event, title, communication_id, communication_version, created_at)
    select ${TOWN}, id, 'communication:' || id, 'communication-published', 'Comunicazione ' || n, id, 1, at from written
    union all select ${TOWN}, uuidv7(), 'single:' || n, 'sign-in-code', null, null, null, app_now() - make_interval(mins => n * 10)
    from generate_series(1, 5000) n`,
  `create temp table told as select uuidv7() as notification_id, * from addressed`,
  `insert into notification (municipality_id, id, person_id, batch_id, event, key, title, body, path, created_at)
    select distinct on (communication_id, person_id) ${TOWN}, notification_id, person_id, communication_id, 'communication-published',
      'communication:' || communication_id, 'Comunicazione', 'Prova', '/carico/comunicazioni', at from told`,
  `insert into outbox (municipality_id, dedupe_key, channel, recipient, subject, body_text, created_at, due_at, attempts, sent_at, batch_id,
      person_id, outcome, language)
    select ${TOWN}, 'communication:' || communication_id || person_id || household_id, 'email', email, 'Comunicazione', 'Prova', at, null, 1,
      case when ${spread('person_id')} % 100 > 0 then at end, communication_id, person_id,
      case when ${spread('person_id')} % 100 > 0 then 'sent' else 'refused' end, 'it' from told where email is not null`,
]

/** 20,000 requests of two forms, a third of them to be decided; cases of refund; links that wait; lists of the schools. */
const REQUESTS = [
  `create temp table form as select uuidv7() as id, n, (array['enrolment', 'diet'])[n] as kind from generate_series(1, 2) n`,
  `insert into online_form (municipality_id, id, kind, latest_version, published_version, created_by)
    select ${TOWN}, id, kind, 1, 1, ${aColleague('n')} from form`,
  `insert into online_form_version (municipality_id, form_id, number, definition, school_year_id, opens_at, author_id, published_at)
    select ${TOWN}, id, 1, jsonb_build_object('title', 'Modulo ' || n, 'intro', '', 'steps', '[]'::jsonb), (select id from school_year limit 1),
      app_now() - interval '90 days', ${aColleague('n')}, app_now() - interval '90 days' from form`,
  `insert into protocol_series (municipality_id, year, last_number) values (${TOWN}, extract(year from app_today())::int, 20000)`,
  `insert into form_submission (municipality_id, form_id, version, draft_id, household_id, person_id, pupil_id, protocol_year, protocol_number,
      submitted_at, answers, shown, about, state, decided_at, school_id, lacks, lacks_known, assigned_to)
    select ${TOWN}, (select id from form where form.n = 1 + s.n % 2), 1, uuidv7(), s.household_id, m.person_id, s.id, extract(year from app_today())::int,
      s.n, app_now() - make_interval(mins => s.n::int * 5), '{}', '[]', s.full_name, case when s.n % 3 = 0 then 'submitted' else 'accepted' end,
      case when s.n % 3 = 0 then null else app_now() - make_interval(mins => s.n::int * 2) end, s.school_id,
      case when s.n % 5 = 0 then '{documents}' else '{}' end::text[], true, case when s.n % 4 = 0 then ${aColleague('s.n::int')} end
    from (select p.id, p.household_id, p.full_name, e.school_id, row_number() over (order by md5(p.id::text)) as n from pupil p
      join enrolment e on e.municipality_id = p.municipality_id and e.pupil_id = p.id) s
    join household_member m on m.municipality_id = ${TOWN} and m.household_id = s.household_id and m.role = 'holder'
    where s.n <= 20000`,
  `insert into refund_case (municipality_id, account_id, household_id, service_id, cause, left_on, opened_at, opened_by, opened_cents, decision,
      decided_at, decided_by, decided_cents, reason)
    select a.municipality_id, a.id, a.household_id, a.service_id, 'ended', app_today() - 5, app_now() - make_interval(mins => a.n::int * 9),
      ${aColleague('a.n::int')}, 5400, case when a.n % 2 = 0 then 'refund' end, case when a.n % 2 = 0 then app_now() end,
      case when a.n % 2 = 0 then ${aColleague('a.n::int')} end, case when a.n % 2 = 0 then 5400 end, case when a.n % 2 = 0 then 'Prova' end
    from (select *, row_number() over (order by md5(id::text)) as n from account where kind = 'household') a where a.n <= 8000`,
  `insert into link_request (municipality_id, citizen_id, given_name, family_name, birth_date, fiscal_code, child_given_name, child_family_name, sent_at)
    select ${TOWN}, uuidv7(), 'Marta', 'Rossi', '1985-01-01', upper(left(md5(n::text), 16)), 'Anna', 'Rossi', app_now() - make_interval(mins => n)
    from generate_series(1, 300) n`,
  `insert into pupil_import (municipality_id, name, form, read_as, size, sha256, header_set, state, uploaded_by, acted_by, uploaded_at, applied_by, applied_at)
    select ${TOWN}, 'elenco-' || n || '.csv', 'csv', 'utf-8', 1000, sha256(n::text::bytea), 'prova', 'applied', ${aColleague('n')}, ${aColleague('n')},
      app_now() - make_interval(hours => n), ${aColleague('n')}, app_now() - make_interval(hours => n) from generate_series(1, 800) n`,
]

/** What the office did in two years, and the invoices of two payments for each family. */
const REGISTERS = [
  `insert into audit_event (municipality_id, person_id, action, object_type, object_id, occurred_at)
    select ${TOWN}, ${aColleague('h.n::int')}, (array['household.read', 'household.corrected', 'diet.read', 'meals.cancel'])[1 + h.n % 4], 'household', h.id,
      app_now() - make_interval(mins => (h.n % 80000)::int)
    from (select h.id::text, row_number() over (order by md5(h.id::text || k)) as n from household h, generate_series(1, 4) k) h`,
  `create temp table paid as select uuidv7() as id, a.id as account_id, a.household_id, m.person_id, k,
      row_number() over (order by a.id, k) as n from account a join household_member m on m.municipality_id = a.municipality_id
      and m.household_id = a.household_id and m.role = 'holder' cross join generate_series(1, 2) k where a.kind = 'household'`,
  `insert into top_up (municipality_id, id, household_id, account_id, payer_id, client_key, meals, unit_cents, method, state, provider, order_id,
      notification_key, paid_operation_id, paid_at, created_at)
    select ${TOWN}, id, household_id, account_id, person_id, uuidv7(), 20, 540, 'card', 'paid', 'prova', 'P' || n, id::text, 'op' || n,
      app_now() - make_interval(mins => n::int), app_now() - make_interval(mins => n::int) from paid`,
  `insert into invoice_series (municipality_id, code, year, last_number, last_issued_on)
    values (${TOWN}, 'CRC', extract(year from app_today())::int, 300000, app_today()) on conflict do nothing`,
  `insert into invoice (municipality_id, series, year, number, number_text, issued_on, issued_at, top_up_id, household_id, holder_id, supplier, customer,
      meals, unit_cents, net_cents, vat_cents, vat_basis_points, total_cents, method, xml, xml_sha256, municipality_name, service_name)
    select ${TOWN}, 'CRC', extract(year from app_today())::int, n, 'CRC/' || n, app_today(), app_now(), id, household_id, person_id, '{}', '{}', 20, 540,
      10385, 415, 400, 10800, 'card', '<x/>', sha256('x'), 'Prova', 'Refezione' from paid`,
]

/** The statements that give the municipality its people and its office, in their order. @param managerId a person of it */
export const officeWork = (managerId: string): string[] => [
  'set session_replication_role = replica',
  ...PEOPLE,
  ...colleagues(managerId),
  ...COMMUNICATIONS,
  ...REQUESTS,
  ...REGISTERS,
]
