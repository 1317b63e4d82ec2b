'use client'

import { useActionState } from 'react'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { ChoiceGroup, Field } from '#components/ui/field.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { type FormState, untouched } from '#lib/form-state.ts'
import { type Hidden, HiddenFields, type MenuAction } from './action-form.tsx'

export type Frame = {
  name: string
  startsOn: string
  endsOn: string
  weeks: number
  firstWeek: number
  schoolIds: readonly string[]
}

/** Name, dates, schools and length of a menu. */
export function FrameForm({
  hidden,
  frame,
  schools,
  label,
  action,
}: {
  hidden: Hidden
  frame: Frame
  schools: { id: string; name: string }[]
  label: string
  action: MenuAction
}) {
  const [{ typed, error }, send] = useActionState<FormState, FormData>(action, untouched)
  const errors = error?.fields ?? {}
  const chosen = error ? (typed['schoolIds[]'] ?? '').split(',') : frame.schoolIds
  return (
    <form action={send} noValidate className="grid max-w-2xl gap-6">
      <HiddenFields fields={hidden} />
      <ErrorSummary message={error?.message} fields={errors} />
      <Field
        name="name"
        label="Nome"
        hint="Per esempio “Autunno e inverno”."
        maxLength={80}
        defaultValue={typed.name ?? frame.name}
        error={errors.name}
      />
      <div className="grid gap-6 xs:grid-cols-2">
        <Field
          name="startsOn"
          type="date"
          label="Dal"
          defaultValue={typed.startsOn ?? frame.startsOn}
          error={errors.startsOn}
        />
        <Field
          name="endsOn"
          type="date"
          label="Al"
          defaultValue={typed.endsOn ?? frame.endsOn}
          error={errors.endsOn}
        />
        <Field
          name="weeks"
          type="number"
          inputMode="numeric"
          min={1}
          max={12}
          label="Settimane della rotazione"
          defaultValue={typed.weeks ?? frame.weeks}
          error={errors.weeks}
        />
        <Field
          name="firstWeek"
          type="number"
          inputMode="numeric"
          min={1}
          max={12}
          label="Comincia dalla settimana"
          defaultValue={typed.firstWeek ?? frame.firstWeek}
          error={errors.firstWeek}
        />
      </div>
      <ChoiceGroup legend="Scuole" name="schoolIds" error={errors.schoolIds}>
        {schools.map(({ id, name }, index) => (
          <label key={id} className="flex min-h-11 items-center gap-3">
            <input
              id={index === 0 ? 'schoolIds' : undefined}
              type="checkbox"
              name="schoolIds[]"
              value={id}
              defaultChecked={chosen.includes(id)}
              className="size-6 shrink-0 accent-primary"
            />
            {name}
          </label>
        ))}
      </ChoiceGroup>
      <div>
        <SubmitButton>{label}</SubmitButton>
      </div>
    </form>
  )
}
