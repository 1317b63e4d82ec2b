import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { Day } from '#lib/kernel/day.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import type { OpeningBalance } from '#lib/ledger/opening.commands.ts'
import { startablePlaces } from '#lib/people/office/registration.queries.ts'
import type { PupilBefore } from '#lib/school/office/enrolment.commands.ts'
import { offeredBands, tariffsOf } from '#lib/tariffs/tariff.queries.ts'
import type { BalanceTotals } from '../balance.ts'
import {
  type ImportFacts,
  type ImportFinding,
  type ImportPlan,
  type ImportVerdict,
  schoolsOf,
  VERDICTS,
} from '../finding.ts'
import { hasBalances, type Mapping } from '../mapping.ts'
import type { ReadPeople } from '../people.ts'

export type ImportState =
  | 'mapping'
  | 'checking'
  | 'checked'
  | 'applying'
  | 'applied'
  | 'undoing'
  | 'undone'
  | 'discarded'

export type ImportCounts = Partial<Record<ImportVerdict, number>> & {
  rows?: number
  ignored?: number
  /** Null where the file has no balance. */
  balances?: BalanceTotals | null
}

export type ImportRow = {
  id: string
  name: string
  form: 'csv' | 'xlsx' | 'html'
  readAs: string
  state: ImportState
  headerSet: string
  mapping: Partial<Mapping>
  seen: string | null
  counts: ImportCounts
  ignored: ImportPlan['ignored']
  unknownClasses: ImportPlan['unknownClasses']
  stopped: string | null
  uploadedAt: Date
  uploadedBy: string
  appliedAt: Date | null
  appliedBy: string | null
  undoneAt: Date | null
  done: number
  total: number
  /** The file is still there. */
  isKept: boolean
}

const importRows = (trx: Trx, municipalityId: string, id: string | null, most: number) =>
  sql<ImportRow>`
    select u.id, u.name, u.form, u.read_as as "readAs", u.state, u.header_set as "headerSet", u.mapping, u.seen, u.counts,
      u.ignored, u.unknown_classes as "unknownClasses", u.stopped, u.uploaded_at as "uploadedAt", p.full_name as "uploadedBy",
      u.applied_at as "appliedAt", a.full_name as "appliedBy", u.undone_at as "undoneAt",
      coalesce(g.done, 0) as done, coalesce(g.total, 0) as total, u.content is not null as "isKept"
    from pupil_import u
    join person p on p.municipality_id = ${municipalityId} and p.id = u.uploaded_by
    left join person a on a.municipality_id = ${municipalityId} and a.id = u.applied_by
    left join pupil_import_progress g on g.municipality_id = ${municipalityId} and g.import_id = u.id
    where u.municipality_id = ${municipalityId} and (${id}::uuid is null or u.id = ${id}::uuid)
    order by u.uploaded_at desc, u.id desc limit ${most}`.execute(trx)

/** One import inside a transaction; null where there is none. */
export async function importIn(trx: Trx, municipalityId: string, id: string): Promise<ImportRow | null> {
  return (await importRows(trx, municipalityId, id, 1)).rows[0] ?? null
}

const SHOWN = 30

/** The last imports of the municipality; null for who may not import. */
export async function importsForOffice(viewer: Viewer): Promise<ImportRow[] | null> {
  if (!allowedToStaff(viewer, 'registry:correct')) return null
  return asStaff(viewer, async (trx) => (await importRows(trx, viewer.municipalityId, null, SHOWN)).rows)
}

