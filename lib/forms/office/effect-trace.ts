import type { AuditDetails } from '#lib/audit/audit-details.ts'
import type { EffectFacts, Plan } from './effects.ts'

const spaced = (items: readonly string[]): string => [...new Set(items)].join(' ')
const lastOf = (days: readonly string[]): string | null => days.toSorted().at(-1) ?? null

/** What a decision about a submission changes, from what to what, for the register: of a diet the codes, of a fare its band. */
export function traceOf(plan: Plan, facts: EffectFacts): AuditDetails {
  const changed = new Set([...plan.end.map(({ id }) => id), ...plan.drop, ...plan.rediet.map(({ id }) => id)])
  const touched = facts.enrolments.filter(({ id }) => changed.has(id))
  const { enrol, rediet, end, fare } = plan
  const trace: Record<string, string | null> = { pupil: facts.pupil.id }
  const dietBefore = spaced(touched.map(({ dietCode }) => dietCode))
  const diet = spaced([...rediet, ...enrol].map(({ dietCode }) => dietCode))
  if (diet !== '' && diet !== dietBefore) Object.assign(trace, { diet, dietBefore })
  const placed = facts.classes.find(({ id }) => id === enrol[0]?.classId)
  if (placed && touched.every(({ classId }) => classId !== placed.id))
    Object.assign(trace, {
      place: `${placed.schoolName}, ${placed.name}`,
      placeBefore: [...new Set(touched.map(({ where }) => where))].join(', '),
    })
  if (end.length > 0 && enrol.length === 0 && plan.drop.length === 0)
    Object.assign(trace, {
      last: lastOf(end.map(({ to }) => to)),
      lastBefore: lastOf(touched.map(({ to }) => to)),
    })
  if (fare) {
    const replaced = [...plan.endFares.map(({ id }) => id), ...plan.dropFares]
    const bandBefore = spaced(
      facts.fares.filter(({ id }) => replaced.includes(id)).map(({ bandCode }) => bandCode),
    )
    Object.assign(trace, { band: fare.bandCode, bandBefore, from: fare.from, to: fare.to })
  }
  return trace
}
