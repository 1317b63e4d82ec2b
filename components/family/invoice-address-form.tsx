'use client'

import { useActionState } from 'react'
import { AddressFields } from '#components/profile/address-fields.tsx'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import type { Address } from '#lib/invoices/invoice.ts'
import type { NamedCountry } from '#lib/invoices/place-code.ts'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'
import { plural, type Words } from '#lib/words/language.ts'
import { useWords } from '#words'

type Given = { completed: number }
type Props = {
  municipalitySlug: string
  /** Whether the register lacks it; once it is given only the thanks remain. */
  needed: boolean
  /** Invoices that wait for the address. */
  waiting: number
  /** What is known of it already. */
  address: Address | null
  countries: readonly NamedCountry[]
  action: (previous: FormState<Given>, form: FormData) => Promise<FormState<Given>>
}

const thanks = (t: Words, completed: number): string => {
  if (completed === 0) return t('Lo useremo per le prossime fatture.')
  return t(
    plural('La fattura che lo aspettava è pronta.', 'Le {n} fatture che lo aspettavano sono pronte.'),
    {
      n: completed,
    },
  )
}

/** Asks the holder for the address that invoices need, once. */
export function InvoiceAddressForm({ municipalitySlug, needed, waiting, address, countries, action }: Props) {
  const t = useWords()
  const [state, send] = useActionState(action, UNTOUCHED)
  const errors = state.error?.fields ?? {}
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
          t(
            plural(
              'C’è {n} fattura che lo aspetta: il pagamento è già sul tuo saldo.',
              'Ci sono {n} fatture che lo aspettano: i pagamenti sono già sul tuo saldo.',
            ),
            { n: waiting },
          )}
      </p>
      <form action={send} noValidate className="mt-5 grid gap-4">
        <input type="hidden" name="municipalitySlug" value={municipalitySlug} />
        <ErrorSummary message={state.error?.message} fields={errors} />
        <AddressFields
          countries={countries}
          value={(name) => state.typed[name] ?? address?.[name] ?? ''}
          errors={errors}
        />
        <div>
          <SubmitButton>{t('Salva l’indirizzo')}</SubmitButton>
        </div>
      </form>
    </section>
  )
}
