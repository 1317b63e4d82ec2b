import type { Day, Month } from '#lib/kernel/day.ts'
import type { MealAction } from './meal-state.ts'

/** Addresses of the meal pages. Words in addresses are Italian, because people read them. */

export const ACTION_WORDS = { cancel: 'disdici', restore: 'ripristina' } as const satisfies Record<
  MealAction,
  string
>

export type CalendarView = 'mese' | 'elenco'
export const ALL_CHILDREN = 'tutti'

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
