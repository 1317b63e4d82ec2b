import 'server-only'
import { sql } from 'kysely'
import { asStaff, type Trx } from '#db/client.ts'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import { lockedOffice } from '#lib/access/locked-office.commands.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { addDays, type Day } from '#lib/kernel/day.ts'
import { fingerprintOf } from '#lib/kernel/fingerprint.ts'
import { changedByOther, ok, type Refused, type Result, refused, refusedField } from '#lib/kernel/result.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import type { KitchenWords } from '../kitchen.ts'
import { kitchenFields } from './kitchen.fields.ts'
import { kitchenNow, moveEffect, type SchoolFacts, schoolFacts } from './kitchen.queries.ts'
import { moveInWords, takingBackInWords } from './kitchen.words.ts'
import {
  type AskedServing,
  kitchenOn,
  planServing,
  planTakingBack,
  type ServingPlan,
  type TakenBack,
} from './kitchen-move.ts'

type Preview = { lines: string[]; seen: { fingerprint: string } }

async function isTaken(
  trx: Trx,
  municipalityId: string,
  name: string,
  besides: string | null,
): Promise<boolean> {
  const { rows } = await sql<{ id: string }>`
    select id from kitchen where municipality_id = ${municipalityId} and lower(name) = lower(${name})`.execute(
    trx,
  )
  return rows.some(({ id }) => id !== besides)
}

