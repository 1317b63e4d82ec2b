import type { Fields } from '#lib/kernel/form-merge.ts'
import { phrase } from '#lib/words/language.ts'
import type { Allergen } from './allergen.ts'

/** The courses of a school lunch, in the order in which they come to the table. */
export const COURSES = {
  primo: phrase('Primo'),
  secondo: phrase('Secondo'),
  unico: phrase('Piatto unico'),
  contorno: phrase('Contorno'),
  pane: phrase('Pane'),
  frutta: phrase('Frutta o dessert'),
} as const

export type Course = keyof typeof COURSES
export const COURSE_ORDER = Object.keys(COURSES) as Course[]

export const isCourse = (text: unknown): text is Course =>
  typeof text === 'string' && Object.hasOwn(COURSES, text)

export type Dish = {
  id: string
  name: string
  course: Course
  /** In words, as the kitchen writes them; may be empty. */
  ingredients: string
  /** Null while they are not declared: not the same as none. */
  allergens: Allergen[] | null
  /** Codes of the diets that do not eat it. A diet that is not here is no promise that it may. */
  unsuitedDiets: string[]
}

/** A dish as its form holds it. */
export const dishFields = (dish: Omit<Dish, 'id'>): Fields => ({
  name: dish.name,
  course: dish.course,
  ingredients: dish.ingredients,
  declared: dish.allergens ? 'si' : 'no',
  'allergens[]': (dish.allergens ?? []).join(','),
  'diets[]': dish.unsuitedDiets.join(','),
})

/** In the order of the table, then by name. */
export const byCourse = (a: Pick<Dish, 'course' | 'name'>, b: Pick<Dish, 'course' | 'name'>): number =>
  COURSE_ORDER.indexOf(a.course) - COURSE_ORDER.indexOf(b.course) || a.name.localeCompare(b.name, 'it')

/** "Pasta al pomodoro" and "pasta  al Pomodoro" are one dish. */
export const dishKey = (name: string): string =>
  name.normalize('NFC').replace(/\s+/g, ' ').trim().toLowerCase()
