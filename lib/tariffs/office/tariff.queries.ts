import 'server-only'
import { type RawBuilder, sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { holdsWords, householdsNamed } from '#db/search.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import { type FoundName, isLongEnough, searchTrace } from '#lib/access/people-search.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { Day } from '#lib/kernel/day.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { type ListSource, type ReadingWay, readListPage } from '#lib/lists/list.queries.ts'
import type { ListPage, ListState } from '#lib/lists/list.ts'
import { classesNamed } from '#lib/school/office/class-choice.queries.ts'
import { MOST_OFFERED, type NamedClass, offeredOf } from '#lib/school/office/class-choice.ts'
import { firstOpenDay } from '#lib/school/office/first-open-day.queries.ts'
import type { FareFacts } from '../fare-assignment.ts'
import { type PriceNow, priceNow, priceOn } from '../price.ts'
import { mayCancel, type PriceEffect } from '../price-change.ts'
import { faresOf, offeredBands, tariffsOf } from '../tariff.queries.ts'
import type {
  BandLine,
  FareLine,
  FoundPupil,
  OfficePupilTariff,
  PriceLine,
  PupilSearch,
  ServiceTariff,
} from './tariff.ts'

type ServiceHead = { id: string; code: string; name: string; revision: number; today: Day }

/** The tariffs of every active service; null for a viewer who may not manage them. */
export async function officeTariffs(viewer: Viewer): Promise<ServiceTariff[] | null> {
  if (!allowedToStaff(viewer, 'tariffs:manage')) return null
  return asStaff(viewer, async (trx) => {
    const heads = await servicesOf(trx, viewer.municipalityId)
    return Promise.all(heads.map((head) => readTariff(trx, viewer.municipalityId, head)))
  })
}

/** The tariffs of one service by its code in the address; null where there is none, or none to see. */
export async function serviceTariff(viewer: Viewer, code: string): Promise<ServiceTariff | null> {
  if (!allowedToStaff(viewer, 'tariffs:manage')) return null
  return asStaff(viewer, async (trx) => {
    const head = (await servicesOf(trx, viewer.municipalityId)).find((one) => one.code === code)
    return head ? readTariff(trx, viewer.municipalityId, head) : null
  })
}

async function servicesOf(trx: Trx, municipalityId: string): Promise<ServiceHead[]> {
  const { rows } = await sql<ServiceHead>`
    select id, code, name, tariff_revision as revision, app_today() as today from service
    where municipality_id = ${municipalityId} and active order by name, id`.execute(trx)
  return rows
}

type PriceRow = Omit<PriceLine, 'state' | 'mayCancel'> & { code: string | null }

async function readTariff(trx: Trx, municipalityId: string, head: ServiceHead): Promise<ServiceTariff> {
  const [firstDay, rows, bands] = await Promise.all([
    firstOpenDay(trx, municipalityId, head.id, null, { lock: false }),
    priceRows(trx, municipalityId, head.id),
    bandRows(trx, municipalityId, head.id),
  ])
  const linesOf = (code: string | null) =>
    linesFrom(
      rows.filter((row) => row.code === code),
      { today: head.today, firstDay },
    )
  return {
    ...head,
    firstDay,
    prices: linesOf(null),
    bands: bands.map((band) => {
      const prices = linesOf(band.code)
      return { ...band, prices, currentCents: priceOn(prices, head.today) }
    }),
  }
}

async function priceRows(trx: Trx, municipalityId: string, serviceId: string): Promise<PriceRow[]> {
  const columns = sql`v.valid_from as "validFrom", v.price_cents as "priceCents", v.decided_at as "decidedAt", v.note,
    p.full_name as "decidedBy"`
  const who = sql`left join person p on p.municipality_id = ${municipalityId} and p.id = v.decided_by`
  const { rows } = await sql<PriceRow>`
    select null as code, ${columns} from meal_price v ${who}
    where v.municipality_id = ${municipalityId} and v.service_id = ${serviceId}
    union all
    select v.code, ${columns} from fare_band_price v ${who}
    where v.municipality_id = ${municipalityId} and v.service_id = ${serviceId}
    order by 2 desc`.execute(trx)
  return rows
}

/** The newest first. */
function linesFrom(rows: readonly PriceRow[], days: { today: Day; firstDay: Day }): PriceLine[] {
  const current = rows.find(({ validFrom }) => validFrom <= days.today)
  return rows.map(({ code: _, ...row }) => ({
    ...row,
    state: row.validFrom > days.today ? 'coming' : row.validFrom === current?.validFrom ? 'current' : 'past',
    mayCancel: mayCancel(row.validFrom, { ...days, prices: rows }),
  }))
}

async function bandRows(trx: Trx, municipalityId: string, serviceId: string) {
  const { rows } = await sql<Omit<BandLine, 'prices' | 'currentCents'>>`
    select b.code, b.name, b.description, b.closed_at is null as "isOpen",
      (count(distinct f.pupil_id) filter (where f.valid_from <= app_today()))::int as pupils,
      (count(distinct f.pupil_id) filter (where f.valid_from > app_today()
        and not exists (select from fare_assignment n where n.municipality_id = ${municipalityId} and n.service_id = f.service_id
          and n.pupil_id = f.pupil_id and n.band_code = f.band_code and app_today() between n.valid_from and n.valid_to)))::int as coming
    from fare_band b
    left join fare_assignment f on f.municipality_id = ${municipalityId} and f.service_id = b.service_id and f.band_code = b.code
      and f.valid_to >= app_today()
    where b.municipality_id = ${municipalityId} and b.service_id = ${serviceId}
    group by b.municipality_id, b.service_id, b.code order by b.closed_at is not null, b.code`.execute(trx)
  return rows
}

/** Whose meals: `band` null means at full price. */
type Touched = { serviceId: string; bandCode: string | null; from: Day; until: Day | null }

/** Whether the pupil of `e` pays by this band, or by none that has a price, on the day of `d`. */
const paysBy = (municipalityId: string, bandCode: string | null): RawBuilder<boolean> => {
  const fare = sql`select from fare_assignment f where f.municipality_id = ${municipalityId} and f.service_id = e.service_id
    and f.pupil_id = e.pupil_id and d.day between f.valid_from and f.valid_to`
  return bandCode === null
    ? sql<boolean>`not exists (${fare} and exists (select from fare_band_price b where b.municipality_id = ${municipalityId}
        and b.service_id = f.service_id and b.code = f.band_code and b.valid_from <= d.day))`
    : sql<boolean>`exists (${fare} and f.band_code = ${bandCode})`
}

/** How many pupils and booked meals a price touches from a day until the next price, on the days that are in the calendar. */
export async function priceEffect(
  trx: Trx,
  municipalityId: string,
  { serviceId, bandCode, from, until }: Touched,
): Promise<PriceEffect> {
  return bookedMeals(
    trx,
    municipalityId,
    serviceId,
    sql<boolean>`d.day >= ${from} and (${until}::date is null or d.day < ${until}::date) and ${paysBy(municipalityId, bandCode)}`,
  )
}

/** How many booked meals of one pupil there are from a day to another. */
export const pupilEffect = (
  trx: Trx,
  municipalityId: string,
  { serviceId, pupilId, from, to }: { serviceId: string; pupilId: string; from: Day; to: Day | null },
): Promise<PriceEffect> =>
  bookedMeals(
    trx,
    municipalityId,
    serviceId,
    sql<boolean>`e.pupil_id = ${pupilId}::uuid and d.day >= ${from} and (${to}::date is null or d.day <= ${to}::date)`,
  )

async function bookedMeals(
  trx: Trx,
  municipalityId: string,
  serviceId: string,
  which: RawBuilder<boolean>,
): Promise<PriceEffect> {
  const { rows } = await sql<PriceEffect>`
    select count(distinct e.pupil_id)::int as pupils, count(*)::int as meals, count(distinct d.day)::int as days
    from service_day d
    join enrolment e on e.municipality_id = ${municipalityId} and e.service_id = d.service_id and e.school_id = d.school_id
      and d.day between e.valid_from and e.valid_to and eats_on(e.weekdays, d.day)
    where d.municipality_id = ${municipalityId} and d.service_id = ${serviceId} and d.status = 'open' and ${which}
      and not exists (select from absence a where a.municipality_id = ${municipalityId} and a.service_day_id = d.id
        and a.pupil_id = e.pupil_id)`.execute(trx)
  return rows[0] as PriceEffect
}

/**
 * A page of the pupils of a service by a name of the family, class or band, each with what a meal costs today; the search is written
 * down. Null where there is nothing to see.
 */
export async function tariffPupils(
  viewer: Viewer,
  serviceCode: string,
  search: PupilSearch,
): Promise<OfficePupilTariff | null> {
  if (!allowedToStaff(viewer, 'tariffs:manage')) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const service = (await servicesOf(trx, municipalityId)).find(({ code }) => code === serviceCode)
    if (!service) return null
    const [classes, bands] = await Promise.all([
      classesOf(trx, municipalityId, service.id),
      trx
        .selectFrom('fare_band')
        .select(['code', 'name'])
        .where('municipality_id', '=', municipalityId)
        .where('service_id', '=', service.id)
        .orderBy('code')
        .execute(),
    ])
    const classIds = await classesMeant(trx, municipalityId, classes, search.classId)
    const bandCode = bands.some(({ code }) => code === search.bandCode) ? search.bandCode : ''
    const head = { service: { code: service.code, name: service.name }, classes, bands }
    if (!isLongEnough(search.text) && classIds === null && bandCode === '')
      return { ...head, found: null, total: 0, hasMore: false, pages: 0 }
    const { pupils, count } = await findPupils(trx, municipalityId, service, {
      ...search,
      classIds,
      bandCode,
    })
    await recordAudit(trx, viewer, {
      action: 'tariffs.pupils-searched',
      objectType: 'search',
      objectId: 'pupils',
      details: searchTrace(search.text, pupils.length),
    })
    return { ...head, found: pupils, ...count }
  })
}

