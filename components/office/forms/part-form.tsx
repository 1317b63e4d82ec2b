'use client'

import { useActionState } from 'react'
import { Basis, type FieldWords, FormErrors } from '#components/office/form-errors.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Choice, Field, SelectField, TextAreaField } from '#components/ui/field.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import type { FieldKind } from '#lib/forms/form.ts'
import type { Fields } from '#lib/kernel/form-merge.ts'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'
import type { OfficeAction } from './act-form.tsx'

type Listed = { value: string; label: string }

const LABELS = {
  label: 'Domanda',
  hint: 'Aiuto',
  required: 'Obbligatoria',
  options: 'Risposte',
  least: 'Valore minimo',
  most: 'Valore massimo',
  'types[]': 'Tipi di file accettati',
  allowNew: 'Anche per un figlio nuovo',
  known: 'Già scritta con',
  role: 'A che cosa serve quando si accoglie la domanda',
  when: 'Quando si mostra',
}
const STEP_LABELS = { ...LABELS, label: 'Titolo del passo', hint: 'Introduzione al passo' }
type Props = {
  hidden: Record<string, string | number>
  at: Readonly<Record<string, number>>
  /** Of the question; empty for a step. */
  kind: FieldKind | ''
  /** As saved, by field name. */
  values: Fields
  /** The form's own page. */
  here: string
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
  at,
  kind,
  values,
  here,
  conditions,
  knownData,
  roles,
  documentTypes,
  backHref,
  action,
}: Props) {
  const [state, send] = useActionState(action, UNTOUCHED as FormState)
  const errors = state.error?.fields ?? {}
  const isStep = kind === ''
  const shown = state.error ? state.typed : values
  const text = (name: keyof typeof LABELS) => shown[name] ?? ''
  const ticked = (name: 'required' | 'allowNew') => text(name) === 'on'
  const types = text('types[]').split(',')
  const listed = new Map(
    [...conditions, ...knownData, ...roles, ...documentTypes].map(({ value, label }) => [value, label]),
  )
  const words: FieldWords = {
    labels: isStep ? STEP_LABELS : LABELS,
    inWords: (name, value) => {
      if (name === 'required' || name === 'allowNew') return value ? 'sì' : 'no'
      if (name === 'types[]')
        return value
          .split(',')
          .map((type) => listed.get(type) ?? type)
          .join(', ')
      return listed.get(value) ?? value
    },
  }
  return (
    <form action={send} noValidate className="grid max-w-2xl gap-5">
      <HiddenFields values={hidden} />
      <Basis at={at} fields={values} typed={state.typed} />
      <FormErrors state={state} words={words} here={here} />
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
      {(kind === 'choice' || kind === 'choices') && (
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
      {kind === 'number' && (
        <div className="grid gap-5 sm:grid-cols-2">
          <Field label="Valore minimo" name="least" defaultValue={text('least')} error={errors.least} />
          <Field label="Valore massimo" name="most" defaultValue={text('most')} error={errors.most} />
        </div>
      )}
      {kind === 'file' && (
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
      {kind === 'pupil' && (
        <Choice
          id="allowNew"
          name="allowNew"
          type="checkbox"
          label="Anche per un figlio nuovo"
          hint="Chi compila può scegliere “Un altro figlio”, non ancora iscritto alla mensa."
          defaultChecked={ticked('allowNew')}
        />
      )}
      {kind === 'short' && (
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
