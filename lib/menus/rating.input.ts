import * as z from 'zod'
import { LONGEST_COMMENT, type Score } from './rating.ts'

const score = z.enum(['1', '2', '3']).transform((text) => Number(text) as Score)

/** A rating as its form sends it: `d-<dish>` holds 1, 2 or 3; a dish that is not named was not judged. */
export const ratingInput = z
  .looseObject({
    pupilId: z.uuid(),
    serviceDayId: z.uuid(),
    comment: z.string().trim().max(LONGEST_COMMENT, `Al massimo ${LONGEST_COMMENT} caratteri`),
  })
  .transform(({ pupilId, serviceDayId, comment, ...rest }) => ({
    pupilId,
    serviceDayId,
    comment,
    scores: Object.fromEntries(
      Object.entries(rest).flatMap(([name, value]): [string, Score][] => {
        const read = score.safeParse(value)
        const id = name.startsWith('d-') ? name.slice(2) : ''
        return read.success && z.uuid().safeParse(id).success ? [[id, read.data]] : []
      }),
    ),
  }))
