import 'server-only'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudits } from '#lib/audit/audit.commands.ts'
import { fingerprintOf } from '#lib/kernel/fingerprint.ts'
import { ok, type Result, refused, refusedField } from '#lib/kernel/result.ts'
import { adultsOfPupils, notify } from '#lib/notifications/notification.commands.ts'
import { openRefundOfSecond } from '#lib/school/office/departure.commands.ts'
import { openAccounts } from '#lib/school/office/pupil.commands.ts'
import {
  type Confirmation,
  detailsOfWayBack,
  type EnrolmentChangePreview,
  isDone,
  type LastChange,
  lastChange,
} from './enrolment-change.commands.ts'
import { ENROLMENT_CHANGE_NOTICES } from './enrolment-change.notice.ts'
import { judgeAdult } from './hand-over.ts'
import { addHouseholds, giveRoles } from './household.commands.ts'
import { writeRules } from './household-days.commands.ts'
import { registerPerson } from './person.commands.ts'
import { waitForRegistrations } from './registration.commands.ts'
import { otherParent, secondHouseholdFacts } from './second-household.queries.ts'
import {
  type AskedHouseholdDays,
  askedRule,
  type HouseholdDaysPlan,
  keyOfHouseholdDays,
  NEW_HOUSEHOLD,
  planHouseholdDays,
  type SecondHouseholdFacts,
  type TypedSecondHousehold,
} from './second-household.ts'

/** The household that is asked for: one that is there, or one that is made with the act, with its holder. */
type Second = { id: string; name: string; knownId: string | null }

type Decided = {
  asked: AskedHouseholdDays
  facts: SecondHouseholdFacts
  second: Second | null
  plan: HouseholdDaysPlan
}

const markOf = (
  { asked, second, plan }: Decided,
  typed: TypedSecondHousehold | null,
  last: LastChange,
): string => fingerprintOf({ asked, second, plan, adult: typed?.adult ?? null, after: last?.id ?? '' })

/** Whose household the typed code is: of its holder, or a new one. */
async function secondOf(
  trx: Trx,
  municipalityId: string,
  { adult }: TypedSecondHousehold,
  homeId: string,
): Promise<Result<Second>> {
  const { known, isPupil, today, holds } = await otherParent(trx, municipalityId, adult.fiscalCode)
  const [own, ...others] = holds.filter(({ id }) => id !== homeId)
  if (!own && holds.length > 0) return refusedField('fiscalCode', 'second-household:own')
  if (others.length > 0)
    return refusedField('fiscalCode', 'second-household:several', {
      families: holds.map(({ name }) => name).join(', '),
    })
  if (own) return ok({ ...own, knownId: known?.id ?? null })
  if (!adult.familyName || !adult.givenName)
    return refusedField('familyName', 'second-household:new-needs-names')
  const judged = judgeAdult(adult, { known, isPupil, today })
  if (!judged.ok) return judged
  return ok({ id: NEW_HOUSEHOLD, name: known?.familyName ?? adult.familyName, knownId: known?.id ?? null })
}

async function decide(
  trx: Trx,
  { municipalityId }: Viewer,
  request: TypedSecondHousehold | AskedHouseholdDays,
  options: { lock: boolean },
): Promise<Result<Decided>> {
  const typed = 'adult' in request ? request : null
  const { pupilId, from } = request
  const about = { pupilId, householdId: null }
  const facts = await secondHouseholdFacts(trx, municipalityId, about, options)
  if (!facts) return refused('request:not-found')
  if (!typed) {
    const asked = request as AskedHouseholdDays
    const plan = planHouseholdDays(asked, facts)
    return plan.ok ? ok({ asked, facts, second: null, plan: plan.value }) : plan
  }
  const second = await secondOf(trx, municipalityId, typed, facts.homeId)
  if (!second.ok) return second
  const rule = askedRule(typed, second.value.id)
  if (!rule.ok) return rule
  const isNew = second.value.id === NEW_HOUSEHOLD
  const known = isNew
    ? { ...facts, names: { ...facts.names, [NEW_HOUSEHOLD]: second.value.name } }
    : await secondHouseholdFacts(
        trx,
        municipalityId,
        { pupilId, householdId: second.value.id },
        { lock: false },
      )
  const asked = { pupilId, from, rules: [rule.value] }
  const plan = planHouseholdDays(asked, known ?? facts)
  if (!plan.ok) return plan
  const lines = isNew
    ? [
        `Nasce la famiglia ${second.value.name}, con intestatario ${typed.adult.givenName} ${typed.adult.familyName}: entra con SPID o CIE, ricarica e paga i suoi giorni.`,
        ...plan.value.lines,
      ]
    : plan.value.lines
  return ok({ asked, facts: known ?? facts, second: second.value, plan: { ...plan.value, lines } })
}

