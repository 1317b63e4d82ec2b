'use client'

import { type ComponentProps, useActionState } from 'react'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'
import type { ImportAction } from './upload-form.tsx'

/** A form of one button: an act on an import. */
export function ImportButton({
  values,
  action,
  ...button
}: {
  values: ComponentProps<typeof HiddenFields>['values']
  action: ImportAction
} & ComponentProps<typeof SubmitButton>) {
  const [state, send] = useActionState(action, UNTOUCHED as FormState<unknown>)
  return (
    <form action={send} className="grid gap-3">
      <HiddenFields values={values} />
      <ErrorSummary message={state.error?.message} fields={state.error?.fields} />
      <div>
        <SubmitButton pendingLabel="Un momento…" {...button} />
      </div>
    </form>
  )
}
