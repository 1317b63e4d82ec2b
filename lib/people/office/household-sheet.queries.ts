import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { READING } from '#lib/audit/audit-event.words.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { priceNow } from '#lib/tariffs/price.ts'
import { childrenFares, tariffsOf } from '#lib/tariffs/tariff.queries.ts'
import { byRelevance, enrolmentState } from '../household.ts'
import { ENROLMENT_CHANGES } from './enrolment-act.ts'
import {
  type HouseholdSheet,
  LATEST,
  type OtherRole,
  type SharedPupil,
  type SheetAct,
  type SheetCommunication,
  type SheetEnrolment,
  type SheetMoney,
  type SheetPupil,
  type SheetReceipt,
  type SheetSubmission,
} from './household-sheet.ts'

/**
 * One household with everything that this reader's role opens. The caller has read the household itself (`householdForOffice`),
 * which writes the reading down. Null where there is none, or none to see.
 */
export async function householdSheet(viewer: Viewer, householdId: string): Promise<HouseholdSheet | null> {
  if (!allowedToStaff(viewer, 'household:manage') || !isUuid(householdId)) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const opened = <T>(isOpen: boolean, read: () => Promise<T>): Promise<T> | null => (isOpen ? read() : null)
    const seesDiets = allowedToStaff(viewer, 'diets:manage')
    const about: About = [trx, municipalityId, householdId]
    const [household, otherRoles, pupils, enrolments, prices, money, receipts, communications, ...rest] =
      await Promise.all([
        readHousehold(...about),
        readOtherRoles(...about),
        readPupils(...about),
        readEnrolments(...about),
        readPrices(...about),
        opened(allowedToStaff(viewer, 'money:read'), () => readMoney(...about)),
        opened(allowedToStaff(viewer, 'meals:read'), () => readReceipts(...about)),
        opened(allowedToStaff(viewer, 'communications:read'), () => readCommunications(...about)),
        opened(allowedToStaff(viewer, 'forms:manage'), () => readSubmissions(...about)),
        readActs(...about, { forms: allowedToStaff(viewer, 'forms:manage'), diets: seesDiets }),
        readSharedPupils(...about),
      ])
    if (!household) return null
    const [submissions, acts, sharedPupils] = rest
    const sheetPupils = pupils.map((pupil) => ({
      ...pupil,
      enrolments: enrolments
        .filter(({ pupilId }) => pupilId === pupil.id)
        .map(({ pupilId: _, ...enrolment }) =>
          seesDiets ? enrolment : { ...enrolment, dietCode: null, severe: false },
        )
        .sort(byRelevance),
      prices: prices.filter(({ pupilId }) => pupilId === pupil.id).map(({ pupilId: _, ...price }) => price),
    }))
    return {
      ...household,
      otherRoles,
      pupils: sheetPupils,
      sharedPupils,
      money,
      receipts,
      communications,
      submissions,
      acts,
    }
  })
}

type About = [trx: Trx, municipalityId: string, householdId: string]

async function readHousehold(...[trx, municipalityId, householdId]: About) {
  const { rows } = await sql<Pick<HouseholdSheet, 'name' | 'since'>>`
    select h.name, (h.created_at at time zone 'Europe/Rome')::date as since from household h
    where h.municipality_id = ${municipalityId} and h.id = ${householdId}::uuid`.execute(trx)
  return rows[0] ?? null
}

/** The roles that `active_member` leaves out: what ended, and when; what has not begun. */
async function readOtherRoles(...[trx, municipalityId, householdId]: About): Promise<OtherRole[]> {
  const { rows } = await sql<OtherRole>`
    select p.full_name as name, m.role, m.valid_from as "from",
      least(m.valid_to, (m.ended_at at time zone 'Europe/Rome')::date) as "to"
    from household_member m
    join person p on p.municipality_id = ${municipalityId} and p.id = m.person_id
    where m.municipality_id = ${municipalityId} and m.household_id = ${householdId}::uuid
      and not exists (select from active_member a where a.municipality_id = ${municipalityId} and a.id = m.id)
    order by m.started_at desc, m.id desc limit ${LATEST}`.execute(trx)
  return rows
}