/** The classes that a search means: one that was chosen, or all that are called as was written; null where none is asked for. */
async function classesMeant(
  trx: Trx,
  municipalityId: string,
  offered: readonly NamedClass[] | null,
  asked: string,
): Promise<string[] | null> {
  if (offered) return offered.some(({ id }) => id === asked) ? [asked] : null
  if (asked === '') return null
  return isUuid(asked) ? [asked] : (await classesNamed(trx, municipalityId, asked)).map(({ id }) => id)
}

async function classesOf(trx: Trx, municipalityId: string, serviceId: string): Promise<NamedClass[] | null> {
  const { rows } = await sql<NamedClass>`
    select c.id, s.name || ', ' || c.name as name from school_class c
    join school s on s.municipality_id = ${municipalityId} and s.id = c.school_id
    where c.municipality_id = ${municipalityId} and exists (select from enrolment e where e.municipality_id = ${municipalityId}
      and e.school_class_id = c.id and e.service_id = ${serviceId} and e.valid_to >= app_today() offset 0)
    limit ${MOST_OFFERED + 1}`.execute(trx)
  return (
    offeredOf(rows)?.sort((a, b) => a.name.localeCompare(b.name, 'it') || a.id.localeCompare(b.id)) ?? null
  )
}

type SoughtPupils = Omit<PupilSearch, 'classId'> & { classIds: string[] | null }

