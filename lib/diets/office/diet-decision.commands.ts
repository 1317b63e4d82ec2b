import 'server-only'
import type { Trx } from '#db/client.ts'
import { readClock } from '#db/clock.ts'
import { lockedOffice } from '#lib/access/locked-office.commands.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { recordAudit } from '#lib/audit/audit.commands.ts'
import { type DietPlan, planDiet, type TypedDiet } from '#lib/forms/office/diet-effect.ts'
import type { Day } from '#lib/kernel/day.ts'
import { fingerprintOf } from '#lib/kernel/fingerprint.ts'
import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { adultsOfPupils, notify } from '#lib/notifications/notification.commands.ts'
import { writeEnrolments } from '#lib/school/office/enrolment.commands.ts'
import { dietNotice } from './diet.notice.ts'
import { type DinerDiets, dinerDiets } from './diet-desk.queries.ts'

type Asked = TypedDiet & { pupilId: string }

const onDiner = <T>(
  viewer: Viewer,
  asked: Asked,
  options: { lock: boolean },
  work: (trx: Trx, diner: DinerDiets, plan: DietPlan) => Promise<Result<T>>,
): Promise<Result<T>> =>
  lockedOffice(
    viewer,
    'diets:manage',
    { table: 'pupil', id: asked.pupilId, lock: options.lock ? 'values' : 'none' },
    (trx) => dinerDiets(trx, viewer.municipalityId, asked.pupilId, options),
    async (trx, diner) => {
      const plan = planDiet(asked, diner.facts)
      if (!plan.ok) return plan
      const { end, enrol, rediet } = plan.value
      if (end.length + enrol.length + rediet.length === 0) return refused('diets:nothing-changes')
      return work(trx, diner, plan.value)
    },
  )

/** The codes that the pupil had from a day on, before the decision. */
const dietsFrom = ({ facts }: DinerDiets, from: Day): string =>
  [...new Set(facts.enrolments.filter(({ to }) => to >= from).map(({ dietCode }) => dietCode))].join(' ')

/** Of what a preview showed, and of what held then: another decision that leads to the same change is another decision. */
const seenOf = (plan: DietPlan, { facts }: DinerDiets): string => fingerprintOf([plan, facts.enrolments])

/** What a decision about a pupil's diet would do, in words, before anything is done. */
export const previewDiet = (
  viewer: Viewer,
  asked: Asked,
): Promise<Result<{ lines: string[]; seen: { fingerprint: string } }>> =>
  onDiner(viewer, asked, { lock: false }, async (_, diner, plan) =>
    ok({
      lines: [
        ...plan.lines,
        ...diner.requests.map(
          ({ protocol }) =>
            `La domanda ${protocol} resta aperta: finché non la decidi, la cucina chiede prima di servire.`,
        ),
        'La famiglia riceve un avviso, senza il nome della dieta.',
      ],
      seen: { fingerprint: seenOf(plan, diner) },
    }),
  )

/**
 * Decides a pupil's diet. The family is told that there is something to read in *Servizi*.
 * @param fingerprint of what the preview showed; when something changed since, nothing is done
 */
export const decideDiet = (
  viewer: Viewer,
  asked: Asked & { reason: string },
  fingerprint: string,
): Promise<Result<{ pupilId: string }>> =>
  onDiner(viewer, asked, { lock: true }, async (trx, diner, plan) => {
    const { householdId, serviceId } = diner
    if (seenOf(plan, diner) !== fingerprint) return refused('diets:preview-changed')
    const { municipalityId } = viewer
    const { pupilId, reason } = asked
    await writeEnrolments(trx, { municipalityId, pupilId, serviceId }, { ...plan, drop: [] })
    await recordAudit(trx, viewer, {
      action: 'diets.decided',
      objectType: 'household',
      objectId: householdId,
      details: {
        ...{ pupil: pupilId, from: asked.from, to: asked.to, reason },
        ...{ before: dietsFrom(diner, plan.from), after: asked.dietCode },
        ...(asked.severe === 'si' && { severe: true }),
      },
    })
    const { now } = await readClock(trx)
    await notify(trx, municipalityId, {
      event: 'form:status',
      key: `diet:${pupilId}:${now.toISOString()}`,
      to: await adultsOfPupils(trx, municipalityId, [pupilId]),
      say: dietNotice,
      path: '/servizi',
    })
    return ok({ pupilId })
  })
