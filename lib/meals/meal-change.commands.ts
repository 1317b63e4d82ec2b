import 'server-only'
import { createHash, randomInt } from 'node:crypto'
import { sql } from 'kysely'
import { asFamily, asStaff, type Trx } from '#db/client.ts'
import { familyScope, isInScope, type PupilScope } from '#lib/access/pupil-scope.queries.ts'
import { allowedToFamily, allowedToStaff } from '#lib/access/roles.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { dayInRome } from '#lib/kernel/day.ts'
import { ok, type Refused, type Result, refused } from '#lib/kernel/result.ts'
import { notify, peopleOfPupils } from '#lib/notifications/notification.commands.ts'
import { calendarOf, rangeOf } from './calendar.queries.ts'
import { changeNotice } from './meal-change.notice.ts'
import type { MealRefusal } from './meal-change.refusals.ts'
import {
  type BatchLine,
  type BatchPreview,
  type BatchRequest,
  dayState,
  mealsOf,
  momentOf,
  previewOf,
} from './meal-change.ts'
import { type NotChangedRow, notChangedLine } from './receipt.queries.ts'

export type MealChange = BatchRequest & {
  /** A UUID made once per intention: the same key again answers the same receipt and changes nothing. */
  idempotencyKey: string
  channel: 'web' | 'app' | 'office'
}

/** What was done. `replayed`: this is the answer of an earlier request with the same key, read again. */
export type MealChangeAnswer = {
  receiptId: string
  number: string
  action: BatchRequest['action']
  arrivedAt: Date
  changed: { pupilId: string; day: string }[]
  notChanged: BatchLine[]
  replayed: boolean
}

const UNIQUE_VIOLATION = '23505'
const ROUNDS = 3

/**
 * Cancels or restores meals: all the changeable days of the request in one transaction, or none when something fails.
 * Arrival is the database's time at the start of the transaction. Days that cannot change are named in the answer;
 * when none can, nothing is written and the refusal says why.
 * Pupils are locked first and in order, so that two parents act one after the other; then the service days, shared, so
 * that none closes meanwhile.
 */
export async function changeMeals(
  viewer: Viewer,
  change: MealChange,
): Promise<Result<MealChangeAnswer, MealRefusal>> {
  const permitted = change.channel === 'office' ? allowedToStaff : allowedToFamily
  if (!permitted(viewer, 'meals:change')) return refused('request:not-found')
  const run = change.channel === 'office' ? asStaff : asFamily
  for (let round = 1; ; round += 1) {
    try {
      return await run(viewer, (trx) => changeIn(trx, viewer, change))
    } catch (error) {
      // The same key arrived twice at once: whoever came second finds the receipt of the first at the next round.
      if ((error as { code?: string }).code !== UNIQUE_VIOLATION || round === ROUNDS) throw error
    }
  }
}

async function changeIn(
  trx: Trx,
  viewer: Viewer,
  change: MealChange,
): Promise<Result<MealChangeAnswer, MealRefusal>> {
  const scope: PupilScope =
    change.channel === 'office' ? { municipalityId: viewer.municipalityId, own: 'all' } : familyScope(viewer)
  // Sent together, run in this order: whatever is read after the locks is what the locks protect.
  const [locked, earlier, { calendar }] = await Promise.all([
    lockPupils(trx, scope, change.pupilIds),
    receiptOfKey(trx, viewer, change.idempotencyKey),
    // Whose the pupils are is said once, by their lock: asked again with each reading it would cost more than the reading.
    calendarOf(trx, { ...scope, own: 'all' }, change.pupilIds, rangeOf(change), { lock: true }),
  ])
  const { arrivedAt, receiptId, households } = locked
  if (households.length !== change.pupilIds.length) return refused('request:not-found')
  if (earlier) return replay(trx, viewer, change, earlier)
  const [householdId, ...others] = new Set(households)
  if (!householdId || others.length > 0) return refused('meals:one-household')

  const moment = momentOf(arrivedAt)
  const meals = mealsOf(change, calendar)
  const preview = previewOf(
    change.action,
    meals.map(({ pupilId, facts }) => ({ pupilId, state: dayState(facts, moment) })),
  )
  if (preview.changes.length === 0) return nothingChanges(preview, arrivedAt)
  const serviceDayOf = new Map(meals.map((meal) => [`${meal.pupilId} ${meal.facts.day}`, meal.serviceDayId]))
  const targets = preview.changes.map(({ pupilId, day }) => ({
    pupilId,
    serviceDayId: serviceDayOf.get(`${pupilId} ${day}`) as string,
  }))
  return write(trx, viewer, change, { receiptId, householdId, arrivedAt, preview, targets })
}

type LockedPupils = {
  households: string[]
  /** The hour that decides: the database's, when the transaction started. */
  arrivedAt: Date
  /** The identifier of the receipt if there is to be one: asked now, it spares a turn later. */
  receiptId: string
}

