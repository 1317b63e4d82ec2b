import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { enterSubject } from '#db/subjects.ts'
import { isInScope, type PupilScope } from '#lib/access/pupil-scope.queries.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { Day } from '#lib/kernel/day.ts'
import {
  between,
  type CalendarReader,
  calendarOf,
  eatersNamed,
  familyReader,
  isOwnPupil,
} from './calendar.queries.ts'
import {
  type BatchLine,
  type DayState,
  dayState,
  type Eater,
  eaterIn,
  type Moment,
  pupilDays,
  pupilOf,
  pupilsOf,
  serviceOf,
} from './cutoff.ts'
import type { Asked } from './meal-contact.ts'
import type { MealAction } from './meal-state.ts'

export type ReceiptMeal = { pupilId: Eater; day: Day; state: DayState }
export type Receipt = Asked & {
  id: string
  number: string
  action: MealAction
  arrivedAt: Date
  author: string | null
  /** A child with meals in more than one service is there once for each. */
  children: { id: Eater; givenName: string; familyName: string }[]
  /** What this receipt changed, with the state of each meal now: it may have changed again since. */
  meals: ReceiptMeal[]
  notChanged: BatchLine[]
}

export type HistoryLine = Pick<Asked, 'contact'> & {
  id: string
  kind: 'cancelled' | 'restored'
  at: Date
  /** Null when it was the office. */
  author: string | null
  receiptId: string
  receiptNumber: string
}

/** To a family a change made by the office shows the office, not the clerk; the office itself knows who it was. */
const authorName = ({ readerId }: PupilScope) =>
  readerId === null
    ? sql`author.full_name`
    : sql`case when r.channel = 'office' then null else author.full_name end`

/** What a stored line of `not_changed` holds. */
export type NotChangedRow = Omit<BatchLine, 'cutoffAt'> & { cutoffAt: string | null }

/** A receipt of one of the viewer's households, with the state of its meals now; null when there is none such. */
export const readReceipt = (viewer: Viewer, receiptId: string): Promise<(Receipt & Moment) | null> =>
  receiptFor(familyReader(viewer), receiptId)

/** The same for any reader. */
export async function receiptFor(
  { scope, read }: CalendarReader,
  receiptId: string,
): Promise<(Receipt & Moment) | null> {
  return read(async (trx) => {
    const [moment, found] = await Promise.all([readClock(trx), receiptById(trx, scope, receiptId)])
    return found === null ? null : withStates(trx, scope, found, moment)
  })
}

type StoredReceipt = Omit<Receipt, 'meals' | 'notChanged'> & {
  meals: { pupilId: string; serviceId: string; day: Day }[]
  notChanged: NotChangedRow[]
}

/** A receipt as it was written. */
async function receiptById(trx: Trx, scope: PupilScope, receiptId: string): Promise<StoredReceipt | null> {
  // The days of the receipt are asked apart, so that only the school years of these are asked for its events.
  const end = (name: 'first_day' | 'last_day') => sql`(select k.${sql.ref(name)} from absence_receipt k
    where k.municipality_id = ${scope.municipalityId} and k.id = ${receiptId}::uuid)`
  const ownEvent = sql`v.receipt_id = ${receiptId}::uuid and v.day between ${end('first_day')} and ${end('last_day')} and ${isOwnPupil('v.pupil_id', scope)}`
  const owner = sql`exists (select from absence_event v
    where v.municipality_id = ${scope.municipalityId} and ${ownEvent})`
  const [, receipts, meals, children] = await Promise.all([
    enterSubject(trx, 'receipts'),
    sql<
      Asked & {
        id: string
        number: string
        action: MealAction
        arrived_at: Date
        author: string | null
        not_changed: NotChangedRow[]
      }
    >`
      select r.id, r.number, r.action, r.arrived_at, r.not_changed, r.contact, r.note, ${authorName(scope)} as author
      from absence_receipt r
      left join person_name author on author.municipality_id = ${scope.municipalityId} and author.id = r.person_id
      where r.municipality_id = ${scope.municipalityId} and r.id = ${receiptId}::uuid and ${owner}`.execute(
      trx,
    ),
    sql<{ pupil_id: string; day: Day; service_id: string }>`
      select v.pupil_id, v.day, d.service_id from absence_event v
      join service_day d on d.municipality_id = ${scope.municipalityId} and d.id = v.service_day_id
      join service s on s.municipality_id = ${scope.municipalityId} and s.id = d.service_id
    where v.municipality_id = ${scope.municipalityId} and ${ownEvent}
      order by v.day, v.pupil_id, s.code`.execute(trx),
    sql<{ id: string; given_name: string; family_name: string }>`
      select p.id, p.given_name, p.family_name from pupil p
      join absence_receipt r on r.municipality_id = ${scope.municipalityId} and r.id = ${receiptId}::uuid
      where p.municipality_id = ${scope.municipalityId} and ${owner}
        and (r.household_id = p.household_id
          or exists (select from jsonb_array_elements(r.not_changed) line where starts_with(line ->> 'pupilId', p.id::text))
          or p.id in (select v.pupil_id from absence_event v where v.municipality_id = ${scope.municipalityId} and ${ownEvent}))
        and ${isInScope('p', scope)}
      order by p.birth_date, p.given_name, p.id`.execute(trx),
  ])
  const row = receipts.rows[0]
  if (!row) return null
  return {
    id: row.id,
    number: row.number,
    action: row.action,
    arrivedAt: row.arrived_at,
    author: row.author,
    contact: row.contact,
    note: row.note,
    children: children.rows.map((pupil) => ({
      id: pupil.id,
      givenName: pupil.given_name,
      familyName: pupil.family_name,
    })),
    meals: meals.rows.map((meal) => ({
      ...{ pupilId: meal.pupil_id, serviceId: meal.service_id, day: meal.day },
    })),
    notChanged: row.not_changed.filter(({ pupilId }) =>
      children.rows.some(({ id }) => id === pupilOf(pupilId)),
    ),
  }
}