async function readPupils(...[trx, municipalityId, householdId]: About) {
  const { rows } = await sql<Omit<SheetPupil, 'enrolments' | 'prices'>>`
    select c.id, c.full_name as name, c.fiscal_code as "fiscalCode", c.birth_date as "birthDay",
      coalesce((select e.details ? 'back' from audit_event e where e.municipality_id = ${municipalityId}
        and e.object_type = 'pupil' and e.object_id = c.id::text and e.action = any(${[...ENROLMENT_CHANGES]}::text[])
        order by e.occurred_at desc, e.id desc limit 1), false) as "hasWayBack",
      array(select distinct h.name from meal_household_rule r
        join household h on h.municipality_id = ${municipalityId} and h.id = r.household_id
        where r.municipality_id = ${municipalityId} and r.pupil_id = c.id and (r.valid_to is null or r.valid_to >= app_today())
        order by h.name) as sharing
    from pupil c
    where c.municipality_id = ${municipalityId} and c.household_id = ${householdId}::uuid
    order by c.birth_date, c.id`.execute(trx)
  return rows
}

async function readSharedPupils(...[trx, municipalityId, householdId]: About): Promise<SharedPupil[]> {
  const { rows } = await sql<SharedPupil>`
    select distinct c.id, c.full_name as name, h.id as "homeId", h.name as "homeName" from meal_household_rule r
    join pupil c on c.municipality_id = ${municipalityId} and c.id = r.pupil_id
    join household h on h.municipality_id = ${municipalityId} and h.id = c.household_id
    where r.municipality_id = ${municipalityId} and r.household_id = ${householdId}::uuid
      and (r.valid_to is null or r.valid_to >= app_today())
    order by name, c.id`.execute(trx)
  return rows
}

type EnrolmentRow = Omit<SheetEnrolment, 'state'> & { pupilId: string }

async function readEnrolments(...[trx, municipalityId, householdId]: About) {
  const [{ rows }, { today }] = await Promise.all([
    sql<EnrolmentRow>`
      select e.id, e.pupil_id as "pupilId", e.service_id as "serviceId", e.school_class_id as "classId",
        v.name as "serviceName", s.name as "schoolName", k.name as "className", y.name as "yearName", e.diet_code as "dietCode", e.severe_reaction as severe, e.weekdays, e.valid_from as "from", e.valid_to as "to"
      from enrolment e
      join pupil c on c.municipality_id = ${municipalityId} and c.id = e.pupil_id and c.household_id = ${householdId}::uuid
      join service v on v.municipality_id = ${municipalityId} and v.id = e.service_id
      join school s on s.municipality_id = ${municipalityId} and s.id = e.school_id
      join school_class k on k.municipality_id = ${municipalityId} and k.id = e.school_class_id
      join school_year y on y.municipality_id = ${municipalityId} and y.id = e.school_year_id
      where e.municipality_id = ${municipalityId}`.execute(trx),
    readClock(trx),
  ])
  return rows.map((row) => ({ ...row, state: enrolmentState(row, today) }))
}

async function readPrices(...[trx, municipalityId, householdId]: About) {
  const [tariffs, children, services, { today }] = await Promise.all([
    tariffsOf(trx, municipalityId),
    childrenFares(trx, municipalityId, [householdId]),
    trx
      .selectFrom('service')
      .select(['id', 'code', 'name'])
      .where('municipality_id', '=', municipalityId)
      .execute(),
    readClock(trx),
  ])
  return children.flatMap(({ pupilId, serviceId, fares }) => {
    const service = services.find(({ id }) => id === serviceId)
    const price = priceNow(tariffs(serviceId), fares, today)
    return service && price ? [{ pupilId, serviceCode: service.code, serviceName: service.name, price }] : []
  })
}

async function readMoney(...[trx, municipalityId, householdId]: About): Promise<SheetMoney> {
  const [accounts, topUps] = await Promise.all([
    sql<SheetMoney['accounts'][number]>`
      select v.name as "serviceName", a.balance_cents as "balanceCents", a.updated_at as "updatedAt", r.id as "refundId",
        r.decision is not null as "isRefundDecided"
      from account a join service v on v.municipality_id = ${municipalityId} and v.id = a.service_id
      left join refund_case r on r.municipality_id = ${municipalityId} and r.account_id = a.id and r.closed_at is null
      where a.municipality_id = ${municipalityId} and a.household_id = ${householdId}::uuid
      order by v.name`.execute(trx),
    sql<SheetMoney['topUps'][number]>`
      select t.id, t.created_at as at, p.full_name as "payerName", t.meals * t.unit_cents as "amountCents", t.state,
        i.number_text as "invoiceNumber"
      from top_up t
      join person p on p.municipality_id = ${municipalityId} and p.id = t.payer_id
      left join invoice i on i.municipality_id = ${municipalityId} and i.top_up_id = t.id
      where t.municipality_id = ${municipalityId} and t.household_id = ${householdId}::uuid
      order by t.created_at desc, t.id desc limit ${LATEST}`.execute(trx),
  ])
  return { accounts: accounts.rows, topUps: topUps.rows }
}

