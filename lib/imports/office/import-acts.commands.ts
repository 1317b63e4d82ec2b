import 'server-only'
import { sql } from 'kysely'
import type { Trx } from '#db/client.ts'
import { type AuditEvent, recordAudits } from '#lib/audit/audit.commands.ts'
import type { Day } from '#lib/kernel/day.ts'
import { postOpenings } from '#lib/ledger/opening.commands.ts'
import { addHouseholds, endRoles, type GivenRole, giveRoles } from '#lib/people/office/household.commands.ts'
import { registerPeople } from '#lib/people/office/person.commands.ts'
import { COMMON_DIET } from '#lib/school/diet.ts'
import {
  addEnrolments,
  lockDiners,
  type NewEnrolment,
  writeManyEnrolments,
} from '#lib/school/office/enrolment.commands.ts'
import { addPupils, openAccounts } from '#lib/school/office/pupil.commands.ts'
import { applyFares } from '#lib/tariffs/fare-assignment.commands.ts'
import { dated } from '#lib/words/dated.ts'
import { numericDay } from '#lib/words/format-day.ts'
import type { BalanceAct } from '../balance.ts'
import type { PlannedFare } from '../fare.ts'
import type { Adults, ImportAct, KnownPupil, RoleTaker } from '../finding.ts'

type Actor = { municipalityId: string; personId: string }
type Registering = Extract<ImportAct, { kind: 'register' }>
type Enrolling = Extract<ImportAct, { kind: 'enrol' }>
type Progress = (done: number, total: number) => Promise<void>

/** Ends the work on an import without its having done anything; the words say why. */
export class Stopped extends Error {}

export const CHANGED_MEANWHILE =
  'Intanto qualcosa è cambiato e non si è salvato niente. Confronta di nuovo, rileggi e conferma.'

/** Rows of one statement: long enough to cost little, short enough for its time. */
const CHUNK = 500

/** Writes rows, so many in a statement. */
export async function inChunks<T>(
  items: readonly T[],
  write: (chunk: readonly T[]) => Promise<void>,
): Promise<void> {
  for (let at = 0; at < items.length; at += CHUNK) await write(items.slice(at, at + CHUNK))
}

async function newIds(trx: Trx, n: number): Promise<string[]> {
  const { rows } = await sql<{
    id: string
  }>`select uuidv7() as id from generate_series(1, ${n}::integer)`.execute(trx)
  return rows.map(({ id }) => id)
}

/**
 * Writes what an import decided, with the same statements as a registration at the desk, and what undoing it needs.
 * @returns the first day from which an enrolment of it holds
 */
export async function writeActs(
  trx: Trx,
  actor: Actor,
  importId: string,
  {
    acts,
    pupils,
    progress,
  }: { acts: readonly ImportAct[]; pupils: readonly KnownPupil[]; progress: Progress },
): Promise<Day | null> {
  const registering = acts.filter((act): act is Registering => act.kind === 'register')
  const enrolling = acts.filter((act): act is Enrolling => act.kind === 'enrol')
  const images = new Images(trx, actor.municipalityId, importId)
  const known = knownAmong(acts)
  const households = await writeHouseholds(trx, actor.municipalityId, registering, images)
  await endEarlierRoles(trx, actor.municipalityId, acts, images)
  await writeRoles(trx, actor, givenRoles(acts, households), images)
  let done = 0
  const total = acts.length
  const made: { id: string; act: Registering }[] = []
  const tell = async (more: number) => {
    done += more
    await progress(done, total)
  }
  await inChunks(registering, async (chunk) => {
    made.push(...(await writePupils(trx, actor.municipalityId, chunk, households)))
    await tell(chunk.length)
  })
  images.add(
    'pupil',
    made.map(({ id }) => id),
  )
  // Their parents wait from here on, and no longer than what follows takes.
  await lockDiners(trx, actor.municipalityId, known)
  await images.before(known, faredAmong(acts))
  if (!images.areAsCompared(pupils)) throw new Stopped(CHANGED_MEANWHILE)
  const enrolments = [
    ...made.flatMap(({ id, act }) => act.pupil.enrolments.map((one) => enrolmentOf(id, one))),
    ...enrolling.flatMap(({ pupilId, enrolments: all }) => all.map((one) => enrolmentOf(pupilId, one))),
  ]
  await inChunks(enrolments, (chunk) => addEnrolments(trx, actor.municipalityId, chunk))
  await images.accountsOf([
    ...made.flatMap(({ act }) =>
      act.pupil.enrolments.map(({ place }) => ({
        serviceId: place.serviceId,
        householdId: householdOf(act, households),
      })),
    ),
    ...enrolling.flatMap(({ householdId, enrolments: all }) =>
      all.map(({ place }) => ({ serviceId: place.serviceId, householdId })),
    ),
  ])
  await tell(enrolling.length)
  const moved = await writeMoves(trx, actor.municipalityId, acts, tell)
  const fares = faresToWrite(acts, made, households)
  await writeFares(trx, actor, fares, tell)
  await writeBalances(trx, actor, importId, acts, tell)
  await images.keep(
    [...made.map(({ id }) => id), ...known],
    fares.map(({ pupilId }) => pupilId),
  )
  await audit(trx, actor, importId, { acts, made, households })
  await progress(total, total)
  return [...enrolments.map(({ from }) => from), ...moved].toSorted()[0] ?? null
}

