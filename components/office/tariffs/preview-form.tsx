'use client'

import { type ReactNode, useActionState } from 'react'
import { Basis, FormErrors } from '#components/office/form-errors.tsx'
import type { ButtonLook } from '#components/ui/button.tsx'
import { Field, SelectField, TextAreaField } from '#components/ui/field.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import type { IconName } from '#components/ui/icon.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import type { TariffField } from '#lib/tariffs/office/tariff.fields.ts'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'

/** `seen`: what the second press sends of what the first one showed. */
type Preview = { lines: string[]; seen: Readonly<Record<string, string | number>> }
export type TariffAction<T = unknown> = (previous: FormState<T>, form: FormData) => Promise<FormState<T>>

/** The first press answers with what would happen, the second does exactly that; without `confirm` one press does it. */
export function TariffForm<T>({
  action,
  hidden,
  fields,
  label,
  title,
  look,
  icon,
  confirm,
  changes,
  children,
}: {
  action: TariffAction<T>
  hidden: Readonly<Record<string, string | number>>
  fields: readonly TariffField[]
  label: string
  /** What the button does, in full, where its label is short. */
  title?: string
  look?: ButtonLook
  icon?: IconName
  confirm?: string
  /** For a form of what is there already: the revision that it was built from, and its own page. */
  changes?: { revision: number; here: string }
  children?: ReactNode
}) {
  const [state, send] = useActionState<FormState<T>, FormData>(action, UNTOUCHED, changes?.here)
  const preview = previewOf(state.value)
  // React empties a form that was sent well: what was previewed stays in the fields.
  const key = JSON.stringify([state.typed, preview?.seen])
  return (
    <form action={send} noValidate className="grid max-w-2xl gap-5">
      <HiddenFields values={hidden} />
      {changes && (
        <Basis
          at={{ revision: changes.revision }}
          fields={Object.fromEntries(fields.map(({ name, value }) => [name, value ?? '']))}
          typed={state.typed}
        />
      )}
      <FormErrors
        state={state}
        words={{ labels: Object.fromEntries(fields.map(({ name, label: words }) => [name, words])) }}
        here={changes?.here ?? ''}
      />
      {children}
      {fields.length > 0 && (
        <div key={key} className="grid gap-5">
          {fields.map((field) => (
            <OneField
              key={field.name}
              field={field}
              typed={state.typed[field.name] ?? preview?.typed[field.name]}
              error={state.error?.fields[field.name]}
            />
          ))}
        </div>
      )}
      {preview && (
        <Notice title="Se confermi" live>
          <ul className="list-disc ps-5">
            {preview.lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
          <HiddenFields values={preview.seen} />
        </Notice>
      )}
      <div className="flex flex-wrap gap-3">
        {preview && confirm && (
          <SubmitButton icon="circle-check" name="intent" value="confirm" pendingLabel="Un momento…">
            {confirm}
          </SubmitButton>
        )}
        <SubmitButton
          look={preview ? 'secondary' : (look ?? 'primary')}
          {...(title ? { 'aria-label': title, title } : {})}
          {...(icon ? { icon } : {})}
          {...(confirm ? { icon: 'eye', name: 'intent', value: 'preview' } : {})}
          pendingLabel="Un momento…"
        >
          {preview ? 'Aggiorna l’anteprima' : label}
        </SubmitButton>
      </div>
    </form>
  )
}

type Shown = Preview & { typed: Record<string, string> }

const previewOf = (value: unknown): Shown | null =>
  typeof value === 'object' && value !== null && 'seen' in value ? (value as Shown) : null

function OneField({
  field,
  typed,
  error,
}: {
  field: TariffField
  typed: string | undefined
  error: string | undefined
}) {
  const value = typed ?? field.value ?? ''
  const common = { name: field.name, label: field.label, hint: field.hint, error, defaultValue: value }
  if (field.kind === 'choice')
    return (
      <SelectField {...common} key={value}>
        {field.options?.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </SelectField>
    )
  if (field.kind === 'text') return <TextAreaField {...common} rows={2} maxLength={field.max} />
  if (field.kind === 'day') return <Field {...common} type="date" className="max-w-60" />
  if (field.kind === 'price')
    return (
      <Field
        {...common}
        inputMode="decimal"
        autoComplete="off"
        maxLength={16}
        unit="€"
        className="max-w-40"
      />
    )
  return <Field {...common} maxLength={field.max} autoComplete="off" />
}
