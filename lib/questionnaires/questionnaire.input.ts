import * as z from 'zod'

export const questionnaireAnswersInput = z.looseObject({
  id: z.uuid(),
  pupilId: z.union([z.uuid(), z.literal('').transform(() => null)]),
  base: z.string().max(40),
})