/** Known pupils whose enrolments or bands change. */
const knownAmong = (acts: readonly ImportAct[]): string[] => [
  ...new Set(
    acts.flatMap((act) =>
      act.kind === 'enrol' || act.kind === 'move' || act.kind === 'fare' ? [act.pupilId] : [],
    ),
  ),
]

/** Known pupils whose bands change. */
const faredAmong = (acts: readonly ImportAct[]): string[] =>
  acts.flatMap((act) => (act.kind === 'fare' ? [act.pupilId] : []))

type WrittenFare = PlannedFare & { pupilId: string; householdId: string; isNew: boolean }

const faresToWrite = (
  acts: readonly ImportAct[],
  made: readonly { id: string; act: Registering }[],
  households: ReadonlyMap<string, string>,
): WrittenFare[] => [
  ...made.flatMap(({ id, act }) =>
    act.fares.map((fare) => ({
      ...{ ...fare, pupilId: id, isNew: true },
      householdId: householdOf(act, households),
    })),
  ),
  ...acts.flatMap((act) => (act.kind === 'fare' ? [{ ...act, isNew: false }] : [])),
]

/** What stands in the office's history of a fare beside who gave it. */
const FARE_REASON = 'Importata da un elenco'

async function writeFares(
  trx: Trx,
  actor: Actor,
  fares: readonly WrittenFare[],
  tell: (more: number) => Promise<void>,
): Promise<void> {
  await inChunks(fares, async (chunk) => {
    const given = chunk.map(({ plan, pupilId, serviceId }) => ({
      plan,
      owner: {
        ...{ municipality_id: actor.municipalityId, pupil_id: pupilId, service_id: serviceId },
        ...{ given_by: actor.personId, reason: FARE_REASON },
      },
    }))
    await applyFares(trx, actor.municipalityId, given)
    await recordAudits(
      trx,
      actor,
      chunk.map(({ plan, pupilId, householdId }) => ({
        action: plan.fare ? ('tariffs.fare-given' as const) : ('tariffs.fare-ended' as const),
        ...{ objectType: 'household', objectId: householdId },
        details: {
          pupil: pupilId,
          ...(plan.fare && { from: plan.fare.from, band: plan.fare.bandCode, to: plan.fare.to }),
        },
      })),
    )
    await tell(chunk.filter(({ isNew }) => !isNew).length)
  })
}

/** Writes the opening balances, and by which import, so that undoing it can reverse them. */
async function writeBalances(
  trx: Trx,
  actor: Actor,
  importId: string,
  acts: readonly ImportAct[],
  tell: (more: number) => Promise<void>,
): Promise<void> {
  const balances = acts.filter((act): act is BalanceAct => act.kind === 'balance')
  await inChunks(balances, async (chunk) => {
    const [{ day }] = chunk as [BalanceAct]
    const posted = await postOpenings(
      trx,
      actor,
      {
        key: `opening:${importId}`,
        description: dated`Saldo iniziale al ${numericDay(day)}, dal portale di prima`,
      },
      chunk.map(({ accountId, serviceId, cents }) => ({ accountId, serviceId, amountCents: cents, day })),
    )
    await sql`
      insert into imported_balance (municipality_id, import_id, account_id, journal_id)
      select ${actor.municipalityId}::uuid, ${importId}::uuid, n."accountId", n."journalId"
      from jsonb_to_recordset(${JSON.stringify(posted)}::jsonb) as n("accountId" uuid, "journalId" uuid)`.execute(
      trx,
    )
    await recordAudits(
      trx,
      actor,
      chunk.map(({ householdId, cents }) => ({
        action: 'ledger:opening-imported' as const,
        ...{ objectType: 'household', objectId: householdId },
        details: { import: importId, cents, day },
      })),
    )
    await tell(chunk.length)
  })
}

