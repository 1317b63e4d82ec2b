import { addDays, type Day, parseDay } from '#lib/kernel/day.ts'
import { ok, type Result, refusedField } from '#lib/kernel/result.ts'
import { COMMON_DIET, UNDECIDED_DIET } from '#lib/school/diet.ts'
import type { EnrolmentPlan } from '#lib/school/enrolment.ts'
import { dated } from '#lib/words/dated.ts'
import { longDate } from '#lib/words/format-day.ts'
import type { DietCode, Holding } from '../diet-code.ts'

/** The end of a code as it is typed; `successor`: the code of those who still have it, empty when no pupil may be left. */
export type TypedEnd = { code: string; to: string; successor: string }

type PupilPlan = { pupilId: string; serviceId: string; plan: EnrolmentPlan }
export type EndPlan = { to: Day; pupils: PupilPlan[]; lines: string[] }

/** Two codes are always there: the common diet, and the one for a diet that is not decided. */
export const isOwnCode = (code: string): boolean => code !== COMMON_DIET && code !== UNDECIDED_DIET

/** What ending a code does. Who still has it goes on with its successor: without one the end is refused, with their names. */
export function planEnd(
  typed: TypedEnd,
  { codes, holdings, firstDay }: { codes: readonly DietCode[]; holdings: readonly Holding[]; firstDay: Day },
): Result<EndPlan> {
  const to = parseDay(typed.to)
  if (!to) return refusedField('to', 'diets:choose-day')
  const next = addDays(to, 1)
  if (next < firstDay) return refusedField('to', 'diets:too-early', { first: addDays(firstDay, -1) })
  const names = [...new Set(holdings.map(({ name, where }) => `${name} (${where})`))]
  if (holdings.length === 0)
    return ok({
      to,
      pupils: [],
      lines: [dated`Dal ${longDate(next)} la dieta ${typed.code} non si dà più. Nessun alunno ce l’ha.`],
    })
  if (typed.successor === '')
    return refusedField('successor', 'diets:needs-successor', { who: names.join(', ') })
  const successor = codes.find(({ code }) => code === typed.successor && code !== typed.code)
  if (!successor) return refusedField('successor', 'diets:unknown-code')
  if (!lasts(successor, next, holdings)) return refusedField('successor', 'diets:successor-ends')
  return ok({
    to,
    pupils: byPupil(holdings).map((own) => planOf(own, to, successor.code)),
    lines: [
      dated`Dal ${longDate(next)} la dieta ${typed.code} non si dà più.`,
      `Da quel giorno la cucina prepara ${successor.name} (${successor.code}) per: ${names.join(', ')}.`,
      'Le loro famiglie ricevono un avviso, senza il nome della dieta.',
    ],
  })
}

/** Whether a code may be given from a day to the end of all these enrolments. */
const lasts = ({ from, to }: DietCode, first: Day, holdings: readonly Holding[]): boolean =>
  (from === null || from <= first) && (to === null || holdings.every((holding) => holding.to <= to))

function byPupil(holdings: readonly Holding[]): [Holding, ...Holding[]][] {
  const groups = Map.groupBy(holdings, ({ pupilId, serviceId }) => `${pupilId} ${serviceId}`)
  return [...groups.values()] as [Holding, ...Holding[]][]
}

function planOf(own: [Holding, ...Holding[]], to: Day, dietCode: string): PupilPlan {
  const begun = own.filter(({ from }) => from <= to)
  return {
    pupilId: own[0].pupilId,
    serviceId: own[0].serviceId,
    plan: {
      end: begun.map(({ id }) => ({ id, to })),
      drop: [],
      rediet: own.filter(({ from }) => from > to).map(({ id, severe }) => ({ id, dietCode, severe })),
      enrol: begun.map(({ schoolId, classId, yearId, severe, weekdays, to: last }) => ({
        schoolId,
        classId,
        yearId,
        dietCode,
        severe,
        weekdays,
        from: addDays(to, 1),
        to: last,
      })),
    },
  }
}
