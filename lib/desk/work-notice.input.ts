import * as z from 'zod'

const EMAIL = 'Scrivi l’indirizzo così: nome@esempio.it'

/** The form of *Avvisi del lavoro*. */
export const workNoticeInput = z.object({
  email: z
    .string()
    .trim()
    .max(254, EMAIL)
    .pipe(z.union([z.literal(''), z.email(EMAIL)], EMAIL)),
  digest: z.string().regex(/^(?:mai|[01]?\d|2[0-3])$/, 'Scegli un’ora, o mai'),
  urgent: z.string().optional(),
})
