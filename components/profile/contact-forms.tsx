'use client'

import { useActionState } from 'react'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { Field } from '#components/ui/field.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { type FormState, untouched } from '#lib/form-state.ts'
import { useWords } from '#words'

type Action<T> = (previous: FormState<T>, form: FormData) => Promise<FormState<T>>
type Common<T> = { comune: string; initial: FormState<never>; action: Action<T> }

const start = <T,>(initial: FormState<never>) => initial as FormState<T>

/** Asks for a new e-mail address: a code goes there. */
export function EmailForm({
  comune,
  initial,
  action,
  email,
}: Common<{ email: string }> & { email: string | null }) {
  const t = useWords()
  const [state, send] = useActionState(action, start<{ email: string }>(initial))
  const errors = state.error?.fields ?? {}
  return (
    <form action={send} noValidate className="grid gap-4">
      <input type="hidden" name="comune" value={comune} />
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

/** Takes the code that was sent. */
export function CodeForm({
  comune,
  action,
  waiting,
}: {
  comune: string
  action: Action<{ email: string }>
  waiting: { id: string; email: string }
}) {
  const t = useWords()
  const [state, send] = useActionState(action, untouched as FormState<{ email: string }>)
  const errors = state.error?.fields ?? {}
  return (
    <form action={send} noValidate className="grid gap-4">
      <input type="hidden" name="comune" value={comune} />
      <input type="hidden" name="changeId" value={waiting.id} />
      <ErrorSummary message={state.error?.message} fields={errors} />
      <Field
        name="code"
        label={t('Codice di sei cifre')}
        hint={t('L’abbiamo mandato a {email}. Vale mezz’ora.', { email: waiting.email })}
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={9}
        className="max-w-40 tracking-widest"
        error={errors.code}
      />
      <div>
        <SubmitButton pendingLabel={t('Controllo…')}>{t('Conferma l’e-mail')}</SubmitButton>
      </div>
    </form>
  )
}

export function PhoneForm({ comune, initial, action, phone }: Common<null> & { phone: string | null }) {
  const t = useWords()
  const [state, send] = useActionState(action, start<null>(initial))
  const errors = state.error?.fields ?? {}
  return (
    <form action={send} noValidate className="grid gap-4">
      <input type="hidden" name="comune" value={comune} />
      {state.ok && <Notice kind="success" live title={t('Telefono salvato')} headingLevel="h3" />}
      <ErrorSummary message={state.error?.message} fields={errors} />
      <Field
        name="phone"
        type="tel"
        label={t('Telefono')}
        hint={t(
          'Lo vede l’ufficio mensa, solo per chiamarti in caso di urgenza. Non lo verifichiamo e il portale non lo usa mai. Se lo lasci vuoto lo togliamo.',
        )}
        autoComplete="tel"
        maxLength={24}
        defaultValue={state.typed.phone ?? phone ?? ''}
        error={errors.phone}
      />
      <div>
        <SubmitButton look="secondary">{t('Salva il telefono')}</SubmitButton>
      </div>
    </form>
  )
}

type Address = { street: string; postalCode: string; town: string; province: string }

export function AddressForm({
  comune,
  initial,
  action,
  address,
}: Common<{ completed: number }> & { address: Address | null }) {
  const t = useWords()
  const [state, send] = useActionState(action, start<{ completed: number }>(initial))
  const errors = state.error?.fields ?? {}
  const value = (name: keyof Address) => state.typed[name] ?? address?.[name] ?? ''
  return (
    <form action={send} noValidate className="grid gap-4">
      <input type="hidden" name="comune" value={comune} />
      {state.ok && <Notice kind="success" live title={t('Indirizzo salvato')} headingLevel="h3" />}
      <ErrorSummary message={state.error?.message} fields={errors} />
      <Field
        name="street"
        label={t('Via e numero civico')}
        autoComplete="street-address"
        maxLength={60}
        defaultValue={value('street')}
        error={errors.street}
      />
      <div className="grid gap-4 sm:grid-cols-[7rem_1fr_7rem]">
        <Field
          name="postalCode"
          label={t('CAP')}
          autoComplete="postal-code"
          inputMode="numeric"
          maxLength={5}
          defaultValue={value('postalCode')}
          error={errors.postalCode}
        />
        <Field
          name="town"
          label={t('Comune')}
          autoComplete="address-level2"
          maxLength={60}
          defaultValue={value('town')}
          error={errors.town}
        />
        <Field
          name="province"
          label={t('Provincia')}
          autoComplete="address-level1"
          maxLength={2}
          className="uppercase"
          defaultValue={value('province')}
          error={errors.province}
        />
      </div>
      <div>
        <SubmitButton look="secondary">{t('Salva l’indirizzo')}</SubmitButton>
      </div>
    </form>
  )
}
