import { isUuid } from '#lib/kernel/uuid.ts'
import { searchText } from '#lib/school/municipality.ts'
import { readText, type SearchParams } from '#lib/web/query-params.ts'
import { LACKS, type Lack } from '../completeness.ts'
import { isSubmissionState, type SubmissionState } from '../submission.ts'

export const QUEUE_SORTS = {
  attesa: 'Prima chi aspetta di più',
  recenti: 'Prima le più recenti',
  nome: 'Per nome',
} as const
export type QueueSort = keyof typeof QUEUE_SORTS

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
  sort: QueueSort
  page: number
}

export const WHOLE_QUEUE: QueueFilter = {
  formId: '',
  state: '',
  mine: false,
  text: '',
  schoolId: '',
  waited: 0,
  lack: '',
  sort: 'attesa',
  page: 1,
}

const LAST_PAGE = 100_000

const idIn = (value: unknown): string => (isUuid(value) ? value : '')

function readLack(value: string): QueueFilter['lack'] {
  if (value === 'niente') return 'none'
  return LACKS.find((lack) => LACKS_IN_WORDS[lack].address === value) ?? ''
}

const readSort = (value: string): QueueSort =>
  Object.hasOwn(QUEUE_SORTS, value) ? (value as QueueSort) : 'attesa'

/**
 * Reads `?stato=&mie=&cerca=&modulo=&scuola=&attesa=7&manca=documenti&ordina=nome&pagina=2`. What makes no sense counts as not
 * said; without a state, those to decide.
 */
export function readQueueFilter(typed: SearchParams): QueueFilter {
  const { stato, mie, cerca } = typed
  const page = Number(readText(typed.pagina))
  const waited = Number(readText(typed.attesa))
  return {
    formId: idIn(typed.modulo),
    state: stato === 'da-decidere' || stato === undefined ? 'waiting' : isSubmissionState(stato) ? stato : '',
    mine: mie === 'si',
    text: searchText(cerca),
    schoolId: idIn(typed.scuola),
    waited: AGES.find((age) => age === waited) ?? 0,
    lack: readLack(readText(typed.manca)),
    sort: readSort(readText(typed.ordina)),
    page: Number.isInteger(page) && page >= 1 && page <= LAST_PAGE ? page : 1,
  }
}

/** The query of an address that asks for these submissions; empty when nothing is asked. */
export function queueQuery(filter: QueueFilter): string {
  const query = new URLSearchParams()
  const set = (name: string, value: string | number | false) => value && query.set(name, String(value))
  if (filter.state !== 'waiting') query.set('stato', filter.state || 'tutte')
  set('modulo', filter.formId)
  set('scuola', filter.schoolId)
  set('cerca', filter.text)
  set('mie', filter.mine && 'si')
  set('attesa', filter.waited)
  set('manca', filter.lack && (filter.lack === 'none' ? 'niente' : LACKS_IN_WORDS[filter.lack].address))
  set('ordina', filter.sort !== 'attesa' && filter.sort)
  set('pagina', filter.page > 1 && filter.page)
  const text = query.toString()
  return text && `?${text}`
}
