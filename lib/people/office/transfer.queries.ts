import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { Day } from '#lib/kernel/day.ts'
import { fingerprintOf } from '#lib/kernel/fingerprint.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { COMMON_DIET } from '#lib/school/diet.ts'
import { goesOn } from '#lib/school/office/departure.queries.ts'
import { lockDiners, type PupilBefore } from '#lib/school/office/enrolment.commands.ts'
import { arrivalOf, arrivalsOf } from './arrival.queries.ts'
import type { Arrival, TransferAdult } from './arrival.ts'
import { endFacts } from './enrolment-change.queries.ts'
import type { RegistrationOffer } from './offered-class.queries.ts'
import { type OfferedFare, registrationOffer } from './registration.queries.ts'
import type { AskedTransfer, Departure, LeavingPupil, LeftService, TransferFacts } from './transfer.ts'

type Town = { id: string; name: string }

/** The other municipalities of the installation to which pupils may go. */
async function otherTowns(trx: Trx, municipalityId: string): Promise<Town[]> {
  const { rows } = await sql<Town>`
    select m.id, m.name || ' (' || m.province || ')' as name from municipality m where m.active and m.id <> ${municipalityId} order by m.name, m.id`.execute(
    trx,
  )
  return rows
}

/** Whether the viewer may send pupils away, and the installation has another municipality to take them. */
export async function maySendTransfers(viewer: Viewer): Promise<boolean> {
  if (!allowedToStaff(viewer, 'transfers:send')) return false
  return asStaff(viewer, async (trx) => (await otherTowns(trx, viewer.municipalityId)).length > 0)
}

/** What the form of a transfer offers; null where there is no such family, or for who may not send one. */
export async function transferOffer(
  viewer: Viewer,
  householdId: string,
): Promise<{ householdName: string; towns: Town[]; pupils: { id: string; name: string }[] } | null> {
  if (!allowedToStaff(viewer, 'transfers:send') || !isUuid(householdId)) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    const household = await trx
      .selectFrom('household')
      .select('name')
      .where('municipality_id', '=', municipalityId)
      .where('id', '=', householdId)
      .executeTakeFirst()
    if (!household) return null
    await recordAudit(trx, viewer, {
      action: 'household.read',
      objectType: 'household',
      objectId: householdId,
    })
    const pupils = await trx
      .selectFrom('pupil')
      .select(['id', 'full_name as name'])
      .where('municipality_id', '=', municipalityId)
      .where('household_id', '=', householdId)
      .orderBy('birth_date')
      .orderBy('id')
      .execute()
    return { householdName: household.name, towns: await otherTowns(trx, municipalityId), pupils }
  })
}

/**
 * What handing over the pupils of a family, or one of them, touches; null where there is no such family.
 * @param options.lock holds the pupils and the next days of their schools: neither a close nor a cancellation falls between
 */
export async function transferFacts(
  trx: Trx,
  municipalityId: string,
  { householdId, toId, pupilId }: Pick<AskedTransfer, 'householdId' | 'toId' | 'pupilId'>,
  options: { lock: boolean },
): Promise<TransferFacts | null> {
  const household = await trx
    .selectFrom('household')
    .select('name')
    .where('municipality_id', '=', municipalityId)
    .where('id', '=', householdId)
    .executeTakeFirst()
  if (!household) return null
  const rows = await pupilsOf(trx, municipalityId, householdId, pupilId)
  const ids = rows.map(({ id }) => id)
  if (options.lock) await lockDiners(trx, municipalityId, ids)
  const pupils: LeavingPupil[] = []
  for (const { serviceIds, ...pupil } of rows)
    pupils.push({ ...pupil, services: await servicesOf(trx, municipalityId, pupil.id, serviceIds, options) })
  const [adults, towns, waiting, accounts, { today }] = await Promise.all([
    adultsOf(trx, municipalityId, householdId),
    otherTowns(trx, municipalityId),
    waitingOf(trx, municipalityId, ids),
    accountsOf(trx, municipalityId, householdId),
    readClock(trx),
  ])
  const bare = ({ role: _, ...adult }: (typeof adults)[number]): TransferAdult => adult
  const holder = adults.find(({ role }) => role === 'holder')
  return {
    today,
    householdName: household.name,
    townName: towns.find(({ id }) => id === toId)?.name ?? null,
    holder: holder ? bare(holder) : null,
    delegates: adults.filter(({ role }) => role === 'delegate').map(bare),
    ...{ pupils, waiting, accounts },
  }
}

