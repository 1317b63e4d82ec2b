import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { fingerprintOf } from '#lib/kernel/fingerprint.ts'
import { ok, type Result, refused, refusedField } from '#lib/kernel/result.ts'
import { adultsOfPupils, notify } from '#lib/notifications/notification.commands.ts'
import { COMMON_DIET, UNDECIDED_DIET } from '#lib/school/diet.ts'
import { lockDiner, writeEnrolments } from '#lib/school/office/enrolment.commands.ts'
import { addPupil, openAccount } from '#lib/school/office/pupil.commands.ts'
import { applyFare } from '#lib/tariffs/fare-assignment.commands.ts'
import { arrivalOf } from './arrival.queries.ts'
import { addHouseholds, giveRoles } from './household.commands.ts'
import { registerPerson } from './person.commands.ts'
import type { Registration } from './registration.input.ts'
import { REGISTRATION_NOTICES } from './registration.notice.ts'
import { registrationFacts } from './registration.queries.ts'
import {
  type AskedRegistration,
  comesBack,
  type Double,
  planRegistration,
  type RegisteredPupil,
  type RegistrationFacts,
  type RegistrationPlan,
} from './registration.ts'
import { answerTransfer } from './transfer.commands.ts'

/** What registering would do, and who may be in the registry already. `isBlocked`: nothing can be saved so. */
export type RegistrationPreview = {
  lines: readonly string[]
  doubles: readonly Double[]
  isBlocked: boolean
  isDoubtful: boolean
  seen: string
}

type Decided = { plan: RegistrationPlan; facts: RegistrationFacts; preview: RegistrationPreview }

async function decide(
  trx: Trx,
  { municipalityId }: Viewer,
  asked: AskedRegistration,
  options: { lock: boolean },
): Promise<Result<Decided>> {
  const facts = await registrationFacts(trx, municipalityId, asked, options)
  if (!facts) return refused('request:not-found')
  if (asked.transferId && !facts.sent) return refused('transfers:over')
  const planned = planRegistration(asked, facts)
  if (!planned.ok) return planned
  const { lines, doubles, isBlocked, isDoubtful } = planned.value
  const seen = fingerprintOf({ asked, lines, doubles })
  return ok({ plan: planned.value, facts, preview: { lines, doubles, isBlocked, isDoubtful, seen } })
}

const mayRegister = (viewer: Viewer, { transferId }: AskedRegistration): boolean =>
  allowedToStaff(viewer, 'registry:correct') && (!transferId || allowedToStaff(viewer, 'transfers:receive'))

/** What registering a family, or adding pupils to one, would do, in words; who may be there already. Nothing is done. */
export async function previewRegistration(
  viewer: Viewer,
  asked: AskedRegistration,
): Promise<Result<RegistrationPreview>> {
  if (!mayRegister(viewer, asked)) return refused('request:not-found')
  return asStaff(viewer, async (trx) => {
    const decided = await decide(trx, viewer, asked, { lock: false })
    return decided.ok ? ok(decided.value.preview) : decided
  })
}

/** The household in which this very confirmation accepted a transfer: it was sent twice. */
async function acceptedBefore(
  trx: Trx,
  { municipalityId, personId }: Viewer,
  transferId: string | null | undefined,
  seen: string,
): Promise<string | null> {
  const arrival = transferId ? await arrivalOf(trx, municipalityId, transferId) : null
  return arrival?.decidedById === personId && arrival.fingerprint === seen ? arrival.householdId : null
}

/** Tells the municipality that is left; the pupils of a transfer that was taken back in these very moments are not registered. */
async function closeArrival(
  trx: Trx,
  viewer: Viewer,
  id: string,
  { householdId, seen, facts }: { householdId: string; seen: string; facts: RegistrationFacts },
): Promise<void> {
  const { municipalityId } = viewer
  if (!(await answerTransfer(trx, municipalityId, { id, householdId, seen, reason: null })))
    throw new TransferOver()
  await recordAudit(trx, viewer, {
    ...{ action: 'transfers.accepted', objectType: 'household', objectId: householdId },
    details: { town: facts.sent?.townName ?? '' },
  })
}

class TransferOver extends Error {}

const UNIQUE_VIOLATION = '23505'

/**
 * Registers a family with its people, its pupils and their enrolments, or adds pupils to a household, exactly as it was previewed:
 * all in one transaction, or nothing. Registrations of a municipality come one after the other, so that the second of two
 * colleagues finds the pupil of the first; the same confirmation sent twice is done once.
 * @returns the household
 */
export async function register(
  viewer: Viewer,
  { asked, seen, checked }: Pick<Registration, 'asked' | 'seen' | 'checked'>,
): Promise<Result<{ householdId: string }>> {
  if (!mayRegister(viewer, asked)) return refused('request:not-found')
  return asStaff(viewer, async (trx): Promise<Result<{ householdId: string }>> => {
    await waitForRegistrations(trx, viewer.municipalityId)
    const own = await acceptedBefore(trx, viewer, asked.transferId, seen)
    if (own) return ok({ householdId: own })
    const decided = await decide(trx, viewer, asked, { lock: true })
    if (!decided.ok) return decided
    const { plan, facts, preview } = decided.value
    const known = facts.pupils.find(({ known: one }) => one && !comesBack(asked, one))?.known
    if (known) {
      if (await isOwnRegistration(trx, viewer, known.householdId, seen))
        return ok({ householdId: known.householdId })
      return refused('registration:known', { name: known.name, family: known.householdName })
    }
    if (preview.seen !== seen) {
      const mine = await ownAmong(trx, viewer, facts, seen)
      return mine ? ok({ householdId: mine }) : refused('registration:preview-changed')
    }
    if (preview.isDoubtful && !checked) return refusedField('checked', 'registration:check-first')
    const householdId = await write(trx, viewer, asked, decided.value)
    if (asked.transferId) await closeArrival(trx, viewer, asked.transferId, { householdId, seen, facts })
    await recordAudit(trx, viewer, {
      action: asked.householdId ? 'household:pupil-added' : 'household:registered',
      objectType: 'household',
      objectId: householdId,
      details: { pupils: plan.pupils.length, seen },
    })
    return ok({ householdId })
  }).catch((error) => {
    if (error instanceof TransferOver) return refused('transfers:over')
    // A form that was accepted, or a change of holder, wrote one of these people in these very milliseconds.
    if (error?.code === UNIQUE_VIOLATION) return refused('registration:preview-changed')
    throw error
  })
}

