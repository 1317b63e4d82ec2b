'use client'

import { useActionState } from 'react'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { Field } from '#components/ui/field.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import type { HandOverAnswer, TypedUndo } from '#lib/people/office/hand-over.ts'
import type { FormState } from '#lib/web/form-state.ts'
import { PreviewPresses } from './preview-presses.tsx'

type Value = HandOverAnswer<TypedUndo>
type Props = {
  municipalitySlug: string
  householdId: string
  initial: FormState<never>
  action: (previous: FormState<Value>, form: FormData) => Promise<FormState<Value>>
}

/** Undoes the last change of holder. */
export function UndoHandOverForm({ municipalitySlug, householdId, initial, action }: Props) {
  const [state, send] = useActionState(action, initial as FormState<Value>)
  const errors = state.error?.fields ?? {}
  const preview = state.ok ? state.value?.preview : undefined
  const reason = preview?.typed.undoReason ?? state.typed.undoReason ?? ''
  return (
    <form action={send} noValidate className="grid gap-4">
      <HiddenFields values={{ municipalitySlug, householdId }} />
      <ErrorSummary message={state.error?.message} fields={errors} />
      <Field
        key={reason}
        name="undoReason"
        label="Motivo dell’annullamento"
        hint="Resta scritto nel registro."
        maxLength={200}
        autoComplete="off"
        defaultValue={reason}
        error={errors.undoReason}
      />
      <PreviewPresses headingLevel="h3" preview={preview} confirmLabel="Conferma e annulla il cambio" />
    </form>
  )
}