type FoundRow = {
  id: string
  name: string
  className: string
  fares: { from: Day; to: Day; bandCode: string }[]
  names: FoundName[]
}

/** The pupils who are or will be with the service, as a list: those of a name, theirs or an adult's of the family, of a class, of a band. */
function pupilSource(
  municipalityId: string,
  service: ServiceHead,
  { text, classIds, bandCode }: SoughtPupils,
): ListSource {
  const named = isLongEnough(text)
    ? sql`from (select n.id, n.list_key from pupils_of_named(${text}::text) n order by n.list_key, n.id offset 0) p where true`
    : null
  const ofService = sql`from enrolment e where e.municipality_id = ${municipalityId} and e.service_id = ${service.id}::uuid
    and e.valid_to >= app_today()`
  const ofBand = sql`from fare_assignment f where f.municipality_id = ${municipalityId} and f.service_id = ${service.id}::uuid
    and f.band_code = ${bandCode} and f.valid_to >= app_today()`
  const ofName = sql`(select ${holdsWords(sql`c.search_key`, text)} from pupil c where c.municipality_id = ${municipalityId} and c.id = p.id)`
  const isOfClass = sql`p.id = any (array(select e.pupil_id ${ofService} and e.school_class_id = any (${classIds}::uuid[])))`
  const hasBand = (way: ReadingWay) =>
    way === 'walked' || named
      ? sql`(select true ${ofBand} and f.pupil_id = p.id limit 1)`
      : sql`p.id = any (array(select f.pupil_id ${ofBand}))`
  return {
    from: (way) => sql`${named ?? sql`from pupil p where p.municipality_id = ${municipalityId}`}
      and (select true ${ofService} and e.pupil_id = p.id limit 1)
      ${text && !named ? sql`and ${ofName}` : sql``}
      ${classIds ? sql`and ${isOfClass}` : sql``} ${bandCode ? sql`and ${hasBand(way)}` : sql``}`,
    givesFirst: named !== null,
    line: { name: sql`p`, columns: sql`p.id, p.list_key` },
    id: sql`p.id`,
    base: () => sql`p.list_key`,
    baseKey: 'nome',
    sorts: {},
    filters: {},
    read: async (_, ids) => ids.map((id) => ({ id, cells: {} })),
  }
}

