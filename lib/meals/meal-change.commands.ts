import 'server-only'
import { createHash, randomInt } from 'node:crypto'
import { sql } from 'kysely'
import { asFamily, asStaff, database, inOrder, reenterScope, type Trx } from '#db/client.ts'
import {
  actingHousehold,
  allowedOnPupil,
  allowedToFamily,
  allowedToStaff,
  isOwnMeal,
} from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { BUDGETS } from '#lib/kernel/budgets.ts'
import type { Day } from '#lib/kernel/day.ts'
import { ok, type Refused, type Result, refused } from '#lib/kernel/result.ts'
import {
  type BatchLine,
  type BatchPreview,
  type BatchRequest,
  type ClosureFact,
  dayState,
  type Eater,
  eaterIn,
  holdsMeal,
  householdOfMeal,
  mealsOf,
  ownerOfMeal,
  previewOf,
  pupilOf,
  pupilsOf,
  type RuledEnrolment,
  type ServiceDayFact,
} from './cutoff.ts'
import type { MealRefusal } from './meal-change.refusals.ts'
import type { Asked } from './meal-contact.ts'
import type { MonthRange } from './month.ts'
import { type NotChangedRow, notChangedLine } from './receipt.queries.ts'

export type MealChange = BatchRequest & {
  /** A UUID made once per intention: the same key again answers the same receipt and changes nothing. */
  idempotencyKey: string
  /** Keys of earlier changes whose answer never came: one that arrives after this change does nothing any more. */
  replaces?: readonly string[]
  channel: 'web' | 'app' | 'office'
  /** Of the office alone: how the family asked for the change, and what the colleague noted of it. */
  asked?: Asked
  /** When this process had read the request (`performance.now()`). */
  readAt?: number | undefined
}

/** What was done. `replayed`: this is the answer of an earlier request with the same key, read again. */
export type MealChangeAnswer = {
  receiptId: string
  number: string
  action: BatchRequest['action']
  arrivedAt: Date
  /** The database's time of the change, which waiting does not put back: a picture of the calendar from before it is older. */
  at: Date
  changed: { pupilId: string; day: string }[]
  notChanged: BatchLine[]
  replayed: boolean
}

const UNIQUE_VIOLATION = '23505'
const ROUNDS = 3

/** How long what a person changed waits before the other adults are told: most who think again do so in a minute. */
const NOTICE_WAITS_SECONDS = 180

const { most: MOST_CHANGES, seconds: BUDGET_SECONDS } = BUDGETS['meals:change']

/**
 * Cancels or restores meals: all the changeable days of the request in one transaction, or none when something fails.
 * Arrival is the database's time at the start of the transaction, less what the request waited for it since it was read:
 * waiting for a connection costs no parent the meal, until the close of the day is due. Days that cannot change are named
 * in the answer; when none can, nothing is written and the refusal says why. The other adults are told some minutes later
 * (`tellMealChanges`).
 */
export async function changeMeals(
  viewer: Viewer,
  change: MealChange,
): Promise<Result<MealChangeAnswer, MealRefusal>> {
  const isOffice = change.channel === 'office'
  if (viewer.look) return refused('request:looking')
  if (!(isOffice ? allowedToStaff : allowedToFamily)(viewer, 'meals:change'))
    return refused('request:not-found')
  for (let round = 1; ; round += 1) {
    try {
      const work = (trx: Trx) => changeIn(trx, viewer, change)
      return await (isOffice ? asStaff(viewer, work) : asFamily(viewer, work, change.readAt))
    } catch (error) {
      // The same key arrived twice together: the second request finds the receipt of the first in the next round.
      if ((error as { code?: string }).code !== UNIQUE_VIOLATION || round === ROUNDS) throw error
    }
  }
}

