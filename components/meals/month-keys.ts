'use client'

import { useEffect } from 'react'
import type { Day } from '#lib/kernel/day.ts'
import type { Cell, MonthView } from '#lib/meals/month-view.ts'

/** In the address after the month was turned with the keyboard: the day that takes the focus. */
const FOCUS_MARK = 'giorno-'

/** The day on whose button an event happened. */
export const dayOf = (target: EventTarget): Day | null =>
  target instanceof Element ? (target.closest<HTMLElement>('[data-day]')?.dataset.day ?? null) : null

export type Turn = 'prev' | 'next'

/** Which key turns to the month beside. */
export const TURNS: Readonly<Record<string, Turn>> = { PageUp: 'prev', PageDown: 'next' }

/** Follows the page's own link to the month beside, and lets the same day take the focus there. */
export function turnMonth(direction: Turn, day: Day) {
  const link = document.querySelector<HTMLAnchorElement>(`a[rel="${direction}"]`)
  if (!link) return
  link.hash = `${FOCUS_MARK}${Number(day.slice(8))}`
  link.click()
}

/** Gives the focus to the day that a turn of the month has left in the address. */
export function useFocusAfterTurn(table: { current: HTMLTableElement | null }, isHydrated: boolean) {
  useEffect(() => {
    const wanted = Number(location.hash.match(`^#${FOCUS_MARK}(\\d{1,2})$`)?.[1])
    if (!isHydrated || !wanted) return
    const buttons = [...(table.current?.querySelectorAll<HTMLElement>('[data-day]') ?? [])]
    const target = buttons.find((button) => Number(button.dataset.day?.slice(8)) >= wanted) ?? buttons.at(-1)
    history.replaceState(history.state, '', location.pathname + location.search)
    target?.focus()
  }, [table, isHydrated])
}

/**
 * Where a key leads from a day: undefined at the edge of the month, null when the key is not one of ours. Read from right to
 * left, tomorrow stands on the left.
 */
export function neighbourOf(
  weeks: MonthView['weeks'],
  day: Day,
  key: string,
  isRtl: boolean,
): Day | undefined | null {
  const dayAt = (cell: Cell | 0 | undefined) => (cell ? cell[0] : undefined)
  const row = weeks.findIndex((week) => week.some((cell) => dayAt(cell) === day))
  const week = weeks[row] ?? []
  const column = week.findIndex((cell) => dayAt(cell) === day)
  const all = weeks.flat().flatMap((cell) => (cell ? [cell[0]] : []))
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowRight':
      return all[all.indexOf(day) + ((key === 'ArrowLeft') === isRtl ? 1 : -1)]
    case 'ArrowUp':
      return dayAt(weeks[row - 1]?.[column])
    case 'ArrowDown':
      return dayAt(weeks[row + 1]?.[column])
    case 'Home':
      return dayAt(week.find((cell) => cell !== 0))
    case 'End':
      return dayAt(week.findLast((cell) => cell !== 0))
    default:
      return null
  }
}
