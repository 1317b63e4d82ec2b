import { Button } from '#components/ui/button.tsx'
import { longDay } from '#lib/day.ts'
import { type DayState, deadlineInWords } from '#lib/meals/day-state.ts'
import { ACTION_WORDS, dayPath } from '#lib/meals/paths.ts'
import { actionFor, isChangeable, stateInWords } from '#lib/meals/states.ts'
import { useWords } from '#words'
import { StateChip } from './state-chip.tsx'

/** The served days of a month one under the other: easier for who listens, zooms, or reads in another language. */
export function MealList({
  states,
  comune,
  pupilId,
  api,
  formKey,
}: {
  states: DayState[]
  comune: string
  pupilId: string
  api: string
  /** Makes the next change of this page happen once. */
  formKey: string
}) {
  const t = useWords()
  return (
    <form action={api} method="post">
      <input type="hidden" name="figlio" value={pupilId} />
      <input type="hidden" name="chiave" value={formKey} />
      <ul className="divide-y divide-line rounded-lg border border-line bg-white shadow-low" data-surface>
        {states.map(({ day, kind, cutoffAt, why }) => {
          const until = cutoffAt ? deadlineInWords(day, cutoffAt, t) : undefined
          const action = actionFor(kind)
          return (
            <li key={day} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 p-4">
              <div className="min-w-0">
                <p className="font-semibold text-ink first-letter:uppercase">
                  {cutoffAt ? (
                    <a href={dayPath(comune, day, pupilId)}>{longDay(day, t.language)}</a>
                  ) : (
                    longDay(day, t.language)
                  )}
                </p>
                <p className="text-sm text-muted first-letter:uppercase">
                  {stateInWords(kind, { ...(until ? { until } : {}), ...(why ? { why } : {}) }, t)}
                </p>
              </div>
              <div className="flex flex-wrap items-center gap-3">
                <StateChip kind={kind} />
                {isChangeable(kind) && (
                  <Button
                    name="cambia"
                    value={`${ACTION_WORDS[action]} ${day}`}
                    look="secondary"
                    aria-label={`${action === 'cancel' ? t('Segna assente') : t('Ripristina')} ${longDay(day, t.language)}`}
                  >
                    {action === 'cancel' ? t('Segna assente') : t('Ripristina')}
                  </Button>
                )}
              </div>
            </li>
          )
        })}
      </ul>
    </form>
  )
}
