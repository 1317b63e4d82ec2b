import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { StaffRole, Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import type { Day } from '#lib/kernel/day.ts'
import { env } from '#lib/kernel/env.ts'
import { fingerprintOf } from '#lib/kernel/fingerprint.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { enqueueMail } from '#lib/outbox/message.commands.ts'
import { wordsOfPerson } from '#lib/session/language.commands.ts'
import { italian } from '#lib/words/language.ts'
import type { EndedRole, GivenRoles, InvitedColleague } from './colleague.input.ts'
import { colleagueMail } from './colleague.notice.ts'
import { colleagueFacts, colleagueOf, losesLastManager, roleOf } from './colleague.queries.ts'
import {
  type AskedRole,
  type AskedRoles,
  type ColleagueFacts,
  type ColleaguePreview,
  type HeldRole,
  judgeColleague,
  judgeEnd,
  judgeRoles,
  lastDayAfter,
  lastDayInYear,
  placeOfRole,
} from './colleague.ts'
import { endInWords, givenInWords, inviteInWords, roleInWords } from './colleague.words.ts'
import { registerPerson } from './person.commands.ts'
import { noteBeginning } from './role-notice.commands.ts'

type Place = Required<
  Pick<
    HeldRole,
    'schoolId' | 'classId' | 'kitchenId' | 'schoolName' | 'className' | 'kitchenName' | 'yearEndsOn'
  >
>
type PlacedRole = Pick<HeldRole, 'role'> & Place

const NO_PLACE: Place = {
  ...{ schoolId: null, classId: null, kitchenId: null },
  ...{ schoolName: null, className: null, kitchenName: null, yearEndsOn: null },
}

/** Each role with its own last day, in words. */
const inWords = (roles: readonly PlacedRole[], to: Day | null) =>
  roles.map((role) => ({ what: roleInWords(role), to: lastDayInYear(to, role) }))

/** The first asked class whose year is over before the role begins. */
const overBefore = (from: Day, roles: readonly PlacedRole[]) =>
  roles.find(({ role, yearEndsOn }) => role === 'teacher' && yearEndsOn !== null && yearEndsOn < from)

/** What a press of a form answers: what would happen, or for whom it was done. */
export type ColleagueAnswer = { preview: ColleaguePreview } | { personId: string }

/**
 * Gives a person roles in the office, by their fiscal code. The first press says what would happen, the second, with what was
 * shown, does it. A person who is not in the registry is written down; who they are is for SPID or CIE to say.
 */
export const inviteColleague = (
  viewer: Viewer,
  request: InvitedColleague,
  municipalitySlug: string,
): Promise<Result<ColleagueAnswer>> =>
  amongStaff(viewer, async (trx): Promise<Result<ColleagueAnswer>> => {
    const facts = await colleagueFacts(trx, viewer.municipalityId, request.fiscalCode)
    const judged = judgeColleague(request, facts)
    if (!judged.ok) return judged
    const roles = await placedRoles(trx, viewer.municipalityId, request.roles)
    if (!roles) return refused('colleagues:place-unknown')
    const over = overBefore(request.from, roles)
    if (over) return refused('colleagues:year-ends', { last: over.yearEndsOn as Day })
    const lines = inviteInWords(request, facts, inWords(roles, request.to))
    const preview = previewOf(request, lines)
    if (request.intent === 'preview' || request.seen === '') return ok({ preview })
    if (request.seen !== preview.seen) return refused('colleagues:preview-changed')
    const personId = facts.known?.personId ?? (await registerPerson(trx, viewer.municipalityId, request))
    const given = await giveRoles(trx, viewer, personId, { ...request, roles })
    if (request.email) {
      await writeTo(trx, viewer, { email: request.email, personId, roles, facts, municipalitySlug }, request)
      await noteBeginning(trx, viewer.municipalityId, given)
    }
    return ok({ personId })
  })

/** Gives a colleague more roles. The first press says what would happen, the second does it. */
export const giveColleagueRoles = (viewer: Viewer, request: GivenRoles): Promise<Result<ColleagueAnswer>> =>
  amongStaff(viewer, async (trx): Promise<Result<ColleagueAnswer>> => {
    const { municipalityId } = viewer
    const colleague = await colleagueOf(trx, municipalityId, request.personId)
    if (!colleague) return refused('request:not-found')
    const { today } = await readClock(trx)
    const judged = judgeRoles(request, colleague.roles, today)
    if (!judged.ok) return judged
    const roles = await placedRoles(trx, municipalityId, request.roles)
    if (!roles) return refused('colleagues:place-unknown')
    const over = overBefore(request.from, roles)
    if (over) return refused('colleagues:year-ends', { last: over.yearEndsOn as Day })
    const lines = givenInWords(colleague.name, request, inWords(roles, request.to))
    const preview = previewOf(request, lines)
    if (request.intent === 'preview' || request.seen === '') return ok({ preview })
    if (request.seen !== preview.seen) return refused('colleagues:preview-changed')
    await giveRoles(trx, viewer, colleague.personId, { ...request, roles })
    return ok({ personId: colleague.personId })
  })

/**
 * Ends a role of a colleague, or changes its end. The database refuses it where a day would lose its last manager: two managers
 * who end each other come one after the other, and the second is not a manager any more.
 */
export const endColleagueRole = (viewer: Viewer, request: EndedRole): Promise<Result<ColleagueAnswer>> =>
  amongStaff(viewer, async (trx): Promise<Result<ColleagueAnswer>> => {
    const found = await roleOf(trx, viewer.municipalityId, request.roleId)
    if (!found) return refused('request:not-found')
    const { today, colleague, role } = found
    const lastDay = lastDayAfter(request.asked, role)
    const withoutManager = await losesLastManager(trx, role.id, lastDay)
    const judged = judgeEnd(request.asked, role, { today, withoutManager })
    if (!judged.ok) return judged
    const preview = previewOf(request, endInWords(request.asked, role, { colleague, today }))
    if (request.intent === 'preview' || request.seen === '') return ok({ preview })
    if (request.seen !== preview.seen) return refused('colleagues:preview-changed')
    const isNow = request.asked.end === 'now'
    const { rows } = await sql<{ outcome: string }>`
      select end_staff_role(${role.id}::uuid, ${isNow ? null : lastDay}::date, ${isNow}) as outcome`.execute(
      trx,
    )
    if (rows[0]?.outcome === 'last-manager') return refused('colleagues:last-manager')
    if (rows[0]?.outcome !== 'done') return refused('colleagues:role-over')
    await recordAudit(trx, viewer, {
      action: request.asked.end === 'now' ? 'staff:role-ended' : 'staff:end-changed',
      objectType: 'staff',
      objectId: colleague.personId,
      details: { role: role.role, from: role.from, before: role.to, to: isNow ? today : lastDay },
    })
    return ok({ personId: colleague.personId })
  })

/** Runs what changes the roles of the office, under their lock: two managers come one after the other. */
async function amongStaff<T>(viewer: Viewer, work: (trx: Trx) => Promise<Result<T>>): Promise<Result<T>> {
  if (!allowedToStaff(viewer, 'staff:manage')) return refused('request:not-found')
  return asStaff(viewer, async (trx) => {
    const { rows } = await sql<{ manages: boolean }>`select lock_staff() as manages`.execute(trx)
    return rows[0]?.manages ? work(trx) : refused('request:not-found')
  })
}

function previewOf(
  { intent: _, seen: __, ...asked }: { intent: string; seen: string },
  lines: string[],
): ColleaguePreview {
  return { lines, seen: fingerprintOf({ asked, lines }), after: '' }
}

/** The asked roles with the names of their places; null where a place is not of this municipality. */
async function placedRoles(
  trx: Trx,
  municipalityId: string,
  roles: readonly AskedRole[],
): Promise<PlacedRole[] | null> {
  const places = roles.flatMap(({ place }) => place ?? [])
  const { rows } = await sql<Place>`
    select s.id as "schoolId", null::uuid as "classId", null::uuid as "kitchenId", s.name as "schoolName", null::text as "className",
      null::text as "kitchenName", null::date as "yearEndsOn"
    from school s where s.municipality_id = ${municipalityId} and s.id = any(${places}::uuid[])
    union all
    select c.school_id, c.id, null::uuid, s.name, c.name, null::text, y.ends_on from school_class c
    join school s on s.municipality_id = ${municipalityId} and s.id = c.school_id
    join school_year y on y.municipality_id = ${municipalityId} and y.id = c.school_year_id
    where c.municipality_id = ${municipalityId} and c.id = any(${places}::uuid[])
    union all
    select null::uuid, null::uuid, k.id, null::text, null::text, k.name, null::date from kitchen k
    where k.municipality_id = ${municipalityId} and k.id = any(${places}::uuid[])`.execute(trx)
  const placed = roles.map(({ role, place }) => {
    const found = place === null ? NO_PLACE : rows.find((row) => placeOfRole(row) === place)
    return found && isPlaceOf(role, found) ? { ...found, role } : null
  })
  return placed.every((role) => role !== null) ? placed : null
}

/** A teacher has a class, a kitchen a kitchen or a school, a school office a school. */
function isPlaceOf(role: StaffRole, { schoolId, classId, kitchenId }: Place): boolean {
  if (kitchenId !== null) return role === 'kitchen'
  return schoolId === null || (role === 'teacher') === (classId !== null)
}

async function giveRoles(
  trx: Trx,
  viewer: Viewer,
  personId: string,
  { roles, from, to }: Omit<AskedRoles, 'roles'> & { roles: readonly PlacedRole[] },
): Promise<string[]> {
  const given: string[] = []
  for (const placed of roles) {
    const { role, schoolId, classId, kitchenId } = placed
    const last = lastDayInYear(to, placed)
    const { rows } = await sql<{
      id: string
    }>`select give_staff_role(${personId}::uuid, ${role}, ${schoolId}::uuid, ${classId}::uuid, ${kitchenId}::uuid,
      ${from}::date, ${last}::date) as id`.execute(trx)
    given.push(...rows.map(({ id }) => id))
    await recordAudit(trx, viewer, {
      action: 'staff:role-given',
      objectType: 'staff',
      objectId: personId,
      details: { role, from, to: last, school: schoolId, class: classId, kitchen: kitchenId },
    })
  }
  return given
}

type Letter = {
  email: string
  personId: string
  roles: readonly PlacedRole[]
  facts: ColleagueFacts
  municipalitySlug: string
}

async function writeTo(
  trx: Trx,
  viewer: Viewer,
  { email, personId, roles, facts, municipalitySlug }: Letter,
  { givenName, from, seen }: InvitedColleague,
): Promise<void> {
  const { municipalityId } = viewer
  const t = facts.known ? await wordsOfPerson(trx, municipalityId, personId) : italian
  const mail = colleagueMail(
    {
      name: facts.known?.givenName ?? givenName,
      by: viewer.name,
      municipalityName: facts.municipalityName,
      roles: roles.map(roleInWords),
      url: `${env().PUBLIC_ORIGIN}/admin/${municipalitySlug}`,
    },
    t,
  )
  await enqueueMail(trx, municipalityId, {
    ...mail,
    language: t.language,
    dedupeKey: `colleague:${personId}:${from}:${seen}`,
    to: email,
  })
}
