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
export function PartForm({ hidden, at, kind, values, here, backHref, action, ...known }: Props) {
  const { conditions, knownData, roles, documentTypes } = known
  const [state, send] = useActionState(action, UNTOUCHED as FormState)
  const errors = state.error?.fields ?? {}
  const isStep = kind === ''
  const shown = state.error ? state.typed : values
  const text = textIn(shown)
  return (
    <form action={send} noValidate className="grid max-w-2xl gap-5">
      <HiddenFields values={hidden} />
      <Basis at={at} fields={values} typed={state.typed} />
      <FormErrors state={state} words={wordsOf(isStep, known)} here={here} />
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
      <OfKind kind={kind} shown={shown} errors={errors} documentTypes={documentTypes} />
      {!isStep && (
        <Choice
          id="required"
          name="required"
          type="checkbox"
          label="Obbligatoria"
          defaultChecked={text('required') === 'on'}
        />
      )}
      <OfFamily kind={kind} shown={shown} knownData={knownData} />
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

const textIn =
  (shown: Fields) =>
  (name: keyof typeof LABELS): string =>
    shown[name] ?? ''

/** How the values of the form read, where another person changed them. */
function wordsOf(
  isStep: boolean,
  known: Pick<Props, 'conditions' | 'knownData' | 'roles' | 'documentTypes'>,
): FieldWords {
  const listed = new Map(
    Object.values(known).flatMap((items) => items.map(({ value, label }) => [value, label])),
  )
  const labelOf = (value: string) => listed.get(value) ?? value
  return {
    labels: isStep ? STEP_LABELS : LABELS,
    inWords: (name, value) => {
      if (name === 'required' || name === 'allowNew') return value ? 'sì' : 'no'
      if (name === 'types[]') return value.split(',').map(labelOf).join(', ')
      return labelOf(value)
    },
  }
}

/** What a kind of question asks besides its words: its answers, its ends, its types of file. */
function OfKind({
  kind,
  shown,
  errors,
  documentTypes,
}: Pick<Props, 'kind' | 'documentTypes'> & { shown: Fields; errors: Record<string, string> }) {
  const text = textIn(shown)
  const types = text('types[]').split(',')
  return (
    <>
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
    </>
  )
}

/** What a question takes from the family that fills the form in. */
function OfFamily({ kind, shown, knownData }: Pick<Props, 'kind' | 'knownData'> & { shown: Fields }) {
  const text = textIn(shown)
  return (
    <>
      {kind === 'pupil' && (
        <Choice
          id="allowNew"
          name="allowNew"
          type="checkbox"
          label="Anche per un figlio nuovo"
          hint="Chi compila può scegliere “Un altro figlio”, non ancora iscritto alla mensa."
          defaultChecked={text('allowNew') === 'on'}
        />
      )}
      {kind === 'short' && (
        <Listing label="Già scritta con" name="known" value={text('known')} items={knownData} none="Niente" />
      )}
    </>
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