/** A delegate who becomes the holder leaves the role of a delegate. */
async function endEarlierRoles(
  trx: Trx,
  municipalityId: string,
  acts: readonly ImportAct[],
  images: Images,
): Promise<void> {
  const ended = [...new Set(acts.flatMap((act) => (act.kind === 'give-roles' && act.ends ? [act.ends] : [])))]
  if (ended.length === 0) return
  await images.changing('household_member', ended)
  await endRoles(trx, municipalityId, ended)
}

const enrolmentOf = (
  pupilId: string,
  { place, from }: Registering['pupil']['enrolments'][number],
): NewEnrolment => {
  const { serviceId, schoolId, classId, yearId, to } = place
  return {
    pupilId,
    serviceId,
    schoolId,
    classId,
    yearId,
    dietCode: COMMON_DIET,
    severe: false,
    weekdays: null,
    from,
    to,
  }
}

/** New households by their key. */
async function writeHouseholds(
  trx: Trx,
  municipalityId: string,
  registering: readonly Registering[],
  images: Images,
): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>()
  for (const { household } of registering)
    if ('key' in household && !names.has(household.key)) names.set(household.key, household.name)
  const ids = await newIds(trx, names.size)
  const rows = [...names].map(([key, name], at) => ({ key, name, id: ids[at] as string }))
  await inChunks(rows, async (chunk) => {
    await addHouseholds(
      trx,
      municipalityId,
      chunk.map(({ id, name }) => ({ id, name })),
    )
  })
  images.add('household', ids)
  return new Map(rows.map(({ key, id }) => [key, id]))
}

const householdOf = ({ household }: Registering, households: ReadonlyMap<string, string>): string =>
  'id' in household ? household.id : (households.get(household.key) as string)

type Taking = { householdId: string; taker: RoleTaker; role: GivenRole['role'] }

/** One person, also under two codes of which one was merged into the other. */
const keyOf = (householdId: string, { knownId, fiscalCode }: RoleTaker): string =>
  `${householdId} ${knownId ?? fiscalCode}`

/** Who gets which role: one holder of a household, each other adult once. */
function givenRoles(acts: readonly ImportAct[], households: ReadonlyMap<string, string>): Taking[] {
  const given = new Map<string, Taking>()
  const held = new Set<string>()
  const give = (householdId: string, { holder, delegates }: Adults) => {
    if (holder && !held.has(householdId)) {
      held.add(householdId)
      given.set(keyOf(householdId, holder), { householdId, taker: holder, role: 'holder' })
    }
    for (const taker of delegates) {
      const key = keyOf(householdId, taker)
      if (!given.has(key)) given.set(key, { householdId, taker, role: 'delegate' })
    }
  }
  for (const act of acts) {
    if (act.kind === 'register' && 'key' in act.household) give(householdOf(act, households), act.adults)
    if (act.kind === 'give-roles') give(act.householdId, act.adults)
  }
  return [...given.values()]
}

async function writeRoles(trx: Trx, actor: Actor, given: readonly Taking[], images: Images): Promise<void> {
  const unknown = new Map(
    given.flatMap(({ taker }) => (taker.knownId ? [] : [[taker.fiscalCode, taker] as const])),
  )
  const ids = await newIds(trx, unknown.size)
  const people = [...unknown.values()].map((taker, at) => ({ ...taker, id: ids[at] as string }))
  const idOf = new Map(people.map(({ fiscalCode, id }) => [fiscalCode, id]))
  await inChunks(people, async (chunk) => {
    await registerPeople(trx, actor.municipalityId, chunk)
  })
  images.add('person', ids)
  const roles = given.map(
    ({ householdId, taker, role }): GivenRole => ({
      ...{ householdId, role },
      personId: taker.knownId ?? (idOf.get(taker.fiscalCode) as string),
      to: role === 'delegate' ? taker.until : null,
    }),
  )
  await inChunks(roles, async (chunk) => images.add('household_member', await giveRoles(trx, actor, chunk)))
}

