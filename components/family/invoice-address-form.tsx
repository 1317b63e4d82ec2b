'use client'

import { useActionState } from 'react'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { Field } from '#components/ui/field.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import { type FormState, untouched } from '#lib/form-state.ts'
import type { Words } from '#lib/language/language.ts'
import { useWords } from '#words'

type Given = { completed: number }
type Props = {
  comune: string
  /** Whether the register lacks it; once it is given only the thanks remain. */
  needed: boolean
  /** Invoices that wait for the address. */
  waiting: number
  action: (previous: FormState<Given>, form: FormData) => Promise<FormState<Given>>
}

const thanks = (t: Words, completed: number): string => {
  if (completed === 0) return t('Lo useremo per le prossime fatture.')
  return completed === 1
    ? t('La fattura che lo aspettava è pronta.')
    : t('Le {completed} fatture che lo aspettavano sono pronte.', { completed })
}

/** Asks the holder for the address that invoices need, once. */
export function InvoiceAddressForm({ comune, needed, waiting, action }: Props) {
  const t = useWords()
  const [state, send] = useActionState(action, untouched)
  const errors = state.error?.fields ?? {}
  const typed = (name: string) => state.typed[name] ?? ''
  if (state.ok)
    return (
      <Notice kind="success" live title={t('Indirizzo salvato')}>
        {thanks(t, state.value?.completed ?? 0)}
      </Notice>
    )
  if (!needed) return null
  return (
    <section
      aria-labelledby="indirizzo-titolo"
      data-surface
      className="rounded-lg border border-s-[6px] border-line border-s-warning-strong bg-white p-5 shadow-low sm:p-6 print:hidden"
    >
      <h2 id="indirizzo-titolo" className="text-xl">
        {t('Aggiungi il tuo indirizzo di residenza')}
      </h2>
      <p className="mt-1">
        {t('La legge lo chiede in ogni fattura.')}{' '}
        {waiting > 0 &&
          (waiting === 1
            ? t('C’è 1 fattura che lo aspetta: il pagamento è già sul tuo saldo.')
            : t('Ci sono {waiting} fatture che lo aspettano: i pagamenti sono già sul tuo saldo.', {
                waiting,
              }))}
      </p>
      <form action={send} noValidate className="mt-5 grid gap-4">
        <input type="hidden" name="comune" value={comune} />
        <ErrorSummary message={state.error?.message} fields={errors} />
        <Field
          name="street"
          label={t('Via e numero civico')}
          autoComplete="street-address"
          maxLength={60}
          defaultValue={typed('street')}
          error={errors.street}
        />
        <div className="grid gap-4 sm:grid-cols-[8rem_1fr_8rem]">
          <Field
            name="postalCode"
            label={t('CAP')}
            autoComplete="postal-code"
            inputMode="numeric"
            maxLength={5}
            defaultValue={typed('postalCode')}
            error={errors.postalCode}
          />
          <Field
            name="town"
            label={t('Comune')}
            autoComplete="address-level2"
            maxLength={60}
            defaultValue={typed('town')}
            error={errors.town}
          />
          <Field
            name="province"
            label={t('Provincia (sigla)')}
            autoComplete="address-level1"
            maxLength={2}
            className="uppercase"
            defaultValue={typed('province')}
            error={errors.province}
          />
        </div>
        <div>
          <SubmitButton>{t('Salva l’indirizzo')}</SubmitButton>
        </div>
      </form>
    </section>
  )
}
