import type { Day } from '#lib/kernel/day.ts'
import { readPage } from '#lib/web/pagination.ts'
import { readText, type SearchParams } from '#lib/web/query-params.ts'
import type { CountsAsked } from './count-page.ts'

const LONGEST = 80

/** Reads `?cerca=&pagina=&tutte=si`: which schools of a day's counts are shown. */
export const readCountsAsked = (typed: SearchParams): CountsAsked => ({
  text: readText(typed.cerca).trim().slice(0, LONGEST),
  page: readPage(typed.pagina),
  whole: typed.tutte === 'si',
})

/** The query of these schools on a day. */
export const countsQuery = (day: Day, { text, page, whole }: CountsAsked): string =>
  new URLSearchParams({
    giorno: day,
    ...(text ? { cerca: text } : {}),
    ...(whole ? { tutte: 'si' } : page > 1 ? { pagina: String(page) } : {}),
  }).toString()
