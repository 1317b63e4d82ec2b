'use client'

import { type ReactNode, useActionState } from 'react'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { Field } from '#components/ui/field.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import type { IconName } from '#components/ui/icon.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'

type Action = (previous: FormState, form: FormData) => Promise<FormState>

function ActForm({
  action,
  hidden,
  children,
}: {
  action: Action
  hidden: Readonly<Record<string, string | number>>
  children: (state: FormState) => ReactNode
}) {
  const [state, send] = useActionState(action, UNTOUCHED)
  return (
    <form action={send} noValidate className="grid gap-4">
      {state.error && <ErrorSummary message={state.error.message} fields={state.error.fields} />}
      <HiddenFields values={hidden} />
      {children(state)}
    </form>
  )
}

type ShownVersion = { municipalitySlug: string; id: string; version: number }

const Moment = ({ id, value }: { id: string; value: string }) => (
  <Field
    id={id}
    name="publishAt"
    type="datetime-local"
    label="Quando"
    hint="Vuoto: subito."
    defaultValue={value}
  />
)

/** Asking a manager to approve. */
export function SubmitForm({
  communication,
  action,
  isOut,
}: {
  communication: ShownVersion
  action: Action
  isOut: boolean
}) {
  return (
    <ActForm action={action} hidden={communication}>
      {({ typed }) => (
        <>
          {!isOut && <Moment id="wanted" value={typed.publishAt ?? ''} />}
          <Field
            id="note-for-manager"
            name="note"
            label="Messaggio per chi approva (facoltativo)"
            defaultValue={typed.note ?? ''}
            maxLength={300}
          />
          <SubmitButton icon="users" wide pendingLabel="Un momento…">
            Chiedi l’approvazione
          </SubmitButton>
        </>
      )}
    </ActForm>
  )
}

/** Approving: the numbers on the screen go with it, and if they are others by then nothing is sent. */
export function ApproveForm({
  communication,
  action,
  isOut,
  seen,
  wantedAt,
}: {
  communication: ShownVersion
  action: Action
  isOut: boolean
  seen: { households: number; persons: number }
  wantedAt: string
}) {
  return (
    <ActForm action={action} hidden={{ ...communication, ...seen }}>
      {({ typed }) => (
        <>
          {!isOut && <Moment id="when" value={typed.publishAt ?? wantedAt} />}
          <SubmitButton icon="send" wide pendingLabel="Pubblicazione…">
            {isOut ? 'Approva e pubblica la correzione' : 'Approva e pubblica'}
          </SubmitButton>
        </>
      )}
    </ActForm>
  )
}

/** One button about one communication. */
export function OneButtonForm({
  hidden,
  action,
  icon,
  children,
}: {
  hidden: Readonly<Record<string, string | number>>
  action: Action
  icon: IconName
  children: ReactNode
}) {
  return (
    <ActForm action={action} hidden={hidden}>
      {() => (
        <SubmitButton icon={icon} wide look="secondary" pendingLabel="Un momento…">
          {children}
        </SubmitButton>
      )}
    </ActForm>
  )
}
