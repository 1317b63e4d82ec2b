import type { Day } from '#lib/kernel/day.ts'

/** Changes of one pupil's enrolments: what ends, what goes, what eats otherwise, what begins. */
export type EnrolmentPlan = {
  end: readonly { id: string; to: Day }[]
  drop: readonly string[]
  rediet: readonly { id: string; dietCode: string; severe: boolean }[]
  enrol: readonly {
    schoolId: string
    classId: string
    yearId: string
    dietCode: string
    severe: boolean
    from: Day
    to: Day
  }[]
}

/** An accepted cancellation of a day that no kitchen has counted, and the schools that have a meal on that day. */
export type OpenCancellation = { day: Day; schoolId: string; servedIn: readonly string[] }
