'use client'

import { useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { useHydrated } from '#components/ui/use-hydrated.ts'
import type { Day } from '#lib/kernel/day.ts'
import { ACTION_WORDS } from '#lib/meals/meal.address.ts'
import { isChangeable, type MealAction } from '#lib/meals/meal-state.ts'
import { type MonthView, shownCells } from '#lib/meals/month-view.ts'
import { useWords } from '#words'
import { ChangeOutcome } from './change-outcome.tsx'
import { DaySheet } from './day-sheet.tsx'
import { type Choice, MonthGrid, type ShownDay } from './month-grid.tsx'
import { MonthTotals } from './month-totals.tsx'
import { SelectionBar } from './selection-bar.tsx'
import { type MoreFields, useChanges } from './use-changes.ts'
import { useMonth } from './use-month.ts'
import { useServerTime } from './use-server-time.ts'

export type CalendarPaths = {
  /** Where changes are sent and months are read. */
  api: string
  preview: string
  /** Where a day's history is, up to the day: "/mozzecane/prenotazioni/giorno/". */
  days: string
}

/** What the office says of each change beside it, and where the form without JavaScript carries it. */
export type OnBehalf = { more: MoreFields }

type CalendarProps = {
  view: MonthView
  childName: string
  caption: string
  today: Day
  paths: CalendarPaths
  /** Who changes the meals is a colleague of the office; without it, a parent. */
  onBehalf?: OnBehalf
}

/**
 * A child's month. The server draws a form with a checkbox per open day, which works by itself; once hydrated, it becomes a grid
 * with one tab stop (arrows, Home, End, Page Up and Down, Space to choose, Shift and arrows to choose more, Esc to let go)
 * and a sheet per day.
 */
export function MealCalendar({ view: drawn, childName, caption, today, paths, onBehalf }: CalendarProps) {
  const isHydrated = useHydrated()
  const { view, reload } = useMonth(drawn, paths.api)
  const { days, now, outcome, send } = useDays(view, paths.api, onBehalf?.more)
  const [chosen, setChosen] = useState<Choice>(null)
  const [opened, setOpened] = useState<Day | null>(null)
  const shown = (opened && days.get(opened)) || null
  const openDays = [...days.values()].filter(({ kind }) => isChangeable(kind))

  async function change(action: MealAction, changed: Day[]) {
    setOpened(null)
    setChosen(null)
    const answer = await send(action, changed)
    if (!answer.ok) reload()
  }

  return (
    <>
      <ChangeOutcome
        outcome={outcome}
        childName={childName}
        onUndo={change}
        isOffice={onBehalf !== undefined}
      />
      <form action={paths.preview} onSubmit={(event) => isHydrated && event.preventDefault()}>
        <input type="hidden" name="figlio" value={view.pupilId} />
        <MonthGrid
          view={view}
          caption={caption}
          today={today}
          isHydrated={isHydrated}
          days={days}
          chosen={chosen}
          onChoose={setChosen}
          onOpen={setOpened}
        />
        {isHydrated ? (
          <SelectionBar
            chosen={chosen && openDays.filter(({ day }) => chosen.has(day))}
            onStart={() => setChosen(new Set())}
            onCancel={() => setChosen(null)}
            onChange={change}
          />
        ) : (
          <ButtonsBeforeHydration />
        )}
      </form>
      <MonthTotals kinds={[...days.values()].map(({ kind }) => kind)} />
      <DaySheet
        day={shown}
        millisLeft={shown ? shown.deadline - now : 0}
        childName={childName}
        historyPath={opened ? `${paths.days}${opened}?figlio=${view.pupilId}` : ''}
        onClose={() => setOpened(null)}
        onChange={change}
        isOffice={onBehalf !== undefined}
      />
    </>
  )
}

/** The days of a month as they are at this moment, in their order, and how to change them. */
function useDays(view: MonthView, api: string, more: MoreFields | undefined) {
  const { pending, outcome, kindOf, send } = useChanges(view.pupilId, api, view.at, more)
  const cells = shownCells(view)
  const now = useServerTime(
    view.at,
    cells.map(([, , deadline]) => deadline),
  )
  const days: ReadonlyMap<Day, ShownDay> = new Map(
    cells.map((cell) => {
      const [day, , deadline, why = null] = cell
      return [day, { day, kind: kindOf(cell, now), deadline, why, isPending: pending.has(day) }]
    }),
  )
  return { days, now, outcome, send }
}

/** The ticked days go to a page that reads them back and asks. */
function ButtonsBeforeHydration() {
  const t = useWords()
  return (
    <div className="mt-4 flex flex-wrap gap-3">
      <Button name="azione" value={ACTION_WORDS.cancel} icon="user-x">
        {t('Segna assenti i giorni scelti')}
      </Button>
      <Button name="azione" value={ACTION_WORDS.restore} look="secondary" icon="undo-2">
        {t('Ripristina i giorni scelti')}
      </Button>
    </div>
  )
}