/** What the days of a second household would do, or taking them back (`rules` empty), in words, before anything is done. */
export async function previewSecondHousehold(
  viewer: Viewer,
  request: TypedSecondHousehold | AskedHouseholdDays,
): Promise<Result<EnrolmentChangePreview>> {
  if (!allowedToStaff(viewer, 'registry:correct')) return refused('request:not-found')
  return asStaff(viewer, async (trx) => {
    const decided = await decide(trx, viewer, request, { lock: false })
    if (!decided.ok) return decided
    const last = await lastChange(trx, viewer.municipalityId, [request.pupilId])
    const typed = 'adult' in request ? request : null
    return ok({ lines: decided.value.plan.lines, seen: markOf(decided.value, typed, last) })
  })
}

/**
 * Gives another household days of a pupil from a day on, or gives them back, exactly as it was previewed. What was counted stays with
 * who paid it, and every cancellation stays. The same confirmation sent twice is done once.
 */
export async function changeSecondHousehold(
  viewer: Viewer,
  request: TypedSecondHousehold | AskedHouseholdDays,
  { seen, reason, undoes }: Confirmation,
): Promise<Result<{ householdId: string }>> {
  if (!allowedToStaff(viewer, 'registry:correct')) return refused('request:not-found')
  const { municipalityId } = viewer
  const { pupilId } = request
  const typed = 'adult' in request ? request : null
  return asStaff(viewer, async (trx) => {
    if (typed) await waitForRegistrations(trx, municipalityId)
    const decided = await decide(trx, viewer, request, { lock: true })
    const last = await lastChange(trx, municipalityId, [pupilId])
    if (isDone(viewer, last, seen)) return ok({ householdId: await homeOf(trx, municipalityId, pupilId) })
    if (!decided.ok) return decided
    const { facts, second, plan } = decided.value
    if (markOf(decided.value, typed, last) !== seen) return refused('enrolments:preview-changed')
    const made =
      typed && second?.id === NEW_HOUSEHOLD ? await makeHousehold(trx, viewer, typed, second) : null
    const toldBefore = await adultsOfPupils(trx, municipalityId, [pupilId])
    await writeRules(trx, viewer, pupilId, plan, made)
    const toldAfter = await adultsOfPupils(trx, municipalityId, [pupilId])
    const of = (id: string) => (id === NEW_HOUSEHOLD ? (made as string) : id)
    await openAccounts(
      trx,
      municipalityId,
      plan.add.flatMap(({ householdId }) =>
        facts.serviceIds.map((serviceId) => ({ serviceId, householdId: of(householdId) })),
      ),
    )
    const touched = [...new Set([...plan.back, ...plan.add].map((rule) => of(rule.householdId)))]
    const leaving = touched.filter((id) => !plan.add.some((rule) => of(rule.householdId) === id))
    for (const householdId of leaving) await openRefundOfSecond(trx, viewer, { pupilId, householdId })
    const details = { from: request.from, before: plan.before, after: plan.after, reason }
    await recordAudits(trx, viewer, [
      ...touched.map((householdId) => ({
        ...{
          action: 'enrolments.households' as const,
          objectType: 'household' as const,
          objectId: householdId,
        },
        details: { ...details, pupil: pupilId },
      })),
      {
        ...{ action: 'enrolments.households', objectType: 'pupil', objectId: pupilId },
        details: { ...details, seen, ...detailsOfWayBack(keyOfHouseholdDays(plan.back), undoes) },
      },
    ])
    await notify(trx, municipalityId, {
      event: 'enrolment:decided',
      key: `households:${seen}`,
      to: [...new Set([...toldBefore, ...toldAfter])],
      say: ENROLMENT_CHANGE_NOTICES.households,
      path: '/prenotazioni',
    })
    return ok({ householdId: facts.homeId })
  })
}

async function homeOf(trx: Trx, municipalityId: string, pupilId: string): Promise<string> {
  const { household_id } = await trx
    .selectFrom('pupil')
    .select('household_id')
    .where('municipality_id', '=', municipalityId)
    .where('id', '=', pupilId)
    .executeTakeFirstOrThrow()
  return household_id
}

/** A household without own pupils: its holder pays the days that it has of another's. @returns its id */
async function makeHousehold(
  trx: Trx,
  viewer: Viewer,
  { adult }: TypedSecondHousehold,
  { name, knownId }: Second,
): Promise<string> {
  const { municipalityId } = viewer
  const [householdId] = (await addHouseholds(trx, municipalityId, [{ name }])) as [string]
  const personId = knownId ?? (await registerPerson(trx, municipalityId, adult))
  await giveRoles(trx, viewer, [{ householdId, personId, role: 'holder' }])
  await recordAudits(trx, viewer, [
    {
      action: 'household:registered',
      objectType: 'household',
      objectId: householdId,
      details: { pupils: 0 },
    },
  ])
  return householdId
}