async function writePupils(
  trx: Trx,
  municipalityId: string,
  chunk: readonly Registering[],
  households: ReadonlyMap<string, string>,
): Promise<{ id: string; act: Registering }[]> {
  const rows = chunk.map((act) => {
    const { givenName, familyName, fiscalCode, birthDay } = act.pupil
    return { givenName, familyName, fiscalCode, birthDay, householdId: householdOf(act, households) }
  })
  const ids = await addPupils(trx, municipalityId, rows)
  return chunk.map((act, at) => ({ act, id: ids[at] as string }))
}

/** @returns the first days of the moves */
async function writeMoves(
  trx: Trx,
  municipalityId: string,
  acts: readonly ImportAct[],
  tell: (more: number) => Promise<void>,
): Promise<Day[]> {
  const moves = acts.filter((act) => act.kind === 'move')
  await inChunks(moves, async (chunk) => {
    await writeManyEnrolments(trx, municipalityId, chunk)
    await tell(chunk.length)
  })
  return moves.flatMap(({ plan }) => plan.enrol.map(({ from }) => from))
}

type Written = {
  acts: readonly ImportAct[]
  made: readonly { id: string; act: Registering }[]
  households: ReadonlyMap<string, string>
}

/** The history of each family and pupil says what the import did to it. */
async function audit(
  trx: Trx,
  actor: Actor,
  importId: string,
  { acts, made, households }: Written,
): Promise<void> {
  const ofImport = { import: importId }
  const ofHousehold = (action: AuditEvent['action'], id: string) => ({
    action,
    objectType: 'household',
    objectId: id,
    details: ofImport,
  })
  const ofPupil = (action: AuditEvent['action'], id: string) => ({
    action,
    objectType: 'pupil',
    objectId: id,
    details: ofImport,
  })
  const joined = made.flatMap(({ act: { household } }) => ('id' in household ? [household.id] : []))
  const moved = acts.flatMap((act) => (act.kind === 'move' ? [act.pupilId] : []))
  const events = [
    ...[...households.values()].map((id) => ofHousehold('household:registered', id)),
    ...joined.map((id) => ofHousehold('household:pupil-added', id)),
    ...acts.flatMap((act) =>
      act.kind === 'give-roles'
        ? [
            ofHousehold(
              act.adults.holder ? 'household:holder-imported' : 'delegates:imported',
              act.householdId,
            ),
          ]
        : [],
    ),
    ...acts.flatMap((act) => (act.kind === 'enrol' ? [ofPupil('enrolments.imported', act.pupilId)] : [])),
    ...moved.map((id) => ofPupil('enrolments.moved', id)),
  ]
  await inChunks(events, (chunk) => recordAudits(trx, actor, chunk))
}

/** Of these all rows of a pupil are compared and put back, under the pupil's id. */
const OF_PUPIL = ['enrolment', 'absence', 'fare_assignment'] as const

/** An enrolment as the database writes it. */
type EnrolmentRow = Record<
  'id' | 'school_class_id' | 'diet_code' | 'severe_reaction' | 'weekdays' | 'valid_from' | 'valid_to',
  unknown
>

type Table = 'household' | 'person' | 'household_member' | 'pupil' | 'account'