/** The file of an import, as it was uploaded; null when it is gone. */
export async function contentIn(trx: Trx, municipalityId: string, id: string): Promise<Buffer | null> {
  const row = await trx
    .selectFrom('pupil_import')
    .select('content')
    .where('municipality_id', '=', municipalityId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row?.content ?? null
}

/** An import and its file; null for who may not see it, and where there is none. */
export async function importForOffice(
  viewer: Viewer,
  id: string,
): Promise<{ row: ImportRow; content: Buffer | null } | null> {
  if (!allowedToStaff(viewer, 'registry:correct') || !isUuid(id)) return null
  return asStaff(viewer, async (trx) => {
    const row = await importIn(trx, viewer.municipalityId, id)
    return row && { row, content: await contentIn(trx, viewer.municipalityId, id) }
  })
}

/** How far an import is, in a few bytes: the page asks it again and again. */
export async function importFingerprint(viewer: Viewer, id: string): Promise<string | null> {
  if (!allowedToStaff(viewer, 'registry:correct') || !isUuid(id)) return null
  return asStaff(viewer, async (trx) => {
    const row = await importIn(trx, viewer.municipalityId, id)
    return row && `${row.state} ${row.done} ${row.total}`
  })
}

/** The mapping of the last file with the same columns. */
export async function rememberedMapping(
  trx: Trx,
  municipalityId: string,
  headerSet: string,
): Promise<Partial<Mapping> | null> {
  const row = await trx
    .selectFrom('pupil_import')
    .select('mapping')
    .where('municipality_id', '=', municipalityId)
    .where('header_set', '=', headerSet)
    .where(sql<boolean>`mapping ? 'payer'`)
    .orderBy('uploaded_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return (row?.mapping as Partial<Mapping> | undefined) ?? null
}

export type StoredFinding = ImportFinding & { position: number; decision: 'take' | 'skip' | null }

const PAGE_SIZE = 50

/** A page of what an import found, of one verdict; reading names is written down. */
export async function findingsForOffice(
  viewer: Viewer,
  id: string,
  { verdict, page }: { verdict: ImportVerdict; page: number },
): Promise<{ findings: StoredFinding[]; pages: number; undecided: number } | null> {
  if (!allowedToStaff(viewer, 'registry:correct') || !isUuid(id)) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const [found, total] = await Promise.all([
      findingsIn(trx, municipalityId, id, { verdict, from: (page - 1) * PAGE_SIZE, most: PAGE_SIZE }),
      sql<{ n: number; undecided: number }>`select count(*) filter (where f.verdict = ${verdict})::int as n,
          count(*) filter (where f.verdict = 'doubtful' and f.decision is null)::int as undecided
        from pupil_import_finding f where f.municipality_id = ${municipalityId} and f.import_id = ${id}::uuid`.execute(
        trx,
      ),
      recordAudit(trx, viewer, { action: 'imports.read', objectType: 'pupil_import', objectId: id }),
    ])
    const { n = 0, undecided = 0 } = total.rows[0] ?? {}
    return { findings: found, pages: Math.ceil(n / PAGE_SIZE), undecided }
  })
}

/** Findings in the order of the file. `verdict` null: all of them. */
export async function findingsIn(
  trx: Trx,
  municipalityId: string,
  id: string,
  { verdict, from, most }: { verdict: ImportVerdict | null; from: number; most: number },
): Promise<StoredFinding[]> {
  const { rows } = await sql<StoredFinding>`
    select f.position, f.key, f.lines, f.name, f.verdict, f.words, f.why, f.household_id as "householdId",
      f.pupil_id as "pupilId", f.decision
    from pupil_import_finding f
    where f.municipality_id = ${municipalityId} and f.import_id = ${id}::uuid
      and (${verdict}::text is null or f.verdict = ${verdict}::text)
    order by f.position offset ${from} limit ${most}`.execute(trx)
  return rows
}

/** Everything that was found, for the file of what is wrong. */
export async function importToDownload(
  viewer: Viewer,
  id: string,
): Promise<{ row: ImportRow; content: Buffer; findings: StoredFinding[] } | null> {
  if (!allowedToStaff(viewer, 'registry:correct') || !isUuid(id)) return null
  return asStaff(viewer, async (trx) => {
    const row = await importIn(trx, viewer.municipalityId, id)
    const content = await contentIn(trx, viewer.municipalityId, id)
    if (!row || !content) return null
    await recordAudit(trx, viewer, { action: 'imports.downloaded', objectType: 'pupil_import', objectId: id })
    const findings = await findingsIn(trx, viewer.municipalityId, id, {
      verdict: null,
      from: 0,
      most: 1_000_000,
    })
    return { row, content, findings }
  })
}

