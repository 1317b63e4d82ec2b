'use client'

import { useActionState } from 'react'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { Choice, ChoiceGroup, Field, SelectField } from '#components/ui/field.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { COURSE_ORDER, COURSES } from '#lib/menus/dish.ts'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'
import type { MenuAction } from './action-form.tsx'

type School = { id: string; name: string; classes: { id: string; name: string }[] }

/** What was left after a meal, course by course. */
export function LeftoverForm({
  municipalitySlug,
  day,
  today,
  school,
  action,
}: {
  municipalitySlug: string
  day: string
  today: string
  school: School
  action: MenuAction
}) {
  const [{ typed, error }, send] = useActionState<FormState, FormData>(action, UNTOUCHED)
  const errors = error?.fields ?? {}
  const unit = typed.unit ?? 'kg'
  return (
    <form action={send} noValidate className="grid gap-5">
      <HiddenFields values={{ municipalitySlug, schoolId: school.id }} />
      <ErrorSummary message={error?.message} fields={errors} />
      <div className="grid gap-5 sm:grid-cols-2">
        <Field
          name="day"
          type="date"
          label="Giorno"
          max={today}
          defaultValue={typed.day ?? day}
          error={errors.day}
        />
        <SelectField key={typed.classId} name="classId" label="Classe" defaultValue={typed.classId ?? ''}>
          <option value="">Tutta la scuola</option>
          {school.classes.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </SelectField>
      </div>
      <ChoiceGroup legend="Come hai misurato" name="unit" error={errors.unit}>
        <div className="grid gap-2 sm:grid-cols-2">
          <Choice id="unit" name="unit" value="kg" label="In chili" defaultChecked={unit === 'kg'} />
          <Choice
            id="unit-percento"
            name="unit"
            value="percento"
            label="In percentuale di quanto servito"
            defaultChecked={unit === 'percento'}
          />
        </div>
      </ChoiceGroup>
      <p className="text-sm text-muted">
        Un numero per portata, per esempio 1,5. Lascia vuoto quello che non hai misurato.
      </p>
      <div className="grid gap-5 xs:grid-cols-2 lg:grid-cols-3">
        {COURSE_ORDER.map((course) => (
          <Field
            key={course}
            name={`a-${course}`}
            label={COURSES[course]}
            inputMode="decimal"
            autoComplete="off"
            defaultValue={typed[`a-${course}`]}
            error={errors[`a-${course}`]}
          />
        ))}
      </div>
      <div>
        <SubmitButton>Salva gli avanzi</SubmitButton>
      </div>
    </form>
  )
}
