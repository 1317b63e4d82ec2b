import 'server-only'
import { addSeconds } from 'date-fns'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import { lockedOffice } from '#lib/access/locked-office.commands.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { type Day, daysBetween, parseDay, weekdayOf } from '#lib/kernel/day.ts'
import { fingerprintOf } from '#lib/kernel/fingerprint.ts'
import { ok, type Result, refused, refusedField } from '#lib/kernel/result.ts'
import { adultsOfPupils, notify } from '#lib/notifications/notification.commands.ts'
import { dated } from '#lib/words/dated.ts'
import { longDayWithYear } from '#lib/words/format-day.ts'
import { holidayNotice, holidayTakenBackNotice } from '../schedule.notice.ts'
import { cutoffOf } from '../school-year.ts'
import { firstOpenDay } from './first-open-day.queries.ts'
import { pupilsOn, weeksOn, yearFacts } from './school-year.queries.ts'
import { type AskedYear, planHoliday, planYear, type YearPlan } from './school-year.ts'
import {
  insertClasses,
  insertHolidays,
  insertSchedule,
  insertSchoolYear,
  insertServiceDays,
} from './structure.commands.ts'

type Preview = { lines: string[]; seen: { fingerprint: string } }

const seenOf = (plan: unknown) => ({ fingerprint: fingerprintOf(plan) })

const onYears = async <T>(
  viewer: Viewer,
  asked: AskedYear,
  work: (trx: Trx, plan: YearPlan, serviceIds: string[]) => Promise<Result<T>>,
): Promise<Result<T>> => {
  if (!allowedToStaff(viewer, 'structure:manage')) return refused('request:not-found')
  return asStaff(viewer, async (trx) => {
    // Of two new years the second waits, and finds the first.
    await sql`select from municipality where id = ${viewer.municipalityId} for no key update`.execute(trx)
    const facts = await yearFacts(trx, viewer.municipalityId)
    const plan = planYear(asked, facts)
    return plan.ok ? work(trx, plan.value, facts.serviceIds) : plan
  })
}

/** What a new school year would have, before anything is done. */
export const previewYear = (viewer: Viewer, asked: AskedYear): Promise<Result<Preview>> =>
  onYears(viewer, asked, async (_, plan) => ok({ lines: plan.lines, seen: seenOf(plan) }))

/**
 * Makes a school year: holidays, the schools' weeks and days, and empty classes with the names of the year before.
 * @param fingerprint of what the preview showed; when something changed since, nothing is done
 */
export const createYear = (
  viewer: Viewer,
  asked: AskedYear,
  fingerprint: string,
): Promise<Result<{ name: string }>> =>
  onYears(viewer, asked, async (trx, plan, serviceIds) => {
    if (fingerprintOf(plan) !== fingerprint) return refused('structure:preview-changed')
    const { municipalityId, personId } = viewer
    const yearId = await insertSchoolYear(trx, municipalityId, plan, personId)
    await insertHolidays(trx, municipalityId, serviceIds, plan.holidays, personId)
    for (const { week, days } of plan.weeks) {
      const schedule = { ...week, startsOn: plan.serviceFrom, endsOn: plan.serviceTo }
      await insertSchedule(trx, municipalityId, { ...week, yearId }, schedule, personId)
      await insertServiceDays(trx, municipalityId, week, days)
    }
    for (const [schoolId, names] of Map.groupBy(plan.classes, (one) => one.schoolId))
      await insertClasses(
        trx,
        municipalityId,
        { schoolId, yearId },
        names.map(({ name }) => name),
      )
    await recordAudit(trx, viewer, {
      action: 'structure.year-created',
      objectType: 'school_year',
      objectId: yearId,
      details: { name: plan.name, from: plan.startsOn, to: plan.endsOn, holidays: plan.holidays.length },
    })
    return ok({ name: plan.name })
  })

type Year = { id: string; name: string; startsOn: Day; endsOn: Day; serviceIds: string[]; firstDay: Day }

const onYear = <T>(viewer: Viewer, yearId: string, work: (trx: Trx, year: Year) => Promise<Result<T>>) =>
  lockedOffice(
    viewer,
    'structure:manage',
    { table: 'school_year', id: yearId, lock: 'values' },
    async (trx) => {
      const { municipalityId } = viewer
      const { rows } = await sql<Omit<Year, 'firstDay'>>`
        select y.id, y.name, y.starts_on as "startsOn", y.ends_on as "endsOn",
          array(select s.id from service s where s.municipality_id = ${municipalityId} and s.active order by s.code) as "serviceIds"
        from school_year y where y.municipality_id = ${municipalityId} and y.id = ${yearId} and y.ends_on >= app_today()`.execute(
        trx,
      )
      const year = rows[0]
      if (!year) return null
      const first: Day[] = []
      for (const serviceId of year.serviceIds)
        first.push(await firstOpenDay(trx, municipalityId, serviceId, null, { lock: true }))
      return { ...year, firstDay: first.sort().at(-1) ?? year.startsOn }
    },
    work,
  )

