import type { ReactNode } from 'react'
import { Amount } from '#components/ui/amount.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { DataList, type Datum } from '#components/ui/data-list.tsx'
import { Notice, type NoticeKind } from '#components/ui/notice.tsx'
import type { Cents } from '#lib/kernel/money.ts'
import type { TopUpMethod } from '#lib/payments/gateway.ts'
import type { PayerFinding } from '#lib/payments/payment-alarm.ts'
import type { TopUpState } from '#lib/payments/top-up.ts'
import { fill } from '#lib/words/fill.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { formatEuro } from '#lib/words/format-money.ts'
import type { Words } from '#lib/words/language.ts'
import { asWritten } from '#lib/words/written.ts'
import { useWords } from '#words'

export type OutcomeProps = {
  municipalitySlug: string
  state: TopUpState
  meals: number
  unitCents: Cents
  amountCents: Cents
  method: TopUpMethod
  orderId: string
  createdAt: Date
  paidAt: Date | null
  paymentUrl: string | null
  wasOpened: boolean
  /** Null of a payment whose account is not the payer's any more, while it has no invoice. */
  serviceName: string | null
  /** Which household, for a payer for more than one. */
  householdName?: string | null
  /** Null for a payer who is no longer the holder. */
  balanceCents: Cents | null
  invoice: { id: string; number: string; isComplete: boolean } | null
  /** The state may be old: the provider is being asked. */
  isBeingChecked: boolean
  isUnderReview: boolean
  found: PayerFinding | null
  officeNote: string | null
  /** Where the same top-up can be started again; null for a payer who is no longer the holder. */
  againHref: string | null
}

type Told = { kind: NoticeKind; title: string; text: ReactNode; actions?: ReactNode }

/** The true state of a top-up. As long as it is not known, it never says "failed". */
export function TopUpOutcome(props: OutcomeProps) {
  const t = useWords()
  const { kind, title, text, actions } = tell(t, props)
  return (
    <div className="grid gap-6">
      <Notice kind={kind} title={title} live action={actions}>
        {text}
      </Notice>
      {props.found && <Found found={props.found} isCredited={props.state === 'paid'} />}
      {props.officeNote && (
        <Notice kind="info" title={t('L’ufficio ha sistemato questo pagamento')}>
          <p lang="it">{props.officeNote}</p>
        </Notice>
      )}
      <Card title={t('La tua ricarica')} titleId="ricarica">
        <DataList items={factsOf(t, props)} />
      </Card>
      <div>
        {props.balanceCents === null ? (
          <ButtonLink look="secondary" href={`/${props.municipalitySlug}/pagamenti/fatture`}>
            {t('Vai alle fatture')}
          </ButtonLink>
        ) : (
          <ButtonLink look="secondary" href={`/${props.municipalitySlug}/pagamenti`}>
            {t('Vai allo stato contabile')}
          </ButtonLink>
        )}
      </div>
    </div>
  )
}

/** What happened to the money beside the state: the sentence says who sees it and what comes next. */
function Found({ found: { kind, cents }, isCredited }: { found: PayerFinding; isCredited: boolean }) {
  const t = useWords()
  const amount = formatEuro(cents ?? 0, t.language)
  switch (kind) {
    case 'taken-twice':
      return (
        <Notice kind="warning" title={t('Ti sono stati presi {amount} in più', { amount })}>
          {t(
            'La ricarica è sul saldo una volta sola. L’ufficio lo vede nel suo elenco: quando lo sistema, leggi qui che cosa ha fatto. Non devi fare nulla.',
          )}
        </Notice>
      )
    case 'given-back':
      return (
        <Notice kind="warning" title={t('Ti sono stati restituiti {amount}', { amount })}>
          {isCredited
            ? t(
                'Il gestore dei pagamenti dice che sono tornati sulla tua carta o sul tuo conto, ma la ricarica è ancora sul saldo. L’ufficio lo vede nel suo elenco: quando lo sistema, leggi qui che cosa ha fatto.',
              )
            : t(
                'Il gestore dei pagamenti dice che sono tornati sulla tua carta o sul tuo conto. Non abbiamo accreditato nulla.',
              )}
        </Notice>
      )
    case 'doubt':
      return (
        <Notice kind="info" title={t('L’ufficio controlla questo pagamento')}>
          {t(
            'La ricarica è sul saldo. La risposta del gestore dei pagamenti però non torna, e l’ufficio la vede nel suo elenco. Non devi fare nulla, e non pagare di nuovo.',
          )}
        </Notice>
      )
  }
}

