'use client'

import { type Plural, plural, type Words } from '#lib/words/language.ts'
import { inARow } from '#lib/words/list.ts'
import { useWords } from '#words'
import './meals.css'
import { type KeyboardEvent, type MouseEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { useHydrated } from '#components/ui/use-hydrated.ts'
import type { Day } from '#lib/kernel/day.ts'
import { deadlineInWords } from '#lib/meals/cutoff.words.ts'
import { ACTION_WORDS } from '#lib/meals/meal.address.ts'
import {
  accessibleName,
  isChangeable,
  type MealAction,
  STATES,
  type StateKind,
} from '#lib/meals/meal-state.ts'
import { type Cell, kindAt, type MonthView } from '#lib/meals/month-view.ts'
import { longDay, weekdayName } from '#lib/words/format-day.ts'
import { ChangeOutcome } from './change-outcome.tsx'
import { DaySheet } from './day-sheet.tsx'
import { SelectionBar } from './selection-bar.tsx'
import { useChanges } from './use-changes.ts'
import { useServerTime } from './use-time.ts'

/** A tab hidden for longer than this loads its data again when it becomes visible. */
const STALE_MS = 60_000

export type CalendarPaths = {
  /** Where changes are sent and months are read. */
  api: string
  preview: string
  /** Where a day's history is, up to the day: "/mozzecane/prenotazioni/giorno/". */
  days: string
}

/** In the address after the month was turned with the keyboard: the day that takes the focus. */
const FOCUS_MARK = 'giorno-'

const words = (t: Words, day: Day, kind: StateKind, deadline: number, why?: string): string => {
  return accessibleName(
    longDay(day, t.language),
    kind,
    {
      ...(deadline > 0 ? { until: deadlineInWords(day, new Date(deadline), t) } : {}),
      ...(why ? { why } : {}),
    },
    t,
  )
}

/**
 * A child's month. The server draws a form with a checkbox per open day, which works by itself; once hydrated, it becomes a grid
 * with one tab stop (arrows, Home, End, Page Up and Down, Space to choose, Shift and arrows to choose more, Esc to let go)
 * and a sheet per day.
 */
export function MealCalendar({
  view: drawn,
  childName,
  caption,
  today,
  paths,
}: {
  view: MonthView
  childName: string
  caption: string
  today: Day
  paths: CalendarPaths
}) {
  const t = useWords()
  const isHydrated = useHydrated()
  const table = useRef<HTMLTableElement>(null)
  const [fresh, setFresh] = useState<MonthView | null>(null)
  const view = fresh && fresh.at > drawn.at ? fresh : drawn
  const [chosen, setChosen] = useState<ReadonlySet<Day> | null>(null)
  const [sheet, setSheet] = useState<Day | null>(null)
  const { pending, outcome, kindOf: changedKind, send } = useChanges(view.pupilId, paths.api, view.at)

  const cells = view.weeks.flat().filter((cell): cell is Cell => cell !== 0)
  const now = useServerTime(
    view.at,
    cells.map(([, , deadline]) => deadline),
  )
  const kindOf = ([day, kind, deadline]: Cell): StateKind =>
    pending.has(day) ? changedKind(day, kind) : kindAt(changedKind(day, kind), deadline, now)
  const days = cells.map(([day]) => day)
  const [focused, setFocused] = useState<Day | null>(null)
  const tabStop = [focused, today].find((day) => day && days.includes(day)) ?? days[0] ?? null

  const isOpen = (day: Day): boolean => {
    const cell = cells.find(([own]) => own === day)
    return cell !== undefined && isChangeable(kindOf(cell))
  }
  const chosenOpen = [...(chosen ?? [])].filter(isOpen).sort()

  useRefresh(view, paths.api, setFresh)
  useKeepChoices(table, setChosen)
  useFocusAfterTurn(table, isHydrated)

  async function change(action: MealAction, changedDays: Day[]) {
    setSheet(null)
    setChosen(null)
    const answer = await send(action, changedDays)
    if (!answer.ok) void readMonth(paths.api, view).then((latest) => latest && setFresh(latest))
  }

  function toggle(day: Day) {
    if (!isOpen(day)) return
    const next = new Set(chosen)
    if (!next.delete(day)) next.add(day)
    setChosen(next)
  }

  function press(event: MouseEvent<HTMLTableElement>) {
    const day = dayOf(event.target)
    if (!isHydrated || !day) return
    setFocused(day)
    if (chosen) toggle(day)
    else setSheet(day)
  }

  function focus(day: Day | undefined) {
    if (!day) return
    setFocused(day)
    table.current?.querySelector<HTMLElement>(`[data-day="${day}"]`)?.focus()
  }

  function onKey(event: KeyboardEvent<HTMLTableElement>) {
    const day = dayOf(event.target)
    if (!isHydrated || !day) return
    const turn = event.key === 'PageUp' ? 'prev' : event.key === 'PageDown' ? 'next' : null
    if (turn) turnMonth(turn, day)
    else if (event.key === ' ') toggle(day)
    else if (event.key === 'Escape' && chosen) setChosen(null)
    else {
      const isRtl = getComputedStyle(event.currentTarget).direction === 'rtl'
      const target = neighbourOf(view.weeks, day, event.key, isRtl)
      if (target === null) return
      focus(target)
      if (target && event.shiftKey && event.key.startsWith('Arrow')) {
        setChosen(new Set([...(chosen ?? []), day, target].filter(isOpen)))
      }
    }
    event.preventDefault()
  }

  const sheetCell = cells.find(([day]) => day === sheet)
  return (
    <>
      <ChangeOutcome outcome={outcome} childName={childName} onUndo={change} />
      <form action={paths.preview} onSubmit={(event) => isHydrated && event.preventDefault()}>
        <input type="hidden" name="figlio" value={view.pupilId} />
        <table
          ref={table}
          className={view.weekdays.length > 5 ? 'meals wide' : 'meals'}
          role={isHydrated ? 'grid' : undefined}
          onClick={press}
          onKeyDown={onKey}
        >
          <caption className="sr-only">{caption}</caption>
          <thead>
            <tr>
              {view.weekdays.map((weekday) => {
                const name = weekdayName(weekday, t.language)
                return (
                  <th key={weekday} scope="col" abbr={name}>
                    {name.slice(0, 3)}
                  </th>
                )
              })}
            </tr>
          </thead>
          <tbody>
            {view.weeks.map((week, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the weeks of a month keep their place.
              <tr key={index}>
                {week.map((cell, column) => {
                  // biome-ignore lint/suspicious/noArrayIndexKey: a weekday keeps its column.
                  if (cell === 0) return <td key={column} />
                  const [day] = cell
                  return (
                    <DayCell
                      key={day}
                      cell={cell}
                      kind={kindOf(cell)}
                      isHydrated={isHydrated}
                      isToday={day === today}
                      isTabStop={day === tabStop}
                      isChosen={chosen ? chosen.has(day) : null}
                      isPending={pending.has(day)}
                    />
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
        {isHydrated ? (
          <SelectionBar
            chosen={chosen && chosenOpen}
            kindOf={(day) => kindOf(cells.find(([own]) => own === day) as Cell)}
            onStart={() => setChosen(new Set())}
            onCancel={() => setChosen(null)}
            onChange={change}
          />
        ) : (
          <div className="mt-4 flex flex-wrap gap-3">
            <Button name="azione" value={ACTION_WORDS.cancel} icon="user-x">
              {t('Segna assenti i giorni scelti')}
            </Button>
            <Button name="azione" value={ACTION_WORDS.restore} look="secondary" icon="undo-2">
              {t('Ripristina i giorni scelti')}
            </Button>
          </div>
        )}
      </form>
      <p className="mt-3 text-ink">{totalsInWords(t, cells.map(kindOf))}</p>
      <DaySheet
        day={
          sheetCell
            ? {
                day: sheetCell[0],
                kind: kindOf(sheetCell),
                deadline: sheetCell[2],
                why: sheetCell[3] ?? null,
              }
            : null
        }
        millisLeft={sheetCell ? sheetCell[2] - now : 0}
        childName={childName}
        historyPath={sheet ? `${paths.days}${sheet}?figlio=${view.pupilId}` : ''}
        onClose={() => setSheet(null)}
        onChange={change}
      />
    </>
  )
}

/** What is counted of a month, and the states of a day that count so. */
const TOTALS: readonly (readonly [Plural, readonly StateKind[]])[] = [
  [plural('{n} presenza', '{n} presenze'), ['present', 'presentLate']],
  [plural('{n} assenza', '{n} assenze'), ['absent', 'absentLate', 'absentPast']],
  [plural('{n} pasto consumato', '{n} pasti consumati'), ['consumed']],
]

/** "In questo mese: 12 presenze, 1 assenza, 9 pasti consumati." */
function totalsInWords(t: Words, kinds: readonly StateKind[]): string {
  const told = TOTALS.map(([words, counted]) => ({
    words,
    n: kinds.filter((kind) => counted.includes(kind)).length,
  })).filter(({ n }) => n > 0)
  const totals = inARow(
    told.map(({ words, n }) => t(words, { n })),
    t,
  )
  return totals === ''
    ? t('In questo mese non ci sono giorni di mensa.')
    : t('In questo mese: {totals}.', { totals })
}

/**
 * One day: what the eye reads (number and word) and what is heard (day, state, deadline), in two elements.
 * Before hydration an open day is a checkbox, afterwards every day is a button.
 */
function DayCell({
  cell: [day, , deadline, why],
  kind,
  isHydrated,
  isToday,
  isTabStop,
  isChosen,
  isPending,
}: {
  cell: Cell
  kind: StateKind
  isHydrated: boolean
  isToday: boolean
  isTabStop: boolean
  /** Null while no days are being chosen. */
  isChosen: boolean | null
  isPending: boolean
}) {
  const t = useWords()
  const { code, label } = STATES[kind]
  const isOpen = isChangeable(kind)
  const choosable = isChosen !== null && isOpen
  const face = (
    <>
      <b aria-hidden="true">{`${Number(day.slice(8))}\n${t(label)}`}</b>
      <span>{words(t, day, kind, deadline, why)}</span>
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

/** Follows the page's own link to the month beside, and lets the same day take the focus there. */
function turnMonth(direction: 'prev' | 'next', day: Day) {
  const link = document.querySelector<HTMLAnchorElement>(`a[rel="${direction}"]`)
  if (!link) return
  link.hash = `${FOCUS_MARK}${Number(day.slice(8))}`
  link.click()
}

const dayOf = (target: EventTarget): Day | null =>
  target instanceof Element ? (target.closest<HTMLElement>('[data-day]')?.dataset.day ?? null) : null

/**
 * Where a key leads from a day: undefined at the edge of the month, null when the key is not one of ours. Read from right to
 * left, tomorrow stands on the left.
 */
function neighbourOf(
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

/** The month as it is now, or null when the server cannot be reached. */
async function readMonth(api: string, { pupilId, month }: MonthView): Promise<MonthView | null> {
  try {
    const response = await fetch(`${api}?figlio=${pupilId}&mese=${month}`, {
      headers: { accept: 'application/json' },
    })
    return response.ok ? ((await response.json()) as MonthView) : null
  } catch {
    return null
  }
}

/** Loads the month again when a hidden tab becomes visible: the other parent may have changed it. */
function useRefresh(view: MonthView, api: string, show: (latest: MonthView) => void) {
  useEffect(() => {
    let hiddenAt = 0
    const look = () => {
      if (document.visibilityState === 'hidden') hiddenAt = performance.now()
      else if (hiddenAt > 0 && performance.now() - hiddenAt > STALE_MS) {
        void readMonth(api, view).then((latest) => latest && show(latest))
      }
    }
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [view, api, show])
}

/** Days ticked while the page was still only HTML stay chosen after hydration. */
function useKeepChoices(
  table: { current: HTMLTableElement | null },
  choose: (days: ReadonlySet<Day>) => void,
) {
  useLayoutEffect(() => {
    const boxes = table.current?.querySelectorAll<HTMLInputElement>('input:checked') ?? []
    const days = [...boxes].map((box) => box.value)
    if (days.length > 0) choose(new Set(days))
  }, [table, choose])
}

function useFocusAfterTurn(table: { current: HTMLTableElement | null }, isHydrated: boolean) {
  useEffect(() => {
    const wanted = Number(location.hash.match(`^#${FOCUS_MARK}(\\d{1,2})$`)?.[1])
    if (!isHydrated || !wanted) return
    const buttons = [...(table.current?.querySelectorAll<HTMLElement>('[data-day]') ?? [])]
    const target = buttons.find((button) => Number(button.dataset.day?.slice(8)) >= wanted) ?? buttons.at(-1)
    history.replaceState(history.state, '', location.pathname + location.search)
    target?.focus()
  }, [table, isHydrated])
}
