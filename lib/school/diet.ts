/** The diet of a pupil without one: every dish is for it. */
export const COMMON_DIET = 'STD'

/** The family asked for a diet and the office has not decided: the kitchen reads this code and asks before it serves. */
export const UNDECIDED_DIET = 'DA-DEFINIRE'

/** What may follow when a diet ends, as the office decides. */
export const isDietAfter = (code: string): boolean => code === COMMON_DIET || code === UNDECIDED_DIET

export const isDecidedDiet = (code: string): boolean => code !== COMMON_DIET && code !== UNDECIDED_DIET
