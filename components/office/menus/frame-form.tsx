'use client'

import { useActionState } from 'react'
import { Basis, type FieldWords, FormErrors, momentInWords } from '#components/office/form-errors.tsx'
import { ChoiceGroup, Field } from '#components/ui/field.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import type { Fields } from '#lib/kernel/form-merge.ts'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'
import type { Hidden, MenuAction } from './action-form.tsx'

const LABELS = {
  name: 'Nome',
  startsOn: 'Dal',
  endsOn: 'Al',
  weeks: 'Settimane della rotazione',
  firstWeek: 'Comincia dalla settimana',
  'schoolIds[]': 'Scuole',
}

/** Name, dates, schools and length of a menu. */
export function FrameForm({
  hidden,
  version,
  frame,
  here,
  schools,
  label,
  action,
}: {
  hidden: Hidden
  /** 0 for a new menu. */
  version: number
  /** As saved, by field name. */
  frame: Fields
  /** The form's own page. */
  here: string
  schools: { id: string; name: string }[]
  label: string
  action: MenuAction
}) {
  const [state, send] = useActionState<FormState, FormData>(action, UNTOUCHED, here)
  const { typed, error } = state
  const errors = error?.fields ?? {}
  const chosen = ((error ? typed : frame)['schoolIds[]'] ?? '').split(',')
  const words: FieldWords = {
    labels: LABELS,
    inWords: (name, value) =>
      name === 'schoolIds[]'
        ? schools.flatMap((school) => (value.includes(school.id) ? [school.name] : [])).join(', ')
        : momentInWords(value),
  }
  return (
    <form action={send} noValidate className="grid max-w-2xl gap-6">
      <HiddenFields values={hidden} />
      <Basis at={{ version }} fields={frame} typed={typed} />
      <FormErrors state={state} words={words} here={here} />
      <Field
        name="name"
        label={LABELS.name}
        hint="Per esempio “Autunno e inverno”."
        maxLength={80}
        defaultValue={typed.name ?? frame.name}
        error={errors.name}
      />
      <PeriodFields values={{ ...frame, ...typed }} errors={errors} />
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

/** From when to when, and how many weeks come round. */
function PeriodFields({ values, errors }: { values: Fields; errors: Fields }) {
  return (
    <div className="grid gap-6 xs:grid-cols-2">
      <Field
        name="startsOn"
        type="date"
        label={LABELS.startsOn}
        defaultValue={values.startsOn}
        error={errors.startsOn}
      />
      <Field
        name="endsOn"
        type="date"
        label={LABELS.endsOn}
        defaultValue={values.endsOn}
        error={errors.endsOn}
      />
      <Field
        name="weeks"
        type="number"
        inputMode="numeric"
        min={1}
        max={12}
        label={LABELS.weeks}
        defaultValue={values.weeks}
        error={errors.weeks}
      />
      <Field
        name="firstWeek"
        type="number"
        inputMode="numeric"
        min={1}
        max={12}
        label={LABELS.firstWeek}
        defaultValue={values.firstWeek}
        error={errors.firstWeek}
      />
    </div>
  )
}
