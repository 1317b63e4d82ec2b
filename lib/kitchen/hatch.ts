import type { Day } from '#lib/kernel/day.ts'
import { COMMON_DIET } from '#lib/school/diet.ts'
import { type CountLine, mealsInLines } from './count.ts'

/** A pupil whose plate is not the common one. */
export type HatchPupil = {
  serviceName: string
  className: string
  pupilId: string
  givenName: string
  familyName: string
  dietCode: string
  severe: boolean
  /** Another diet is asked for and not decided: who serves asks first. */
  asked: boolean
}

/** What a code of the sheet means, for those who serve. */
export type HatchDiet = { code: string; name: string; legend: string }

/** A class at the hatch: how many plates in all, and the names of those that are not the common one. */
export type HatchClass = {
  serviceName: string
  className: string
  meals: number
  common: number
  pupils: HatchPupil[]
}

/** What those who serve in a school must know on a day. */
export type HatchSheet = {
  schoolName: string
  municipality: string
  day: Day
  /** The families can change until the cutoff. */
  isProvisional: boolean
  readAt: Date
  classes: HatchClass[]
  diets: HatchDiet[]
}

type Line = Pick<CountLine, 'className' | 'dietCode' | 'meals'> & { serviceName: string }

/** The classes of a school in natural order, also those in which all plates are common. */
export function hatchClasses(lines: readonly Line[], pupils: readonly HatchPupil[]): HatchClass[] {
  const keyOf = ({ serviceName, className }: { serviceName: string; className: string }) =>
    `${serviceName}\n${className}`
  const byClass = Map.groupBy(pupils, keyOf)
  const { compare } = new Intl.Collator('it', { numeric: true })
  return [...Map.groupBy(lines, keyOf)]
    .map(([key, own]): HatchClass => {
      const [{ serviceName, className }] = own as [Line]
      const common = own.filter(({ dietCode }) => dietCode === COMMON_DIET)
      return {
        ...{ serviceName, className, meals: mealsInLines(own), common: mealsInLines(common) },
        pupils: byClass.get(key) ?? [],
      }
    })
    .filter(({ meals }) => meals > 0)
    .sort((a, b) => compare(a.serviceName, b.serviceName) || compare(a.className, b.className))
}

/** A label for the tray of a special diet. */
export type DietLabel = {
  code: string
  className: string
  schoolName: string
  day: Day
  givenName: string | null
}

/**
 * A label for each plate of a special diet, in the order of serving.
 * @param withNames the municipality wants the first name beside the code
 */
export const dietLabels = (
  { classes, schoolName, day }: Pick<HatchSheet, 'classes' | 'schoolName' | 'day'>,
  withNames: boolean,
): DietLabel[] =>
  classes.flatMap(({ className, pupils }) =>
    pupils
      .filter(({ dietCode }) => dietCode !== COMMON_DIET)
      .map(({ dietCode, givenName }) => ({
        ...{ code: dietCode, className, schoolName, day },
        givenName: withNames ? givenName : null,
      })),
  )
