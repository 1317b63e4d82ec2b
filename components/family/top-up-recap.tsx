'use client'

import { useActionState } from 'react'
import { Amount } from '#components/ui/amount.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { DataList } from '#components/ui/data-list.tsx'
import { ErrorSummary } from '#components/ui/error-summary.tsx'
import { SubmitButton } from '#components/ui/submit-button.tsx'
import type { Cents } from '#lib/kernel/money.ts'
import type { TopUpMethod } from '#lib/payments/gateway.ts'
import type { Purchase } from '#lib/payments/top-up.ts'
import { type FormState, UNTOUCHED } from '#lib/web/form-state.ts'
import { formatEuro } from '#lib/words/format-money.ts'
import { type Phrase, phrase } from '#lib/words/language.ts'
import { useWords } from '#words'

export const METHOD_WORDS: Record<TopUpMethod, Phrase> = {
  card: phrase('Carta VISA o MASTERCARD'),
  mybank: phrase('Bonifico MyBank'),
}

type Props = {
  municipalitySlug: string
  accountId: string
  serviceName: string
  /** Which household, for a person who pays for more than one. */
  householdName?: string | null
  purchase: Purchase
  method: TopUpMethod
  balanceCents: Cents
  /** To whom the invoice will be made out. */
  payerName: string
  /** One key per recap: pressing twice makes one payment. */
  clientKey: string
  /** Back to the choice, with what was chosen. */
  editHref: string
  /** This same recap, loaded again. */
  refreshHref: string
  action: (previous: FormState, form: FormData) => Promise<FormState>
}

/** Everything that is about to be paid, on one screen, before leaving for the provider's page. */
export function TopUpRecap(props: Props) {
  const t = useWords()
  const { purchase, method, serviceName, balanceCents, payerName } = props
  const [state, send] = useActionState(props.action, UNTOUCHED)
  return (
    <form action={send} className="grid gap-6">
      <input type="hidden" name="municipalitySlug" value={props.municipalitySlug} />
      <input type="hidden" name="conto" value={props.accountId} />
      <input type="hidden" name="pasti" value={purchase.meals} />
      <input type="hidden" name="metodo" value={method} />
      <input type="hidden" name="chiave" value={props.clientKey} />
      <input type="hidden" name="prezzo" value={purchase.unitCents} />
      {state.error && (
        <>
          <ErrorSummary message={state.error.message} />
          <p>
            <a href={props.refreshHref}>{t('Aggiorna il riepilogo')}</a>
          </p>
        </>
      )}
      <Card title={t('Riepilogo')} titleId="riepilogo">
        <DataList
          items={[
            { term: t('Servizio'), value: <span lang="it">{serviceName}</span> },
            ...(props.householdName ? [{ term: t('Famiglia'), value: props.householdName }] : []),
            { term: t('Pasti'), value: `${purchase.meals} × ${formatEuro(purchase.unitCents, t.language)}` },
            { term: t('Metodo'), value: t(METHOD_WORDS[method]) },
            { term: t('Fattura intestata a'), value: payerName },
            {
              term: t('Saldo dopo la ricarica'),
              value: <Amount cents={balanceCents + purchase.amountCents} />,
            },
            {
              term: t('Totale da pagare'),
              value: (
                <span className="text-2xl">
                  <Amount cents={purchase.amountCents} />
                </span>
              ),
            },
          ]}
        />
      </Card>
      <p>
        {t(
          'Ti portiamo sulla pagina sicura di Nexi, dove completi il pagamento. Il portale non vede e non conserva i dati della carta o della banca.',
        )}
      </p>
      <p>
        {t(
          'Se Nexi tarda, la pagina può metterci qualche secondo ad aprirsi. Se non risponde te lo diciamo qui, e non paghi nulla.',
        )}
      </p>
      <div className="flex flex-wrap gap-3">
        <SubmitButton size="lg" icon="lock" pendingLabel={t('Apro la pagina di pagamento…')}>
          {t('Paga {amountCents}', { amountCents: formatEuro(purchase.amountCents, t.language) })}
        </SubmitButton>
        <ButtonLink size="lg" look="secondary" href={props.editHref}>
          {t('Modifica')}
        </ButtonLink>
      </div>
    </form>
  )
}
