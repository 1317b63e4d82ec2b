import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import type { Day, Weekday } from '#lib/kernel/day.ts'
import {
  hasNext,
  hasWeek,
  type NextColumns,
  type Nullable,
  type PlacedDay,
  type WeekColumns,
  type WeekFacts,
  type WeekPlan,
} from '../schedule-change.ts'
import { firstOpenDay } from './first-open-day.queries.ts'
import type { WeekPlace } from './structure.commands.ts'

/** Why a day that had meals has them no longer. A later change knows by it which days it may open again. */
export const DROPPED_REASON = 'In questo giorno della settimana la mensa non c’è più'
/** The same, where the canteen begins later or ends earlier. */
export const OUTSIDE_REASON = 'In questi giorni la mensa non è ancora cominciata o è già finita'
const CHANGED_REASONS = [DROPPED_REASON, OUTSIDE_REASON]

export type PlaceFacts = {
  schoolName: string
  serviceName: string
  year: { startsOn: Day; endsOn: Day }
  closed: ReadonlySet<Day>
  /** Null while the school has no week of this service in this year. */
  week: WeekFacts | null
  revision: number
  savedBy: string | null
}

type PlaceRow = {
  schoolName: string
  serviceName: string
  yearFrom: Day
  yearTo: Day
  revision: number
  savedBy: string | null
} & Nullable<WeekColumns & NextColumns & PlanColumns>

/** What only a change of the week asks of it. */
type PlanColumns = { graceSeconds: number; servedWeekdays: Weekday[] }

const isPlanned = (row: PlaceRow): row is PlaceRow & WeekColumns & PlanColumns => hasWeek(row)

/** One school's week of one service in one year, and its days; null where there is no such school, service or year. */
export async function placeFacts(
  trx: Trx,
  municipalityId: string,
  place: WeekPlace,
  { lock }: { lock: boolean },
): Promise<PlaceFacts | null> {
  const { serviceId, schoolId, yearId } = place
  // The school is locked, and not the week alone: of two first weeks the second waits, and finds the first.
  if (lock)
    await sql`select from school where municipality_id = ${municipalityId} and id = ${schoolId} for no key update`.execute(
      trx,
    )
  const { rows } = await sql<PlaceRow>`
    select s.name as "schoolName", v.name as "serviceName", y.starts_on as "yearFrom", y.ends_on as "yearTo", w.weekdays,
      to_char(w.cutoff_time, 'HH24:MI') as "cutoffTime", w.cutoff_days_before as "cutoffDaysBefore", w.grace_seconds as "graceSeconds",
      w.starts_on as "from", w.ends_on as "to", w.next_from as "nextFrom", w.next_weekdays as "nextWeekdays",
      to_char(w.next_cutoff_time, 'HH24:MI') as "nextCutoffTime", w.next_cutoff_days_before as "nextCutoffDaysBefore",
      w.served_weekdays as "servedWeekdays", coalesce(w.revision, 0) as revision, p.full_name as "savedBy"
    from school s
    join service v on v.municipality_id = ${municipalityId} and v.id = ${serviceId} and v.active and v.valid_to is null
    join school_year y on y.municipality_id = ${municipalityId} and y.id = ${yearId} and y.ends_on >= app_today()
    left join service_schedule w on w.municipality_id = ${municipalityId} and w.service_id = v.id and w.school_id = s.id
      and w.school_year_id = y.id
    left join person p on p.municipality_id = ${municipalityId} and p.id = w.updated_by
    where s.municipality_id = ${municipalityId} and s.id = ${schoolId} and (s.valid_to is null or s.valid_to >= app_today())`.execute(
    trx,
  )
  const row = rows[0]
  if (!row) return null
  const closed = await holidaysOf(trx, municipalityId, place, row)
  return {
    schoolName: row.schoolName,
    serviceName: row.serviceName,
    year: { startsOn: row.yearFrom, endsOn: row.yearTo },
    closed,
    week: isPlanned(row) ? await weekOf(trx, municipalityId, place, { row, closed, lock }) : null,
    revision: row.revision,
    savedBy: row.savedBy,
  }
}

/** Days that are closed for every school, or for this one, and that have no service day of their own. */
async function holidaysOf(
  trx: Trx,
  municipalityId: string,
  { serviceId, schoolId }: WeekPlace,
  { yearFrom, yearTo }: PlaceRow,
): Promise<Set<Day>> {
  const rows = await trx
    .selectFrom('closure')
    .select('day')
    .where('municipality_id', '=', municipalityId)
    .where('service_id', '=', serviceId)
    .where('day', '>=', yearFrom)
    .where('day', '<=', yearTo)
    .where('undone_at', 'is', null)
    .where('reason', 'not in', CHANGED_REASONS)
    .where(({ or, eb }) => or([eb('school_id', 'is', null), eb('school_id', '=', schoolId)]))
    .execute()
  return new Set(rows.map(({ day }) => day))
}

async function weekOf(
  trx: Trx,
  municipalityId: string,
  { serviceId, schoolId }: WeekPlace,
  {
    row,
    closed,
    lock,
  }: { row: PlaceRow & WeekColumns & PlanColumns; closed: ReadonlySet<Day>; lock: boolean },
): Promise<WeekFacts> {
  const { now } = await readClock(trx)
  const firstDay = await firstOpenDay(trx, municipalityId, serviceId, [schoolId], { lock })
  const { rows } = await sql<PlacedDay>`
    select d.id, d.day, d.status, d.cutoff_at as "cutoffAt", coalesce(x.reason = any(${CHANGED_REASONS}::text[]), false) as "isDropped"
    from service_day d left join closure x on x.municipality_id = ${municipalityId} and x.id = d.closure_id and x.undone_at is null
    where d.municipality_id = ${municipalityId} and d.service_id = ${serviceId} and d.school_id = ${schoolId}
      and d.day between greatest(${firstDay}::date, ${row.yearFrom}::date) and ${row.yearTo}::date
    order by d.id ${lock ? sql`for update of d` : sql``}`.execute(trx)
  return {
    current: {
      weekdays: row.weekdays,
      cutoffTime: row.cutoffTime,
      cutoffDaysBefore: row.cutoffDaysBefore,
    },
    next: hasNext(row)
      ? {
          from: row.nextFrom,
          weekdays: row.nextWeekdays,
          cutoffTime: row.nextCutoffTime,
          cutoffDaysBefore: row.nextCutoffDaysBefore,
        }
      : null,
    ...{ servedWeekdays: row.servedWeekdays, startsOn: row.from, endsOn: row.to },
    ...{ graceSeconds: row.graceSeconds, firstDay, now, days: rows, closed },
  }
}

/** Whom a change touches: pupils who eat there from then on, and cancellations on days that lose their meals. */
export type Touched = { pupilIds: string[]; cancellations: number }

export async function touchedBy(
  trx: Trx,
  municipalityId: string,
  { serviceId, schoolId }: WeekPlace,
  { from, drop }: Pick<WeekPlan, 'from' | 'drop'>,
): Promise<Touched> {
  const { rows } = await sql<Touched>`
    select array(select distinct e.pupil_id from enrolment e where e.municipality_id = ${municipalityId} and e.service_id = ${serviceId}
        and e.school_id = ${schoolId} and e.valid_to >= ${from} order by 1) as "pupilIds",
      (select count(*)::int from absence a where a.municipality_id = ${municipalityId}
        and a.service_day_id = any(${drop.map(({ id }) => id)}::uuid[])) as cancellations`.execute(trx)
  return rows[0] as Touched
}
