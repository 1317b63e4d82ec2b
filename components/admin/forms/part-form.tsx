'use client'

import { useActionState } from 'react'
import { ButtonLink } from '#components/ui/button.tsx'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { Choice, Field, SelectField, TextAreaField } from '#components/ui/field.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { type FormState, untouched } from '#lib/form-state.ts'
import type { OfficeAction } from './act-form.tsx'

type Listed = { value: string; label: string }

export type PartValues = {
  /** Empty for a step. */
  kind: string
  label: string
  hint: string
  required: boolean
  options: string
  least: string
  most: string
  types: readonly string[]
  allowNew: boolean
  known: string
  role: string
  when: string
}

type Props = {
  hidden: Record<string, string | number>
  values: PartValues
  conditions: readonly Listed[]
  knownData: readonly Listed[]
  roles: readonly Listed[]
  documentTypes: readonly Listed[]
  backHref: string
  action: OfficeAction
}

/** A step or a question of a form: only what its kind needs is asked. */
export function PartForm({
  hidden,
  values,
  conditions,
  knownData,
  roles,
  documentTypes,
  backHref,
  action,
}: Props) {
  const [state, send] = useActionState(action, untouched as FormState)
  const errors = state.error?.fields ?? {}
  const isStep = values.kind === ''
  const was = state.ok === false
  const text = (name: 'label' | 'hint' | 'options' | 'least' | 'most' | 'known' | 'role' | 'when') =>
    state.typed[name] ?? values[name]
  const ticked = (name: 'required' | 'allowNew') => (was ? state.typed[name] === 'on' : values[name])
  const types = state.typed['types[]']?.split(',') ?? values.types
  return (
    <form action={send} noValidate className="grid max-w-2xl gap-5">
      <HiddenFields values={hidden} />
      <ErrorSummary message={state.error?.message} fields={errors} />
      <Field
        label={isStep ? 'Titolo del passo' : 'Domanda'}
        name="label"
        maxLength={200}
        defaultValue={text('label')}
        error={errors.label}
      />
      <TextAreaField
        label={isStep ? 'Introduzione al passo' : 'Aiuto'}
        hint="Facoltativo. Una frase che spiega che cosa scrivere."
        name="hint"
        rows={2}
        maxLength={1_000}
        defaultValue={text('hint')}
        error={errors.hint}
      />
      {(values.kind === 'choice' || values.kind === 'choices') && (
        <TextAreaField
          label="Risposte"
          hint="Una per riga."
          name="options"
          rows={6}
          maxLength={4_000}
          defaultValue={text('options')}
          error={errors.options}
        />
      )}
      {values.kind === 'number' && (
        <div className="grid gap-5 sm:grid-cols-2">
          <Field label="Valore minimo" name="least" defaultValue={text('least')} error={errors.least} />
          <Field label="Valore massimo" name="most" defaultValue={text('most')} error={errors.most} />
        </div>
      )}
      {values.kind === 'file' && (
        <fieldset className="grid gap-1">
          <legend className="font-semibold text-ink">Tipi di file accettati</legend>
          {documentTypes.map((type) => (
            <label key={type.value} className="flex min-h-11 items-center gap-2">
              <input
                type="checkbox"
                name="types[]"
                value={type.value}
                defaultChecked={types.includes(type.value)}
                className="size-5 accent-primary"
              />
              {type.label}
            </label>
          ))}
        </fieldset>
      )}
      {!isStep && (
        <Choice
          id="required"
          name="required"
          type="checkbox"
          label="Obbligatoria"
          defaultChecked={ticked('required')}
        />
      )}
      {values.kind === 'pupil' && (
        <Choice
          id="allowNew"
          name="allowNew"
          type="checkbox"
          label="Anche per un figlio nuovo"
          hint="Chi compila può scegliere “Un altro figlio”, non ancora iscritto alla mensa."
          defaultChecked={ticked('allowNew')}
        />
      )}
      {values.kind === 'short' && (
        <Listing label="Già scritta con" name="known" value={text('known')} items={knownData} none="Niente" />
      )}
      {!isStep && roles.length > 0 && (
        <Listing
          label="A che cosa serve quando si accoglie la domanda"
          name="role"
          value={text('role')}
          items={roles}
          none="Solo da leggere"
        />
      )}
      <Listing
        label="Quando si mostra"
        name="when"
        value={text('when')}
        items={conditions}
        none="Sempre"
        error={errors.when}
      />
      <div className="flex flex-wrap gap-3">
        <SubmitButton icon="check">Salva</SubmitButton>
        <ButtonLink look="quiet" href={backHref}>
          Lascia com’è
        </ButtonLink>
      </div>
    </form>
  )
}

function Listing({
  label,
  name,
  value,
  items,
  none,
  error,
}: {
  label: string
  name: string
  value: string
  items: readonly Listed[]
  none: string
  error?: string | undefined
}) {
  return (
    <SelectField label={label} name={name} key={value} defaultValue={value} error={error}>
      <option value="">{none}</option>
      {items.map((item) => (
        <option key={item.value} value={item.value}>
          {item.label}
        </option>
      ))}
    </SelectField>
  )
}