async function readReceipts(...[trx, municipalityId, householdId]: About): Promise<SheetReceipt[]> {
  const { rows } = await sql<SheetReceipt>`
    select r.id, r.number, r.action, r.channel, r.contact, r.note, r.arrived_at as at, p.full_name as "personName", r.first_day as "firstDay",
      r.last_day as "lastDay"
    from absence_receipt r
    join person p on p.municipality_id = ${municipalityId} and p.id = r.person_id
    where r.municipality_id = ${municipalityId} and r.household_id = ${householdId}::uuid
    order by r.arrived_at desc, r.id desc limit ${LATEST}`.execute(trx)
  return rows
}

async function readCommunications(
  ...[trx, municipalityId, householdId]: About
): Promise<SheetCommunication[]> {
  const { rows } = await sql<SheetCommunication>`
    select c.id, x.title, c.published_at as at, c.withdrawn_at is not null as "isWithdrawn"
    from communication_recipient r
    join communication c on c.municipality_id = ${municipalityId} and c.id = r.communication_id and c.published_at is not null
    join communication_publication x on x.municipality_id = ${municipalityId} and x.communication_id = c.id
      and x.version = c.published_version
    where r.municipality_id = ${municipalityId} and r.household_id = ${householdId}::uuid
    order by c.published_at desc, c.id desc limit ${LATEST}`.execute(trx)
  return rows
}

async function readSubmissions(...[trx, municipalityId, householdId]: About): Promise<SheetSubmission[]> {
  const { rows } = await sql<SheetSubmission>`
    select s.id, s.form_id as "formId", v.definition ->> 'title' as title, s.about, s.protocol_year as year,
      s.protocol_number as number, s.submitted_at as at, s.state
    from form_submission s
    join online_form_version v on v.municipality_id = ${municipalityId} and v.form_id = s.form_id and v.number = s.version
    where s.municipality_id = ${municipalityId} and s.household_id = ${householdId}::uuid
    order by s.submitted_at desc, s.id desc limit ${LATEST}`.execute(trx)
  return rows
}

/** What was done on the household, its people and its pupils, by the families and by the office; readings would fill the list. */
async function readActs(
  ...[trx, municipalityId, householdId, sees]: [...About, { forms: boolean; diets: boolean }]
): Promise<SheetAct[]> {
  const { rows } = await sql<SheetAct>`
    with subject as (
      select 'household' as type, ${householdId} as id, 'la famiglia' as about
      union all
      select 'pupil', c.id::text, c.full_name from pupil c
        where c.municipality_id = ${municipalityId} and c.household_id = ${householdId}::uuid
      union all
      select distinct 'person', p.id::text, p.full_name from household_member m
        join person p on p.municipality_id = ${municipalityId} and p.id = m.person_id
        where m.municipality_id = ${municipalityId} and m.household_id = ${householdId}::uuid
      union all
      select 'form_submission', f.id::text, f.about from form_submission f
        where f.municipality_id = ${municipalityId} and f.household_id = ${householdId}::uuid and ${sees.forms}::boolean
    )
    select e.occurred_at as at, p.full_name as who, e.action, s.about, e.details ->> 'reason' as reason
    from subject s
    join audit_event e on e.municipality_id = ${municipalityId} and e.object_type = s.type and e.object_id = s.id
      and e.outcome = 'done' and e.action !~ ${READING}
      and (${sees.diets}::boolean or not starts_with(e.action, 'diets.'))
    left join person p on p.municipality_id = ${municipalityId} and p.id = e.person_id
    order by e.occurred_at desc, e.id desc limit ${2 * LATEST}`.execute(trx)
  return rows
}