async function changeIn(
  trx: Trx,
  viewer: Viewer,
  change: MealChange,
): Promise<Result<MealChangeAnswer, MealRefusal>> {
  const { pupils, key, calendar } = await lockAndRead(trx, viewer, change)
  const mayReach = (pupil: LockedPupil) =>
    change.channel === 'office' || allowedOnPupil(viewer, 'meals:change', pupil)
  const [first] = pupils
  if (!first || pupils.length !== pupilsOf(change.pupilIds).length || !pupils.every(mayReach))
    return refused('request:not-found')
  if (key.receipt) return replay(trx, viewer, change, key.receipt)
  if (key.isOvertaken) return refused('meals:overtaken')
  if (first.recentChanges >= MOST_CHANGES && change.channel !== 'office') return refused('meals:too-often')
  // Before anything is judged: a later wish takes the place of an earlier one also when it finds nothing to change.
  if (change.replaces?.length) await overtake(trx, viewer, change.replaces)
  const householdId = householdOf(viewer, change, pupils)
  if (householdId === null) return refused('meals:one-household')

  const meals = mealsOf(change, { ...calendar, isElsewhere: isElsewhere(viewer, change, calendar) })
  const preview = previewOf(
    change.action,
    meals.map(({ pupilId, facts }) => ({ pupilId, state: dayState(facts, first) })),
  )
  if (preview.changes.length === 0) return nothingChanges(preview, first.now)
  if (
    change.channel !== 'office' &&
    holdsMeal(viewer.memberships, first.householdId, calendar.enrolments, preview.changes)
  )
    return refused('meals:holder-only')
  const serviceDayOf = new Map(meals.map((meal) => [`${meal.pupilId} ${meal.facts.day}`, meal.serviceDayId]))
  const targets = preview.changes.map(({ pupilId, day }) => ({
    pupilId: pupilOf(pupilId),
    serviceDayId: serviceDayOf.get(`${pupilId} ${day}`) as string,
    day,
  }))
  return write(trx, viewer, change, {
    ...first,
    ...{ preview, targets, householdId: receiptOf(calendar.enrolments, preview.changes) ?? householdId },
  })
}

/** The one household whose meals all of these are, where pupils with two are among them. */
function receiptOf(enrolments: readonly RuledEnrolment[], changes: readonly BatchLine[]): string | null {
  const owners = new Set(
    changes.map(({ pupilId, day }) => householdOfMeal(rulesOf(enrolments, pupilId), day)),
  )
  return owners.size === 1 ? ([...owners][0] as string | null) : null
}

const rulesOf = (enrolments: readonly RuledEnrolment[], pupilId: string): RuledEnrolment['householdRules'] =>
  enrolments.find((one) => one.pupilId === pupilId)?.householdRules ?? []

/** Whose receipt the change is: of the office, the pupils' own household. Null where no household has them all. */
function householdOf(viewer: Viewer, change: MealChange, pupils: readonly LockedPupil[]): string | null {
  if (change.channel !== 'office') return actingHousehold(viewer, pupils)
  const own = new Set(pupils.map((pupil) => pupil.householdId))
  return own.size === 1 ? (pupils[0] as LockedPupil).householdId : null
}

/** Whether a meal is that of a household in which the viewer has nothing to say; for the office none is. */
function isElsewhere(
  viewer: Viewer,
  { channel }: MealChange,
  { enrolments }: { enrolments: readonly RuledEnrolment[] },
) {
  return (pupilId: string, day: Day): boolean => {
    if (channel === 'office') return false
    const owner = ownerOfMeal(rulesOf(enrolments, pupilId), day)
    return owner !== null && !isOwnMeal(viewer, { pupilId, ...owner })
  }
}

type LockedPupil = {
  pupilId: string
  householdId: string
  /** The hour that decides: the database's, when the request arrived. */
  now: Date
  /** The database's time when the transaction started. */
  at: Date
  today: Day
  /** The identifier of the receipt if there is to be one: asked now, it spares a turn later. */
  receiptId: string
  /** The changes of this person for the household in the window of the budget, up to its most. */
  recentChanges: number
}