/** A stored line back as the preview had it. */
export const notChangedLine = (row: NotChangedRow): BatchLine => ({
  ...row,
  cutoffAt: row.cutoffAt === null ? null : new Date(row.cutoffAt),
})

async function withStates(
  trx: Trx,
  scope: PupilScope,
  stored: StoredReceipt,
  moment: Moment,
): Promise<Receipt & Moment> {
  const days = stored.meals.map(({ day }) => day).sort()
  const notChanged = stored.notChanged.map(notChangedLine)
  const [first, last] = [days[0], days.at(-1)]
  if (!first || !last) return { ...stored, ...moment, meals: [], notChanged }
  const pupilIds = pupilsOf([...stored.meals, ...notChanged].map(({ pupilId }) => pupilId))
  const { calendar, enrolments } = await calendarOf(trx, scope, pupilIds, between(first, last))
  const factsOf = pupilDays(calendar)
  const inSeveral = new Set(
    pupilIds.filter(
      (id) => new Set(enrolments.flatMap((row) => (row.pupil_id === id ? [row.service_id] : []))).size > 1,
    ),
  )
  const meals = stored.meals.map(({ pupilId, serviceId, day }) => {
    const eater = inSeveral.has(pupilId) ? eaterIn(pupilId, serviceId) : pupilId
    return { pupilId: eater, day, state: dayState(factsOf(eater, day).facts, moment) }
  })
  const told = [...meals, ...notChanged].map(({ pupilId }) => pupilId)
  const children = stored.children.flatMap((child) =>
    eatersNamed(child, told, enrolments).map((named) => ({ ...child, ...named })),
  )
  return { ...stored, ...moment, children, meals, notChanged }
}

/**
 * Who changed one meal of a child, and when, the latest first. In the order of their effect: an event takes its id under the
 * lock of the child, its hour is that at which its transaction began, and two that began together may act the other way round.
 */
export async function historyRows(
  trx: Trx,
  scope: PupilScope,
  eater: Eater,
  day: Day,
): Promise<HistoryLine[]> {
  const serviceId = serviceOf(eater)
  const history = sql<{
    id: string
    kind: HistoryLine['kind']
    occurred_at: Date
    author: string | null
    contact: Asked['contact']
    receipt_id: string
    number: string
  }>`
    select v.id, v.kind, v.occurred_at, ${authorName(scope)} as author, r.contact, r.id as receipt_id, r.number
    from absence_event v
    join absence_receipt r on r.municipality_id = ${scope.municipalityId} and r.id = v.receipt_id
    left join person_name author on author.municipality_id = ${scope.municipalityId} and author.id = r.person_id
    where v.municipality_id = ${scope.municipalityId} and v.pupil_id = ${pupilOf(eater)}::uuid
      and ${isOwnPupil('v.pupil_id', scope)} and v.day = ${day}::date
      and (${serviceId}::uuid is null or exists (select from service_day d where d.municipality_id = ${scope.municipalityId}
        and d.id = v.service_day_id and d.service_id = ${serviceId}::uuid))
    order by v.id desc`
  const [, { rows }] = await Promise.all([enterSubject(trx, 'receipts'), history.execute(trx)])
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    at: row.occurred_at,
    author: row.author,
    contact: row.contact,
    receiptId: row.receipt_id,
    receiptNumber: row.number,
  }))
}