/** The years and services that a file may be for, and the classes of a year that stand for those of the file. */
export async function importOffer(viewer: Viewer): Promise<{
  years: { id: string; name: string }[]
  services: { id: string; name: string }[]
  classes: { id: string; name: string; schoolName: string; yearId: string }[]
} | null> {
  if (!allowedToStaff(viewer, 'registry:correct')) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const [years, services, classes] = await Promise.all([
      sql<{
        id: string
        name: string
      }>`select y.id, y.name from school_year y where y.municipality_id = ${municipalityId}
        and y.ends_on >= app_today() order by y.starts_on`.execute(trx),
      sql<{
        id: string
        name: string
      }>`select v.id, v.name from service v where v.municipality_id = ${municipalityId} and v.active and v.valid_to is null
        order by v.id`.execute(trx),
      sql<{ id: string; name: string; schoolName: string; yearId: string }>`
        select c.id, c.name, s.name as "schoolName", c.school_year_id as "yearId" from school_class c
        join school s on s.municipality_id = ${municipalityId} and s.id = c.school_id
        where c.municipality_id = ${municipalityId} and (c.valid_to is null or c.valid_to >= app_today())
          and (s.valid_to is null or s.valid_to >= app_today())
        order by s.name, c.name`.execute(trx),
    ])
    return { years: years.rows, services: services.rows, classes: classes.rows }
  })
}

const namesOf = (read: ReadPeople): string[] => [
  ...new Set(read.entries.map(({ pupil }) => pupil.givenName + pupil.familyName).filter(Boolean)),
]
const codesOf = (read: ReadPeople): string[] => [
  ...new Set(
    read.entries
      .flatMap(({ pupil, adults }) => [pupil.fiscalCode, ...adults.map(({ fiscalCode }) => fiscalCode)])
      .filter(Boolean),
  ),
]

/**
 * What the registry and the calendar say of the people of a file: a few statements for any length. Only the schools of the file
 * are read: with `lock` the others close their days meanwhile.
 */
export async function importFacts(
  trx: Trx,
  municipalityId: string,
  read: ReadPeople,
  { yearId, serviceIds, columns, classes: answers }: Mapping,
  { lock }: { lock: boolean },
): Promise<ImportFacts> {
  const { today } = await readClock(trx)
  const [classes, pupils, adults] = await Promise.all([
    classesOf(trx, municipalityId, yearId),
    knownPupils(trx, municipalityId, { codes: codesOf(read), names: namesOf(read) }),
    knownAdults(trx, municipalityId, codesOf(read)),
  ])
  const schools = [...schoolsOf(read.entries, classes, answers)]
  const eatsIn = pupils.flatMap(({ enrolments }) =>
    enrolments.flatMap((one) => (one.yearId === yearId ? [one.schoolId] : [])),
  )
  const ofFile = { yearId, serviceIds, schoolIds: [...new Set([...schools, ...eatsIn])] }
  const places = await startablePlaces(trx, municipalityId, ofFile, { lock })
  const households = [
    ...new Set([
      ...pupils.map(({ householdId }) => householdId),
      ...adults.flatMap((one) => one.households.map(({ id }) => id)),
    ]),
  ]
  const hasFares = columns.includes('pupil.band')
  const [enrolled, members, accounts, fares, prices] = await Promise.all([
    enrolledIn(trx, municipalityId, { yearId, serviceIds, schoolIds: schools }),
    membersOf(trx, municipalityId, households),
    hasBalances(columns) ? openableAccounts(trx, municipalityId, households, serviceIds) : [],
    hasFares
      ? faresOfPupils(
          trx,
          municipalityId,
          pupils.map(({ id }) => id),
          serviceIds,
        )
      : null,
    hasFares ? pricesOfServices(trx, municipalityId, serviceIds) : [],
  ])
  const withFares = fares ? pupils.map((pupil) => ({ ...pupil, fares: fares.get(pupil.id) ?? [] })) : pupils
  return { today, places, classes, pupils: withFares, adults, enrolled, members, accounts, prices }
}

async function membersOf(
  trx: Trx,
  municipalityId: string,
  households: readonly string[],
): Promise<ImportFacts['members']> {
  const { rows } = await sql<ImportFacts['members'][number]>`
    select m.id, m.household_id as "householdId", m.person_id as "personId", m.role,
      m.ended_at is null and (m.valid_to is null or m.valid_to >= app_today()) as "isActive"
    from household_member m
    where m.municipality_id = ${municipalityId} and m.household_id = any(${[...households]}::uuid[])
    order by m.id`.execute(trx)
  return rows
}