const FIRST_PAGE: ListState = { filters: {}, sort: [], columns: [], page: 1, size: 50 }

async function findPupils(
  trx: Trx,
  municipalityId: string,
  service: ServiceHead,
  search: SoughtPupils,
): Promise<{ pupils: FoundPupil[]; count: Pick<ListPage, 'total' | 'hasMore' | 'pages'> }> {
  const source = pupilSource(municipalityId, service, search)
  const { rows: found, ...count } = await readListPage(trx, source, { ...FIRST_PAGE, page: search.page })
  const ids = found.map(({ id }) => id)
  const [{ rows }, tariffs] = await Promise.all([
    readPupils(trx, municipalityId, service, { ids, text: search.text }),
    tariffsOf(trx, municipalityId),
  ])
  const tariff = tariffs(service.id)
  const pupils = rows.map(({ fares, ...pupil }) => {
    const price = priceNow(tariff, fares, service.today)
    const fare = fares.find(({ from, to }) => from <= service.today && service.today <= to)
    return {
      ...pupil,
      bandCode: price?.now.bandCode ?? null,
      until: fare?.to ?? null,
      cents: price?.now.cents ?? null,
    }
  })
  return { pupils, count }
}

const readPupils = (
  trx: Trx,
  municipalityId: string,
  service: ServiceHead,
  { ids, text }: { ids: readonly string[]; text: string },
) =>
  sql<FoundRow>`
  select coalesce(why.names, '[]') as names, p.id, p.family_name || ' ' || p.given_name as name, s.name || ', ' || c.name as "className",
    coalesce((select jsonb_agg(jsonb_build_object('from', f.valid_from, 'to', f.valid_to, 'bandCode', f.band_code))
      from fare_assignment f where f.municipality_id = ${municipalityId} and f.service_id = e.service_id
        and f.pupil_id = p.id and f.valid_to >= app_today()), '[]') as fares
  from pupil p
  join lateral (select e.service_id, e.school_id, e.school_class_id from enrolment e
    where e.municipality_id = ${municipalityId} and e.pupil_id = p.id and e.service_id = ${service.id}::uuid and e.valid_to >= app_today()
    order by e.valid_from limit 1) e on true
  join school s on s.municipality_id = ${municipalityId} and s.id = e.school_id
  join school_class c on c.municipality_id = ${municipalityId} and c.id = e.school_class_id
  left join lateral (select jsonb_agg(found) as names
    from ${householdsNamed(municipalityId, text)} n, jsonb_array_elements(n.names) found
    where n.household_id = p.household_id and (found ->> 'role' <> 'pupil' or found ->> 'name' = p.full_name)) why on true
  where p.municipality_id = ${municipalityId} and p.id = any (${[...ids]}::uuid[])
  order by p.list_key, p.id`.execute(trx)

export type PupilTariff = {
  service: { id: string; code: string; name: string }
  pupil: { id: string; name: string; className: string; householdId: string }
  price: PriceNow | null
  fares: FareLine[]
  facts: FareFacts
}

/** One pupil's bands; the reading is written down where the family sees it. Null where there is none, or none to see. */
export async function pupilTariff(
  viewer: Viewer,
  serviceCode: string,
  pupilId: string,
): Promise<PupilTariff | null> {
  if (!allowedToStaff(viewer, 'tariffs:manage') || !isUuid(pupilId)) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const service = (await servicesOf(trx, municipalityId)).find(({ code }) => code === serviceCode)
    const found =
      service && (await pupilFacts(trx, municipalityId, { serviceId: service.id, pupilId }, { lock: false }))
    if (!service || !found) return null
    const [fares, tariffs] = await Promise.all([
      fareLines(trx, municipalityId, service.id, pupilId),
      tariffsOf(trx, municipalityId),
      recordAudit(trx, viewer, {
        action: 'tariffs.pupil-read',
        objectType: 'household',
        objectId: found.householdId,
        details: { pupil: pupilId },
      }),
    ])
    return {
      service: { id: service.id, code: service.code, name: service.name },
      pupil: {
        id: pupilId,
        name: found.facts.pupil.name,
        className: found.className,
        householdId: found.householdId,
      },
      price: priceNow(tariffs(service.id), found.facts.fares, service.today),
      fares,
      facts: found.facts,
    }
  })
}

