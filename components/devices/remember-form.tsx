'use client'

import { useActionState } from 'react'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'
import { useWords } from '#words'
import { PatternPad } from './pattern-pad.tsx'

/** The sequence, twice. What was drawn is kept nowhere: after an error both are drawn again. */
export function RememberForm({
  municipalitySlug,
  action,
}: {
  municipalitySlug: string
  action: (previous: FormState, form: FormData) => Promise<FormState>
}) {
  const t = useWords()
  const [state, send] = useActionState(action, UNTOUCHED)
  return (
    <form action={send} className="grid gap-6">
      <ErrorSummary message={state.error?.message} fields={state.error?.fields} />
      <input type="hidden" name="municipalitySlug" value={municipalitySlug} />
      <div className="grid gap-8 md:grid-cols-2">
        <PatternPad name="sequenza" label={t('1. Disegna una sequenza di almeno sei punti')} />
        <PatternPad name="ripetuta" label={t('2. Disegnala un’altra volta')} />
      </div>
      <div>
        <SubmitButton size="lg" icon="check">
          {t('Salva la sequenza')}
        </SubmitButton>
      </div>
    </form>
  )
}
