import type { Day } from '#lib/kernel/day.ts'

/** A pupil whose diet waits for the office. */
export type WaitingDiet = {
  pupilId: string
  name: string
  where: string
  dietCode: string
  dietName: string
  severe: boolean
  from: Day
  to: Day
}

/** A request for a diet that is not decided: the pupil keeps `dietCode`, and the kitchen asks before it serves from `from` on. */
export type RequestedDiet = Omit<WaitingDiet, 'to'> & {
  formId: string
  submissionId: string
  protocol: string
}

/** A diet that ends. `toldAt`: when the family was last told of it. */
export type LapsingDiet = WaitingDiet & { nextDietCode: string; nextDietName: string; toldAt: Date | null }

export type DietDesk = {
  requested: RequestedDiet[]
  undecided: WaitingDiet[]
  ending: LapsingDiet[]
  /** Null: they are too many to choose from. */
  schools: { id: string; name: string }[] | null
}
