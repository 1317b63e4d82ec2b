/** The diet of a pupil without one: every dish is for it. */
export const COMMON_DIET = 'STD'

/** The family asked for a diet and the office has not decided: the kitchen reads this code and asks before it serves. */
export const UNDECIDED_DIET = 'DA-DEFINIRE'

/** What may follow when a diet ends, as the office decides. */
export const isDietAfter = (code: string): boolean => code === COMMON_DIET || code === UNDECIDED_DIET

export const isDecidedDiet = (code: string): boolean => code !== COMMON_DIET && code !== UNDECIDED_DIET

/** What the kitchen reads of a pupil: a code, and whether the pupil risks a severe reaction. */
export type Plate = { dietCode: string; severe: boolean }

/** A plate as it is counted. `asked`: another diet is asked for than the one that is prepared. */
export type ServedPlate = Plate & { asked: boolean }

/**
 * What the kitchen prepares while a request for a diet waits: never less than what holds already. A decided diet stays, and the
 * kitchen asks before it serves what that diet may eat. Without one no dish is known to be safe: the diet is to be decided. A risk
 * of a severe reaction, known or only written in the request, is always read.
 * db/functions/diets.sql has the same for statements.
 */
export function plateWhile({ dietCode, severe }: Plate, request: { severe: boolean } | null): ServedPlate {
  if (request === null) return { dietCode, severe, asked: false }
  return {
    dietCode: dietCode === COMMON_DIET ? UNDECIDED_DIET : dietCode,
    severe: severe || request.severe,
    asked: isDecidedDiet(dietCode),
  }
}

/** A child whose diet the office has not decided. `asked`: the diet of before holds meanwhile, and another is asked for. */
export type WaitingChild = { pupilId: string; givenName: string; asked: boolean }