/**
 * Locks what decides and reads it under the locks, in one turn to the server. Pupils are locked first and in order, so that
 * two parents act one after the other; then the service days, so that none closes meanwhile. The rest is read after both, with
 * the roles of that moment.
 * No reading asks whose the pupils are, which would cost more than the reading itself: the caller judges the locked pupils
 * before it uses the rest, and row-level security shows a family only its own.
 */
async function lockAndRead(trx: Trx, viewer: Viewer, { pupilIds: eaters, days, idempotencyKey }: MealChange) {
  const { municipalityId } = viewer
  const pupilIds = pupilsOf(eaters)
  const [from, to] = [days[0] as Day, days.at(-1) as Day]
  const [pupils, key, serviceDays, , enrolments, closures, absences] = await inOrder(
    trx,
    () => lockPupils(trx, viewer, pupilIds),
    () => keyIn(trx, viewer, idempotencyKey),
    () => lockServiceDays(trx, municipalityId, pupilIds, { from, to }),
    () => reenterScope(trx),
    () => enrolmentsOf(trx, municipalityId, pupilIds),
    () => closuresIn(trx, municipalityId, { from, to }),
    () => absencesOf(trx, municipalityId, pupilIds, { from, to }),
  )
  return { pupils, key, calendar: { enrolments, serviceDays, closures, absences } }
}

async function lockPupils(
  trx: Trx,
  { municipalityId, personId, memberships }: Viewer,
  pupilIds: readonly string[],
): Promise<LockedPupil[]> {
  const sharing = memberships.flatMap(({ householdId, sharedPupilIds }) =>
    sharedPupilIds?.some((id) => pupilIds.includes(id)) ? [householdId] : [],
  )
  const { rows } = await sql<LockedPupil>`
    select p.id as "pupilId", p.household_id as "householdId",
      app_arrival() as now, app_now() as at, app_today() as today, uuidv7() as "receiptId",
      (select count(*)::integer from (
        select from absence_receipt r
        where r.municipality_id = ${municipalityId} and r.household_id = any(array[p.household_id] || ${sharing}::uuid[])
          and r.person_id = ${personId}
          and r.arrived_at > app_now() - make_interval(secs => ${BUDGET_SECONDS}) limit ${MOST_CHANGES}) recent) as "recentChanges"
    from pupil p
    where p.municipality_id = ${municipalityId} and p.id = any(${pupilIds}::uuid[])
    order by p.id for no key update of p`.execute(trx)
  return rows
}

async function enrolmentsOf(
  trx: Trx,
  municipalityId: string,
  pupilIds: readonly string[],
): Promise<RuledEnrolment[]> {
  const { rows } = await sql<RuledEnrolment>`
    select e.pupil_id as "pupilId", e.service_id as "serviceId", e.school_id as "schoolId",
      w.weekdays || w.served_weekdays || coalesce(w.next_weekdays, '{}') as weekdays,
      e.weekdays as "ownWeekdays",
      json_build_object('from', e.valid_from, 'to', e.valid_to) as valid,
      json_build_object('from', w.starts_on, 'to', w.ends_on) as served,
      coalesce((select json_agg(json_build_object('from', r.valid_from, 'cancelledBy', r.cancelled_by)) from service_rule r
        where r.municipality_id = ${municipalityId} and r.service_id = e.service_id), '[]') as "cancelRules",
      coalesce((select json_agg(json_build_object('homeId', home.household_id, 'householdId', r.household_id, 'days', r.days,
          'firstMonday', r.first_monday, 'from', r.valid_from, 'to', r.valid_to))
        from meal_household_rule r
        join pupil home on home.municipality_id = ${municipalityId} and home.id = r.pupil_id
        where r.municipality_id = ${municipalityId} and r.pupil_id = e.pupil_id), '[]') as "householdRules"
    from enrolment e
    join service s on s.municipality_id = ${municipalityId} and s.id = e.service_id and s.active
    join service_schedule w on w.municipality_id = ${municipalityId} and w.service_id = e.service_id
      and w.school_id = e.school_id and w.school_year_id = e.school_year_id
    where e.municipality_id = ${municipalityId} and e.pupil_id = any(${pupilIds}::uuid[])
    order by e.valid_from, s.code`.execute(trx)
  return rows
}

