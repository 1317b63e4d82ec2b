import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { hashOfCode } from '#lib/identity/fiscal-code-hash.commands.ts'
import type { Day } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { firstOpenDays } from '#lib/school/office/first-open-day.queries.ts'
import { pupilPriceOn } from '#lib/tariffs/price.ts'
import { offeredBands, tariffsOf } from '#lib/tariffs/tariff.queries.ts'
import { arrivalOf } from './arrival.queries.ts'
import { offeredClasses, offeredServices, type RegistrationOffer } from './offered-class.queries.ts'
import {
  type AdultFacts,
  type AskedBand,
  type AskedContact,
  type AskedPupil,
  type AskedRegistration,
  maybeTheSame,
  type Namesake,
  type Place,
  type PupilFacts,
  type RegistrationFacts,
  type StartablePlace,
} from './registration.ts'

/** A band that may be given with a registration. */
export type OfferedFare = AskedBand & { serviceName: string; name: string; priceCents: Cents | null }

/** What the form of a registration offers; null for who may not register. */
export async function registrationOffer(
  viewer: Viewer,
): Promise<(RegistrationOffer & { bands: OfferedFare[] }) | null> {
  if (!allowedToStaff(viewer, 'registry:correct')) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const offered = {
      classes: await offeredClasses(trx, municipalityId, { withPupils: false }),
      services: await offeredServices(trx, municipalityId),
    }
    const bands: OfferedFare[] = []
    for (const { id: serviceId, name: serviceName } of offered.services)
      for (const { code, name, priceCents } of await offeredBands(trx, municipalityId, serviceId))
        bands.push({ serviceId, serviceName, code, name, priceCents })
    return { ...offered, bands }
  })
}

/** What the registry and the calendar say of the people of a form. */
export async function registrationFacts(
  trx: Trx,
  municipalityId: string,
  asked: AskedRegistration,
  options: { lock: boolean },
): Promise<RegistrationFacts | null> {
  const { today } = await readClock(trx)
  const household = asked.householdId ? await householdNow(trx, municipalityId, asked.householdId) : null
  if (asked.householdId && !household) return null
  const arrival = asked.transferId ? await arrivalOf(trx, municipalityId, asked.transferId) : null
  const price = await tariffsOf(trx, municipalityId)
  const pupils: PupilFacts[] = []
  for (const pupil of asked.pupils) {
    pupils.push({
      ...(await pupilInRegistry(trx, municipalityId, pupil, today)),
      places: await placesOf(trx, municipalityId, pupil, options),
      priceOn: (serviceId, day, fares) => pupilPriceOn(price(serviceId), fares, day)?.cents ?? null,
      bands: pupil.band ? await offeredBands(trx, municipalityId, pupil.band.serviceId) : [],
    })
  }
  return {
    today,
    household,
    holder: asked.holder ? await adultInRegistry(trx, municipalityId, asked.holder, today) : null,
    delegate: asked.delegate ? await adultInRegistry(trx, municipalityId, asked.delegate, today) : null,
    pupils,
    sent: arrival?.content ? { townName: arrival.townName, content: arrival.content } : null,
  }
}

async function householdNow(trx: Trx, municipalityId: string, householdId: string) {
  const { rows } = await sql<{ name: string; holderName: string | null }>`
    select h.name, (select p.full_name from active_member m
        join person p on p.municipality_id = ${municipalityId} and p.id = m.person_id
        where m.municipality_id = ${municipalityId} and m.household_id = h.id and m.role = 'holder' limit 1) as "holderName"
    from household h where h.municipality_id = ${municipalityId} and h.id = ${householdId}::uuid`.execute(trx)
  return rows[0] ?? null
}

async function adultInRegistry(
  trx: Trx,
  municipalityId: string,
  typed: AskedContact,
  today: Day,
): Promise<AdultFacts> {
  const hash = await hashOfCode(trx, typed.fiscalCode)
  type Found = Pick<AdultFacts, 'isPupil'> & {
    known: Omit<NonNullable<AdultFacts['known']>, 'holds'> | null
    namesakes: Namesake[]
  }
  const { rows } = await sql<Found>`
    select (select jsonb_build_object('id', p.id, 'givenName', p.given_name, 'familyName', p.family_name,
          'birthDay', p.birth_date,
          'households', coalesce((select jsonb_agg(jsonb_build_object('id', h.id, 'name', h.name) order by h.name, h.id)
            from active_member m join household h on h.municipality_id = ${municipalityId} and h.id = m.household_id
            where m.municipality_id = ${municipalityId} and m.person_id = p.id and m.role = 'holder'
              and not exists (select from household_merge x where x.municipality_id = ${municipalityId}
          and x.gone_id = h.id and x.undone_at is null)), '[]'))
        from person p
        where p.municipality_id = ${municipalityId} and p.id = kept_person(${municipalityId}::uuid, person_with_code(${municipalityId}::uuid, ${hash}))) as known,
      exists (select from pupil c where c.municipality_id = ${municipalityId}
        and c.fiscal_code = ${typed.fiscalCode}) as "isPupil",
      coalesce((select jsonb_agg(jsonb_build_object('name', p.full_name, 'birthDay', p.birth_date, 'fiscalCode', p.fiscal_code,
          'householdId', h.id, 'householdName', h.name) order by p.id)
        from person p
        left join lateral (select m.household_id from active_member m
          where m.municipality_id = ${municipalityId} and m.person_id = p.id limit 1) own on true
        left join household h on h.municipality_id = ${municipalityId} and h.id = own.household_id
        where p.municipality_id = ${municipalityId}
          and p.search_key = search_key(${typed.givenName}::text || ${typed.familyName}::text)
          and kept_person(${municipalityId}::uuid, p.id) = p.id), '[]') as namesakes`.execute(trx)
  const { known, isPupil, namesakes } = rows[0] as Found
  return {
    known: known && { ...known, holds: known.households.map(({ name }) => name) },
    isPupil,
    namesakes: maybeTheSame(namesakes, typed, today),
  }
}