async function openableAccounts(
  trx: Trx,
  municipalityId: string,
  households: readonly string[],
  serviceIds: readonly string[],
): Promise<ImportFacts['accounts']> {
  const { rows } = await sql<ImportFacts['accounts'][number]>`
    select a.id, a.household_id as "householdId", a.service_id as "serviceId",
      coalesce((select sum(e.amount_cents) from entry e where e.municipality_id = ${municipalityId} and e.account_id = a.id
        and e.kind = 'opening'), 0)::int as "openingCents"
    from account a
    where a.municipality_id = ${municipalityId} and a.kind = 'household' and a.household_id = any(${[...households]}::uuid[])
      and a.service_id = any(${[...serviceIds]}::uuid[])
    order by a.id`.execute(trx)
  return rows
}

async function faresOfPupils(
  trx: Trx,
  municipalityId: string,
  pupilIds: readonly string[],
  serviceIds: readonly string[],
): Promise<ReadonlyMap<string, KnownFares>> {
  const { rows } = await sql<{ pupilId: string; fares: KnownFares }>`
    select f.pupil_id as "pupilId", jsonb_agg(jsonb_build_object('id', f.id, 'serviceId', f.service_id, 'from', f.valid_from,
      'to', f.valid_to, 'bandCode', f.band_code) order by f.valid_from) as fares
    from fare_assignment f
    where f.municipality_id = ${municipalityId} and f.pupil_id = any(${[...pupilIds]}::uuid[])
      and f.service_id = any(${[...serviceIds]}::uuid[])
    group by f.pupil_id`.execute(trx)
  return new Map(rows.map(({ pupilId, fares }) => [pupilId, fares]))
}
type KnownFares = ImportFacts['pupils'][number]['fares']

async function pricesOfServices(
  trx: Trx,
  municipalityId: string,
  serviceIds: readonly string[],
): Promise<ImportFacts['prices']> {
  const tariffs = await tariffsOf(trx, municipalityId)
  return Promise.all(
    serviceIds.map(async (serviceId) => ({
      ...{ serviceId, full: tariffs(serviceId).full },
      bands: await offeredBands(trx, municipalityId, serviceId),
    })),
  )
}

async function classesOf(trx: Trx, municipalityId: string, yearId: string): Promise<ImportFacts['classes']> {
  const { rows } = await sql<ImportFacts['classes'][number]>`
    select c.id, c.name, s.id as "schoolId", s.name as "schoolName", s.mechanographic_code as "mechanographicCode"
    from school_class c join school s on s.municipality_id = ${municipalityId} and s.id = c.school_id
    where c.municipality_id = ${municipalityId} and c.school_year_id = ${yearId}::uuid
      and (c.valid_to is null or c.valid_to >= app_today()) and (s.valid_to is null or s.valid_to >= app_today())
    order by c.id`.execute(trx)
  return rows
}

/**
 * Pupils with a code or a name of the file; a code of one who was merged into another finds the one that stayed. What belongs to each is
 * looked up by key: how many of the file are known already, the planner cannot tell, and it would go through a joined table for each.
 */
async function knownPupils(
  trx: Trx,
  municipalityId: string,
  { codes, names }: { codes: readonly string[]; names: readonly string[] },
): Promise<ImportFacts['pupils']> {
  const { rows } = await sql<ImportFacts['pupils'][number]>`
    with found as materialized (
      select c.id, c.fiscal_code from unnest(${codes}::text[]) as n(code)
      join pupil c on c.municipality_id = ${municipalityId} and c.fiscal_code = n.code
      union
      select c.id, c.fiscal_code from pupil c where c.municipality_id = ${municipalityId}
        and c.search_key in (select search_key(n) from unnest(${names}::text[]) n)
    ), kept as materialized (
      select f.id as found_id, f.fiscal_code, case when m.gone_id is null then f.id else kept_pupil(${municipalityId}::uuid, f.id) end as id
      from found f
      left join pupil_merge m on m.municipality_id = ${municipalityId} and m.gone_id = f.id and m.undone_at is null
    ), wanted as materialized (
      select k.id, array_agg(k.fiscal_code order by k.fiscal_code) filter (where k.found_id <> k.id and k.fiscal_code is not null) as codes
      from kept k group by k.id
    )
    select c.id, c.given_name as "givenName", c.family_name as "familyName", c.fiscal_code as "fiscalCode",
      c.birth_date as "birthDay", c.household_id as "householdId", h.name as "householdName",
      (select p.full_name from active_member m
        join person p on p.municipality_id = ${municipalityId} and p.id = m.person_id
        where m.municipality_id = ${municipalityId} and m.household_id = c.household_id and m.role = 'holder' limit 1) as "holderName",
      coalesce(w.codes, '{}') as "otherCodes",
      coalesce((select jsonb_agg(jsonb_build_object('id', e.id, 'serviceId', e.service_id, 'schoolId', e.school_id,
          'classId', e.school_class_id, 'yearId', e.school_year_id, 'dietCode', e.diet_code, 'severe', e.severe_reaction,
          'weekdays', e.weekdays, 'from', e.valid_from, 'to', e.valid_to) order by e.valid_from)
        from enrolment e where e.municipality_id = ${municipalityId} and e.pupil_id = c.id), '[]') as enrolments, '[]'::jsonb as fares
    from wanted w
    join pupil c on c.municipality_id = ${municipalityId} and c.id = w.id
    join household h on h.municipality_id = ${municipalityId} and h.id = c.household_id
    order by c.id`.execute(trx)
  return rows
}

