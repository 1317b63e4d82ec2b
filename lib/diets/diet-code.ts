import type { Day } from '#lib/kernel/day.ts'
import type { Allergen } from '#lib/menus/allergen.ts'
import type { OwnWeekdays } from '#lib/school/enrolment.ts'

/** What the office writes about a diet's code. */
export type DietWords = {
  name: string
  /** What the kitchen reads beside the code. */
  legend: string
  allergens: readonly Allergen[]
  /** The codes that it joins. */
  parts: readonly string[]
  from: Day | null
}

export type DietCode = DietWords & {
  code: string
  to: Day | null
  revision: number
  savedBy: string | null
  /** Pupils that have it today or later. */
  pupils: number
}

/** An enrolment that goes on under a code after a day. */
export type Holding = {
  id: string
  pupilId: string
  name: string
  where: string
  serviceId: string
  schoolId: string
  classId: string
  yearId: string
  severe: boolean
  weekdays: OwnWeekdays
  from: Day
  to: Day
}
