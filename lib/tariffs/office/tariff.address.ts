import { searchText } from '#lib/school/municipality.ts'
import { readText, type SearchParams } from '#lib/web/query-params.ts'
import type { PupilSearch } from './tariff.ts'

/** Reads `?cerca=&classe=&fascia=`: which pupils, by name, class or band. */
export const readPupilSearch = (typed: SearchParams): PupilSearch => ({
  text: searchText(typed.cerca),
  classId: readText(typed.classe),
  bandCode: readText(typed.fascia),
})
