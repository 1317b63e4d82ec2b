import { Button } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import type { Day } from '#lib/kernel/day.ts'
import { type DayState, pupilsOf } from '#lib/meals/cutoff.ts'
import { ACTION_WORDS } from '#lib/meals/meal.address.ts'
import { isChangeable } from '#lib/meals/meal-state.ts'
import { longDay, shortDay } from '#lib/words/format-day.ts'
import type { Words } from '#lib/words/language.ts'
import { useWords } from '#words'
import { StateWord } from './state-chip.tsx'

type ChildMonth = { child: { id: string; givenName: string }; states: ReadonlyMap<Day, DayState>; today: Day }

/** "mar 24": the month stands above the table. */
const dayInMonth = (t: Words, day: Day): string => {
  return shortDay(day, t.language).replace(/ \S+$/, '')
}

/** Every child of the family in one table, from today on: ticked days go for all of them to the page that says what changes. */
export function FamilyMonth({ pages, previewPath }: { pages: ChildMonth[]; previewPath: string }) {
  const t = useWords()
  const today = pages[0]?.today ?? ''
  const isOneChild = pupilsOf(pages.map(({ child }) => child.id)).length === 1
  const days = [...new Set(pages.flatMap(({ states }) => [...states.keys()]))]
    .filter((day) => day >= today && pages.some(({ states }) => states.get(day)?.cutoffAt))
    .sort()
  if (days.length === 0) {
    return (
      <EmptyState icon="calendar-off" title={t('Nessun giorno di mensa da oggi alla fine del mese')}>
        <p>{t('Prova con il mese successivo.')}</p>
      </EmptyState>
    )
  }
  return (
    <form action={previewPath}>
      {pages.map(({ child }) => (
        <input key={child.id} type="hidden" name="figlio" value={child.id} />
      ))}
      <div className="overflow-x-auto rounded-lg border border-line bg-white shadow-low" data-surface>
        <table className="w-full [&_td]:border-t [&_td]:border-line [&_td]:p-2 [&_th]:p-2 sm:[&_td]:p-3 sm:[&_th]:p-3 [&_th]:text-start [&_tbody_th]:border-t [&_tbody_th]:border-line">
          <caption className="sr-only">{t('I giorni di mensa di tutti i figli')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('Giorno')}</th>
              {pages.map(({ child }) => (
                <th key={child.id} scope="col">
                  {child.givenName}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {days.map((day) => (
              <tr key={day}>
                <th scope="row" className="whitespace-nowrap font-semibold text-ink">
                  {pages.some(({ states }) => isChangeable(states.get(day)?.kind ?? 'outside')) ? (
                    <label className="inline-flex min-h-11 items-center gap-2">
                      <input
                        type="checkbox"
                        name="giorno"
                        value={day}
                        aria-label={longDay(day, t.language)}
                        className="size-6 accent-primary"
                      />
                      {dayInMonth(t, day)}
                    </label>
                  ) : (
                    dayInMonth(t, day)
                  )}
                </th>
                {pages.map(({ child, states }) => (
                  <td key={child.id}>
                    <StateWord kind={states.get(day)?.kind ?? 'unplanned'} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="mt-4 flex flex-wrap gap-3">
        <Button name="azione" value={ACTION_WORDS.cancel} look="danger" icon="user-x">
          {isOneChild ? t('Segna assenti') : t('Segna assenti tutti i figli')}
        </Button>
        <Button name="azione" value={ACTION_WORDS.restore} look="secondary" icon="undo-2">
          {isOneChild ? t('Ripristina') : t('Ripristina tutti i figli')}
        </Button>
      </div>
    </form>
  )
}