function factsOf(t: Words, props: OutcomeProps): Datum[] {
  const { municipalitySlug, invoice, paidAt, serviceName, balanceCents } = props
  return [
    ...(serviceName ? [{ term: t('Servizio'), value: <span lang="it">{serviceName}</span> }] : []),
    ...(props.householdName ? [{ term: t('Famiglia'), value: props.householdName }] : []),
    { term: t('Importo'), value: <Amount cents={props.amountCents} /> },
    { term: t('Pasti'), value: `${props.meals} × ${formatEuro(props.unitCents, t.language)}` },
    {
      term: t('Metodo'),
      value: props.method === 'card' ? t('Carta VISA o MASTERCARD') : t('Bonifico MyBank'),
    },
    { term: t('Iniziata il'), value: instantInWords(props.createdAt, t) },
    ...(paidAt ? [{ term: t('Accreditata il'), value: instantInWords(paidAt, t) }] : []),
    ...(paidAt && balanceCents !== null
      ? [{ term: t('Saldo di oggi'), value: <Amount cents={balanceCents} /> }]
      : []),
    ...(invoice
      ? [
          {
            term: t('Fattura'),
            value: invoice.isComplete ? (
              <a href={`/api/${municipalitySlug}/fatture/${invoice.id}/pdf`}>
                {t('{number} (PDF)', { number: asWritten(invoice.number, t.language) })}
              </a>
            ) : (
              <a href={`/${municipalitySlug}/pagamenti/fatture`}>
                {t('{number}, da completare', { number: asWritten(invoice.number, t.language) })}
              </a>
            ),
          },
        ]
      : []),
    { term: t('Numero dell’ordine'), value: <span className="break-all">{props.orderId}</span> },
  ]
}

const again = (t: Words, { againHref }: OutcomeProps) =>
  againHref === null ? null : <ButtonLink href={againHref}>{t('Ricomincia la ricarica')}</ButtonLink>

function tell(t: Words, props: OutcomeProps): Told {
  if (props.isUnderReview) return underReview(t)
  if (props.isBeingChecked) return verifying(t, props)
  switch (props.state) {
    case 'paid':
      return {
        kind: 'success',
        title: t('Pagamento riuscito'),
        text: fill(creditedWords(t, props), {
          amount: <Amount key="amount" cents={props.amountCents} />,
          serviceName: (
            <span key="service" lang="it">
              {props.serviceName}
            </span>
          ),
        }),
      }
    case 'created':
    case 'redirected':
    case 'pending':
      return verifying(t, props)
    case 'failed':
      return props.wasOpened ? refused(t, props) : neverOpened(t, props)
    case 'canceled':
      return {
        kind: 'info',
        title: t('Pagamento annullato'),
        text: t(
          'Il pagamento è stato annullato e non abbiamo accreditato nulla. Se invece vedi l’addebito sul tuo conto, non pagare di nuovo: quando la banca lo conferma, l’accredito arriva da solo.',
        ),
        actions: again(t, props),
      }
    case 'expired':
      return {
        kind: 'warning',
        title: t('Pagamento non completato'),
        text: t(
          'È passata un’ora senza che il pagamento arrivasse, e non abbiamo accreditato nulla. Se invece hai pagato, non pagare di nuovo: quando la banca lo conferma, l’accredito arriva da solo.',
        ),
        actions: again(t, props),
      }
  }
}

const creditedWords = (t: Words, { serviceName }: OutcomeProps): string =>
  serviceName
    ? t('Abbiamo accreditato {amount} sul saldo di {serviceName}.')
    : t('Abbiamo accreditato {amount} sul conto della famiglia.')

const underReview = (t: Words): Told => ({
  kind: 'warning',
  title: t('Stiamo controllando il pagamento'),
  text: t(
    'Non pagare di nuovo. La risposta del gestore dei pagamenti non corrisponde alla tua richiesta: se ne occupa una persona dell’ufficio, che può trovarlo con il numero dell’ordine qui sotto.',
  ),
})

function verifying(t: Words, props: OutcomeProps): Told {
  const wait =
    props.method === 'mybank'
      ? t('Con MyBank possono volerci alcuni minuti.')
      : t('Di solito bastano pochi secondi.')
  return {
    kind: 'info',
    title: t('Stiamo verificando il pagamento'),
    text: (
      <>
        <p>
          {fill(
            t(
              '{strong} {wait} Puoi chiudere questa pagina: se il pagamento arriva, ti scriviamo per e-mail.',
              { wait },
            ),
            { strong: <strong key="strong">{t('Non pagare di nuovo.')}</strong> },
          )}
        </p>
        {props.paymentUrl && (
          <p className="mt-2">
            {fill(t('Non hai finito di pagare? {link}.'), {
              link: (
                <a key="link" href={props.paymentUrl}>
                  {t('Torna alla pagina di pagamento')}
                </a>
              ),
            })}
          </p>
        )}
      </>
    ),
  }
}

const refused = (t: Words, props: OutcomeProps): Told => ({
  kind: 'error',
  title: t('Pagamento non riuscito'),
  text: t(
    'La banca o il circuito della carta non ha autorizzato il pagamento, e non abbiamo accreditato nulla. Puoi riprovare, anche con un altro metodo.',
  ),
  actions: again(t, props),
})

const neverOpened = (t: Words, props: OutcomeProps): Told => ({
  kind: 'error',
  title: t('La pagina di pagamento non si è aperta'),
  text: t(
    'Il servizio di pagamento ha avuto un problema prima di cominciare: non hai pagato nulla. Puoi riprovare.',
  ),
  actions: again(t, props),
})