/**
 * The service days of these pupils' schools, in the order of their ids; others may read them, none may close them. A request
 * that waited beyond the grace finds a day closed, whether or not the worker has come to it.
 */
async function lockServiceDays(
  trx: Trx,
  municipalityId: string,
  pupilIds: readonly string[],
  { from, to }: MonthRange,
): Promise<ServiceDayFact[]> {
  const { rows } = await sql<ServiceDayFact>`
    select d.id, d.service_id as "serviceId", d.school_id as "schoolId", d.day, d.cutoff_at as "cutoffAt",
      case when d.status = 'open' and app_arrival() < d.cutoff_at and d.close_at <= app_now() then 'closed' else d.status end as status
    from service_day d
    where d.municipality_id = ${municipalityId} and d.day between ${from}::date and ${to}::date
      and (d.service_id, d.school_id) in (
        select e.service_id, e.school_id from enrolment e
        where e.municipality_id = ${municipalityId} and e.pupil_id = any(${pupilIds}::uuid[]))
    order by d.id for share of d`.execute(trx)
  return rows
}

async function closuresIn(
  trx: Trx,
  municipalityId: string,
  { from, to }: MonthRange,
): Promise<ClosureFact[]> {
  const { rows } = await sql<ClosureFact>`
    select service_id as "serviceId", school_id as "schoolId", day, reason from closure
    where municipality_id = ${municipalityId} and undone_at is null
      and day between ${from}::date and ${to}::date`.execute(trx)
  return rows
}

async function absencesOf(
  trx: Trx,
  municipalityId: string,
  pupilIds: readonly string[],
  { from, to }: MonthRange,
): Promise<{ pupilId: string; serviceDayId: string }[]> {
  const { rows } = await sql<{ pupilId: string; serviceDayId: string }>`
    select a.pupil_id as "pupilId", a.service_day_id as "serviceDayId" from absence a
    join service_day d on d.municipality_id = ${municipalityId} and d.id = a.service_day_id
    where a.municipality_id = ${municipalityId} and a.pupil_id = any(${pupilIds}::uuid[])
      and d.day between ${from}::date and ${to}::date`.execute(trx)
  return rows
}

type EarlierReceipt = {
  id: string
  number: string
  arrived_at: Date
  request_hash: Buffer
  not_changed: NotChangedRow[]
  first_day: Day
  last_day: Day
}

/** What became of a key: the receipt of an earlier request with it, or a later change that took its place. */
async function keyIn(
  trx: Trx,
  viewer: Viewer,
  key: string,
): Promise<{ receipt: EarlierReceipt | null; isOvertaken: boolean }> {
  const { rows } = await sql<{
    id: string | null
    number: string | null
    arrived_at: Date | null
    request_hash: Buffer | null
    not_changed: NotChangedRow[] | null
    first_day: Day | null
    last_day: Day | null
    is_overtaken: boolean
  }>`
    select r.id, r.number, r.arrived_at, r.request_hash, r.not_changed, r.first_day, r.last_day,
      exists (select from overtaken_change o where o.municipality_id = ${viewer.municipalityId}
        and o.person_id = ${viewer.personId} and o.idempotency_key = asked.key) as is_overtaken
    from (values (${key}::uuid)) asked (key)
    left join absence_receipt r on r.municipality_id = ${viewer.municipalityId} and r.person_id = ${viewer.personId}
      and r.idempotency_key = asked.key`.execute(trx)
  const [row] = rows
  return { receipt: row?.id ? (row as EarlierReceipt) : null, isOvertaken: row?.is_overtaken ?? false }
}

/** Keeps the keys of changes that a later one replaced. Their pupils are locked: a straggler reads this before it does anything. */
const overtake = (trx: Trx, viewer: Viewer, keys: readonly string[]) =>
  sql`insert into overtaken_change (municipality_id, person_id, idempotency_key)
    select ${viewer.municipalityId}, ${viewer.personId}, key from unnest(${[...new Set(keys)]}::uuid[]) key
    on conflict do nothing`.execute(trx)