async function fareLines(
  trx: Trx,
  municipalityId: string,
  serviceId: string,
  pupilId: string,
): Promise<FareLine[]> {
  const { rows } = await sql<FareLine>`
    select f.id, f.band_code as "bandCode", b.name as "bandName", f.valid_from as "from", f.valid_to as "to",
      case when f.valid_to < app_today() then 'past' when f.valid_from > app_today() then 'coming' else 'current' end as state,
      g.full_name as "givenBy", f.given_at as "givenAt", f.submission_id is not null as "byRequest",
      f.reason, n.full_name as "endedBy", f.ended_at as "endedAt", f.end_reason as "endReason"
    from fare_assignment f
    join fare_band b on b.municipality_id = ${municipalityId} and b.service_id = f.service_id and b.code = f.band_code
    join person g on g.municipality_id = ${municipalityId} and g.id = f.given_by
    left join person n on n.municipality_id = ${municipalityId} and n.id = f.ended_by
    where f.municipality_id = ${municipalityId} and f.service_id = ${serviceId} and f.pupil_id = ${pupilId}
    order by f.valid_from desc`.execute(trx)
  return rows
}

type PupilRow = { name: string; className: string | null; householdId: string }

/**
 * What a decision about a pupil's band works with; null when the pupil does not eat in the service.
 * @param options.lock holds the enrolments and the next days of the service: what is decided now holds for them whole
 */
export async function pupilFacts(
  trx: Trx,
  municipalityId: string,
  { serviceId, pupilId }: { serviceId: string; pupilId: string },
  options: { lock: boolean },
): Promise<{ facts: FareFacts; className: string; householdId: string } | null> {
  const enrolments = await enrolmentsOf(trx, municipalityId, { serviceId, pupilId }, options)
  if (enrolments.length === 0) return null
  const schools = [...new Set(enrolments.map(({ schoolId }) => schoolId))]
  const [firstDay, fares, bands, pupil] = await Promise.all([
    firstOpenDay(trx, municipalityId, serviceId, schools, options),
    faresOf(trx, municipalityId, serviceId, pupilId),
    offeredBands(trx, municipalityId, serviceId),
    sql<PupilRow>`
      select p.full_name as name, p.household_id as "householdId",
        (select s.name || ', ' || c.name from enrolment e
          join school s on s.municipality_id = ${municipalityId} and s.id = e.school_id
          join school_class c on c.municipality_id = ${municipalityId} and c.id = e.school_class_id
          where e.municipality_id = ${municipalityId} and e.pupil_id = p.id and e.service_id = ${serviceId}
          order by e.valid_to desc limit 1) as "className"
      from pupil p where p.municipality_id = ${municipalityId} and p.id = ${pupilId}`.execute(trx),
  ])
  const { rows } = await sql<{ day: Day }>`
    select coalesce((select ends_on from school_year where municipality_id = ${municipalityId} and ends_on >= ${firstDay}::date
      order by starts_on limit 1), ${firstDay}::date) as day`.execute(trx)
  const { name, className, householdId } = pupil.rows[0] as PupilRow
  return {
    householdId,
    className: className ?? '',
    facts: {
      pupil: { name },
      enrolments,
      fares,
      firstDay,
      bands,
      yearEndsOn: (rows[0] as { day: Day }).day,
    },
  }
}

async function enrolmentsOf(
  trx: Trx,
  municipalityId: string,
  { serviceId, pupilId }: { serviceId: string; pupilId: string },
  { lock }: { lock: boolean },
): Promise<{ schoolId: string; to: Day }[]> {
  const { rows } = await sql<{ schoolId: string; to: Day }>`
    select school_id as "schoolId", valid_to as "to" from enrolment
    where municipality_id = ${municipalityId} and service_id = ${serviceId} and pupil_id = ${pupilId}
    order by id ${lock ? sql`for update` : sql``}`.execute(trx)
  return rows
}