type PupilRow = Omit<LeavingPupil, 'services'> & { serviceIds: string[] }

async function pupilsOf(
  trx: Trx,
  municipalityId: string,
  householdId: string,
  pupilId: string | null,
): Promise<PupilRow[]> {
  const { rows } = await sql<PupilRow>`
    select p.id, p.fiscal_code as "fiscalCode", p.given_name as "givenName", p.family_name as "familyName", p.birth_date as "birthDay",
      l.place as "where", case when l.diet_code <> ${COMMON_DIET} then jsonb_build_object('name', d.name, 'severe', l.severe_reaction,
        'to', l.valid_to) end as diet,
      array(select distinct e.service_id from enrolment e where e.municipality_id = ${municipalityId} and e.pupil_id = p.id
        and e.valid_to >= app_today() order by 1) as "serviceIds",
      coalesce((select jsonb_agg(jsonb_build_object('id', r.id, 'householdId', r.household_id, 'firstMonday', r.first_monday,
          'days', r.days, 'from', r.valid_from, 'to', r.valid_to, 'householdName', h.name,
          'credit', coalesce((select sum(a.balance_cents) from account a where a.municipality_id = ${municipalityId}
            and a.household_id = h.id and a.balance_cents > 0), 0)) order by r.valid_from)
        from meal_household_rule r join household h on h.municipality_id = ${municipalityId} and h.id = r.household_id
        where r.municipality_id = ${municipalityId} and r.pupil_id = p.id), '[]') as rules,
      exists (select from departing_transfer t where t.municipality_id = ${municipalityId} and t.household_id = p.household_id
        and t.state = 'sent' and p.id = any (t.pupil_ids)) as "isUnderWay"
    from pupil p
    left join lateral (select e.diet_code, e.severe_reaction, e.valid_to, k.name || ' · ' || s.name as place from enrolment e
      join school_class k on k.municipality_id = ${municipalityId} and k.id = e.school_class_id
      join school s on s.municipality_id = ${municipalityId} and s.id = e.school_id
      where e.municipality_id = ${municipalityId} and e.pupil_id = p.id order by e.valid_to desc, e.id limit 1) l on true
    left join diet d on d.municipality_id = ${municipalityId} and d.code = l.diet_code
    where p.municipality_id = ${municipalityId} and p.household_id = ${householdId}::uuid
      and (${pupilId}::uuid is null or p.id = ${pupilId}::uuid)
      and not exists (select from pupil_merge m
        where m.municipality_id = ${municipalityId} and m.gone_id = p.id and m.undone_at is null)
    order by p.birth_date, p.id`.execute(trx)
  return rows
}

async function servicesOf(
  trx: Trx,
  municipalityId: string,
  pupilId: string,
  serviceIds: readonly string[],
  options: { lock: boolean },
): Promise<LeftService[]> {
  const services: LeftService[] = []
  for (const serviceId of serviceIds) {
    const found = await endFacts(trx, municipalityId, { pupilId, serviceId }, options)
    if (!found) continue
    const { serviceName, enrolments, firstDay, meals } = found.facts
    services.push({ serviceId, name: serviceName, enrolments, firstDay, meals })
  }
  return services
}

/** The holder and the delegates of all pupils, as they are now. */
async function adultsOf(trx: Trx, municipalityId: string, householdId: string) {
  const { rows } = await sql<TransferAdult & { role: 'holder' | 'delegate' }>`
    select m.role, p.fiscal_code as "fiscalCode", p.given_name as "givenName", p.family_name as "familyName", p.birth_date as "birthDay",
      p.email, p.phone
    from active_member m join person p on p.municipality_id = ${municipalityId} and p.id = m.person_id
    where m.municipality_id = ${municipalityId} and m.household_id = ${householdId}::uuid and m.all_pupils
    order by m.started_at, m.id`.execute(trx)
  return rows
}