const hashOf = ({ action, pupilIds, days }: BatchRequest): Buffer =>
  createHash('sha256')
    .update(JSON.stringify([action, pupilIds, days]))
    .digest()

/** The answer of an earlier request with this key, when it asked for the same things. */
async function replay(
  trx: Trx,
  viewer: Viewer,
  change: MealChange,
  earlier: EarlierReceipt,
): Promise<Result<MealChangeAnswer, MealRefusal>> {
  if (!earlier.request_hash.equals(hashOf(change))) return refused('request:key-reused')
  const { rows } = await sql<{ pupil_id: string; service_id: string; day: string; occurred_at: Date }>`
    select v.pupil_id, d.service_id, v.day, v.occurred_at from absence_event v
    join service_day d on d.municipality_id = ${viewer.municipalityId} and d.id = v.service_day_id
    where v.municipality_id = ${viewer.municipalityId} and v.receipt_id = ${earlier.id}
      and v.day between ${earlier.first_day}::date and ${earlier.last_day}::date
    order by v.pupil_id, v.day`.execute(trx)
  return ok({
    receiptId: earlier.id,
    number: earlier.number,
    action: change.action,
    arrivedAt: earlier.arrived_at,
    at: rows[0]?.occurred_at ?? earlier.arrived_at,
    changed: rows.map((row) => ({ pupilId: askedAs(change, row.pupil_id, row.service_id), day: row.day })),
    notChanged: earlier.not_changed.map(notChangedLine),
    replayed: true,
  })
}

/** How a request names a pupil in a service: with the service, or by the pupil alone. */
function askedAs({ pupilIds }: BatchRequest, pupilId: string, serviceId: string): Eater {
  const eater = eaterIn(pupilId, serviceId)
  return pupilIds.includes(eater) ? eater : pupilId
}

/** Why nothing of the request can be done: for a single meal its own reason, for several a common sentence. */
function nothingChanges({ unchanged, counts }: BatchPreview, arrivedAt: Date): Refused<MealRefusal> {
  const [only] = unchanged
  if (counts.already === unchanged.length) return refused('meals:already-so')
  if (!only || unchanged.length > 1) return refused('meals:nothing-to-change')
  switch (only.verdict) {
    case 'late':
    case 'past':
      if (only.cutoffAt && arrivedAt < only.cutoffAt) return refused('meals:day-closed')
      return only.cutoffAt ? refused('meals:too-late', { cutoff: only.cutoffAt }) : refused('meals:past')
    case 'closed':
      return refused('meals:no-service')
    case 'elsewhere':
      return refused('meals:elsewhere')
    case 'unplanned':
    case 'outside':
      return refused('meals:not-enrolled')
    default:
      return refused('meals:nothing-to-change')
  }
}

const NOT_ASKED: Asked = { contact: null, note: null }

type Decision = Pick<LockedPupil, 'householdId' | 'receiptId' | 'now' | 'at' | 'today'> & {
  preview: BatchPreview
  targets: { pupilId: string; serviceDayId: string; day: Day }[]
}

