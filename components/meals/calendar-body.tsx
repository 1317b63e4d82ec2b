'use client'

import { withoutHydration } from '#components/ui/without-hydration.tsx'
import Drawn from '#drawn/meals/calendar-part.tsx'
import type { Day } from '#lib/kernel/day.ts'
import { ALL_CHILDREN, mealsApi, previewPath } from '#lib/meals/meal.address.ts'
import { type MonthView, shownCells } from '#lib/meals/month-view.ts'
import { monthName } from '#lib/words/format-day.ts'
import { inARow, listInWords } from '#lib/words/list.ts'
import { useWords } from '#words'
import type { CalendarChild, CalendarPlace } from './calendar-place.ts'
import { DeadlineNote } from './deadline-note.tsx'
import { MealCalendar } from './meal-calendar.tsx'

const Part = withoutHydration(Drawn, () => import('./calendar-part.tsx'))

/** Until when children of one school can be changed; instants are milliseconds since 1970. */
export type Deadline = {
  names: string[]
  cutoffRule: { time: string; daysBefore: number }
  open: { from: Day; to: Day; nextCutoff: number } | null
}

type Props = {
  place: CalendarPlace
  siblings: CalendarChild[]
  /** Those whom one page shows together, and those for whom one change can be: all of one household. */
  together: CalendarChild[]
  ofHousehold: CalendarChild[]
  /** The month of one child, or of all those of a household. */
  views: MonthView[]
  today: Day
  /** By child; one sentence for those with the same deadline. */
  deadlines: Deadline[]
  /** Why the form that was just sent changed nothing. */
  refusal: string | null
  /** Makes the next change of the list happen once. */
  formKey: string
}

/** *Prenotazioni*: it gets the facts of a month, and the browser wakes of it only what reacts. */
export function CalendarBody(props: Props) {
  const { place, siblings, together, refusal, deadlines } = props
  const open = deadlines[0]?.open ?? null
  return (
    <>
      <Part part="top" place={place} siblings={siblings} together={together} refusal={refusal} />
      <Deadlines deadlines={deadlines} now={props.views[0]?.at ?? 0} />
      <section aria-labelledby="mese" className="mt-6">
        <Part part="nav" place={place} />
        <Days {...props} />
      </section>
      <Part
        part="end"
        place={place}
        siblings={props.ofHousehold}
        open={open && { from: open.from, to: open.to }}
        withElsewhere={props.views.some((view) => shownCells(view).some(([, kind]) => kind === 'elsewhere'))}
      />
    </>
  )
}

function Deadlines({ deadlines, now }: { deadlines: readonly Deadline[]; now: number }) {
  const t = useWords()
  return (
    <div className="grid gap-3">
      {deadlines.map(({ names, cutoffRule, open }) => (
        <DeadlineNote
          key={names.join()}
          {...(deadlines.length > 1 ? { who: listInWords(names, t.language) } : {})}
          now={new Date(now)}
          cutoffRule={cutoffRule}
          open={open && { ...open, nextCutoff: new Date(open.nextCutoff) }}
        />
      ))}
    </div>
  )
}

/** The days as grid, as list, or of all children in one table. */
function Days({ place, siblings, views, today, formKey }: Props) {
  const t = useWords()
  const { municipalitySlug, month, child, view: look } = place
  const [view] = views
  if (child === ALL_CHILDREN)
    return <Part part="family" place={place} siblings={siblings} views={views} today={today} />
  if (!view) return null
  if (look === 'elenco') return <Part part="list" place={place} view={view} today={today} formKey={formKey} />
  const childName = siblings.find(({ id }) => id === child)?.givenName ?? ''
  return (
    <MealCalendar
      key={`${child} ${month}`}
      view={view}
      childName={childName}
      caption={inARow([monthName(month, t.language), childName], t)}
      today={today}
      paths={{
        api: mealsApi(municipalitySlug),
        preview: previewPath(municipalitySlug),
        days: `/${municipalitySlug}/prenotazioni/giorno/`,
      }}
    />
  )
}
