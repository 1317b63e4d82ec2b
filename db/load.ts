import { sql } from 'kysely'
import { addDays } from '#lib/kernel/day.ts'
import { openDatabase, type Trx } from './client.ts'
import { readClock } from './clock.ts'
import { type DemoYear, schoolYearOf } from './demo/calendar.ts'
import { claimForDemonstration } from './demonstration.ts'

export const LOAD_SLUG = 'carico'

const PUPILS_PER_SCHOOL = 205
const CLASSES_PER_SCHOOL = 9
const SCHOOLS_PER_BATCH = 25
const PRICE_CENTS = 540
/** Service days already closed and charged, so that every account has a history. */
const CLOSED_DAYS = 5

/**
 * Seeds a large municipality for load tests: schools of about two hundred pupils, an opening balance for every family, the last five
 * service days closed and charged (one pupil in twelve was absent), the rest of the year open. Rows are made inside the
 * database, a batch of schools at a time, so memory stays flat; the ledger's triggers are on, so the ledger keeps its promises.
 * No person of this municipality can sign in with SPID or CIE: its people have no real fiscal codes.
 * @param options.report receives the progress, in Italian
 * @param options.hasMoney false: no balance and no closed day, for what reads only people; a tenth of the time
 * @param options.years school years, this one included: in those before it every weekday was served, charged and counted
 * @throws ServesPeople when the database is neither empty nor a demonstration
 */
export async function seedLoad(
  ownerUrl: string,
  pupils: number,
  {
    report = () => undefined,
    years = 1,
    hasMoney = true,
  }: { report?: (words: string) => void; years?: number; hasMoney?: boolean } = {},
): Promise<void> {
  const owner = openDatabase(ownerUrl, { poolSize: 1, queryTimeoutMs: 0 })
  try {
    await claimForDemonstration(owner)
    const { today } = await readClock(owner)
    const year = schoolYearOf(today)
    const earlier = Array.from(
      { length: years - 1 },
      (_, n) => Number(year.startsOn.slice(0, 4)) - years + 1 + n,
    )
    const first = earlier[0] === undefined ? addDays(today, -60) : `${earlier[0]}-09-01`
    await sql`select make_school_years(${first}::date, app_today())`.execute(owner)
    const schools = Math.max(1, Math.ceil(pupils / PUPILS_PER_SCHOOL))
    const municipalityId = await owner.transaction().execute((trx) => seedFrame(trx, year, schools))
    for (let first = 1; first <= schools; first += SCHOOLS_PER_BATCH) {
      const last = Math.min(schools, first + SCHOOLS_PER_BATCH - 1)
      await owner.transaction().execute(async (trx) => {
        await seedPeople(trx, municipalityId, { first, last, schools, pupils })
        for (const past of earlier) {
          await planYear(trx, municipalityId, past)
          await seedClosedDays(trx, municipalityId)
          await settleYear(trx, municipalityId, past)
        }
        if (!hasMoney) return
        await seedOpening(trx, municipalityId)
        await seedClosedDays(trx, municipalityId)
      })
      report(`${Math.round((pupils * last) / schools)} alunni di ${pupils}`)
    }
    await sql`analyze`.execute(owner)
  } finally {
    await owner.destroy()
  }
}

