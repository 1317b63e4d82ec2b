'use client'

import { useActionState } from 'react'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { Choice, Field } from '#components/ui/field.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import type { FormState } from '#lib/web/form-state.ts'

type Done = { name: string }
type Props = {
  municipalitySlug: string
  householdId: string
  holderName: string | null
  initial: FormState<never>
  action: (previous: FormState<Done>, form: FormData) => Promise<FormState<Done>>
}

/** Makes another person the holder of a household. */
export function HandOverForm({ municipalitySlug, householdId, holderName, initial, action }: Props) {
  const [state, send] = useActionState(action, initial as FormState<Done>)
  const errors = state.error?.fields ?? {}
  const typed = (name: string) => state.typed[name] ?? ''
  if (state.ok)
    return (
      <Notice kind="success" live title={`${state.value?.name} è l’intestatario`}>
        <p>Da adesso paga e riceve le fatture. Quelle di prima restano a chi le ha pagate.</p>
      </Notice>
    )
  return (
    <form action={send} noValidate className="grid gap-4">
      <input type="hidden" name="municipalitySlug" value={municipalitySlug} />
      <input type="hidden" name="householdId" value={householdId} />
      <ErrorSummary message={state.error?.message} fields={errors} />
      <Field
        name="fiscalCode"
        label="Codice fiscale del nuovo intestatario"
        autoComplete="off"
        maxLength={24}
        className="uppercase"
        defaultValue={typed('fiscalCode')}
        error={errors.fiscalCode}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          name="givenName"
          label="Nome"
          autoComplete="off"
          defaultValue={typed('givenName')}
          error={errors.givenName}
        />
        <Field
          name="familyName"
          label="Cognome"
          autoComplete="off"
          defaultValue={typed('familyName')}
          error={errors.familyName}
        />
      </div>
      <Field
        name="birthDay"
        type="date"
        label="Data di nascita (serve con un codice di 11 cifre)"
        className="max-w-60"
        autoComplete="off"
        defaultValue={typed('birthDay')}
        error={errors.birthDay}
      />
      <Field
        name="email"
        type="email"
        label="E-mail (facoltativa)"
        autoComplete="off"
        defaultValue={typed('email')}
        error={errors.email}
      />
      <Field
        name="reason"
        label="Motivo"
        hint="Resta scritto nel registro."
        maxLength={200}
        defaultValue={typed('reason')}
        error={errors.reason}
      />
      {holderName && (
        <Choice
          id="keepAsDelegate"
          type="checkbox"
          name="keepAsDelegate"
          value="si"
          label={`${holderName} resta come delegato`}
          hint="Potrà ancora vedere il calendario e disdire i pasti. Le sue fatture restano sue in ogni caso."
          defaultChecked={typed('keepAsDelegate') === 'si'}
        />
      )}
      <div>
        <SubmitButton pendingLabel="Un momento…">Cambia l’intestatario</SubmitButton>
      </div>
    </form>
  )
}
