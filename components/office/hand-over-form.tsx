'use client'

import { useActionState } from 'react'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { Choice, Field } from '#components/ui/field.tsx'
import { HiddenFields } from '#components/ui/hidden-fields.tsx'
import { Notice } from '#components/ui/notice.tsx'
import type { HandOverAnswer, TypedHandOver } from '#lib/people/office/hand-over.ts'
import type { FormState } from '#lib/web/form-state.ts'
import { PreviewPresses } from './preview-presses.tsx'

type Value = HandOverAnswer<TypedHandOver>
type Props = {
  municipalitySlug: string
  householdId: string
  holderName: string | null
  initial: FormState<never>
  action: (previous: FormState<Value>, form: FormData) => Promise<FormState<Value>>
}

/** Makes another person the holder of a household: the first press says what would happen, the second does it. */
export function HandOverForm({ municipalitySlug, householdId, holderName, initial, action }: Props) {
  const [state, send] = useActionState(action, initial as FormState<Value>)
  const errors = state.error?.fields ?? {}
  const preview = state.ok ? state.value?.preview : undefined
  const typed = preview ? shownAgain(preview.typed) : state.typed
  const field = (name: string) => ({
    name,
    defaultValue: typed[name] ?? '',
    error: errors[name],
    autoComplete: 'off',
  })
  if (state.ok && state.value?.holder)
    return (
      <Notice kind="success" live title={`${state.value.holder} è l’intestatario`}>
        <p>
          Da adesso paga e riceve le fatture. Quelle di prima restano a chi le ha pagate. Chi paga e chi
          pagava hanno ricevuto un messaggio.
        </p>
      </Notice>
    )
  return (
    <form action={send} noValidate className="grid gap-4">
      <HiddenFields values={{ municipalitySlug, householdId }} />
      <ErrorSummary message={state.error?.message} fields={errors} />
      {/* React empties a form that was sent well: what was previewed stays in the fields. */}
      <div key={JSON.stringify(typed)} className="grid gap-4">
        <Field
          {...field('fiscalCode')}
          label="Codice fiscale del nuovo intestatario"
          hint="16 lettere e cifre, o le 11 cifre di un codice provvisorio."
          maxLength={24}
          className="uppercase"
        />
        <div className="grid gap-4 sm:grid-cols-2">
          <Field {...field('givenName')} label="Nome" />
          <Field {...field('familyName')} label="Cognome" />
        </div>
        <Field
          {...field('birthDay')}
          type="date"
          label="Data di nascita"
          hint="Serve solo con un codice di 11 cifre."
          className="max-w-60"
        />
        <Field {...field('email')} type="email" label="E-mail (facoltativa)" />
        <Field {...field('reason')} label="Motivo" hint="Resta scritto nel registro." maxLength={200} />
        {holderName && (
          <Choice
            id="keepAsDelegate"
            type="checkbox"
            name="keepAsDelegate"
            value="si"
            label={`${holderName} resta come delegato`}
            hint="Potrà ancora vedere il calendario e disdire i pasti. Le sue fatture restano sue in ogni caso."
            defaultChecked={typed.keepAsDelegate === 'si'}
          />
        )}
      </div>
      <PreviewPresses headingLevel="h3" preview={preview} confirmLabel="Conferma e cambia l’intestatario" />
    </form>
  )
}

const shownAgain = ({
  keepAsDelegate,
  birthDay,
  email,
  ...asked
}: TypedHandOver): Record<string, string> => ({
  ...asked,
  birthDay: birthDay ?? '',
  email: email ?? '',
  keepAsDelegate: keepAsDelegate ? 'si' : '',
})