async function write(
  trx: Trx,
  viewer: Viewer,
  change: MealChange,
  { householdId, receiptId, now, at, today, preview, targets }: Decision,
): Promise<Result<MealChangeAnswer, MealRefusal>> {
  const { municipalityId } = viewer
  const { action, asked = NOT_ASKED } = change
  const number = receiptNumber(today)
  const notChanged = preview.unchanged.filter(isWorthTelling)
  const pupils = targets.map(({ pupilId }) => pupilId)
  const serviceDays = targets.map(({ serviceDayId }) => serviceDayId)
  const days = targets.map(({ day }) => day)
  const changed =
    action === 'cancel'
      ? sql`insert into absence (municipality_id, service_day_id, pupil_id, receipt_id)
          select ${municipalityId}, service_day_id, pupil_id, ${receiptId} from asked`
      : sql`delete from absence a using asked
          where a.municipality_id = ${municipalityId} and a.service_day_id = asked.service_day_id
            and a.pupil_id = asked.pupil_id`
  // Receipt, absences, their events and the notice in one statement: at the peak every turn to the database counts. A notice that waits
  // already is held until this transaction ends, so that it is not told without this change. It tells of receipts by their arrival,
  // so it begins with the earliest one.
  const written = () =>
    sql`
    with asked as (
      select * from unnest(${serviceDays}::uuid[], ${pupils}::uuid[], ${days}::date[]) as meal (service_day_id, pupil_id, day)
    ), receipt as (
      insert into absence_receipt
        (municipality_id, id, number, household_id, person_id, action, channel, arrived_at, idempotency_key, request_hash,
          not_changed, contact, note, first_day, last_day)
      select ${municipalityId}, ${receiptId}, ${number}, ${householdId}, ${viewer.personId}, ${action}, ${change.channel},
        app_arrival(), ${change.idempotencyKey}::uuid, ${hashOf(change)}, ${JSON.stringify(notChanged.map(storedLine))}::jsonb,
        ${asked.contact}, ${asked.note}, min(day), max(day) from asked
    ), changed as (${changed}), notice as (
      insert into meal_notice (municipality_id, household_id, person_id, by_office, since, due_at)
      select ${municipalityId}, ${householdId}, ${viewer.personId}, ${change.channel === 'office'},
        app_arrival(), app_now() + make_interval(secs => ${NOTICE_WAITS_SECONDS})
      where exists (select from adults_of_pupils(${municipalityId}::uuid, ${pupils}::uuid[]) a
        where a.person_id <> ${viewer.personId})
      on conflict (municipality_id, household_id, person_id, by_office) do update
        set since = least(meal_notice.since, excluded.since))
    insert into absence_event (municipality_id, receipt_id, service_day_id, pupil_id, kind, day)
    select ${municipalityId}, ${receiptId}, service_day_id, pupil_id,
      ${action === 'cancel' ? 'cancelled' : 'restored'}, day from asked`.execute(trx)
  await inOrder(trx, written, () =>
    recordAudit(trx, viewer, {
      action: action === 'cancel' ? 'meals.cancel' : 'meals.restore',
      objectType: 'absence_receipt',
      objectId: receiptId,
      details: {
        changed: targets.length,
        notChanged: preview.unchanged.length,
        channel: change.channel,
        ...(asked.contact ? { contact: asked.contact } : {}),
        ...(asked.note ? { reason: asked.note } : {}),
      },
    }),
  )
  return ok({
    receiptId,
    number,
    action,
    arrivedAt: now,
    at,
    changed: preview.changes.map(({ pupilId, day }) => ({ pupilId, day })),
    notChanged,
    replayed: false,
  })
}

/** A period runs over Sundays and summers; a receipt only names the days that a parent could expect to change. */
const isWorthTelling = ({ verdict }: BatchLine): boolean => verdict !== 'unplanned' && verdict !== 'outside'

const storedLine = ({ pupilId, day, kind, verdict, why, cutoffAt }: BatchLine) => ({
  pupilId,
  day,
  kind,
  verdict,
  why,
  cutoffAt: cutoffAt?.toISOString() ?? null,
})

/** Without letters and digits that are mistaken for one another when read aloud. */
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** "M-20261124-7KQ3-9F2M": the day in Italy and eight characters of chance; the database refuses a repetition. */
function receiptNumber(today: Day): string {
  const draw = () => Array.from({ length: 4 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
  return `M-${today.replaceAll('-', '')}-${draw()}-${draw()}`
}

const BATCH = 1_000

/** Deletes keys overtaken more than a week ago, some at a time: no request is on its way for so long. @returns how many */
export async function purgeOvertakenChanges(): Promise<number> {
  const { rows } = await sql<{ gone: number }>`select purge_overtaken_changes(${BATCH}) as gone`.execute(
    database(),
  )
  return rows[0]?.gone ?? 0
}
