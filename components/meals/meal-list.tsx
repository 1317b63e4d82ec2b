import { Said } from '#components/language/said.tsx'
import { Button } from '#components/ui/button.tsx'
import { Icon } from '#components/ui/icon.tsx'
import type { Day } from '#lib/kernel/day.ts'
import type { DayState } from '#lib/meals/cutoff.ts'
import { deadlineInWords } from '#lib/meals/cutoff.words.ts'
import { ACTION_WORDS, dayPath } from '#lib/meals/meal.address.ts'
import { actionFor, isChangeable, stateInWords } from '#lib/meals/meal-state.ts'
import { longDay } from '#lib/words/format-day.ts'
import { plural } from '#lib/words/language.ts'
import { useWords } from '#words'
import { StateChip } from './state-chip.tsx'

/**
 * The served days of a month one under the other: easier with a screen reader, a zoomed page or another language. Today comes
 * first: the days before it are folded up at the end, unless the whole month is over.
 */
export function MealList({
  states,
  today,
  municipalitySlug,
  pupilId,
  api,
  formKey,
}: {
  states: DayState[]
  today: Day
  municipalitySlug: string
  pupilId: string
  api: string
  /** Makes the next change of this page happen once. */
  formKey: string
}) {
  const t = useWords()
  const line = { municipalitySlug, pupilId }
  const past = states.filter(({ day }) => day < today)
  const coming = states.filter(({ day }) => day >= today)
  return (
    <form action={api} method="post">
      <input type="hidden" name="figlio" value={pupilId} />
      <input type="hidden" name="chiave" value={formKey} />
      <Days states={coming.length > 0 ? coming : past} {...line} />
      {coming.length > 0 && past.length > 0 && (
        <details className="group mt-4">
          <summary className="inline-flex min-h-11 list-none items-center gap-2 font-semibold text-primary">
            <Icon name="chevron-down" className="group-open:rotate-180" />
            {t(plural('Un giorno già passato', '{n} giorni già passati'), { n: past.length })}
          </summary>
          <div className="mt-2">
            <Days states={past} {...line} />
          </div>
        </details>
      )}
    </form>
  )
}

function Days({
  states,
  municipalitySlug,
  pupilId,
}: {
  states: DayState[]
  municipalitySlug: string
  pupilId: string
}) {
  const t = useWords()
  return (
    <ul className="divide-y divide-line rounded-lg border border-line bg-white shadow-low" data-surface>
      {states.map(({ day, kind, cutoffAt, why }) => {
        const until = cutoffAt ? deadlineInWords(day, cutoffAt, t) : undefined
        const action = actionFor(kind)
        return (
          <li key={day} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 p-4">
            <div className="min-w-0">
              <p className="font-semibold text-ink first-letter:uppercase">
                {cutoffAt ? (
                  <a href={dayPath(municipalitySlug, day, pupilId)}>{longDay(day, t.language)}</a>
                ) : (
                  longDay(day, t.language)
                )}
              </p>
              <p className="text-sm text-muted first-letter:uppercase">
                <Said
                  text={stateInWords(kind, { ...(until ? { until } : {}), ...(why ? { why } : {}) }, t)}
                />
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
  )
}
