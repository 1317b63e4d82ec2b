import { searchText } from '#lib/school/municipality.ts'
import { readPage } from '#lib/web/pagination.ts'
import { readText, type SearchParams } from '#lib/web/query-params.ts'
import type { PupilSearch } from './tariff.ts'

/** Reads `?cerca=&classe=&fascia=&pagina=`: which pupils, by a name of the family, class or band. */
export const readPupilSearch = (typed: SearchParams): PupilSearch => ({
  text: searchText(typed.cerca),
  classId: readText(typed.classe),
  bandCode: readText(typed.fascia),
  page: readPage(typed.pagina),
})

/** The address of another page of the same search. */
export const pupilSearchQuery = ({ text, classId, bandCode }: PupilSearch, page: number): string =>
  `?${new URLSearchParams({ cerca: text, classe: classId, fascia: bandCode, pagina: String(page) })}`