async function waitingOf(trx: Trx, municipalityId: string, pupilIds: readonly string[]): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from form_submission q where q.municipality_id = ${municipalityId}
      and q.pupil_id = any(${[...pupilIds]}::uuid[]) and q.decided_at is null and q.state in ('submitted', 'in_review', 'integration')`.execute(
    trx,
  )
  return rows[0]?.count ?? 0
}

async function accountsOf(trx: Trx, municipalityId: string, householdId: string) {
  const { rows } = await sql<TransferFacts['accounts'][number]>`
    select v.name, a.balance_cents as "balanceCents",
      array(select distinct p.id from pupil p
        join enrolment e on e.municipality_id = ${municipalityId} and e.pupil_id = p.id and e.service_id = a.service_id
          and ${goesOn(municipalityId)}
        where p.municipality_id = ${municipalityId} and p.household_id = a.household_id order by 1) as "goOn"
    from account a join service v on v.municipality_id = ${municipalityId} and v.id = a.service_id
    where a.municipality_id = ${municipalityId} and a.household_id = ${householdId}::uuid and a.kind = 'household' order by v.name`.execute(
    trx,
  )
  return rows
}

/** Pupils as they were: with the rules that give days of theirs to another household. */
export type LeftBefore = PupilBefore & { rules: unknown }

/** The enrolments and cancellations of pupils, as the database writes them. */
export async function pupilRows(
  trx: Trx,
  municipalityId: string,
  pupilIds: readonly string[],
): Promise<LeftBefore[]> {
  const { rows } = await sql<LeftBefore>`
    select p.id,
      coalesce((select jsonb_agg(to_jsonb(e) order by e.id) from enrolment e
        where e.municipality_id = ${municipalityId} and e.pupil_id = p.id), '[]') as enrolments,
      coalesce((select jsonb_agg(to_jsonb(a) order by a.service_day_id) from absence a
        where a.municipality_id = ${municipalityId} and a.pupil_id = p.id), '[]') as absences,
      coalesce((select jsonb_agg(to_jsonb(r) - 'validity' order by r.id) from meal_household_rule r
        where r.municipality_id = ${municipalityId} and r.pupil_id = p.id), '[]') as rules
    from pupil p where p.municipality_id = ${municipalityId} and p.id = any(${[...pupilIds]}::uuid[]) order by p.id`.execute(
    trx,
  )
  return rows
}

type DepartureRow = Omit<Departure, 'pupils' | 'mayRestore'> & {
  pupilIds: string[]
  pupils: string[]
  before: LeftBefore[] | null
  afterSum: string
  isCounted: boolean
}

async function departuresOf(trx: Trx, municipalityId: string, id: string | null): Promise<DepartureRow[]> {
  const { rows } = await sql<Omit<DepartureRow, 'before'> & { before: unknown }>`
    select t.id, t.household_id as "householdId", h.name as "householdName", t.pupil_ids as "pupilIds",
      array(select p.full_name from pupil p where p.municipality_id = ${municipalityId} and p.id = any (t.pupil_ids)
        order by p.birth_date, p.id) as pupils,
      m.name as "townName", t.last_day as last, t.with_diets as "withDiets", t.reason, t.state, t.sent_at as "sentAt",
      s.full_name as "sentBy", t.answered_at as "answeredAt", t.answer, t.before, t.after_sum as "afterSum",
      exists (select from jsonb_array_elements(t.before) b, jsonb_populate_recordset(null::enrolment, b -> 'enrolments') e
        join service_day d on d.municipality_id = ${municipalityId} and d.service_id = e.service_id and d.school_id = e.school_id
          and d.day between e.valid_from and e.valid_to and d.day > t.last_day
          and (d.status = 'closed' or d.status = 'open' and d.cutoff_at <= app_now())) as "isCounted"
    from departing_transfer t
    join household h on h.municipality_id = ${municipalityId} and h.id = t.household_id
    join person s on s.municipality_id = ${municipalityId} and s.id = t.sent_by
    join municipality m on m.id = t.to_municipality_id
    where t.municipality_id = ${municipalityId} and (${id}::uuid is null or t.id = ${id}::uuid)
    order by t.sent_at desc, t.id desc limit ${MOST}`.execute(trx)
  return rows as DepartureRow[]
}

/** The newest of each kind that a page shows. */
const MOST = 100

/** A transfer that this municipality sent, with the rows as they were. */
export async function departureOf(
  trx: Trx,
  municipalityId: string,
  id: string,
): Promise<(Departure & { pupilIds: string[]; before: LeftBefore[] | null }) | null> {
  const [row] = await departuresOf(trx, municipalityId, id)
  if (!row) return null
  const { isCounted, afterSum, ...departure } = row
  const isChanged = fingerprintOf(await pupilRows(trx, municipalityId, row.pupilIds)) !== afterSum
  return { ...departure, mayRestore: row.before !== null && !isCounted && !isChanged }
}

/** What comes from other municipalities and what goes there, the newest first; null for who may neither send nor receive. */
export async function transfersForOffice(viewer: Viewer): Promise<{
  arrivals: Arrival[]
  departures: Pick<DepartureRow, keyof DepartureRow & keyof Departure>[]
} | null> {
  const [sends, receives] = [
    allowedToStaff(viewer, 'transfers:send'),
    allowedToStaff(viewer, 'transfers:receive'),
  ]
  if (!sends && !receives) return null
  const { municipalityId } = viewer
  return asStaff(viewer, async (trx) => {
    await recordAudit(trx, viewer, {
      action: 'transfers.listed',
      objectType: 'municipality',
      objectId: municipalityId,
    })
    return {
      arrivals: receives ? await arrivalsOf(trx, municipalityId, null) : [],
      departures: sends ? await departuresOf(trx, municipalityId, null) : [],
    }
  })
}

/** A transfer of this municipality as its page shows it. */
export type OpenedTransfer =
  | { departure: Departure }
  | {
      arrival: Arrival
      today: Day
      offer: RegistrationOffer & { bands: OfferedFare[] }
      /** The families of here in which one of these people is already, by the same code. */
      families: { id: string; name: string; why: string }[]
    }

/** One transfer, that this municipality sent or receives; the reading is written down. Null where there is none to see. */
export async function transferForOffice(viewer: Viewer, id: string): Promise<OpenedTransfer | null> {
  if (!isUuid(id)) return null
  const { municipalityId } = viewer
  const offer = allowedToStaff(viewer, 'transfers:receive') ? await registrationOffer(viewer) : null
  return asStaff(viewer, async (trx) => {
    const departure = allowedToStaff(viewer, 'transfers:send')
      ? await departureOf(trx, municipalityId, id)
      : null
    if (departure) {
      await recordAudit(trx, viewer, {
        action: 'transfers.read',
        objectType: 'household',
        objectId: departure.householdId,
      })
      return { departure }
    }
    const arrival = offer && (await arrivalOf(trx, municipalityId, id))
    if (!arrival) return null
    await recordAudit(trx, viewer, {
      ...{ action: 'transfers.read', objectType: 'municipality', objectId: municipalityId },
      details: { transfer: id },
    })
    const [{ today }, families] = await Promise.all([
      readClock(trx),
      familiesHere(trx, municipalityId, arrival),
    ])
    return { arrival, today, offer, families }
  })
}

async function familiesHere(trx: Trx, municipalityId: string, { content }: Arrival) {
  if (!content) return []
  const codes = content.pupils.flatMap(({ fiscalCode }) => fiscalCode ?? [])
  const { rows } = await sql<{ id: string; name: string; why: string }>`
    select h.id, h.name, c.full_name || ' c’è già, con lo stesso codice fiscale' as why from pupil c
      join household h on h.municipality_id = ${municipalityId} and h.id = c.household_id
      where c.municipality_id = ${municipalityId} and c.fiscal_code = any(${codes}::text[])
    union all
    select h.id, h.name, p.full_name || ' paga già per questa famiglia' from person p
      join active_member m on m.municipality_id = ${municipalityId} and m.person_id = p.id and m.role = 'holder'
      join household h on h.municipality_id = ${municipalityId} and h.id = m.household_id
      where p.municipality_id = ${municipalityId} and p.fiscal_code = ${content.holder.fiscalCode}
    order by 2, 1, 3`.execute(trx)
  return rows
}
