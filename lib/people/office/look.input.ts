import * as z from 'zod'

/** The form by which a colleague begins to look at the portal as a family sees it. */
export const lookInput = z.object({
  householdId: z.uuid(),
  reason: z
    .string('Scrivi perché: la famiglia può chiederlo.')
    .trim()
    .min(1, 'Scrivi perché: la famiglia può chiederlo.')
    .max(200, 'Al massimo 200 caratteri.'),
})
