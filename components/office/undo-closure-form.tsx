'use client'

import { useActionState } from 'react'
import { ButtonLink } from '#components/ui/button.tsx'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { Field } from '#components/ui/field.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'

type Props = {
  action: (previous: FormState, form: FormData) => Promise<FormState>
  /** The closure and the sums of its preview, sent back with the confirmation. */
  hidden: Record<string, string | number>
  label: string
  backHref: string
}

/** Takes a closure back, with a reason that the families read. */
export function UndoClosureForm({ action, hidden, label, backHref }: Props) {
  const [state, send] = useActionState(action, UNTOUCHED as FormState)
  const reason = state.typed.reason ?? ''
  return (
    <form action={send} noValidate className="grid max-w-2xl gap-5">
      <HiddenFields values={hidden} />
      <ErrorSummary message={state.error?.message} fields={state.error?.fields} />
      <Field
        key={reason}
        name="reason"
        label="Perché la mensa torna"
        hint="Le famiglie lo leggono nel messaggio. Per esempio: “La data dello sciopero era sbagliata”."
        maxLength={200}
        autoComplete="off"
        defaultValue={reason}
        error={state.error?.fields.reason}
      />
      <div className="flex flex-wrap gap-3">
        <SubmitButton icon="circle-check" pendingLabel="Un momento…">
          {label}
        </SubmitButton>
        <ButtonLink href={backHref} look="secondary">
          Lascia com’è
        </ButtonLink>
      </div>
    </form>
  )
}
