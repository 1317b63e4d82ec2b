'use client'

import { useActionState, useState } from 'react'
import { Basis, type FieldWords, FormErrors } from '#components/office/form-errors.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { Table } from '#components/ui/table.tsx'
import { useHydrated } from '#components/ui/use-hydrated.ts'
import type { Weekday } from '#lib/kernel/day.ts'
import type { Fields } from '#lib/kernel/form-merge.ts'
import { COURSE_ORDER, COURSES, type Course } from '#lib/menus/dish.ts'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'
import { weekdayName } from '#lib/words/format-day.ts'
import type { Hidden, MenuAction } from './action-form.tsx'

export type DishChoice = { id: string; name: string; course: Course }

type Cell = { weekday: number; course: Course; index: number; chosen: string }

const CELL = 'w-full min-h-11 rounded border-2 border-line-strong bg-white px-2 py-1 text-sm text-body'

/**
 * A choice of a dish whose name is read whole: a list box cuts off what is longer than its column. The name stands in its
 * place, on as many lines as it needs, and the list box over it, unseen but for its focus, is what is pressed and heard.
 */
function DishSelect({
  name,
  label,
  chosen,
  dishes,
}: {
  name: string
  label: string
  chosen: string
  dishes: readonly DishChoice[]
}) {
  const isHydrated = useHydrated()
  const [current, setCurrent] = useState(chosen)
  const shown = dishes.find(({ id }) => id === current)?.name ?? '–'
  return (
    <span className="relative block min-w-36">
      {isHydrated && (
        <span
          aria-hidden
          className={`${CELL} flex items-center justify-between gap-1 py-1.5 leading-snug print:border-0 print:p-0`}
        >
          <span className="min-w-0 break-words">{shown}</span>
          <Icon name="chevron-down" size="sm" className="shrink-0 text-primary print:hidden" />
        </span>
      )}
      <select
        name={name}
        aria-label={label}
        defaultValue={chosen}
        onChange={(event) => setCurrent(event.target.value)}
        className={isHydrated ? 'dish-select' : CELL}
      >
        <option value="">–</option>
        {dishes.map((dish) => (
          <option key={dish.id} value={dish.id}>
            {dish.name}
          </option>
        ))}
      </select>
    </span>
  )
}

type Row = { course: Course; index: number; cells: Cell[] }

/** A row per course, and more than one where a day has more than one dish of it. @param idsOf the dishes of a day, by commas */
function rowsOf(
  weekdays: readonly number[],
  dishes: readonly DishChoice[],
  idsOf: (weekday: number) => string,
): Row[] {
  const courseOf = new Map(dishes.map(({ id, course }) => [id, course]))
  const planned = (weekday: number, course: Course) =>
    idsOf(weekday)
      .split(',')
      .filter((id) => courseOf.get(id) === course)
  return COURSE_ORDER.flatMap((course) => {
    const most = Math.max(1, ...weekdays.map((weekday) => planned(weekday, course).length))
    return Array.from({ length: most }, (_, index) => ({
      course,
      index,
      cells: weekdays.map(
        (weekday): Cell => ({ weekday, course, index, chosen: planned(weekday, course)[index] ?? '' }),
      ),
    }))
  })
}

function wordsWith(weekdays: readonly number[], dishes: readonly DishChoice[]): FieldWords {
  const nameOf = new Map(dishes.map(({ id, name }) => [id, name]))
  return {
    labels: Object.fromEntries(
      weekdays.map((weekday) => [`g-${weekday}[]`, weekdayName(weekday as Weekday)]),
    ),
    inWords: (_, value) =>
      value
        .split(',')
        .filter(Boolean)
        .map((id) => nameOf.get(id) ?? '?')
        .join(', '),
  }
}

/** One week of the rotation: a column per day, a row per course, a choice in each cell. Tab goes along the row. */
export function WeekForm({
  hidden,
  version,
  week,
  weekdays,
  dishes,
  saved,
  here,
  action,
}: {
  hidden: Hidden
  version: number
  week: number
  weekdays: number[]
  dishes: DishChoice[]
  /** The week's fields: dish ids by day. */
  saved: Fields
  /** The form's own page. */
  here: string
  action: MenuAction
}) {
  const [state, send] = useActionState<FormState, FormData>(action, UNTOUCHED, here)
  const { typed } = state
  const rows = rowsOf(weekdays, dishes, (weekday) => typed[`g-${weekday}[]`] ?? saved[`g-${weekday}[]`] ?? '')
  return (
    <form action={send} className="grid gap-4 *:min-w-0">
      <HiddenFields values={{ ...hidden, week }} />
      <Basis at={{ version }} fields={saved} typed={typed} />
      <FormErrors state={state} words={wordsWith(weekdays, dishes)} here={here} />
      <div data-surface className="rounded-lg border border-line bg-white shadow-low">
        <WeekTable week={week} weekdays={weekdays} rows={rows} dishes={dishes} typed={typed} />
      </div>
      <div>
        <SubmitButton>Salva la settimana {week}</SubmitButton>
      </div>
    </form>
  )
}

function WeekTable({
  week,
  weekdays,
  rows,
  dishes,
  typed,
}: {
  week: number
  weekdays: readonly number[]
  rows: readonly Row[]
  dishes: readonly DishChoice[]
  typed: Fields
}) {
  return (
    <Table caption={`Settimana ${week}: i piatti di ogni giorno`} captionHidden>
      <thead>
        <tr>
          <th scope="col">Portata</th>
          {weekdays.map((weekday) => (
            <th key={weekday} scope="col">
              <span className="inline-block first-letter:uppercase">{weekdayName(weekday as Weekday)}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ course, index, cells }) => (
          <tr key={`${course}-${index}`}>
            <th scope="row">{index === 0 ? COURSES[course] : `${COURSES[course]} ${index + 1}`}</th>
            {cells.map(({ weekday, chosen }) => (
              <td key={weekday} className="px-1.5!">
                <DishSelect
                  // A refused form keeps what was chosen: the answer carries it back.
                  key={`${chosen}-${typed[`g-${weekday}[]`] ?? ''}`}
                  name={`g-${weekday}[]`}
                  label={`${COURSES[course]}, ${weekdayName(weekday as Weekday)}`}
                  chosen={chosen}
                  dishes={dishes.filter((dish) => dish.course === course)}
                />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </Table>
  )
}
