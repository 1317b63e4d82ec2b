import { addDays, type Day, parseDay } from '#lib/kernel/day.ts'
import { COMMON_DIET } from '#lib/school/diet.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { mondayOf } from './rotation.ts'

type Choices = {
  today: Day
  schools: readonly { id: string; name: string; slug: string }[]
  diets: readonly { code: string; name: string; slug: string }[]
  schoolWeeks: readonly { schoolId: string; from: Day; to: Day }[]
}

/** The menu that is shown: a school, a week and a diet, all of them in the address. */
export type AskedMenu = {
  school: { id: string; name: string; slug: string }
  /** Null for the common menu. */
  diet: { code: string; name: string; slug: string } | null
  monday: Day
  /** The Mondays of the weeks before and after, inside the school's years. */
  previous: Day | null
  next: Day | null
}

/**
 * Reads `?scuola=&settimana=&dieta=`. What makes no sense counts as not said; a week outside the school's years becomes the
 * nearest inside; at the weekend the week to come is shown. Null for a municipality without a school that has lunch.
 */
export function readAskedMenu(book: Choices, typed: SearchParams): AskedMenu | null {
  const school = book.schools.find(({ slug }) => slug === typed.scuola) ?? book.schools[0]
  if (!school) return null
  const years = book.schoolWeeks.filter(({ schoolId }) => schoolId === school.id)
  const mondays = years.flatMap(({ from, to }) => [mondayOf(from), mondayOf(to)]).sort()
  const [first, last] = [mondays[0] ?? book.today, mondays.at(-1) ?? book.today]
  const asked = mondayOf(parseDay(typed.settimana) ?? addDays(book.today, 2))
  const [, monday = asked] = [first, asked, last].sort()
  return {
    school,
    diet: book.diets.find(({ slug }) => slug === typed.dieta) ?? null,
    monday,
    previous: monday > first ? addDays(monday, -7) : null,
    next: monday < last ? addDays(monday, 7) : null,
  }
}

export const dietCode = (asked: Pick<AskedMenu, 'diet'>): string => asked.diet?.code ?? COMMON_DIET

/** The address of a menu; every visitor may look at each diet, and it says nothing of a child. */
export function menuPath(
  municipalitySlug: string,
  at: { school?: string; week?: Day | null; diet?: string | undefined },
  page: 'menu' | 'menu/rotazione' | 'menu.json' | 'menu.csv' = 'menu',
): string {
  const query = new URLSearchParams()
  if (at.school) query.set('scuola', at.school)
  if (at.week) query.set('settimana', at.week)
  if (at.diet) query.set('dieta', at.diet)
  return `/${municipalitySlug}/${page}${query.size > 0 ? `?${query}` : ''}`
}
