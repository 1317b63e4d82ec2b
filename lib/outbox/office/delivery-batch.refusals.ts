import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const DELIVERY_BATCH_REFUSALS = {
  'outbox:nothing-to-retry': says(
    'Non c’è niente da rispedire: quello che è in dubbio potrebbe essere arrivato.',
  ),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof DELIVERY_BATCH_REFUSALS> {}
}