/** Municipality, schools, classes, prices and service days; one statement for each kind of row. */
async function seedFrame(trx: Trx, year: DemoYear, schools: number): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    with o as (
      insert into operator (name, vat_number, fiscal_code, street, postcode, city, province, email, phone)
      values ('Ristorazione di prova', '99999999990', '99999999990', 'Via Prova 1', '37100', 'Verona', 'VR',
        'prova@example.it', '045 555 0199') returning id
    )
    insert into municipality (slug, name, province, region, operator_id, invoice_series, street, postcode, email, pec, phone, fiscal_code,
      opens_on)
    select ${LOAD_SLUG}, 'Città di prova', 'VR', 'Veneto', o.id, 'CRC', 'Via Prova 1', '37100', 'prova@example.it',
      'prova@pec.example.it', '045 555 0199', '99999999990', ${year.startsOn}::date from o
    returning id`.execute(trx)
  const id = rows[0]?.id as string
  await sql`
    insert into school_year (municipality_id, name, starts_on, ends_on)
    values (${id}, ${year.name}, ${year.startsOn}, ${year.endsOn})`.execute(trx)
  await sql`
    insert into service (municipality_id, code, name) values (${id}, 'refezione', 'Refezione Scolastica')`.execute(
    trx,
  )
  await sql`
    insert into meal_price (municipality_id, service_id, valid_from, price_cents)
    select municipality_id, id, ${year.startsOn}::date, ${PRICE_CENTS}::int from service where municipality_id = ${id}`.execute(
    trx,
  )
  await sql`
    insert into diet (municipality_id, code, name)
    values (${id}, 'STD', 'Dieta comune'), (${id}, 'D01', 'Senza glutine'), (${id}, 'E02', 'Vegetariana')`.execute(
    trx,
  )
  await sql`
    insert into school (municipality_id, name, kind, street)
    select ${id}::uuid, 'Plesso ' || lpad(n::text, 4, '0'), 'primaria', 'Via Prova 1'
    from generate_series(1, ${schools}::int) n`.execute(trx)
  await sql`
    insert into school_class (municipality_id, school_id, school_year_id, name)
    select s.municipality_id, s.id, y.id, (1 + (n - 1) / 2)::text || chr(65 + (n - 1) % 2)
    from school s join school_year y using (municipality_id), generate_series(1, ${CLASSES_PER_SCHOOL}::int) n
    where s.municipality_id = ${id}`.execute(trx)
  await sql`
    insert into service_schedule (municipality_id, service_id, school_id, school_year_id, weekdays, cutoff_time, starts_on, ends_on)
    select s.municipality_id, v.id, s.id, y.id, '{1,2,3,4,5}', '09:30', ${year.serviceFrom}::date, ${year.serviceTo}::date
    from school s join service v using (municipality_id) join school_year y using (municipality_id)
    where s.municipality_id = ${id}`.execute(trx)
  await sql`
    insert into account (municipality_id, kind, service_id, school_id)
    select s.municipality_id, 'meals', v.id, s.id from school s join service v using (municipality_id) where s.municipality_id = ${id}
    union all select municipality_id, 'opening', id, null from service where municipality_id = ${id}`.execute(
    trx,
  )
  await sql`
    with planned as (
      select g::date as day, (g::date + time '09:30') at time zone 'Europe/Rome' as cutoff_at
      from generate_series(app_today() - 30, ${year.endsOn}::date, '1 day') g where extract(isodow from g) < 6
    ), kept as (
      select * from planned where cutoff_at >= coalesce((
        select min(cutoff_at) from (
          select cutoff_at from planned where cutoff_at + interval '3 seconds' <= app_now()
          order by cutoff_at desc limit ${CLOSED_DAYS}
        ) lately), app_now())
    )
    insert into service_day (municipality_id, service_id, school_id, day, cutoff_at, close_at)
    select s.municipality_id, v.id, s.id, k.day, k.cutoff_at, k.cutoff_at + interval '3 seconds'
    from school s join service v using (municipality_id) cross join kept k
    where s.municipality_id = ${id}`.execute(trx)
  return id
}

/** Sixteen signs that begin with letters, as a code does: one that begins with a digit is a number of the office's own. */
const codeOf = (id: string) =>
  sql.raw(
    `translate(upper(left(md5(${id}::text), 6)), '0123456789', 'GHIJKLMNOP') || upper(substr(md5(${id}::text), 7, 10))`,
  )

/** The batch's families: `batch_pupil` holds their ids for the statements that follow, until the transaction ends. */
async function seedPeople(
  trx: Trx,
  id: string,
  batch: { first: number; last: number; schools: number; pupils: number },
): Promise<void> {
  await sql`
    create temp table batch_pupil on commit drop as
    with numbered as (
      select id as school_id, row_number() over (order by name) as n from school where municipality_id = ${id}
    ), sized as (
      select school_id, n, ${batch.pupils}::int / ${batch.schools}::int
        + (n <= ${batch.pupils}::int % ${batch.schools}::int)::int as size
      from numbered where n between ${batch.first} and ${batch.last}
    ), classes as (
      select school_id, id as class_id, row_number() over (partition by school_id order by name) - 1 as c
      from school_class where municipality_id = ${id}
    ), placed as (
      select s.school_id, s.n, i, (i * 3) / 4 as home, i % ${CLASSES_PER_SCHOOL}::int as c
      from sized s, generate_series(1, s.size) i
    ), homes as (
      select school_id, home, uuidv7() as household_id, uuidv7() as person_id, uuidv7() as account_id
      from (select distinct school_id, home from placed) h
    )
    select uuidv7() as pupil_id, p.school_id, p.n, p.i, k.class_id, h.household_id, h.person_id, h.account_id
    from placed p join homes h using (school_id, home) join classes k using (school_id, c)`.execute(trx)
  await sql`create temp table batch_home on commit drop as
    select distinct household_id, person_id, account_id from batch_pupil`.execute(trx)
  await sql`insert into household (municipality_id, id, name) select ${id}::uuid, household_id, 'Prova' from batch_home`.execute(
    trx,
  )
  await sql`
    insert into person (municipality_id, id, fiscal_code, fiscal_code_hash, given_name, family_name, email, street, postcode, city, province)
    select ${id}::uuid, person_id, ${codeOf('person_id')}, sha256(person_id::text::bytea), 'Prova', 'Prova',
      left(md5(person_id::text), 12) || '@example.it', 'Via Prova 1', '37100', 'Verona', 'VR' from batch_home`.execute(
    trx,
  )
  await sql`
    insert into household_member (municipality_id, household_id, person_id, role, valid_from)
    select ${id}::uuid, household_id, person_id, 'holder', app_today() - 60 from batch_home`.execute(trx)
  await sql`
    insert into account (municipality_id, id, kind, service_id, household_id)
    select ${id}::uuid, account_id, 'household', (select id from service where municipality_id = ${id}), household_id from batch_home`.execute(
    trx,
  )
  await sql`
    insert into pupil (municipality_id, id, household_id, given_name, family_name, fiscal_code, birth_date)
    select ${id}::uuid, pupil_id, household_id, 'Alunno ' || i, 'Prova', ${codeOf('pupil_id')}, app_today() - 3000 from batch_pupil`.execute(
    trx,
  )
  await sql`
    insert into enrolment (municipality_id, pupil_id, service_id, school_id, school_class_id, school_year_id, diet_code, valid_from, valid_to)
    select ${id}::uuid, b.pupil_id, v.id, b.school_id, b.class_id, y.id, case when b.i % 20 = 0 then 'D01' when b.i % 33 = 0 then 'E02' else 'STD' end,
      app_today() - 60, y.ends_on
    from batch_pupil b, service v, school_year y where v.municipality_id = ${id} and y.municipality_id = ${id}`.execute(
    trx,
  )
}

async function seedOpening(trx: Trx, id: string): Promise<void> {
  await sql`
    with posted as (
      insert into journal (municipality_id, kind, idempotency_key, description, posted_at)
      select ${id}::uuid, 'opening', 'opening:' || min(household_id::text), 'Saldo iniziale', app_now() - interval '40 days' from batch_home
      returning id, posted_at
    ), credits as (
      select account_id, 5400 + 540 * (('x' || left(md5(account_id::text), 4))::bit(16)::int % 40) as cents from batch_home
    ), lines as (
      select account_id, cents from credits
      union all
      select (select id from account where municipality_id = ${id} and kind = 'opening'), -sum(cents)::int from credits
    )
    insert into entry (municipality_id, journal_id, account_id, kind, amount_cents, posted_at, school_year)
    select ${id}::uuid, posted.id, account_id, 'opening', cents, posted.posted_at,
      school_year_of((posted.posted_at at time zone 'Europe/Rome')::date) from lines, posted`.execute(trx)
}

/** The weekdays of lessons of an earlier school year, for the schools of the batch. */
async function planYear(trx: Trx, id: string, year: number): Promise<void> {
  await sql`
    insert into service_day (municipality_id, service_id, school_id, day, cutoff_at, close_at)
    select ${id}::uuid, v.id, s.school_id, g::date, (g::date + time '09:30') at time zone 'Europe/Rome',
      (g::date + time '09:30:03') at time zone 'Europe/Rome'
    from (select distinct school_id from batch_pupil) s, service v,
      generate_series(make_date(${year}::int, 9, 15), make_date(${year + 1}::int, 6, 5), '1 day') g
    where v.municipality_id = ${id} and extract(isodow from g) < 6`.execute(trx)
}

/** Each family pays the meals of the year at its end, and the register knows who cancelled, as long as it keeps it. */
async function settleYear(trx: Trx, id: string, year: number): Promise<void> {
  await sql`
    with owed as (
      select e.account_id, -sum(e.amount_cents)::int as cents from entry e
      where e.municipality_id = ${id} and e.school_year = ${year} and e.account_id in (select account_id from batch_home) group by 1
    ), posted as (
      insert into journal (municipality_id, kind, idempotency_key, description, posted_at)
      select ${id}::uuid, 'adjustment', 'settled:' || ${year} || ':' || min(account_id::text), 'Saldo dell’anno',
        make_date(${year + 1}::int, 6, 30)::timestamp at time zone 'Europe/Rome' from owed
      returning id, posted_at
    ), lines as (
      select account_id, cents from owed
      union all
      select (select id from account where municipality_id = ${id} and kind = 'opening'), -sum(cents)::int from owed
    )
    insert into entry (municipality_id, journal_id, account_id, kind, amount_cents, posted_at, school_year)
    select ${id}::uuid, posted.id, account_id, 'adjustment', cents, posted.posted_at, ${year} from lines, posted`.execute(
    trx,
  )
  await sql`
    insert into audit_event (municipality_id, person_id, action, object_type, object_id, occurred_at)
    select ${id}::uuid, r.person_id, 'meals.cancel', 'absence_receipt', r.id::text, r.arrived_at from absence_receipt r
    where r.municipality_id = ${id} and r.household_id in (select household_id from batch_home)
      and school_year_of(r.first_day) = ${year}::int and r.arrived_at > app_now() - interval '24 months'`.execute(
    trx,
  )
}

/** Past days as their close left them: absences, count, charges. */
async function seedClosedDays(trx: Trx, id: string): Promise<void> {
  await sql`create temp table batch_day on commit drop as
    select d.id, d.school_id, d.day, d.close_at, uuidv7() as count_id, uuidv7() as journal_id from service_day d
    where d.municipality_id = ${id} and d.close_at <= app_now() and d.status = 'open'
      and d.school_id in (select school_id from batch_pupil)
    order by d.day`.execute(trx)
  await sql`create temp table batch_meal on commit drop as
    select b.*, d.id as day_id, d.day, d.close_at, d.count_id, d.journal_id, e.diet_code,
      (b.i + extract(doy from d.day)::int) % 12 = 0 as absent, uuidv7() as receipt_id
    from batch_pupil b join batch_day d using (school_id)
    join enrolment e on e.municipality_id = ${id} and e.pupil_id = b.pupil_id`.execute(trx)
  await sql`
    insert into absence_receipt (municipality_id, id, number, household_id, person_id, action, channel, arrived_at, idempotency_key, request_hash,
      first_day, last_day)
    select ${id}::uuid, receipt_id, 'CRC-' || upper(right(replace(receipt_id::text, '-', ''), 16)), household_id, person_id, 'cancel', 'web',
      close_at - interval '1 hour', receipt_id, sha256(receipt_id::text::bytea), day, day from batch_meal where absent`.execute(
    trx,
  )
  await sql`insert into absence (municipality_id, service_day_id, pupil_id, receipt_id)
    select ${id}::uuid, day_id, pupil_id, receipt_id from batch_meal where absent`.execute(trx)
  await sql`insert into absence_event (municipality_id, receipt_id, service_day_id, pupil_id, kind, occurred_at, day)
    select ${id}::uuid, receipt_id, day_id, pupil_id, 'cancelled', close_at - interval '1 hour', day from batch_meal where absent`.execute(
    trx,
  )
  await sql`insert into kitchen_count (municipality_id, id, service_day_id, version, frozen_at)
    select ${id}::uuid, count_id, id, 1, close_at from batch_day`.execute(trx)
  await sql`insert into kitchen_count_line (municipality_id, kitchen_count_id, school_class_id, diet_code, meals, absent)
    select ${id}::uuid, count_id, class_id, diet_code, count(*) filter (where not absent), count(*) filter (where absent)
    from batch_meal group by count_id, class_id, diet_code`.execute(trx)
  await sql`insert into journal (municipality_id, id, kind, idempotency_key, description, posted_at)
    select ${id}::uuid, journal_id, 'meals', 'meals:' || id, 'Pasti del ' || to_char(day, 'DD/MM/YYYY'), close_at from batch_day`.execute(
    trx,
  )
  await sql`
    insert into entry (municipality_id, journal_id, account_id, kind, amount_cents, posted_at, school_year, pupil_id, service_day_id, day)
    select ${id}::uuid, journal_id, account_id, 'meals', -${PRICE_CENTS}::int, close_at, school_year_of(day), pupil_id, day_id, day
    from batch_meal where not absent
    union all
    select ${id}::uuid, m.journal_id, a.id, 'meals', ${PRICE_CENTS}::int * count(*)::int, m.close_at, school_year_of(m.day), null, m.day_id, m.day
    from batch_meal m join account a on a.municipality_id = ${id} and a.kind = 'meals' and a.school_id = m.school_id
    where not m.absent group by m.journal_id, a.id, m.close_at, m.day_id, m.day`.execute(trx)
  await sql`update service_day set status = 'closed', closed_at = close_at
    where municipality_id = ${id} and id in (select id from batch_day)`.execute(trx)
  await sql`drop table batch_day, batch_meal`.execute(trx)
}
