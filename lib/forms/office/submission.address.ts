import { searchText } from '#lib/school/municipality.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { isSubmissionState, type SubmissionState } from '../submission.ts'

/** Which submissions of a form the office looks at. */
export type QueueFilter = { state: SubmissionState | 'waiting' | ''; mine: boolean; text: string }

/** Reads `?stato=&mie=&cerca=`. What makes no sense counts as not said; without a state, those to decide. */
export const readQueueFilter = ({ stato, mie, cerca }: SearchParams): QueueFilter => ({
  state: stato === 'da-decidere' || stato === undefined ? 'waiting' : isSubmissionState(stato) ? stato : '',
  mine: mie === 'si',
  text: searchText(cerca),
})
