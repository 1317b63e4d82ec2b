'use client'

import { useActionState } from 'react'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { TextAreaField } from '#components/ui/field.tsx'
import { Icon, type IconName } from '#components/ui/icon.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { LONGEST_COMMENT, SCORES, type Score } from '#lib/menus/rating.ts'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'
import { useWords } from '#words'

const FACES: [Score, IconName][] = [
  [3, 'smile'],
  [2, 'meh'],
  [1, 'frown'],
]

/** Three faces with their words for each dish of a meal, and room for a sentence. Unrated dishes are not sent. */
export function RatingForm({
  municipalitySlug,
  pupilId,
  meal,
  action,
}: {
  municipalitySlug: string
  pupilId: string
  meal: {
    serviceDayId: string
    dishes: { id: string; name: string }[]
    scores: Readonly<Record<string, Score>>
    comment: string
  }
  action: (previous: FormState, form: FormData) => Promise<FormState>
}) {
  const [{ typed, error }, send] = useActionState<FormState, FormData>(action, UNTOUCHED)
  const t = useWords()
  return (
    <form action={send} noValidate className="grid max-w-2xl gap-6">
      <ErrorSummary message={error?.message} fields={error?.fields} />
      <input type="hidden" name="municipalitySlug" value={municipalitySlug} />
      <input type="hidden" name="pupilId" value={pupilId} />
      <input type="hidden" name="serviceDayId" value={meal.serviceDayId} />
      {meal.dishes.map(({ id, name }) => {
        const field = `d-${id}`
        const chosen = error ? typed[field] : String(meal.scores[id] ?? '')
        return (
          <fieldset key={`${id}-${chosen}`}>
            <legend lang="it" className="mb-2 text-lg font-semibold text-ink">
              {name}
            </legend>
            <div className="grid grid-cols-3 gap-2">
              {FACES.map(([score, icon]) => (
                <label
                  key={score}
                  className="flex min-h-14 flex-col items-center gap-1 rounded border-2 border-line-strong bg-white p-3 text-center text-sm font-semibold text-ink has-checked:border-primary has-checked:bg-primary-light has-focus-visible:outline-3 has-focus-visible:outline-offset-2"
                >
                  <input
                    type="radio"
                    name={field}
                    value={score}
                    defaultChecked={chosen === String(score)}
                    className="size-5 accent-primary"
                  />
                  <Icon name={icon} size="xl" />
                  {t(SCORES[score])}
                </label>
              ))}
            </div>
          </fieldset>
        )
      })}
      <TextAreaField
        name="comment"
        label={t('Vuoi aggiungere qualcosa? (facoltativo)')}
        hint={t(
          'Lo legge l’ufficio, senza il tuo nome né quello del bambino. Non scrivere notizie sulla salute.',
        )}
        rows={3}
        maxLength={LONGEST_COMMENT}
        defaultValue={typed.comment ?? meal.comment}
        error={error?.fields.comment}
      />
      <div>
        <SubmitButton pendingLabel={t('Un momento…')}>{t('Manda')}</SubmitButton>
      </div>
    </form>
  )
}
