import { isUuid } from '#lib/kernel/uuid.ts'
import { searchText } from '#lib/school/municipality.ts'
import { readText, type SearchParams } from '#lib/web/query-params.ts'
import { LACKS, type Lack } from '../completeness.ts'
import { isSubmissionState, type SubmissionState } from '../submission.ts'

/** The address's word for all requests that are not decided yet: what an address without a state means. */
export const UNDECIDED = 'da-decidere'

/** What a request may lack, as the address and the filter name it. */
export const LACKS_IN_WORDS: Record<Lack, { address: string; words: string; merged: string }> = {
  documents: { address: 'documenti', words: 'Mancano documenti o risposte', merged: 'i documenti' },
  diet: { address: 'dieta', words: 'Dieta da decidere', merged: 'il certificato o la scelta della dieta' },
  code: { address: 'codice', words: 'Codice fiscale da controllare', merged: 'il codice fiscale giusto' },
  class: {
    address: 'classe',
    words: 'La scuola non ha classi quell’anno',
    merged: 'una scuola con la mensa',
  },
}

/** Least days that a request has waited. */
export const AGES = [3, 7, 14, 30] as const

/** Which submissions the office looks at. `formId`, `schoolId` empty: all. `lack`: complete ones, or those that lack one thing. */
export type QueueFilter = {
  formId: string
  state: SubmissionState | 'waiting' | ''
  mine: boolean
  text: string
  schoolId: string
  waited: number
  lack: Lack | 'none' | ''
}

export const WHOLE_QUEUE: QueueFilter = {
  formId: '',
  state: '',
  mine: false,
  text: '',
  schoolId: '',
  waited: 0,
  lack: '',
}

const idIn = (value: unknown): string => (isUuid(value) ? value : '')

function readLack(value: string): QueueFilter['lack'] {
  if (value === 'niente') return 'none'
  return LACKS.find((lack) => LACKS_IN_WORDS[lack].address === value) ?? ''
}

/**
 * Reads `?stato=&mie=&cerca=&modulo=&scuola=&attesa=7&manca=documenti`. What makes no sense counts as not said; without a state, those
 * to decide.
 */
export function readQueueFilter(typed: SearchParams): QueueFilter {
  const { stato, mie, cerca } = typed
  const waited = Number(readText(typed.attesa))
  return {
    formId: idIn(typed.modulo),
    state: stato === UNDECIDED || stato === undefined ? 'waiting' : isSubmissionState(stato) ? stato : '',
    mine: mie === 'si',
    text: searchText(cerca),
    schoolId: idIn(typed.scuola),
    waited: AGES.find((age) => age === waited) ?? 0,
    lack: readLack(readText(typed.manca)),
  }
}
