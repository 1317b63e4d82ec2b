'use client'

import { type ReactNode, useActionState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { Field, TextAreaField } from '#components/ui/field.tsx'
import { Icon, type IconName } from '#components/ui/icon.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'

export type OfficeAction = (previous: FormState, form: FormData) => Promise<FormState>

export type PanelItem = { municipalitySlug: string; kind: string; id: string; version: number }

/** A form about an item as it was on the screen. */
function ItemForm({
  item,
  action,
  children,
}: {
  item: PanelItem
  action: OfficeAction
  children: (state: FormState) => ReactNode
}) {
  const [state, send] = useActionState(action, UNTOUCHED)
  return (
    <form action={send} noValidate className="grid gap-4">
      {state.error && <ErrorSummary message={state.error.message} fields={state.error.fields} />}
      <input type="hidden" name="municipalitySlug" value={item.municipalitySlug} />
      <input type="hidden" name="kind" value={item.kind} />
      <input type="hidden" name="id" value={item.id} />
      <input type="hidden" name="version" value={item.version} />
      {children(state)}
    </form>
  )
}

/** From when and until when; empty fields mean now and for ever. */
export function PublishForm({
  item,
  action,
  label,
  live,
  expireAt,
}: {
  item: PanelItem
  action: OfficeAction
  label: string
  /** What is public already cannot begin later. */
  live: boolean
  expireAt: string
}) {
  return (
    <ItemForm item={item} action={action}>
      {({ typed, error }) => (
        <>
          {!live && (
            <Field
              name="publishAt"
              type="datetime-local"
              label="Dal"
              hint="Vuoto: subito."
              defaultValue={typed.publishAt ?? ''}
              error={error?.fields.publishAt}
            />
          )}
          <Field
            name="expireAt"
            type="datetime-local"
            label="Fino al"
            hint="Vuoto: senza scadenza."
            defaultValue={typed.expireAt ?? expireAt}
            error={error?.fields.expireAt}
          />
          <SubmitButton icon="send" wide pendingLabel="Pubblicazione…">
            {label}
          </SubmitButton>
        </>
      )}
    </ItemForm>
  )
}

/** One note and one button: asking for a review, sending back, withdrawing. */
export function NoteForm({
  item,
  action,
  field,
  label,
  button,
  icon,
  danger = false,
  hint,
}: {
  item: PanelItem
  action: OfficeAction
  /** Name of the field, unique on the page. */
  field: string
  label: string
  hint?: string
  button: string
  icon: IconName
  danger?: boolean
}) {
  return (
    <ItemForm item={item} action={action}>
      {({ typed, error }) => (
        <>
          <TextAreaField
            id={field}
            name="note"
            rows={2}
            label={label}
            hint={hint}
            defaultValue={typed.note ?? ''}
            error={error?.fields.note}
            maxLength={300}
          />
          <SubmitButton icon={icon} wide look={danger ? 'danger' : 'secondary'}>
            {button}
          </SubmitButton>
        </>
      )}
    </ItemForm>
  )
}

export type VersionLine = {
  number: number
  author: string
  savedAt: string
  restoredFrom: number | null
  isPublic: boolean
  href: string
}

/** Who wrote what and when; any old version can be looked at and written again. */
export function Versions({
  item,
  versions,
  restore,
}: {
  item: PanelItem
  versions: readonly VersionLine[]
  restore: OfficeAction
}) {
  const [state, send] = useActionState(restore, UNTOUCHED)
  return (
    <form action={send}>
      {state.error && <ErrorSummary message={state.error.message} />}
      <input type="hidden" name="municipalitySlug" value={item.municipalitySlug} />
      <input type="hidden" name="kind" value={item.kind} />
      <input type="hidden" name="id" value={item.id} />
      <ol className="divide-y divide-line">
        {versions.map((version, index) => (
          <li
            key={version.number}
            className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1 py-3"
          >
            <span>
              <a href={version.href} className="font-semibold">
                Versione {version.number}
              </a>
              {version.isPublic && (
                <span className="ms-2 inline-flex items-center gap-1 text-sm font-semibold text-success">
                  <Icon name="eye" size="sm" /> pubblica
                </span>
              )}
              <span className="block text-sm text-muted">
                {version.author}, {version.savedAt}
                {version.restoredFrom !== null && `, ripresa dalla ${version.restoredFrom}`}
              </span>
            </span>
            {index > 0 && (
              <Button
                look="quiet"
                icon="rotate-ccw"
                name="version"
                value={version.number}
                aria-label={`Ripristina la versione ${version.number}`}
              >
                Ripristina
              </Button>
            )}
          </li>
        ))}
      </ol>
    </form>
  )
}
