'use client'

import { type ReactNode, useActionState, useId } from 'react'
import type { ButtonLook } from '#components/ui/button.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import type { IconName } from '#components/ui/icon.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'
import type { OfficeField } from '#lib/web/office-field.ts'
import { Basis, FormErrors } from './form-errors.tsx'
import { DrawnField } from './office-field.tsx'
import { Consequences } from './preview-presses.tsx'

/** `seen`: what the second press sends of what the first one showed. */
type Preview = { lines: string[]; seen: Readonly<Record<string, string | number>> }
export type PreviewAction<T = unknown> = (previous: FormState<T>, form: FormData) => Promise<FormState<T>>

/** The first press answers with what would happen, the second does exactly that; without `confirm` one press does it. */
export function PreviewForm<T>({
  action,
  hidden,
  fields,
  label,
  title,
  look,
  icon,
  confirm,
  changes,
  initial = UNTOUCHED,
  children,
}: {
  action: PreviewAction<T>
  hidden: Readonly<Record<string, string | number>>
  fields: readonly OfficeField[]
  label: string
  /** What the button does, in full, where its label is short. */
  title?: string
  look?: ButtonLook
  icon?: IconName
  confirm?: string
  /** For a form of what is there already: the revision that it was built from, and its own page. */
  changes?: { revision: number; here: string }
  /** Where the person may come back from SPID or CIE: with what was typed. */
  initial?: FormState<never>
  children?: ReactNode
}) {
  const [state, send] = useActionState<FormState<T>, FormData>(action, initial, changes?.here)
  const preview = previewOf(state.value)
  // A page may hold several of these forms, with fields of the same names.
  const ids = useId()
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
        ids={ids}
      />
      {children}
      {fields.length > 0 && (
        <div key={key} className="grid gap-5">
          {fields.map((field) => (
            <DrawnField
              key={field.name}
              id={`${ids}${field.name}`}
              field={field}
              typed={state.typed[field.name] ?? preview?.typed[field.name]}
              error={state.error?.fields[field.name]}
            />
          ))}
        </div>
      )}
      {preview && <Consequences lines={preview.lines} seen={preview.seen} />}
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
