import { type Day, type Month, parseMonth } from '#lib/kernel/day.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { readFirst, type SearchParams } from '#lib/web/query-params.ts'
import type { Eater } from './cutoff.ts'
import type { MealAction } from './meal-state.ts'

/** Addresses of the meal pages. Words in addresses are Italian, because people read them. */

export const ACTION_WORDS = { cancel: 'disdici', restore: 'ripristina' } as const satisfies Record<
  MealAction,
  string
>

export type CalendarView = 'mese' | 'elenco'
export const ALL_CHILDREN = 'tutti'

/** Whether a value is written as an `Eater`. */
export const isEater = (value: unknown): value is Eater =>
  typeof value === 'string' && value.split('.').length <= 2 && value.split('.').every(isUuid)

/** What the calendar is asked for; who may see the child is judged later. */
export type CalendarAddress = {
  /** A pupil's id, with one service where there are more, all of them, or null for the first one. */
  child: Eater | typeof ALL_CHILDREN | null
  /** Null for the month of today. */
  month: Month | null
  view: CalendarView
}

/**
 * Reads `?figlio=&mese=&vista=`. A month or a view that makes no sense counts as not said.
 * @returns null for a child that cannot be: such an address leads to no page
 */
export function readCalendarAddress(typed: SearchParams): CalendarAddress | null {
  const child = readFirst(typed.figlio) ?? null
  if (child !== null && child !== ALL_CHILDREN && !isEater(child)) return null
  return {
    child,
    month: parseMonth(readFirst(typed.mese)),
    view: readFirst(typed.vista) === 'elenco' ? 'elenco' : 'mese',
  }
}

export function calendarPath(
  municipalitySlug: string,
  at: { child?: string; month?: Month; view?: CalendarView } = {},
): string {
  const query = new URLSearchParams()
  if (at.child) query.set('figlio', at.child)
  if (at.month) query.set('mese', at.month)
  if (at.view && at.view !== 'mese') query.set('vista', at.view)
  return `/${municipalitySlug}/prenotazioni${query.size > 0 ? `?${query}` : ''}`
}

export const previewPath = (municipalitySlug: string): string => `/${municipalitySlug}/prenotazioni/anteprima`
export const receiptPath = (municipalitySlug: string, id: string): string =>
  `/${municipalitySlug}/prenotazioni/ricevute/${id}`
export const dayPath = (municipalitySlug: string, day: Day, pupilId: string): string =>
  `/${municipalitySlug}/prenotazioni/giorno/${day}?figlio=${pupilId}`
export const mealsApi = (municipalitySlug: string): string => `/api/${municipalitySlug}/prenotazioni`