async function pupilInRegistry(
  trx: Trx,
  municipalityId: string,
  typed: AskedPupil,
  today: Day,
): Promise<Pick<PupilFacts, 'known' | 'adultName' | 'namesakes'>> {
  const hash = typed.fiscalCode === null ? null : await hashOfCode(trx, typed.fiscalCode)
  type Found = Pick<PupilFacts, 'known' | 'adultName'> & { namesakes: Namesake[] }
  const { rows } = await sql<Found>`
    select (select jsonb_build_object('id', c.id, 'name', c.full_name, 'householdId', h.id, 'householdName', h.name,
          'eats', exists (select from enrolment e where e.municipality_id = ${municipalityId} and e.pupil_id = c.id
            and e.valid_to >= app_today()))
        from pupil k join pupil c on c.municipality_id = ${municipalityId} and c.id = kept_pupil(${municipalityId}::uuid, k.id)
        join household h on h.municipality_id = ${municipalityId} and h.id = c.household_id
        where k.municipality_id = ${municipalityId} and k.fiscal_code = ${typed.fiscalCode}::text) as known,
      (select p.full_name from person p where p.municipality_id = ${municipalityId}
        and p.id = person_with_code(${municipalityId}::uuid, ${hash}::bytea)) as "adultName",
      coalesce((select jsonb_agg(jsonb_build_object('name', c.full_name, 'birthDay', c.birth_date, 'fiscalCode', c.fiscal_code,
          'householdId', h.id, 'householdName', h.name) order by c.id)
        from pupil c join household h on h.municipality_id = ${municipalityId} and h.id = c.household_id
        where c.municipality_id = ${municipalityId}
          and c.search_key = search_key(${typed.givenName}::text || ${typed.familyName}::text)
          and kept_pupil(${municipalityId}::uuid, c.id) = c.id), '[]') as namesakes`.execute(trx)
  const { known, adultName, namesakes } = rows[0] as Found
  return { known, adultName, namesakes: maybeTheSame(namesakes, typed, today) }
}

type PlaceRow = Omit<Place, 'firstDay' | 'openDays'>

/** The services of a pupil in the chosen class, with the days that no kitchen has counted. */
async function placesOf(
  trx: Trx,
  municipalityId: string,
  { classId, serviceIds }: Pick<AskedPupil, 'classId' | 'serviceIds'>,
  options: { lock: boolean },
): Promise<Place[]> {
  if (!isUuid(classId)) return []
  const rows = await startablePlaces(trx, municipalityId, { classId, serviceIds }, options)
  const places: Place[] = []
  for (const row of rows)
    places.push({ ...row, openDays: await openDaysOf(trx, municipalityId, row, row.firstDay) })
  return places
}

/** One class, or every class of these schools in a school year. */
type WhichPlaces = { serviceIds: readonly string[] } & (
  | { classId: string }
  | { yearId: string; schoolIds: readonly string[] }
)

/** The services of classes, with the first day that no kitchen has counted. */
export async function startablePlaces(
  trx: Trx,
  municipalityId: string,
  { serviceIds, ...which }: WhichPlaces,
  options: { lock: boolean },
): Promise<StartablePlace[]> {
  const chosen =
    'classId' in which
      ? sql`c.id = ${which.classId}::uuid`
      : sql`c.school_year_id = ${which.yearId}::uuid and c.school_id = any(${[...which.schoolIds]}::uuid[])`
  const { rows } = await sql<PlaceRow>`
    select v.id as "serviceId", v.name as "serviceName", c.id as "classId", c.name as "className", s.id as "schoolId",
      s.name as "schoolName", y.id as "yearId", y.ends_on as "yearEndsOn", t.starts_on as "from", least(t.ends_on, c.valid_to, s.valid_to) as "to",
      t.weekdays || coalesce(t.next_weekdays, '{}') as weekdays
    from school_class c
    join school s on s.municipality_id = ${municipalityId} and s.id = c.school_id
    join school_year y on y.municipality_id = ${municipalityId} and y.id = c.school_year_id and y.ends_on >= app_today()
    join service_schedule t on t.municipality_id = ${municipalityId} and t.school_id = c.school_id
      and t.school_year_id = c.school_year_id and t.service_id = any(${[...serviceIds]}::uuid[])
    join service v on v.municipality_id = ${municipalityId} and v.id = t.service_id and v.active
    where c.municipality_id = ${municipalityId} and ${chosen}
      and (c.valid_to is null or c.valid_to >= app_today()) and (s.valid_to is null or s.valid_to >= app_today())
    order by v.id, c.id`.execute(trx)
  const firstDays = await firstOpenDays(trx, municipalityId, rows, options)
  return rows.map((row, at) => ({ ...row, firstDay: firstDays[at] as Day }))
}

async function openDaysOf(
  trx: Trx,
  municipalityId: string,
  { serviceId, schoolId, to }: PlaceRow,
  from: Day,
) {
  const rows = await trx
    .selectFrom('service_day')
    .select('day')
    .where('municipality_id', '=', municipalityId)
    .where('service_id', '=', serviceId)
    .where('school_id', '=', schoolId)
    .where('status', '=', 'open')
    .where('day', '>=', from)
    .where('day', '<=', to)
    .orderBy('day')
    .execute()
  return rows.map(({ day }) => day)
}
