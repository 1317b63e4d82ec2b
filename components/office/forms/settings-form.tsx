'use client'

import { useActionState } from 'react'
import { Basis, type FieldWords, FormErrors, momentInWords } from '#components/office/form-errors.tsx'
import { Choice, ChoiceGroup, Field, SelectField, TextAreaField } from '#components/ui/field.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import type { Fields } from '#lib/kernel/form-merge.ts'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'
import type { OfficeAction } from './act-form.tsx'

const LABELS = {
  title: 'Titolo',
  intro: 'Introduzione',
  yearId: 'Anno scolastico',
  opensAt: 'Si apre',
  closesAt: 'Si chiude',
  once: 'Quante domande',
  'schoolIds[]': 'Scuole',
  'classIds[]': 'Classi',
}

type Named = { id: string; name: string }

function wordsWith(onces: Readonly<Record<string, string>>, named: readonly Named[]): FieldWords {
  const names = new Map(named.map(({ id, name }) => [id, name]))
  return {
    labels: LABELS,
    inWords: (name, value) => {
      if (name === 'once') return onces[value] ?? value
      if (name === 'yearId' || name.endsWith('[]'))
        return value
          .split(',')
          .flatMap((id) => names.get(id) ?? [])
          .join('; ')
      return momentInWords(value)
    },
  }
}

/** Title, window, and for whom: the rules of a form. */
export function SettingsForm({
  hidden,
  at,
  settings,
  here,
  years,
  schools,
  classes,
  onces,
  action,
}: {
  hidden: Record<string, string | number>
  at: Readonly<Record<string, number>>
  /** As saved, by field name. */
  settings: Fields
  /** The form's own page. */
  here: string
  years: readonly Named[]
  schools: readonly Named[]
  classes: readonly Named[]
  onces: Readonly<Record<string, string>>
  action: OfficeAction
}) {
  const [state, send] = useActionState(action, UNTOUCHED as FormState, here)
  const errors = state.error?.fields ?? {}
  const values = state.error ? state.typed : settings
  const typed = (name: keyof typeof LABELS) => values[name] ?? ''
  const ticked = (name: 'schoolIds' | 'classIds') => typed(`${name}[]`).split(',').filter(Boolean)
  const words = wordsWith(onces, [...years, ...schools, ...classes])
  return (
    <form action={send} noValidate className="grid gap-5">
      <HiddenFields values={hidden} />
      <Basis at={at} fields={settings} typed={state.typed} />
      <FormErrors state={state} words={words} here={here} />
      <Field label="Titolo" name="title" maxLength={160} defaultValue={typed('title')} error={errors.title} />
      <TextAreaField
        label="Introduzione"
        hint="A che cosa serve e che cosa si ottiene, in parole semplici."
        name="intro"
        maxLength={2_000}
        defaultValue={typed('intro')}
        error={errors.intro}
      />
      <PeriodFields typed={typed} years={years} errors={errors} />
      <ChoiceGroup legend="Quante domande" name="once" error={errors.once}>
        {Object.entries(onces).map(([value, label], index) => (
          <Choice
            key={value}
            id={index === 0 ? 'once' : `once-${value}`}
            name="once"
            value={value}
            label={label}
            defaultChecked={typed('once') === value}
          />
        ))}
      </ChoiceGroup>
      <Restriction
        schools={schools}
        classes={classes}
        schoolIds={ticked('schoolIds')}
        classIds={ticked('classIds')}
      />
      <div>
        <SubmitButton icon="check">Salva</SubmitButton>
      </div>
    </form>
  )
}

function PeriodFields({
  typed,
  years,
  errors,
}: {
  typed: (name: keyof typeof LABELS) => string
  years: readonly Named[]
  errors: Readonly<Record<string, string>>
}) {
  return (
    <div className="grid items-end gap-5 sm:grid-cols-3">
      <SelectField
        label="Anno scolastico"
        name="yearId"
        key={typed('yearId')}
        defaultValue={typed('yearId')}
        error={errors.yearId}
      >
        {years.map((year) => (
          <option key={year.id} value={year.id}>
            {year.name}
          </option>
        ))}
      </SelectField>
      <Field
        label="Si apre"
        name="opensAt"
        type="datetime-local"
        defaultValue={typed('opensAt')}
        error={errors.opensAt}
      />
      <Field
        label="Si chiude"
        hint="Vuoto: aperto tutto l’anno."
        name="closesAt"
        type="datetime-local"
        defaultValue={typed('closesAt')}
        error={errors.closesAt}
      />
    </div>
  )
}

/** Some schools and classes, or all families. */
function Restriction({
  schools,
  classes,
  schoolIds,
  classIds,
}: {
  schools: readonly Named[]
  classes: readonly Named[]
  schoolIds: readonly string[]
  classIds: readonly string[]
}) {
  return (
    <details open={schoolIds.length + classIds.length > 0}>
      <summary className="inline-flex min-h-11 cursor-pointer items-center font-semibold text-primary underline">
        Per chi è: tutte le famiglie, o solo alcune scuole e classi
      </summary>
      <div className="mt-3 grid gap-5 sm:grid-cols-2">
        <Ticks legend="Scuole" name="schoolIds" items={schools} ticked={schoolIds} />
        <Ticks legend="Classi" name="classIds" items={classes} ticked={classIds} />
      </div>
      <p className="mt-2 text-sm text-muted">Se non scegli niente, il modulo è per tutte le famiglie.</p>
    </details>
  )
}

function Ticks({
  legend,
  name,
  items,
  ticked,
}: {
  legend: string
  name: string
  items: readonly Named[]
  ticked: readonly string[]
}) {
  return (
    <fieldset className="grid max-h-72 gap-1 overflow-y-auto">
      <legend className="font-semibold text-ink">{legend}</legend>
      {items.map((item) => (
        <label key={item.id} className="flex min-h-11 items-center gap-2">
          <input
            type="checkbox"
            name={`${name}[]`}
            value={item.id}
            defaultChecked={ticked.includes(item.id)}
            className="size-5 accent-primary"
          />
          {item.name}
        </label>
      ))}
    </fieldset>
  )
}
