import { type Day, parseDay } from '#lib/kernel/day.ts'
import { searchText } from '#lib/school/municipality.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { type ContentKind, isCategory } from './content.ts'

/** What a reader looks for in a list; the address says it all, so that it can be sent to another person. */
export type ContentFilter = { text: string; category: string; from: Day | null; to: Day | null; page: number }

const MOST_PAGES = 500

/** Reads `?cerca=&categoria=&dal=&al=&pagina=`. What makes no sense counts as not said. */
export function readContentFilter(kind: ContentKind, typed: SearchParams): ContentFilter {
  const page = Number(typed.pagina)
  return {
    text: searchText(typed.cerca),
    category: isCategory(kind, typed.categoria) ? typed.categoria : '',
    from: parseDay(typed.dal),
    to: parseDay(typed.al),
    page: Number.isInteger(page) && page >= 1 && page <= MOST_PAGES ? page : 1,
  }
}

/** The address's question mark and what follows; empty when nothing is asked. */
export function contentFilterQuery(filter: Partial<ContentFilter>): string {
  const query = new URLSearchParams()
  if (filter.text) query.set('cerca', filter.text)
  if (filter.category) query.set('categoria', filter.category)
  if (filter.from) query.set('dal', filter.from)
  if (filter.to) query.set('al', filter.to)
  if (filter.page && filter.page > 1) query.set('pagina', String(filter.page))
  const text = query.toString()
  return text && `?${text}`
}

/** Whether anything but the page is asked. */
export const isContentFiltered = ({ text, category, from, to }: ContentFilter): boolean =>
  Boolean(text || category || from || to)
