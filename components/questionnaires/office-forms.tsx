'use client'

import { useActionState } from 'react'
import type { ButtonLook } from '#components/ui/button.tsx'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import type { IconName } from '#components/ui/icon.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'

/** One button that does one thing to a questionnaire as it was on the screen. */
export function QuestionnaireButton({
  hidden,
  action,
  label,
  icon,
  look = 'secondary',
}: {
  hidden: Readonly<Record<string, string | number>>
  action: (previous: FormState, form: FormData) => Promise<FormState>
  label: string
  icon: IconName
  look?: ButtonLook
}) {
  const [state, send] = useActionState(action, UNTOUCHED)
  return (
    <form action={send} className="grid gap-3">
      <ErrorSummary message={state.error?.message} />
      <HiddenFields values={hidden} />
      <SubmitButton icon={icon} look={look} wide>
        {label}
      </SubmitButton>
    </form>
  )
}