/** Registrations wait for each other on the municipality's services, which no family locks. */
export const waitForRegistrations = (trx: Trx, municipalityId: string) =>
  sql`select from service where municipality_id = ${municipalityId} order by id for no key update`.execute(
    trx,
  )

/** Whether this very confirmation made the household, or added its pupils: it was sent twice. */
async function isOwnRegistration(
  trx: Trx,
  viewer: Viewer,
  householdId: string,
  seen: string,
): Promise<boolean> {
  const { rows } = await sql<{ isOwn: boolean }>`
    select exists (select from audit_event e where e.municipality_id = ${viewer.municipalityId}
      and e.object_type = 'household' and e.object_id = ${householdId} and e.person_id = ${viewer.personId}::uuid
      and e.action in ('household:registered', 'household:pupil-added') and e.details ->> 'seen' = ${seen}) as "isOwn"`.execute(
    trx,
  )
  return rows[0]?.isOwn ?? false
}

/** The household that this very confirmation made, where its pupils have no code: sent again, it finds them as namesakes. */
async function ownAmong(
  trx: Trx,
  viewer: Viewer,
  { pupils }: RegistrationFacts,
  seen: string,
): Promise<string | null> {
  const households = pupils.flatMap(({ namesakes }) => namesakes.map((one) => one.householdId))
  for (const id of new Set(households)) if (id && (await isOwnRegistration(trx, viewer, id, seen))) return id
  return null
}

async function write(
  trx: Trx,
  viewer: Viewer,
  asked: AskedRegistration,
  { plan, facts }: Decided,
): Promise<string> {
  const { municipalityId } = viewer
  const [added] = asked.householdId
    ? [asked.householdId]
    : await addHouseholds(trx, municipalityId, [{ name: plan.householdName }])
  const householdId = added as string
  const adults = await addAdults(trx, viewer, householdId, asked, facts)
  const pupilIds: string[] = []
  for (const pupil of plan.pupils) pupilIds.push(await enrol(trx, viewer, householdId, pupil))
  const key = pupilIds.join(' ')
  const told = asked.householdId ? await adultsOfPupils(trx, municipalityId, pupilIds) : adults
  await notify(trx, municipalityId, {
    event: 'enrolment:decided',
    key: `registered:${householdId}:${key.slice(0, 36)}`,
    to: told,
    say: REGISTRATION_NOTICES[asked.householdId ? 'pupilAdded' : 'registered'],
    path: '/servizi',
  })
  return householdId
}

/** The roles of a new household. A known person keeps name and contacts as they are. @returns who has a role */
async function addAdults(
  trx: Trx,
  viewer: Viewer,
  householdId: string,
  asked: AskedRegistration,
  facts: RegistrationFacts,
): Promise<string[]> {
  const { municipalityId } = viewer
  const ids: string[] = []
  for (const role of ['holder', 'delegate'] as const) {
    const adult = asked[role]
    if (!adult) continue
    const personId = facts[role]?.known?.id ?? (await registerPerson(trx, municipalityId, adult))
    await giveRoles(trx, viewer, [{ householdId, personId, role }])
    ids.push(personId)
  }
  return ids
}

const GIVEN_AT_REGISTRATION = 'Alla registrazione'

async function enrol(trx: Trx, viewer: Viewer, householdId: string, pupil: RegisteredPupil): Promise<string> {
  const { municipalityId, personId: given_by } = viewer
  const pupilId = pupil.knownId ?? (await addPupil(trx, municipalityId, householdId, pupil))
  if (pupil.knownId) await lockDiner(trx, municipalityId, pupilId)
  for (const { place, from, weekdays } of pupil.enrolments) {
    const { serviceId, schoolId, classId, yearId, to } = place
    const dietCode = pupil.asksDiet ? UNDECIDED_DIET : COMMON_DIET
    await writeEnrolments(
      trx,
      { municipalityId, pupilId, serviceId },
      {
        ...{ end: [], drop: [], rediet: [] },
        enrol: [{ schoolId, classId, yearId, dietCode, severe: pupil.severe, weekdays, from, to }],
      },
    )
    await openAccount(trx, municipalityId, serviceId, householdId)
  }
  const { fare } = pupil
  if (fare) {
    const owner = { municipality_id: municipalityId, service_id: fare.serviceId, pupil_id: pupilId }
    await applyFare(trx, fare.plan, { ...owner, given_by, reason: GIVEN_AT_REGISTRATION })
    await recordAudit(trx, viewer, {
      action: 'tariffs.fare-given',
      objectType: 'household',
      objectId: householdId,
      details: {
        pupil: pupilId,
        from: fare.plan.fare?.from ?? null,
        to: fare.plan.fare?.to ?? null,
        band: fare.plan.fare?.bandCode ?? null,
      },
    })
  }
  return pupilId
}
