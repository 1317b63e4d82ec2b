import 'server-only'
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { database, type Trx } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { readAsFamily } from '#db/reading.ts'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import { familyScope, isInScope } from '#lib/access/pupil-scope.queries.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { addDays, type Day, daysBetween } from '#lib/kernel/day.ts'
import { env } from '#lib/kernel/env.ts'
import { between, calendarOf, type EnrolmentRow, eatersOf } from '#lib/meals/calendar.queries.ts'
import { dayState, type Eater, pupilDays, serviceOf } from '#lib/meals/cutoff.ts'
import { dayMenu } from '#lib/menus/day-menu.ts'
import { type MunicipalityMenus, municipalityMenus } from '#lib/menus/menu.queries.ts'
import { wordsOfPerson } from '#lib/session/language.commands.ts'
import { hashToken } from '#lib/session/session.queries.ts'
import { DAYS_AHEAD, DAYS_BACK, type FeedDay, feedEvents } from './feed.ts'
import { calendarText } from './ical.ts'

export type CalendarFeed = { text: string; etag: string }

type Found = {
  municipality_id: string
  person_id: string
  pupil_id: string
  /** The households in which the person is an adult of the child: of a child with two, whose days these are. */
  household_ids: string[]
  alarm_minutes: number | null
  created_at: Date
}

const TOKEN = /^[\w-]{43}$/

/**
 * The calendar of a secret address; null when no row has it, it was revoked, or its role in the family is over. It is read
 * as that person would read it, and the row-level policies answer only for a child that is still theirs.
 */