type HolidayPlan = {
  from: Day
  to: Day
  reason: string
  days: Day[]
  taken: number
  pupils: number
  lines: string[]
}
type AskedHoliday = { yearId: string; from: string; to: string; reason: string }

async function holidayPlan(
  trx: Trx,
  { municipalityId }: Viewer,
  asked: AskedHoliday,
  year: Year,
): Promise<Result<HolidayPlan>> {
  const span = planHoliday(asked, { year, firstDay: year.firstDay })
  if (!span.ok) return span
  const { from, to } = span.value
  const { rows } = await sql<{ shut: Day[]; taken: number }>`
    select array(select distinct x.day::text from closure x where x.municipality_id = ${municipalityId} and x.school_id is null
        and x.undone_at is null and x.day between ${from} and ${to}) as shut,
      (select count(*)::int from service_day d where d.municipality_id = ${municipalityId} and d.status = 'open'
        and d.day between ${from} and ${to}) as taken`.execute(trx)
  const { shut, taken } = rows[0] as (typeof rows)[number]
  const days = daysBetween(from, to).filter((day) => !shut.includes(day))
  if (days.length === 0) return refused('structure:nothing-changes')
  const pupils = (await pupilsOn(trx, municipalityId, from, to)).length
  const lines = [
    from === to
      ? dated`Niente mensa ${longDayWithYear(from)}, in tutte le scuole: ${asked.reason}.`
      : dated`Niente mensa dal ${longDayWithYear(from)} al ${longDayWithYear(to)}, in tutte le scuole: ${asked.reason}.`,
    taken === 0
      ? 'In quei giorni non c’era nessun pasto previsto.'
      : `Perdono la mensa ${taken} giorni di servizio, sommando le scuole; le famiglie di ${pupils} alunni ricevono un avviso.`,
    'Le disdette già fatte restano scritte, e nessun pasto di quei giorni si paga.',
  ]
  return ok({ from, to, reason: asked.reason, days, taken, pupils, lines })
}

/** What closing days for all schools would do. */
export const previewHoliday = (viewer: Viewer, asked: AskedHoliday): Promise<Result<Preview>> =>
  onYear(viewer, asked.yearId, async (trx, year) => {
    const plan = await holidayPlan(trx, viewer, asked, year)
    return plan.ok ? ok({ lines: plan.value.lines, seen: seenOf(plan.value) }) : plan
  })

/** Closes days of the calendar for all schools and services; who eats there is told. */
export const addHoliday = (
  viewer: Viewer,
  asked: AskedHoliday,
  fingerprint: string,
): Promise<Result<{ name: string }>> =>
  onYear(viewer, asked.yearId, async (trx, year) => {
    const plan = await holidayPlan(trx, viewer, asked, year)
    if (!plan.ok) return plan
    if (fingerprintOf(plan.value) !== fingerprint) return refused('structure:preview-changed')
    const { municipalityId, personId } = viewer
    const { from, to, reason, days, taken } = plan.value
    const holidays = days.map((day) => ({ day, reason }))
    await insertHolidays(trx, municipalityId, year.serviceIds, holidays, personId)
    await sql`update service_day d set status = 'suspended', closure_id = x.id from closure x
      where d.municipality_id = ${municipalityId} and d.status = 'open' and d.day = any(${days}::date[])
        and x.municipality_id = ${municipalityId} and x.service_id = d.service_id and x.school_id is null and x.day = d.day
        and x.undone_at is null`.execute(trx)
    await recordAudit(trx, viewer, {
      action: 'structure.holiday-added',
      objectType: 'school_year',
      objectId: year.id,
      details: { from, to, reason, days: days.length, serviceDays: taken },
    })
    if (taken > 0)
      await tell(trx, municipalityId, {
        from,
        to,
        key: `holiday:${year.id}:${from}:${to}`,
        say: (t) => holidayNotice(plan.value, t),
      })
    return ok({ name: year.name })
  })

