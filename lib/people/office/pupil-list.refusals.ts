import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const PUPIL_LIST_REFUSALS = {
  'pupils:several-classes': says(
    'Insieme si spostano alunni della stessa classe e dello stesso servizio: scegli quelli di una classe.',
  ),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof PUPIL_LIST_REFUSALS> {}
}
