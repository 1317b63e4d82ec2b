import { searchText } from '#lib/school/municipality.ts'
import type { QueryValue, SearchParams } from '#lib/web/query-params.ts'
import { type CommunicationKind, isKind } from './communication.ts'

/** What a reader looks for among the communications; the address says it all. */
export type CommunicationFilter = {
  text: string
  kind: CommunicationKind | ''
  unread: boolean
  /** First calendar year of a school year: 2026 is 2026/2027. Null: all of them. */
  year: number | null
  page: number
}

/** Italian words of the kinds in an address. */
const KIND_SLUGS: Record<CommunicationKind, string> = {
  information: 'informativa',
  reminder: 'sollecito',
  notice: 'avviso',
}

const MOST_PAGES = 500
const YEAR = /^20\d{2}$/

/** Reads `?cerca=&tipo=&stato=da-leggere&anno=2026&pagina=`. What makes no sense counts as not said. */
export function readCommunicationFilter(typed: SearchParams): CommunicationFilter {
  const page = Number(typed.pagina)
  const kind = Object.entries(KIND_SLUGS).find(([, slug]) => slug === typed.tipo)?.[0]
  return {
    text: searchText(typed.cerca),
    kind: isKind(kind) ? kind : '',
    unread: typed.stato === 'da-leggere',
    year: typeof typed.anno === 'string' && YEAR.test(typed.anno) ? Number(typed.anno) : null,
    page: Number.isInteger(page) && page >= 1 && page <= MOST_PAGES ? page : 1,
  }
}

/** The address's question mark and what follows; empty when nothing is asked. */
export function communicationFilterQuery({
  text,
  kind,
  unread,
  year,
  page,
}: Partial<CommunicationFilter>): string {
  const query = new URLSearchParams()
  if (text) query.set('cerca', text)
  if (kind) query.set('tipo', KIND_SLUGS[kind])
  if (unread) query.set('stato', 'da-leggere')
  if (year) query.set('anno', String(year))
  if (page && page > 1) query.set('pagina', String(page))
  const words = query.toString()
  return words && `?${words}`
}

/** The kinds as an address names them. */
export const kindSlug = (kind: CommunicationKind): string => KIND_SLUGS[kind]

/** Whether anything but the page is asked. */
export const isCommunicationFiltered = ({ text, kind, unread, year }: CommunicationFilter): boolean =>
  Boolean(text || kind || unread || year)

/** Reads `?versione=`: the number of an earlier version; null: the current one. Nonsense is a version that is not there. */
export const readVersionNumber = (typed: QueryValue): number | null =>
  typed === undefined ? null : typeof typed === 'string' && /^[1-9]\d{0,4}$/.test(typed) ? Number(typed) : 0