/**
 * The adults with a code of the file; one who was merged into another finds the one that stayed. The codes are rows, each looked up by
 * its key: as an array they would be compared one after the other with every code of the town.
 */
async function knownAdults(
  trx: Trx,
  municipalityId: string,
  codes: readonly string[],
): Promise<ImportFacts['adults']> {
  type Found = Omit<ImportFacts['adults'][number], 'holds'>
  const { rows } = await sql<Found>`
    with wanted as materialized (
      select case when m.gone_id is null then k.person_id else kept_person(${municipalityId}::uuid, k.person_id) end as person_id, k.fiscal_code
      from unnest(${codes}::text[]) as n(code)
      join person_code k on k.municipality_id = ${municipalityId} and k.fiscal_code = n.code
      left join person_merge m on m.municipality_id = ${municipalityId} and m.gone_id = k.person_id and m.undone_at is null
    )
    select p.id, w.fiscal_code as "fiscalCode", p.given_name as "givenName", p.family_name as "familyName",
      p.birth_date as "birthDay", coalesce((select jsonb_agg(jsonb_build_object('id', h.id, 'name', h.name) order by h.name, h.id)
        from active_member m join household h on h.municipality_id = ${municipalityId} and h.id = m.household_id
        where m.municipality_id = ${municipalityId} and m.role = 'holder' and m.person_id = p.id
          and not exists (select from household_merge x where x.municipality_id = ${municipalityId}
            and x.gone_id = h.id and x.undone_at is null)), '[]') as households
    from wanted w
    join person p on p.municipality_id = ${municipalityId} and p.id = w.person_id
    order by w.fiscal_code`.execute(trx)
  return rows.map((row) => ({ ...row, holds: row.households.map(({ name }) => name) }))
}

/** Who is enrolled, by the last enrolment, in one of these schools. */
async function enrolledIn(
  trx: Trx,
  municipalityId: string,
  { yearId, serviceIds, schoolIds }: { yearId: string; serviceIds: readonly string[]; schoolIds: string[] },
): Promise<ImportFacts['enrolled']> {
  const { rows } = await sql<ImportFacts['enrolled'][number]>`
    with there as materialized (
      select distinct e.pupil_id from enrolment e
      where e.municipality_id = ${municipalityId} and e.school_year_id = ${yearId}::uuid and e.valid_to >= app_today()
        and e.service_id = any(${[...serviceIds]}::uuid[]) and e.school_id = any(${schoolIds}::uuid[])
    ), last as materialized (
      select distinct on (e.pupil_id) e.pupil_id, e.school_id, e.school_class_id, e.valid_to
      from there t
      join enrolment e on e.municipality_id = ${municipalityId} and e.pupil_id = t.pupil_id
      where e.school_year_id = ${yearId}::uuid and e.service_id = any(${[...serviceIds]}::uuid[]) and e.valid_to >= app_today()
      order by e.pupil_id, e.valid_to desc
    )
    select p.id, p.full_name as name, p.household_id as "householdId", l.school_id as "schoolId", c.name || ', ' || s.name as "where",
      l.valid_to as last
    from last l
    join pupil p on p.municipality_id = ${municipalityId} and p.id = l.pupil_id
    join school s on s.municipality_id = ${municipalityId} and s.id = l.school_id
    join school_class c on c.municipality_id = ${municipalityId} and c.id = l.school_class_id
    where l.school_id = any(${schoolIds}::uuid[])
      and not exists (select from pupil_merge m where m.municipality_id = ${municipalityId} and m.gone_id = p.id and m.undone_at is null)
    order by p.family_name, p.id`.execute(trx)
  return rows
}

