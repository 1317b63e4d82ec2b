import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import type { Day, Month } from '#lib/kernel/day.ts'
import { pupilsOf } from '#lib/meals/cutoff.ts'
import { ALL_CHILDREN, calendarPath, mealsApi, previewPath } from '#lib/meals/meal.address.ts'
import { neighbouringMonths } from '#lib/meals/month.ts'
import { type MonthView, shownCells, stateOf } from '#lib/meals/month-view.ts'
import { monthName } from '#lib/words/format-day.ts'
import { listInWords } from '#lib/words/list.ts'
import { useWords } from '#words'
import type { CalendarChild, CalendarPlace } from './calendar-place.ts'
import { ChildSwitch } from './child-switch.tsx'
import { FamilyMonth } from './family-month.tsx'
import { Legend } from './legend.tsx'
import { MealList } from './meal-list.tsx'
import { MonthNav } from './month-nav.tsx'
import { PeriodForm } from './period-form.tsx'
import { SchoolReminder } from './school-reminder.tsx'

type TopProps = {
  place: CalendarPlace
  siblings: readonly CalendarChild[]
  /** The children whom *Tutti i figli* shows. */
  together: readonly CalendarChild[]
  refusal: string | null
}
type NavProps = { place: CalendarPlace }
type ListProps = { place: CalendarPlace; view: MonthView; today: Day; formKey: string }
type FamilyProps = {
  place: CalendarPlace
  siblings: readonly CalendarChild[]
  views: readonly MonthView[]
  today: Day
}
type EndProps = {
  place: CalendarPlace
  siblings: CalendarChild[]
  open: { from: Day; to: Day } | null
  withElsewhere: boolean
}

type Props =
  | ({ part: 'top' } & TopProps)
  | ({ part: 'nav' } & NavProps)
  | ({ part: 'list' } & ListProps)
  | ({ part: 'family' } & FamilyProps)
  | ({ part: 'end' } & EndProps)

/** One of the parts of *Prenotazioni* that need no script: all but the grid and the deadline, which counts down. */
export default function CalendarPart(props: Props) {
  switch (props.part) {
    case 'top':
      return <Top {...props} />
    case 'nav':
      return <Nav {...props} />
    case 'list':
      return <List {...props} />
    case 'family':
      return <Family {...props} />
    case 'end':
      return <End {...props} />
  }
}

function Top({ place, siblings, together, refusal }: TopProps) {
  const t = useWords()
  return (
    <>
      <PageHeading
        title={t('Prenotazioni')}
        lead={t(
          'Di base la presenza è già segnata: qui disdici il pasto quando un figlio non mangia a mensa.',
        )}
      />
      <Children place={place} siblings={siblings} together={together} />
      {refusal && (
        <div className="mb-6">
          <Notice kind="error" title={t('Non è cambiato niente')}>
            <p>{refusal}</p>
          </Notice>
        </div>
      )}
    </>
  )
}

function Children({
  place: { municipalitySlug, month, child },
  siblings,
  together,
}: Omit<TopProps, 'refusal'>) {
  const t = useWords()
  const names = listInWords(
    together.map(({ givenName }) => givenName),
    t.language,
  )
  // Of an only child the services, and of two households the children of one.
  const isPart = together.length < siblings.length || pupilsOf(together.map(({ id }) => id)).length === 1
  const label = isPart ? t('Insieme: {names}', { names }) : t('Tutti i figli')
  const choices = [...siblings, { id: ALL_CHILDREN, givenName: label }]
  return (
    <ChildSwitch
      items={(together.length < 2 ? siblings : choices).map(({ id, givenName }) => ({
        href: calendarPath(municipalitySlug, { child: id, month }),
        label: givenName,
        current: id === child,
      }))}
    />
  )
}

const VIEWS = ['mese', 'elenco'] as const

function Nav({ place: { municipalitySlug, month, years, child, view } }: NavProps) {
  const t = useWords()
  const { previous, next } = neighbouringMonths(month, years)
  const link = (to: Month | null) =>
    to === null
      ? null
      : { href: calendarPath(municipalitySlug, { child, month: to, view }), label: monthName(to, t.language) }
  const views = VIEWS.map((name) => ({
    href: calendarPath(municipalitySlug, { child, month, view: name }),
    label: name === 'mese' ? t('Calendario') : t('Elenco'),
    current: name === view,
  }))
  return (
    <MonthNav
      title={monthName(month, t.language)}
      previous={link(previous)}
      next={link(next)}
      views={child === ALL_CHILDREN ? [] : views}
    />
  )
}

const List = ({ place: { municipalitySlug }, view, today, formKey }: ListProps) => (
  <MealList
    states={shownCells(view)
      .map(stateOf)
      .filter(({ kind }) => kind !== 'unplanned' && kind !== 'outside')}
    today={today}
    municipalitySlug={municipalitySlug}
    pupilId={view.pupilId}
    api={mealsApi(municipalitySlug)}
    formKey={formKey}
  />
)

const Family = ({ place: { municipalitySlug }, siblings, views, today }: FamilyProps) => (
  <FamilyMonth
    pages={views.flatMap((view) => {
      const child = siblings.find(({ id }) => id === view.pupilId)
      const states = new Map(shownCells(view).map((cell) => [cell[0], stateOf(cell)] as const))
      return child ? [{ child, states, today }] : []
    })}
    previewPath={previewPath(municipalitySlug)}
  />
)

const End = ({ place: { municipalitySlug, child }, siblings, open, withElsewhere }: EndProps) => (
  <>
    <Legend withElsewhere={withElsewhere} />
    <PeriodForm
      previewPath={previewPath(municipalitySlug)}
      siblings={siblings}
      chosen={child === ALL_CHILDREN ? siblings.map(({ id }) => id) : [child]}
      open={open}
    />
    <div className="mt-8">
      <SchoolReminder />
    </div>
  </>
)