/** What undoing compares and puts back. Of what the import made a checksum is enough; of what it changed the rows are kept. */
class Images {
  readonly #trx: Trx
  readonly #municipalityId: string
  readonly #importId: string
  readonly #made: Record<Table, string[]> = {
    household: [],
    person: [],
    household_member: [],
    pupil: [],
    account: [],
  }
  readonly #before = new Map<string, unknown>()

  constructor(trx: Trx, municipalityId: string, importId: string) {
    this.#trx = trx
    this.#municipalityId = municipalityId
    this.#importId = importId
  }

  add(table: Table, ids: readonly string[]): void {
    this.#made[table].push(...ids)
  }

  /** Opens the accounts that households do not have yet. */
  async accountsOf(wanted: readonly { serviceId: string; householdId: string }[]): Promise<void> {
    await inChunks(wanted, async (chunk) =>
      this.add('account', await openAccounts(this.#trx, this.#municipalityId, chunk)),
    )
  }

  /** Keeps rows as they are before the import changes them. */
  async changing(table: Table, ids: readonly string[]): Promise<void> {
    const { rows } = await sql<{ id: string; row: unknown }>`
      select r.id, to_jsonb(r) as row from ${sql.table(table)} r
      where r.municipality_id = ${this.#municipalityId} and r.id = any(${[...ids]}::uuid[])`.execute(
      this.#trx,
    )
    for (const { id, row } of rows) this.#before.set(`${table} ${id}`, row)
    this.add(
      table,
      rows.map(({ id }) => id),
    )
  }

  /** The enrolments and absences of pupils whom the import changes, and the fares of those whose fares it changes. */
  async before(changed: readonly string[], fared: readonly string[]): Promise<void> {
    for (const table of OF_PUPIL) {
      const pupilIds = table === 'fare_assignment' ? fared : changed
      const order = table === 'absence' ? 'service_day_id' : 'id'
      const { rows } = await sql<{ id: string; rows: unknown }>`
        select c.id, coalesce((select jsonb_agg(to_jsonb(r) order by r.${sql.ref(order)}) from ${sql.table(table)} r
          where r.municipality_id = ${this.#municipalityId} and r.pupil_id = c.id), '[]') as rows
        from pupil c where c.municipality_id = ${this.#municipalityId} and c.id = any(${pupilIds}::uuid[])`.execute(
        this.#trx,
      )
      for (const { id, rows: all } of rows) this.#before.set(`${table} ${id}`, all)
    }
  }

  /** Whether the enrolments of the pupils who are held are those that were compared: until then another colleague could move one. */
  areAsCompared(pupils: readonly KnownPupil[]): boolean {
    const mark = (...parts: unknown[]) => JSON.stringify(parts)
    return pupils.every(({ id, enrolments }) => {
      const held = this.#before.get(`enrolment ${id}`) as EnrolmentRow[] | undefined
      if (!held) return true
      const now = held.map((one) =>
        mark(
          one.id,
          one.school_class_id,
          one.diet_code,
          one.severe_reaction,
          one.weekdays,
          one.valid_from,
          one.valid_to,
        ),
      )
      const then = enrolments.map((one) =>
        mark(one.id, one.classId, one.dietCode, one.severe, one.weekdays, one.from, one.to),
      )
      return now.toSorted().join() === then.toSorted().join()
    })
  }

  /** Writes the images, when everything else is written. */
  async keep(written: readonly string[], fared: readonly string[]): Promise<void> {
    for (const [table, ids] of Object.entries(this.#made)) {
      const rows = ids.map((id) => ({ id, before: this.#before.get(`${table} ${id}`) ?? null }))
      await inChunks(rows, async (chunk) => {
        await sql`
          insert into pupil_import_image (municipality_id, import_id, table_name, row_id, before, after_sum)
          select ${this.#municipalityId}::uuid, ${this.#importId}::uuid, ${table}, r.id, n.before, md5(to_jsonb(r)::text)
          from jsonb_to_recordset(${JSON.stringify(chunk)}::jsonb) as n(id uuid, before jsonb)
          join ${sql.table(table)} r on r.municipality_id = ${this.#municipalityId} and r.id = n.id`.execute(
          this.#trx,
        )
      })
    }
    for (const table of OF_PUPIL) {
      const order = table === 'absence' ? 'service_day_id' : 'id'
      const ids = table === 'fare_assignment' ? new Set(fared) : written
      const rows = [...ids].map((id) => ({ id, before: this.#before.get(`${table} ${id}`) ?? [] }))
      await inChunks(rows, async (chunk) => {
        await sql`
          insert into pupil_import_image (municipality_id, import_id, table_name, row_id, before, after_sum)
          select ${this.#municipalityId}::uuid, ${this.#importId}::uuid, ${table}, n.id, n.before,
            md5(coalesce((select jsonb_agg(to_jsonb(r) order by r.${sql.ref(order)}) from ${sql.table(table)} r
              where r.municipality_id = ${this.#municipalityId} and r.pupil_id = n.id), '[]')::text)
          from jsonb_to_recordset(${JSON.stringify(chunk)}::jsonb) as n(id uuid, before jsonb)`.execute(
          this.#trx,
        )
      })
    }
  }
}
