'use client'

import { useActionState } from 'react'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { Table } from '#components/ui/table.tsx'
import { type Weekday, weekdayName } from '#lib/day.ts'
import { type FormState, untouched } from '#lib/form-state.ts'
import { COURSE_ORDER, COURSES, type Course } from '#lib/menus/dish.ts'
import { type Hidden, HiddenFields, type MenuAction } from './action-form.tsx'

export type DishChoice = { id: string; name: string; course: Course }

type Cell = { weekday: number; course: Course; index: number; chosen: string }

const CELL =
  'w-full min-w-36 min-h-11 rounded border-2 border-line-strong bg-white px-1 py-1 text-sm text-body'

/** One week of the rotation: a column per day, a row per course, a choice in each cell. Tab goes along the row. */
export function WeekForm({
  hidden,
  week,
  weekdays,
  dishes,
  days,
  action,
}: {
  hidden: Hidden
  week: number
  weekdays: number[]
  dishes: DishChoice[]
  /** Dish ids by weekday, as saved. */
  days: Record<number, readonly string[]>
  action: MenuAction
}) {
  const [{ typed, error }, send] = useActionState<FormState, FormData>(action, untouched)
  const courseOf = new Map(dishes.map(({ id, course }) => [id, course]))
  const planned = (weekday: number, course: Course) => {
    const sent = typed[`g-${weekday}[]`]
    const ids = sent === undefined ? (days[weekday] ?? []) : sent.split(',')
    return ids.filter((id) => courseOf.get(id) === course)
  }
  const rows = COURSE_ORDER.flatMap((course) => {
    const most = Math.max(1, ...weekdays.map((weekday) => planned(weekday, course).length))
    return Array.from({ length: most }, (_, index) => ({
      course,
      index,
      cells: weekdays.map(
        (weekday): Cell => ({
          weekday,
          course,
          index,
          chosen: planned(weekday, course)[index] ?? '',
        }),
      ),
    }))
  })
  return (
    <form action={send} className="grid gap-4 *:min-w-0">
      <HiddenFields fields={{ ...hidden, week }} />
      <ErrorSummary message={error?.message} />
      <div data-surface className="rounded-lg border border-line bg-white shadow-low">
        <Table caption={`Settimana ${week}: i piatti di ogni giorno`} captionHidden>
          <thead>
            <tr>
              <th scope="col">Portata</th>
              {weekdays.map((weekday) => (
                <th key={weekday} scope="col">
                  <span className="inline-block first-letter:uppercase">
                    {weekdayName(weekday as Weekday)}
                  </span>
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
                    <select
                      // A refused form keeps what was chosen: the answer carries it back.
                      key={`${chosen}-${typed[`g-${weekday}[]`] ?? ''}`}
                      name={`g-${weekday}[]`}
                      aria-label={`${COURSES[course]}, ${weekdayName(weekday as Weekday)}`}
                      defaultValue={chosen}
                      className={CELL}
                    >
                      <option value="">–</option>
                      {dishes
                        .filter((dish) => dish.course === course)
                        .map(({ id, name }) => (
                          <option key={id} value={id}>
                            {name}
                          </option>
                        ))}
                    </select>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </Table>
      </div>
      <div>
        <SubmitButton>Salva la settimana {week}</SubmitButton>
      </div>
    </form>
  )
}