export async function feedOf(token: string): Promise<CalendarFeed | null> {
  if (!TOKEN.test(token)) return null
  const { rows } = await sql<Found>`
    select municipality_id, person_id, pupil_id, household_ids, alarm_minutes, created_at from calendar_feed_of(${hashToken(token)})`.execute(
    database(),
  )
  const found = rows[0]
  if (!found) return null
  const book = await municipalityMenus({ id: found.municipality_id })
  const viewer = { municipalityId: found.municipality_id, personId: found.person_id }
  return readAsFamily(viewer, async (trx) => {
    const [t, child] = await Promise.all([
      wordsOfPerson(trx, found.municipality_id, found.person_id),
      childOf(trx, found),
    ])
    if (!child) return null
    const { origin, hostname: host } = new URL(env().PUBLIC_ORIGIN)
    const text = calendarText({
      name: t('Mensa di {name}', { name: child.given_name }),
      language: t.language,
      events: feedEvents(
        await feedDays(trx, found, book),
        { pupilId: found.pupil_id, givenName: child.given_name },
        { alarmMinutes: found.alarm_minutes, url: `${origin}/${child.slug}/oggi`, host, t },
      ),
    })
    return { text, etag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"` }
  })
}

type FeedChild = { given_name: string; slug: string }

async function childOf(trx: Trx, found: Found): Promise<FeedChild | undefined> {
  const { rows } = await sql<FeedChild>`
    select p.given_name, t.slug from pupil p join municipality t on t.id = p.municipality_id
    where p.municipality_id = ${found.municipality_id} and p.id = ${found.pupil_id}`.execute(trx)
  return rows[0]
}

/** The days around today of a child in each of its services, with what is served and when that last changed. */
async function feedDays(trx: Trx, found: Found, book: MunicipalityMenus): Promise<FeedDay[]> {
  const scope = {
    municipalityId: found.municipality_id,
    own: { households: [], pupils: [found.pupil_id] },
    readerId: found.person_id,
    isOwnMeal: ({ householdId }: { householdId: string }) => found.household_ids.includes(householdId),
  }
  const moment = await readClock(trx)
  const [from, to] = [addDays(moment.today, -DAYS_BACK), addDays(moment.today, DAYS_AHEAD)]
  const [{ calendar, enrolments }, touched, chosen] = await Promise.all([
    calendarOf(trx, scope, [found.pupil_id], between(from, to)),
    lastChanges(trx, found, from, to),
    sql<{ at: Date | null }>`
      select language_chosen_at(${found.municipality_id}::uuid, ${found.person_id}::uuid) as at`.execute(trx),
  ])
  const factsOf = pupilDays(calendar)
  const eaters = eatersOf(enrolments, found.pupil_id, moment.today)
  const schoolOn = (day: Day) =>
    calendar.enrolments.find(({ valid }) => valid.from <= day && day <= valid.to)?.schoolId
  const dayOf = (eater: Eater, day: Day): FeedDay => {
    // The menu is that of lunch: it is told with the first service.
    const dishes = eater === eaters[0] ? dishesOn(book, schoolOn(day), day) : []
    const menuAt = dishes.length > 0 ? book.updatedAt : null
    const instants = [found.created_at, chosen.rows[0]?.at, touched.get(day), menuAt].flatMap(
      (instant) => instant ?? [],
    )
    return {
      state: dayState(factsOf(eater, day).facts, moment),
      ...serviceNamed(enrolments, eater),
      dishes,
      lastModified: new Date(Math.max(...instants.map((instant) => instant.getTime()))),
    }
  }
  return daysBetween(from, to).flatMap((day) => eaters.map((eater) => dayOf(eater, day)))
}

/** The service that an event names: that of a child who has more than one. */
function serviceNamed(enrolments: readonly EnrolmentRow[], eater: Eater): Pick<FeedDay, 'service'> {
  const id = serviceOf(eater)
  const name = enrolments.find((row) => row.service_id === id)?.service_name
  return id && name ? { service: { id, name } } : {}
}

function dishesOn(book: MunicipalityMenus, schoolId: string | undefined, day: Day): string[] {
  const menu = schoolId ? dayMenu(book, schoolId, day) : null
  return menu?.kind === 'served' ? menu.lines.map(({ dish }) => dish.name) : []
}

/** The last change of each day of this child: cancelled, restored, taken off the calendar, closed. */
async function lastChanges(trx: Trx, found: Found, from: Day, to: Day): Promise<Map<Day, Date>> {
  const { rows } = await sql<{ day: Day; at: Date | null }>`
    select d.day, greatest(max(v.occurred_at), max(x.created_at), max(d.closed_at)) as at
    from service_day d
    join enrolment e on e.municipality_id = ${found.municipality_id} and e.service_id = d.service_id and e.school_id = d.school_id
      and d.day between e.valid_from and e.valid_to and eats_on(e.weekdays, d.day) and e.pupil_id = ${found.pupil_id}
    left join absence_event v on v.municipality_id = ${found.municipality_id} and v.service_day_id = d.id and v.pupil_id = e.pupil_id
      and v.day = d.day and v.day between ${from}::date and ${to}::date
    left join closure x on x.municipality_id = ${found.municipality_id} and x.id = d.closure_id
    where d.municipality_id = ${found.municipality_id} and d.day between ${from}::date and ${to}::date
    group by d.day`.execute(trx)
  return new Map(rows.flatMap(({ day, at }) => (at ? [[day, at] as const] : [])))
}

export type ChildFeed = {
  pupilId: string
  givenName: string
  /** "9:30", for the words of the alarm. */
  cutoffTime: string
  /** What is known of the address in use, without its secret; null when there is none. */
  feed: { id: string; createdAt: Date; alarmMinutes: number | null } | null
}

/** The viewer's children, each with the own calendar address if there is one; null for a person without a household. */
export async function childFeeds(viewer: Viewer): Promise<ChildFeed[] | null> {
  if (!allowedToFamily(viewer, 'calendar:feed')) return null
  const { rows } = await readAsFamily(viewer, (trx) =>
    sql<{
      pupilId: string
      givenName: string
      cutoffTime: string | null
      id: string | null
      createdAt: Date | null
      alarmMinutes: number | null
    }>`
      select p.id as "pupilId", p.given_name as "givenName", f.id, f.created_at as "createdAt", f.alarm_minutes as "alarmMinutes",
        (select to_char(case when w.next_from <= app_today() then w.next_cutoff_time else w.cutoff_time end, 'FMHH24:MI') from enrolment e
          join service_schedule w on w.municipality_id = ${viewer.municipalityId} and w.service_id = e.service_id
            and w.school_id = e.school_id and w.school_year_id = e.school_year_id
          where e.municipality_id = ${viewer.municipalityId} and e.pupil_id = p.id order by e.valid_from desc limit 1) as "cutoffTime"
      from pupil p
      left join calendar_feed f on f.municipality_id = ${viewer.municipalityId} and f.pupil_id = p.id and f.person_id = ${viewer.personId}
        and f.revoked_at is null and exists (select from active_member m where m.municipality_id = ${viewer.municipalityId}
          and m.id = f.household_member_id)
      where p.municipality_id = ${viewer.municipalityId} and ${isInScope('p', familyScope(viewer))}
      order by p.household_id, p.birth_date, p.given_name, p.id`.execute(trx),
  )
  return rows.map(({ id, createdAt, alarmMinutes, cutoffTime, ...child }) => ({
    ...child,
    cutoffTime: cutoffTime ?? '9:30',
    feed: id === null || createdAt === null ? null : { id, createdAt, alarmMinutes },
  }))
}