/** The verdict that an address asks for; the first that needs a person, for anything else. */
export const readVerdict = (text: unknown, counts: ImportCounts): ImportVerdict =>
  VERDICTS.find((verdict) => verdict === text) ??
  (['doubtful', 'refused', 'new', 'changed', 'gone'] as const).find(
    (verdict) => (counts[verdict] ?? 0) > 0,
  ) ??
  'same'

/** The tables whose rows an import makes or changes: first what refers, then what is referred to. */
export const IMPORTED = [
  'enrolment',
  'absence',
  'fare_assignment',
  'account',
  'household_member',
  'pupil',
  'person',
  'household',
] as const

type Keeping = { what: string; names: string[]; n: number }

/** Who or what keeps an import from being undone: first names of each kind, and how many. */
export async function whatKeeps(trx: Trx, municipalityId: string, id: string): Promise<Keeping[]> {
  const keeping: Keeping[] = []
  for (const table of IMPORTED) {
    const { rows } = await sql<Omit<Keeping, 'names'> & { names: string[] | null }>`
      select k.what, (array_agg(distinct k.name) filter (where k.name <> ''))[1:5] as names, count(*)::int as n
      from what_keeps_an_import(${municipalityId}::uuid, ${id}::uuid, ${table}) k group by k.what order by k.what`.execute(
      trx,
    )
    keeping.push(...rows.map((row) => ({ ...row, names: row.names ?? [] })))
  }
  return keeping
}

/** The pupils whose enrolments and fares an import wrote, as they were before it. Fares null: an import that wrote none. */
export async function pupilsBefore(
  trx: Trx,
  municipalityId: string,
  id: string,
): Promise<(PupilBefore & { fares: unknown })[]> {
  const { rows } = await sql<PupilBefore & { fares: unknown }>`
    select p.id, p.before -> 'enrolment' as enrolments, p.before -> 'absence' as absences, p.before -> 'fare_assignment' as fares
    from (
      select i.row_id as id, jsonb_object_agg(i.table_name, i.before) as before from pupil_import_image i
      where i.municipality_id = ${municipalityId} and i.import_id = ${id}::uuid
        and i.table_name in ('enrolment', 'absence', 'fare_assignment')
      group by i.row_id) p
    order by p.id`.execute(trx)
  return rows
}

/** Where the pupils whose enrolments an import wrote eat, and ate before it. */
export async function placesOfImport(
  trx: Trx,
  municipalityId: string,
  id: string,
): Promise<{ serviceId: string; schoolId: string }[]> {
  const { rows } = await sql<{ serviceId: string; schoolId: string }>`
    with image as materialized (
      select i.row_id, i.before from pupil_import_image i
      where i.municipality_id = ${municipalityId} and i.import_id = ${id}::uuid and i.table_name = 'enrolment')
    select e.service_id as "serviceId", e.school_id as "schoolId" from image i
    join enrolment e on e.municipality_id = ${municipalityId} and e.pupil_id = i.row_id
    union
    select b.service_id, b.school_id from image i, jsonb_populate_recordset(null::enrolment, i.before) b`.execute(
    trx,
  )
  return rows
}

/** The balances that an import opened, to be reversed. */
export async function openedBalances(
  trx: Trx,
  municipalityId: string,
  id: string,
): Promise<OpeningBalance[]> {
  const { rows } = await sql<Omit<OpeningBalance, 'day'> & { day: Day | null }>`
    select b.account_id as "accountId", a.service_id as "serviceId", e.amount_cents as "amountCents", e.day
    from imported_balance b
    join account a on a.municipality_id = ${municipalityId} and a.id = b.account_id
    join entry e on e.municipality_id = ${municipalityId} and e.journal_id = b.journal_id and e.account_id = b.account_id
    where b.municipality_id = ${municipalityId} and b.import_id = ${id}::uuid
    order by b.account_id`.execute(trx)
  // An opening entry always has its day; other kinds of entry may have none.
  return rows.flatMap(({ day, ...balance }) => (day ? [{ ...balance, day }] : []))
}
