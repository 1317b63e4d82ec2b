'use client'

import { useActionState } from 'react'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { Field } from '#components/ui/field.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import type { Address } from '#lib/invoices/invoice.ts'
import type { NamedCountry } from '#lib/invoices/place-code.ts'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'
import { useWords } from '#words'
import { AddressFields } from './address-fields.tsx'

type Action<T> = (previous: FormState<T>, form: FormData) => Promise<FormState<T>>
type Common<T> = { municipalitySlug: string; initial: FormState<never>; action: Action<T> }

const start = <T,>(initial: FormState<never>) => initial as FormState<T>

/** Asks for a new e-mail address: a code goes there. */
export function EmailForm({
  municipalitySlug,
  initial,
  action,
  email,
}: Common<{ email: string }> & { email: string | null }) {
  const t = useWords()
  const [state, send] = useActionState(action, start<{ email: string }>(initial))
  const errors = state.error?.fields ?? {}
  return (
    <form action={send} noValidate className="grid gap-4">
      <input type="hidden" name="municipalitySlug" value={municipalitySlug} />
      <ErrorSummary message={state.error?.message} fields={errors} />
      <Field
        name="email"
        type="email"
        label={email ? t('Nuova e-mail') : t('La tua e-mail')}
        hint={t('Ti mandiamo un codice per confermarla.')}
        autoComplete="email"
        maxLength={200}
        defaultValue={state.typed.email ?? ''}
        error={errors.email}
      />
      <div>
        <SubmitButton look="secondary" icon="mail" pendingLabel={t('Spedizione…')}>
          {t('Manda il codice')}
        </SubmitButton>
      </div>
    </form>
  )
}

/** Takes the code that was sent, to an e-mail address or to a telephone. */
export function CodeForm<T>({
  municipalitySlug,
  action,
  changeId,
  name,
  label,
  hint,
  submit,
}: {
  municipalitySlug: string
  action: Action<T>
  changeId: string
  /** Of the field: two codes may be awaited on one page. */
  name: 'code' | 'phoneCode'
  label: string
  hint: string
  submit: string
}) {
  const t = useWords()
  const [state, send] = useActionState(action, UNTOUCHED as FormState<T>)
  const errors = state.error?.fields ?? {}
  return (
    <form action={send} noValidate className="grid gap-4">
      <input type="hidden" name="municipalitySlug" value={municipalitySlug} />
      <input type="hidden" name="changeId" value={changeId} />
      <ErrorSummary message={state.error?.message} fields={errors} />
      <Field
        name={name}
        label={label}
        hint={hint}
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={9}
        className="max-w-40 tracking-widest"
        error={errors[name]}
      />
      <div>
        <SubmitButton pendingLabel={t('Controllo…')}>{submit}</SubmitButton>
      </div>
    </form>
  )
}

/** Takes a new telephone number, or none. What happens with it is said by the page: it depends on the gateway. */
export function PhoneForm({
  municipalitySlug,
  initial,
  action,
  phone,
  hint,
}: Common<{ saved: boolean }> & { phone: string; hint: string }) {
  const t = useWords()
  const [state, send] = useActionState(action, start<{ saved: boolean }>(initial))
  const errors = state.error?.fields ?? {}
  return (
    <form action={send} noValidate className="grid gap-4">
      <input type="hidden" name="municipalitySlug" value={municipalitySlug} />
      {state.value?.saved && <Notice kind="success" live title={t('Telefono salvato')} headingLevel="h3" />}
      <ErrorSummary message={state.error?.message} fields={errors} />
      <Field
        name="phone"
        type="tel"
        label={t('Telefono')}
        hint={hint}
        autoComplete="tel"
        maxLength={24}
        defaultValue={state.typed.phone ?? phone}
        error={errors.phone}
      />
      <div>
        <SubmitButton look="secondary">{t('Salva il telefono')}</SubmitButton>
      </div>
    </form>
  )
}

export function AddressForm({
  municipalitySlug,
  initial,
  action,
  address,
  countries,
}: Common<{ completed: number }> & { address: Address; countries: readonly NamedCountry[] }) {
  const t = useWords()
  const [state, send] = useActionState(action, start<{ completed: number }>(initial))
  const errors = state.error?.fields ?? {}
  return (
    <form action={send} noValidate className="grid gap-4">
      <input type="hidden" name="municipalitySlug" value={municipalitySlug} />
      {state.ok && <Notice kind="success" live title={t('Indirizzo salvato')} headingLevel="h3" />}
      <ErrorSummary message={state.error?.message} fields={errors} />
      <AddressFields
        countries={countries}
        value={(name) => state.typed[name] ?? address[name] ?? ''}
        errors={errors}
      />
      <div>
        <SubmitButton look="secondary">{t('Salva l’indirizzo')}</SubmitButton>
      </div>
    </form>
  )
}
