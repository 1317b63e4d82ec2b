'use client'

import { useActionState } from 'react'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'
import { useWords } from '#words'

/** "Ho letto e preso atto", for the version that is on the screen. */
export function AcknowledgeForm({
  municipalitySlug,
  id,
  version,
  action,
}: {
  municipalitySlug: string
  id: string
  version: number
  action: (previous: FormState, form: FormData) => Promise<FormState>
}) {
  const t = useWords()
  const [state, send] = useActionState(action, UNTOUCHED)
  return (
    <form action={send} className="grid gap-3 print:hidden">
      <ErrorSummary message={state.error?.message} />
      <input type="hidden" name="municipalitySlug" value={municipalitySlug} />
      <input type="hidden" name="id" value={id} />
      <input type="hidden" name="version" value={version} />
      <div>
        <SubmitButton icon="check" pendingLabel={t('Un momento…')}>
          {t('Ho letto e preso atto')}
        </SubmitButton>
      </div>
    </form>
  )
}