const tell = async (
  trx: Trx,
  municipalityId: string,
  { from, to, key, say }: { from: Day; to: Day; key: string; say: Parameters<typeof notify>[2]['say'] },
): Promise<void> => {
  const pupils = await pupilsOn(trx, municipalityId, from, to)
  await notify(trx, municipalityId, {
    event: 'calendar:closure',
    key,
    to: await adultsOfPupils(trx, municipalityId, pupils),
    say,
    path: `/prenotazioni?mese=${from.slice(0, 7)}`,
  })
}

type BackPlan = {
  day: Day
  reason: string
  places: { serviceId: string; schoolId: string; cutoffAt: Date; closeAt: Date }[]
  lines: string[]
}

async function backPlan(trx: Trx, viewer: Viewer, typed: string, year: Year): Promise<Result<BackPlan>> {
  const day = parseDay(typed)
  if (!day) return refusedField('day', 'structure:choose-day')
  if (day < year.firstDay) return refusedField('day', 'structure:too-early', { first: year.firstDay })
  const { municipalityId } = viewer
  const { rows } = await sql<{ reason: string; now: Date }>`
    select x.reason, app_now() as now from closure x where x.municipality_id = ${municipalityId} and x.day = ${day}
      and x.kind = 'holiday' and x.school_id is null and x.undone_at is null order by x.id limit 1`.execute(
    trx,
  )
  const shut = rows[0]
  if (!shut || day < year.startsOn || day > year.endsOn) return refusedField('day', 'structure:no-holiday')
  const places = (await weeksOn(trx, municipalityId, day))
    .filter(({ weekdays }) => weekdays.includes(weekdayOf(day)))
    .map(({ serviceId, schoolId, graceSeconds, ...week }) => {
      const cutoffAt = cutoffOf(day, week)
      return { serviceId, schoolId, cutoffAt, closeAt: addSeconds(cutoffAt, graceSeconds) }
    })
  if (places.some(({ cutoffAt }) => cutoffAt <= shut.now))
    return refusedField('day', 'structure:cutoff-passed', { day })
  const lines = [
    dated`Torna la mensa ${longDayWithYear(day)}: oggi è chiuso per «${shut.reason}».`,
    places.length === 0
      ? 'In quel giorno della settimana nessuna scuola mangia: non si aggiunge nessun pasto.'
      : `Si aggiungono ${places.length} giorni di servizio, uno per scuola; le famiglie ricevono un avviso e possono disdire.`,
  ]
  return ok({ day, reason: shut.reason, places, lines })
}

/** What giving a holiday back to the calendar would do. */
export const previewHolidayEnd = (
  viewer: Viewer,
  { yearId, day }: { yearId: string; day: string },
): Promise<Result<Preview>> =>
  onYear(viewer, yearId, async (trx, year) => {
    const plan = await backPlan(trx, viewer, day, year)
    return plan.ok ? ok({ lines: plan.value.lines, seen: seenOf(plan.value) }) : plan
  })

/** Gives a day that was a holiday back to the calendar: the schools that eat on that weekday eat, and families can cancel. */
export const takeHolidayBack = (
  viewer: Viewer,
  { yearId, day: typed }: { yearId: string; day: string },
  fingerprint: string,
): Promise<Result<{ name: string }>> =>
  onYear(viewer, yearId, async (trx, year) => {
    const plan = await backPlan(trx, viewer, typed, year)
    if (!plan.ok) return plan
    if (fingerprintOf(plan.value) !== fingerprint) return refused('structure:preview-changed')
    const { municipalityId, personId } = viewer
    const { day, places, reason } = plan.value
    await sql`update service_day d set status = 'open', closure_id = null from closure x
      where d.municipality_id = ${municipalityId} and d.day = ${day} and d.status = 'suspended'
        and x.municipality_id = ${municipalityId} and x.id = d.closure_id and x.kind = 'holiday'`.execute(trx)
    await sql`update closure set undone_at = app_now(), undone_by = ${personId}
      where municipality_id = ${municipalityId} and day = ${day} and kind = 'holiday' and undone_at is null`.execute(
      trx,
    )
    for (const { cutoffAt, closeAt, ...place } of places)
      await insertServiceDays(trx, municipalityId, place, [{ day, cutoffAt, closeAt }])
    await recordAudit(trx, viewer, {
      action: 'structure.holiday-taken-back',
      objectType: 'school_year',
      objectId: year.id,
      details: { day, reason, serviceDays: places.length },
    })
    if (places.length > 0)
      await tell(trx, municipalityId, {
        from: day,
        to: day,
        key: `holiday-back:${year.id}:${day}`,
        say: (t) => holidayTakenBackNotice(day, t),
      })
    return ok({ name: year.name })
  })