/** Writes a kitchen: an act of the office, `npm run town:create` or the seed of the demonstration. */
export async function insertKitchen(
  trx: Trx,
  municipalityId: string,
  { name, emails, phone }: KitchenWords,
  by: string | null,
): Promise<string> {
  const { id } = await trx
    .insertInto('kitchen')
    .values({ municipality_id: municipalityId, name, emails: [...emails], phone, updated_by: by })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** Lets a kitchen serve a school from a day on. */
export const insertServed = (
  trx: Trx,
  municipalityId: string,
  { schoolId, kitchenId, from }: { schoolId: string; kitchenId: string; from: Day },
  by: string | null,
) =>
  trx
    .insertInto('kitchen_school')
    .values({
      municipality_id: municipalityId,
      school_id: schoolId,
      kitchen_id: kitchenId,
      valid_from: from,
      decided_by: by,
    })
    .execute()

/** Makes a kitchen; which schools it serves is decided on its page. */
export async function createKitchen(
  viewer: Viewer,
  kitchen: KitchenWords,
): Promise<Result<{ kitchenId: string }>> {
  if (!allowedToStaff(viewer, 'structure:manage')) return refused('request:not-found')
  const { municipalityId, personId } = viewer
  return asStaff(viewer, async (trx) => {
    // Two kitchens of one name at the same time: the second waits, and is told.
    await sql`select from municipality where id = ${municipalityId} for no key update`.execute(trx)
    if (await isTaken(trx, municipalityId, kitchen.name, null))
      return refusedField('name', 'structure:name-taken', { name: kitchen.name })
    const kitchenId = await insertKitchen(trx, municipalityId, kitchen, personId)
    await recordAudit(trx, viewer, {
      action: 'kitchens.created',
      objectType: 'kitchen',
      objectId: kitchenId,
      details: { name: kitchen.name },
    })
    return ok({ kitchenId })
  })
}

/** Corrects what a kitchen is called and where its counts go. */
export const changeKitchen = (
  viewer: Viewer,
  seen: { kitchenId: string; revision: number },
  kitchen: KitchenWords,
): Promise<Result<{ kitchenId: string }>> =>
  lockedOffice(
    viewer,
    'structure:manage',
    { table: 'kitchen', id: seen.kitchenId, lock: 'values' },
    (trx) => kitchenNow(trx, viewer.municipalityId, seen.kitchenId),
    async (trx, before) => {
      if (before.revision !== seen.revision)
        return changedByOther('structure:changed-meanwhile', {
          who: before.savedBy,
          at: { revision: before.revision },
          fields: kitchenFields(before),
        })
      if (await isTaken(trx, viewer.municipalityId, kitchen.name, before.id))
        return refusedField('name', 'structure:name-taken', { name: kitchen.name })
      await trx
        .updateTable('kitchen')
        .set({
          ...{ name: kitchen.name, emails: [...kitchen.emails], phone: kitchen.phone },
          ...{ revision: sql<number>`revision + 1`, updated_by: viewer.personId },
        })
        .where('municipality_id', '=', viewer.municipalityId)
        .where('id', '=', before.id)
        .execute()
      const [now, was] = [kitchenFields(kitchen), kitchenFields(before)]
      await recordAudit(trx, viewer, {
        action: 'kitchens.changed',
        objectType: 'kitchen',
        objectId: before.id,
        details: {
          ...{ name: kitchen.name, nameBefore: before.name },
          ...{ emails: String(now.emails), emailsBefore: String(was.emails) },
          ...{ phone: kitchen.phone, phoneBefore: before.phone },
        },
      })
      return ok({ kitchenId: before.id })
    },
  )

/** Of the kitchens of a school and of the plan: the first part says whether a colleague was first. */
const markOf = (facts: SchoolFacts, plan: unknown): string =>
  `${fingerprintOf(facts.served)}.${fingerprintOf(plan)}`

function notAsSeen(seen: string, now: string, { decidedBy }: SchoolFacts): Refused | null {
  if (seen === now) return null
  return seen.split('.')[0] === now.split('.')[0]
    ? refused('structure:preview-changed')
    : refused('structure:changed-meanwhile', { who: decidedBy })
}

type Act<Plan> = { schoolId: string; plan: (facts: SchoolFacts) => Result<Plan> }

const onSchool = <Plan, T>(
  viewer: Viewer,
  { schoolId, plan }: Act<Plan>,
  { lock }: { lock: boolean },
  work: (trx: Trx, facts: SchoolFacts, plan: Plan) => Promise<Result<T>>,
): Promise<Result<T>> =>
  lockedOffice(
    viewer,
    'structure:manage',
    { table: 'school', id: schoolId, lock: lock ? 'values' : 'none' },
    (trx) => schoolFacts(trx, viewer.municipalityId, schoolId, { lock }),
    async (trx, facts) => {
      const planned = plan(facts)
      return planned.ok ? work(trx, facts, planned.value) : planned
    },
  )

type Move = AskedServing & { schoolId: string }

const moving = (asked: Move): Act<ServingPlan> => ({
  schoolId: asked.schoolId,
  plan: (facts) => (isUuid(asked.kitchenId) ? planServing(asked, facts) : refused('request:not-found')),
})

/** A move with all that its preview says. */
async function moveSaid(
  trx: Trx,
  { municipalityId }: Viewer,
  asked: Move,
  facts: SchoolFacts,
  plan: ServingPlan,
) {
  const kitchen = await kitchenNow(trx, municipalityId, asked.kitchenId)
  if (!kitchen) return null
  const { from, to } = plan
  const loses = kitchenOn(facts.served, from)?.kitchenId ?? null
  const effect = await moveEffect(trx, municipalityId, asked.schoolId, {
    ...{ from, to, loses, gains: asked.kitchenId },
  })
  return {
    lines: moveInWords(plan, { school: facts.schoolName, kitchen, effect }),
    fingerprint: markOf(facts, [plan, effect, kitchenFields(kitchen)]),
  }
}

/** What a school's move to a kitchen would do, before anything is done. */
export const previewServing = (viewer: Viewer, asked: Move): Promise<Result<Preview>> =>
  onSchool(viewer, moving(asked), { lock: false }, async (trx, facts, plan) => {
    const said = await moveSaid(trx, viewer, asked, facts, plan)
    if (!said) return refused('request:not-found')
    return ok({ lines: said.lines, seen: { fingerprint: said.fingerprint } })
  })

/**
 * Lets a kitchen serve a school from a day on, for good or until a day.
 * @param fingerprint of what the preview showed; when something changed since, nothing is done
 */
export const moveSchool = (
  viewer: Viewer,
  asked: Move,
  fingerprint: string,
): Promise<Result<{ kitchenId: string }>> =>
  onSchool(viewer, moving(asked), { lock: true }, async (trx, facts, plan) => {
    const said = await moveSaid(trx, viewer, asked, facts, plan)
    if (!said) return refused('request:not-found')
    const refusal = notAsSeen(fingerprint, said.fingerprint, facts)
    if (refusal) return refusal
    const { municipalityId, personId } = viewer
    const { schoolId, kitchenId } = asked
    // A change that was decided for the same day gives way.
    await deleteServed(trx, municipalityId, schoolId, plan.from)
    for (const row of plan.rows) await insertServed(trx, municipalityId, { schoolId, ...row }, personId)
    await recordAudit(trx, viewer, {
      action: 'kitchens.school-moved',
      objectType: 'school',
      objectId: schoolId,
      details: {
        ...{ kitchen: kitchenId, kitchenBefore: plan.before?.kitchenId ?? null },
        ...{ from: plan.from, to: plan.to },
      },
    })
    return ok({ kitchenId })
  })

const deleteServed = (trx: Trx, municipalityId: string, schoolId: string, from: Day) =>
  trx
    .deleteFrom('kitchen_school')
    .where('municipality_id', '=', municipalityId)
    .where('school_id', '=', schoolId)
    .where('valid_from', '=', from)
    .execute()

type Back = { schoolId: string; from: string }

const takingBack = ({ schoolId, from }: Back): Act<TakenBack> => ({
  schoolId,
  plan: (facts) => planTakingBack(from, facts),
})

/** The days that stay with the kitchen before: from the change that is taken back to the next one. */
async function backSaid(
  trx: Trx,
  { municipalityId }: Viewer,
  schoolId: string,
  facts: SchoolFacts,
  plan: TakenBack,
) {
  const next = facts.served.find(({ from }) => from > plan.taken.from)
  const to = next ? addDays(next.from, -1) : null
  const effect = await moveEffect(trx, municipalityId, schoolId, {
    ...{ from: plan.taken.from, to, loses: plan.taken.kitchenId, gains: plan.before.kitchenId },
  })
  return {
    lines: takingBackInWords(plan, { school: facts.schoolName, effect }),
    fingerprint: markOf(facts, [plan, effect]),
  }
}

/** What taking back a change that has not begun would do. */
export const previewTakingBack = (viewer: Viewer, asked: Back): Promise<Result<Preview>> =>
  onSchool(viewer, takingBack(asked), { lock: false }, async (trx, facts, plan) => {
    const { lines, fingerprint } = await backSaid(trx, viewer, asked.schoolId, facts, plan)
    return ok({ lines, seen: { fingerprint } })
  })

/** Takes back a change that has not begun: the kitchen before goes on. */
export const takeMoveBack = (
  viewer: Viewer,
  asked: Back,
  fingerprint: string,
): Promise<Result<{ schoolId: string }>> =>
  onSchool(viewer, takingBack(asked), { lock: true }, async (trx, facts, plan) => {
    const said = await backSaid(trx, viewer, asked.schoolId, facts, plan)
    const refusal = notAsSeen(fingerprint, said.fingerprint, facts)
    if (refusal) return refusal
    await deleteServed(trx, viewer.municipalityId, asked.schoolId, plan.taken.from)
    await recordAudit(trx, viewer, {
      action: 'kitchens.move-taken-back',
      objectType: 'school',
      objectId: asked.schoolId,
      details: {
        from: plan.taken.from,
        kitchen: plan.before.kitchenId,
        kitchenBefore: plan.taken.kitchenId,
      },
    })
    return ok({ schoolId: asked.schoolId })
  })
