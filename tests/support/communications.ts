import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { asSystem } from '#db/client.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { CommunicationFilter } from '#lib/communications/communication.address.ts'
import { communicationsFor } from '#lib/communications/communication.queries.ts'
import {
  type CommunicationDraft,
  saveCommunication,
} from '#lib/communications/office/communication.commands.ts'
import type { SavedCommunication } from '#lib/communications/office/locked-communication.commands.ts'
import { approveCommunication } from '#lib/communications/office/publication.commands.ts'
import type { Result } from '#lib/kernel/result.ts'
import { postJournal, systemAccount } from '#lib/ledger/journal.commands.ts'
import { setClock, testDatabase } from './database.ts'
import {
  aDelegate,
  aHousehold,
  aMunicipality,
  aPupil,
  aStaffViewer,
  type Household,
  type TestMunicipality,
} from './factories.ts'

/** The moment at which a test of communications begins, the evening of that day, and the day after. */
export const NOON = '2026-11-24T12:00:00+01:00'
export const EVENING = '2026-11-24T18:00:00+01:00'
export const TOMORROW = '2026-11-25T13:00:00+01:00'
/** An approval that publishes immediately and compares no preview. */
export const NOW = { publishAt: null, seen: null }
/** The filter that leaves nothing out. */
export const EVERYTHING: CommunicationFilter = { text: '', kind: '', unread: false, year: null, page: 1 }

/** A notice to everybody about the service, unless said. */
export const aDraft = (fields: Partial<CommunicationDraft> = {}): CommunicationDraft => ({
  id: null,
  baseVersion: 0,
  kind: 'notice',
  about: 'service',
  title: 'Venerdì la mensa è chiusa',
  body: '<p>Venerdì la mensa resta chiusa in tutte le scuole.</p>',
  audience: { to: 'everybody', ids: [], inDebt: false },
  acknowledgement: 'none',
  acknowledgeBy: null,
  expiresAt: null,
  reason: '',
  fiscalCodes: [],
  kept: [],
  added: [],
  ...fields,
})

export const given = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`refused: ${result.code}`)
  return result.value
}

const managers = new Map<string, Promise<Viewer>>()

/** The one manager of a municipality's communications. */
export const managerOf = (municipality: TestMunicipality): Promise<Viewer> => {
  const known = managers.get(municipality.municipalityId) ?? aStaffViewer(municipality, 'manager')
  managers.set(municipality.municipalityId, known)
  return known
}

/** A communication that is out, written and approved by the municipality's manager. */
export async function aCommunication(
  municipality: TestMunicipality,
  fields: Partial<CommunicationDraft> = {},
): Promise<SavedCommunication> {
  const manager = await managerOf(municipality)
  const { id, version } = given(await saveCommunication(manager, aDraft(fields)))
  given(await approveCommunication(manager, id, version, { publishAt: null, seen: null }))
  return { id, version }
}

type FamilyAndOffice = {
  municipality: TestMunicipality
  operator: Viewer
  manager: Viewer
  family: Household
  /** The holder of the family. */
  reader: Viewer
}

/** At noon: a new municipality, its office, and one family with an enrolled child. */
export async function aFamilyAndOffice(): Promise<FamilyAndOffice> {
  await testDatabase()
  await setClock(NOON)
  const municipality = await aMunicipality()
  const operator = await aStaffViewer(municipality, 'operator')
  const manager = await managerOf(municipality)
  const family = await anotherFamily(municipality)
  return { municipality, operator, manager, family, reader: family.holderViewer }
}

/** Another family of the municipality, whose child is enrolled. */
export async function anotherFamily(
  municipality: TestMunicipality,
  pupil: Parameters<typeof aPupil>[2] = {},
): Promise<Household> {
  const household = await aHousehold(municipality)
  await aPupil(municipality, household.householdId, pupil)
  return household
}

/** A delegate for some of the children of a household. */
export async function aDelegateFor(
  municipality: TestMunicipality,
  household: Household,
  pupilIds: string[],
): Promise<Viewer> {
  const { owner } = await testDatabase()
  const delegate = await aDelegate(municipality, household.householdId)
  const { id } = await owner
    .updateTable('household_member')
    .set({ all_pupils: false })
    .where('person_id', '=', delegate.personId)
    .returning('id')
    .executeTakeFirstOrThrow()
  await owner
    .insertInto('delegate_pupil')
    .values(
      pupilIds.map((pupil_id) => ({
        municipality_id: municipality.municipalityId,
        household_member_id: id,
        pupil_id,
      })),
    )
    .execute()
  return { ...delegate, memberships: [{ householdId: household.householdId, role: 'delegate', pupilIds }] }
}

export const code = (result: { ok: boolean; code?: string }) => (result.ok ? 'done' : result.code)

/** The list of communications that a person sees, and its titles. */
export const lines = async (viewer: Viewer, filter: Partial<CommunicationFilter> = {}) =>
  (await communicationsFor(viewer, { ...EVERYTHING, ...filter }))?.lines ?? []
export const titles = async (viewer: Viewer, filter: Partial<CommunicationFilter> = {}) =>
  (await lines(viewer, filter)).map((line) => line.title)

export const toHousehold = (householdId: string) =>
  ({ to: 'households', ids: [householdId], inDebt: false }) as const

/** Moves a household's balance to an amount, as an opening would. */
export async function setBalance(municipality: TestMunicipality, household: Household, cents: number) {
  const { owner } = await testDatabase()
  const before = await owner
    .selectFrom('account')
    .select('balance_cents')
    .where('id', '=', household.accountId)
    .executeTakeFirstOrThrow()
  await asSystem(municipality.municipalityId, async (trx) => {
    const opening = await systemAccount(trx, municipality.municipalityId, {
      kind: 'opening',
      serviceId: municipality.serviceId,
    })
    const amountCents = cents - before.balance_cents
    await postJournal(trx, municipality.municipalityId, {
      kind: 'opening',
      idempotencyKey: randomUUID(),
      description: '',
      lines: [
        { accountId: household.accountId, amountCents },
        { accountId: opening, amountCents: -amountCents },
      ],
    })
  })
}

/** The number that a statement counts, read past row security. */
export async function count(query: ReturnType<typeof sql<{ n: number }>>) {
  const { owner } = await testDatabase()
  return (await query.execute(owner)).rows[0]?.n
}

/** How many people a municipality has notified under a key. */
export const notified = (municipality: TestMunicipality, key: string) =>
  count(
    sql`select count(*)::int as n from notification where municipality_id = ${municipality.municipalityId} and key like ${key}`,
  )
