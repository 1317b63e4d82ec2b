'use client'

import { type KeyboardEvent, type MouseEvent, type RefObject, useLayoutEffect, useRef, useState } from 'react'
import { Said } from '#components/language/said.tsx'
import type { Day, Weekday } from '#lib/kernel/day.ts'
import { deadlineInWords } from '#lib/meals/cutoff.words.ts'
import { accessibleName, isChangeable, STATES } from '#lib/meals/meal-state.ts'
import type { MonthView } from '#lib/meals/month-view.ts'
import { longDay, weekdayHead, weekdayName } from '#lib/words/format-day.ts'
import type { Words } from '#lib/words/language.ts'
import { useWords } from '#words'
import './meals.css'
import type { SheetDay } from './day-sheet.tsx'
import { dayOf, neighbourOf, TURNS, turnMonth, useFocusAfterTurn } from './month-keys.ts'

/** A day as it is now: its deadline may have passed, or a change of it may be on the way. */
export type ShownDay = SheetDay & { isPending: boolean }

/** The days chosen to be changed together; null while none are being chosen. */
export type Choice = ReadonlySet<Day> | null

type GridProps = {
  view: MonthView
  caption: string
  today: Day
  isHydrated: boolean
  days: ReadonlyMap<Day, ShownDay>
  chosen: Choice
  onChoose: (chosen: Choice) => void
  onOpen: (day: Day) => void
}

/** The days of a month, by week. Before hydration open days are checkboxes; after it the table is a grid with one tab stop. */
export function MonthGrid(props: GridProps) {
  const { view, caption, today, isHydrated, days, chosen } = props
  const { table, tabStop, onClick, onKeyDown } = useGrid(props)
  return (
    <table
      ref={table}
      className={view.weekdays.length > 5 ? 'meals wide' : 'meals'}
      role={isHydrated ? 'grid' : undefined}
      onClick={onClick}
      onKeyDown={onKeyDown}
    >
      <caption className="sr-only">{caption}</caption>
      <WeekdayHeads weekdays={view.weekdays} />
      <tbody>
        {view.weeks.map((week, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the weeks of a month keep their place.
          <tr key={index}>
            {week.map((cell, column) => {
              const shown = cell === 0 ? undefined : days.get(cell[0])
              // biome-ignore lint/suspicious/noArrayIndexKey: a weekday keeps its column.
              if (!shown) return <td key={column} />
              const { day } = shown
              return (
                <DayCell
                  key={day}
                  shown={shown}
                  isHydrated={isHydrated}
                  isToday={day === today}
                  isTabStop={day === tabStop}
                  isChosen={chosen ? chosen.has(day) : null}
                />
              )
            })}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** One tab stop, moved by the keys of a grid; a press opens a day, or chooses it while days are being chosen. */
function useGrid({ view, today, isHydrated, days, chosen, onChoose, onOpen }: GridProps) {
  const table = useRef<HTMLTableElement>(null)
  const [focused, setFocused] = useState<Day | null>(null)
  const tabStop = [focused, today].find((day) => day && days.has(day)) ?? [...days.keys()][0]
  useKeepChoices(table, onChoose)
  useFocusAfterTurn(table, isHydrated)

  const isOpen = (day: Day): boolean => {
    const shown = days.get(day)
    return shown !== undefined && isChangeable(shown.kind)
  }

  function toggle(day: Day) {
    if (!isOpen(day)) return
    const next = new Set(chosen)
    if (!next.delete(day)) next.add(day)
    onChoose(next)
  }

  function onClick(event: MouseEvent<HTMLTableElement>) {
    const day = dayOf(event.target)
    if (!isHydrated || !day) return
    setFocused(day)
    if (chosen) toggle(day)
    else onOpen(day)
  }

  function moveFocus(day: Day | undefined) {
    if (!day) return
    setFocused(day)
    table.current?.querySelector<HTMLElement>(`[data-day="${day}"]`)?.focus()
  }

  function onKeyDown(event: KeyboardEvent<HTMLTableElement>) {
    const day = dayOf(event.target)
    if (!isHydrated || !day) return
    const turn = TURNS[event.key]
    if (turn) turnMonth(turn, day)
    else if (event.key === ' ') toggle(day)
    else if (event.key === 'Escape' && chosen) onChoose(null)
    else {
      const isRtl = getComputedStyle(event.currentTarget).direction === 'rtl'
      const target = neighbourOf(view.weeks, day, event.key, isRtl)
      if (target === null) return
      moveFocus(target)
      if (target && event.shiftKey && event.key.startsWith('Arrow'))
        onChoose(new Set([...(chosen ?? []), day, target].filter(isOpen)))
    }
    event.preventDefault()
  }

  return { table, tabStop, onClick, onKeyDown }
}

function WeekdayHeads({ weekdays }: { weekdays: readonly Weekday[] }) {
  const t = useWords()
  return (
    <thead>
      <tr>
        {weekdays.map((weekday) => (
          <th key={weekday} scope="col" abbr={weekdayName(weekday, t.language)}>
            {weekdayHead(weekday, t.language)}
          </th>
        ))}
      </tr>
    </thead>
  )
}

const nameOf = (t: Words, { day, kind, deadline, why }: ShownDay): string =>
  accessibleName(
    longDay(day, t.language),
    kind,
    {
      ...(deadline > 0 ? { until: deadlineInWords(day, new Date(deadline), t) } : {}),
      ...(why ? { why } : {}),
    },
    t,
  )

/**
 * One day: what the eye reads (number and word) and what is heard (day, state, deadline), in two elements.
 * Before hydration an open day is a checkbox, afterwards every day is a button.
 */
function DayCell({
  shown,
  isHydrated,
  isToday,
  isTabStop,
  isChosen,
}: {
  shown: ShownDay
  isHydrated: boolean
  isToday: boolean
  isTabStop: boolean
  /** Null while no days are being chosen. */
  isChosen: boolean | null
}) {
  const t = useWords()
  const { day, kind, isPending } = shown
  const { code, label } = STATES[kind]
  const isOpen = isChangeable(kind)
  const choosable = isChosen !== null && isOpen
  const face = (
    <>
      <b aria-hidden="true">{`${Number(day.slice(8))}\n${t(label)}`}</b>
      <span>
        <Said text={nameOf(t, shown)} />
      </span>
    </>
  )
  return (
    <td className={code} aria-current={isToday ? 'date' : undefined}>
      {isHydrated ? (
        <button
          type="button"
          data-day={day}
          tabIndex={isTabStop ? 0 : -1}
          {...(choosable ? { role: 'checkbox', 'aria-checked': isChosen } : {})}
          aria-busy={isPending || undefined}
        >
          {face}
        </button>
      ) : isOpen ? (
        <label>
          <input type="checkbox" name="giorno" value={day} />
          {face}
        </label>
      ) : (
        <div>{face}</div>
      )}
    </td>
  )
}

/** Days ticked while the page was still only HTML stay chosen after hydration. */
function useKeepChoices(table: RefObject<HTMLTableElement | null>, choose: (days: ReadonlySet<Day>) => void) {
  useLayoutEffect(() => {
    const boxes = table.current?.querySelectorAll<HTMLInputElement>('input:checked') ?? []
    const days = [...boxes].map((box) => box.value)
    if (days.length > 0) choose(new Set(days))
  }, [table, choose])
}
