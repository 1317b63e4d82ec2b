'use client'

import { type ReactNode, useActionState } from 'react'
import type { ButtonLook } from '#components/ui/button.tsx'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { Field, SelectField, TextAreaField } from '#components/ui/field.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import type { IconName } from '#components/ui/icon.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'

export type OfficeAction<T = unknown> = (previous: FormState<T>, form: FormData) => Promise<FormState<T>>

/** Something to write with an act. `kind` says how it is drawn. */
export type ActField = {
  kind: 'line' | 'text' | 'day' | 'choice'
  name: string
  label: string
  hint?: string
  value?: string
  max?: number
  options?: readonly { value: string; label: string }[]
}

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
  fields?: readonly ActField[]
}) {
  const [state, send] = useActionState(action, UNTOUCHED as FormState)
  return (
    <form action={send} noValidate className="grid gap-4">
      <HiddenFields values={hidden} />
      <ErrorSummary message={state.error?.message} fields={state.error?.fields} />
      {fields.map((field) => (
        <Written key={field.name} field={field} state={state} />
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

function Written({ field, state }: { field: ActField; state: FormState }) {
  const value = state.typed[field.name] ?? field.value ?? ''
  const common = {
    name: field.name,
    label: field.label,
    hint: field.hint,
    error: state.error?.fields[field.name],
    defaultValue: value,
  }
  if (field.kind === 'choice') {
    return (
      <SelectField {...common} key={value}>
        {field.options?.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </SelectField>
    )
  }
  if (field.kind === 'text') return <TextAreaField {...common} maxLength={field.max} />
  if (field.kind === 'day') return <Field {...common} type="date" className="max-w-60" />
  return <Field {...common} maxLength={field.max} />
}
