'use client'

import { type ReactNode, useActionState } from 'react'
import type { ButtonLook } from '#components/ui/button.tsx'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import type { IconName } from '#components/ui/icon.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'
import type { OfficeField } from '#lib/web/office-field.ts'
import { DrawnField } from '../office-field.tsx'

export type OfficeAction<T = unknown> = (previous: FormState<T>, form: FormData) => Promise<FormState<T>>

/** One act of the office as a form: what it sends, what may be written with it, and its button. */
export function ActForm({
  hidden,
  action,
  label,
  icon,
  look = 'secondary',
  pendingLabel,
  title,
  fields = [],
}: {
  hidden: Record<string, string | number>
  action: OfficeAction
  label: ReactNode
  icon?: IconName
  look?: ButtonLook
  pendingLabel?: string
  /** What the button does, in full, where its label is short. */
  title?: string
  fields?: readonly OfficeField[]
}) {
  const [state, send] = useActionState(action, UNTOUCHED as FormState)
  return (
    <form action={send} noValidate className="grid gap-4">
      <HiddenFields values={hidden} />
      <ErrorSummary message={state.error?.message} fields={state.error?.fields} />
      {fields.map((field) => (
        <DrawnField
          key={field.name}
          field={field}
          typed={state.typed[field.name]}
          error={state.error?.fields[field.name]}
        />
      ))}
      <div>
        <SubmitButton
          look={look}
          {...(icon ? { icon } : {})}
          {...(pendingLabel ? { pendingLabel } : {})}
          {...(title ? { 'aria-label': title, title } : {})}
        >
          {label}
        </SubmitButton>
      </div>
    </form>
  )
}