/** Takes the pupils of this request, in order, for the length of the transaction; whoever is not the viewer's is absent. */
async function lockPupils(trx: Trx, scope: PupilScope, pupilIds: readonly string[]): Promise<LockedPupils> {
  const { rows } = await sql<LockedPupils>`
    with taken as (
      select p.household_id from pupil p
      where p.municipality_id = ${scope.municipalityId} and p.id = any(${pupilIds}::uuid[])
        and ${isInScope('p', scope)}
      order by p.id for no key update of p
    )
    select array(select household_id from taken) as households, app_now() as "arrivedAt", uuidv7() as "receiptId"`.execute(
    trx,
  )
  return rows[0] as LockedPupils
}

type EarlierReceipt = {
  id: string
  number: string
  arrived_at: Date
  request_hash: Buffer
  not_changed: NotChangedRow[]
}

async function receiptOfKey(trx: Trx, viewer: Viewer, key: string): Promise<EarlierReceipt | null> {
  const { rows } = await sql<EarlierReceipt>`
    select id, number, arrived_at, request_hash, not_changed from absence_receipt
    where municipality_id = ${viewer.municipalityId} and person_id = ${viewer.personId} and idempotency_key = ${key}::uuid`.execute(
    trx,
  )
  return rows[0] ?? null
}

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
  const { rows } = await sql<{ pupil_id: string; day: string }>`
    select v.pupil_id, d.day from absence_event v
    join service_day d on d.municipality_id = v.municipality_id and d.id = v.service_day_id
    where v.municipality_id = ${viewer.municipalityId} and v.receipt_id = ${earlier.id}
    order by v.pupil_id, d.day`.execute(trx)
  return ok({
    receiptId: earlier.id,
    number: earlier.number,
    action: change.action,
    arrivedAt: earlier.arrived_at,
    changed: rows.map((row) => ({ pupilId: row.pupil_id, day: row.day })),
    notChanged: earlier.not_changed.map(notChangedLine),
    replayed: true,
  })
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
    case 'unplanned':
    case 'outside':
      return refused('meals:not-enrolled')
    default:
      return refused('meals:nothing-to-change')
  }
}

type Decision = {
  receiptId: string
  householdId: string
  arrivedAt: Date
  preview: BatchPreview
  targets: { pupilId: string; serviceDayId: string }[]
}

async function write(
  trx: Trx,
  viewer: Viewer,
  change: MealChange,
  { receiptId, householdId, arrivedAt, preview, targets }: Decision,
): Promise<Result<MealChangeAnswer, MealRefusal>> {
  const { municipalityId } = viewer
  const { action } = change
  const number = receiptNumber(arrivedAt)
  const notChanged = preview.unchanged.filter(isWorthTelling)
  const pupils = targets.map(({ pupilId }) => pupilId)
  const serviceDays = targets.map(({ serviceDayId }) => serviceDayId)
  const changed =
    action === 'cancel'
      ? sql`insert into absence (municipality_id, service_day_id, pupil_id, receipt_id)
          select ${municipalityId}, service_day_id, pupil_id, ${receiptId} from asked`
      : sql`delete from absence a using asked
          where a.municipality_id = ${municipalityId} and a.service_day_id = asked.service_day_id
            and a.pupil_id = asked.pupil_id`
  const [people] = await Promise.all([
    peopleOfPupils(trx, municipalityId, pupils),
    // Receipt, absences and their events in one statement: at the peak every turn to the database counts.
    sql`with asked as (
        select * from unnest(${serviceDays}::uuid[], ${pupils}::uuid[]) as meal (service_day_id, pupil_id)
      ), receipt as (
        insert into absence_receipt
          (municipality_id, id, number, household_id, person_id, action, channel, idempotency_key, request_hash, not_changed)
        values (${municipalityId}, ${receiptId}, ${number}, ${householdId}, ${viewer.personId}, ${action}, ${change.channel},
          ${change.idempotencyKey}::uuid, ${hashOf(change)}, ${JSON.stringify(notChanged.map(storedLine))}::jsonb)
      ), changed as (${changed})
      insert into absence_event (municipality_id, receipt_id, service_day_id, pupil_id, kind)
      select ${municipalityId}, ${receiptId}, service_day_id, pupil_id,
        ${action === 'cancel' ? 'cancelled' : 'restored'} from asked`.execute(trx),
    recordAudit(trx, viewer, {
      action: action === 'cancel' ? 'meals.cancel' : 'meals.restore',
      objectType: 'absence_receipt',
      objectId: receiptId,
      details: { changed: targets.length, notChanged: preview.unchanged.length, channel: change.channel },
    }),
  ])
  const others = people.filter((personId) => personId !== viewer.personId)
  if (others.length > 0) {
    await notify(trx, municipalityId, {
      event: 'meals:changed',
      key: `meals:${receiptId}`,
      to: others,
      ...changeNotice({
        action,
        days: preview.changes.map(({ day }) => day),
        by: change.channel === 'office' ? null : viewer.name,
        today: dayInRome(arrivedAt),
      }),
    })
  }
  return ok({
    receiptId,
    number,
    action,
    arrivedAt,
    changed: preview.changes.map(({ pupilId, day }) => ({ pupilId, day })),
    notChanged,
    replayed: false,
  })
}

/** A period runs over Sundays and summers; a receipt only names what somebody could have expected to change. */
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
function receiptNumber(arrivedAt: Date): string {
  const draw = () => Array.from({ length: 4 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
  return `M-${dayInRome(arrivedAt).replaceAll('-', '')}-${draw()}-${draw()}`
}
