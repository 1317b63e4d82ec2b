import { searchText } from '#lib/school/municipality.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { type Course, isCourse } from '../dish.ts'

/** Which dishes the office looks at. */
export type DishFilter = { text: string; course: Course | ''; undeclared: boolean }

/** Reads `?cerca=&portata=&allergeni=mancano`. What makes no sense counts as not said. */
export const readDishFilter = (typed: SearchParams): DishFilter => ({
  text: searchText(typed.cerca),
  course: isCourse(typed.portata) ? typed.portata : '',
  undeclared: typed.allergeni === 'mancano',
})

/** Whether anything is asked. */
export const isDishFiltered = ({ text, course, undeclared }: DishFilter): boolean =>
  text !== '' || course !== '' || undeclared

/** The query of one page of the dishes that were asked for. */
export function dishQuery({ text, course, undeclared }: DishFilter, page: number): string {
  const query = new URLSearchParams()
  if (text) query.set('cerca', text)
  if (course) query.set('portata', course)
  if (undeclared) query.set('allergeni', 'mancano')
  if (page > 1) query.set('pagina', String(page))
  return query.toString()
}
