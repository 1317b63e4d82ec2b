import type { ReactNode } from 'react'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { DataList, type Datum } from '#components/ui/data-list.tsx'
import { Notice, type NoticeKind } from '#components/ui/notice.tsx'
import { instantInWords } from '#lib/day.ts'
import { type Cents, formatBalance, formatEuro } from '#lib/money.ts'
import type { Method } from '#lib/payments/gateway.ts'
import type { TopUpState } from '#lib/payments/top-up.ts'

export type OutcomeProps = {
  comune: string
  state: TopUpState
  meals: number
  unitCents: Cents
  amountCents: Cents
  method: Method
  orderId: string
  createdAt: Date
  paidAt: Date | null
  paymentUrl: string | null
  wasOpened: boolean
  serviceName: string
  balanceCents: Cents
  invoice: { id: string; number: string; isComplete: boolean } | null
  /** The state may be old: the provider is being asked. */
  isBeingChecked: boolean
  isUnderReview: boolean
  /** Where the same top-up can be begun anew. */
  againHref: string
}

type Told = { kind: NoticeKind; title: string; text: ReactNode; actions?: ReactNode }

/** The truth about a top-up, whatever the truth is. As long as it is not known, it never says "failed". */
export function TopUpOutcome(props: OutcomeProps) {
  const { kind, title, text, actions } = tell(props)
  return (
    <div className="grid gap-6">
      <Notice kind={kind} title={title} live action={actions}>
        {text}
      </Notice>
      <Card title="La tua ricarica" titleId="ricarica">
        <DataList items={factsOf(props)} />
      </Card>
      <div>
        <ButtonLink look="secondary" href={`/${props.comune}/pagamenti`}>
          Vai allo stato contabile
        </ButtonLink>
      </div>
    </div>
  )
}

function factsOf(props: OutcomeProps): Datum[] {
  const { comune, invoice, paidAt } = props
  return [
    { term: 'Servizio', value: props.serviceName },
    { term: 'Importo', value: formatEuro(props.amountCents) },
    { term: 'Pasti', value: `${props.meals} × ${formatEuro(props.unitCents)}` },
    { term: 'Metodo', value: props.method === 'card' ? 'Carta VISA o MASTERCARD' : 'Bonifico MyBank' },
    { term: 'Iniziata il', value: instantInWords(props.createdAt) },
    ...(paidAt ? [{ term: 'Accreditata il', value: instantInWords(paidAt) }] : []),
    ...(paidAt ? [{ term: 'Saldo di oggi', value: formatBalance(props.balanceCents) }] : []),
    ...(invoice
      ? [
          {
            term: 'Fattura',
            value: invoice.isComplete ? (
              <a href={`/api/${comune}/fatture/${invoice.id}/pdf`}>{invoice.number} (PDF)</a>
            ) : (
              <a href={`/${comune}/pagamenti/fatture`}>{invoice.number}, da completare</a>
            ),
          },
        ]
      : []),
    { term: 'Numero dell’ordine', value: <span className="break-all">{props.orderId}</span> },
  ]
}

const again = ({ againHref }: OutcomeProps) => (
  <ButtonLink href={againHref}>Ricomincia la ricarica</ButtonLink>
)

function tell(props: OutcomeProps): Told {
  if (props.isUnderReview) return UNDER_REVIEW
  if (props.isBeingChecked) return verifying(props)
  switch (props.state) {
    case 'paid':
      return {
        kind: 'success',
        title: 'Pagamento riuscito',
        text: `Abbiamo accreditato ${formatEuro(props.amountCents)} sul saldo di ${props.serviceName}.`,
      }
    case 'created':
    case 'redirected':
    case 'pending':
      return verifying(props)
    case 'failed':
      return props.wasOpened ? refused(props) : neverOpened(props)
    case 'canceled':
      return {
        kind: 'info',
        title: 'Pagamento annullato',
        text: 'Il pagamento è stato annullato e non abbiamo accreditato nulla. Se invece vedi l’addebito sul tuo conto, non pagare di nuovo: quando la banca lo conferma, l’accredito arriva da solo.',
        actions: again(props),
      }
    case 'expired':
      return {
        kind: 'warning',
        title: 'Pagamento non completato',
        text: 'È passata un’ora senza che il pagamento arrivasse, e non abbiamo accreditato nulla. Se invece hai pagato, non pagare di nuovo: quando la banca lo conferma, l’accredito arriva da solo.',
        actions: again(props),
      }
  }
}

const UNDER_REVIEW: Told = {
  kind: 'warning',
  title: 'Stiamo controllando il pagamento',
  text: 'Non pagare di nuovo. La risposta del gestore dei pagamenti non corrisponde alla tua richiesta: se ne occupa una persona dell’ufficio, che può trovarlo con il numero dell’ordine qui sotto.',
}

function verifying(props: OutcomeProps): Told {
  const wait =
    props.method === 'mybank'
      ? 'Con MyBank possono volerci alcuni minuti.'
      : 'Di solito bastano pochi secondi.'
  return {
    kind: 'info',
    title: 'Stiamo verificando il pagamento',
    text: (
      <>
        <p>
          <strong>Non pagare di nuovo.</strong> {wait} Questa pagina si aggiorna da sola; puoi anche
          chiuderla: se il pagamento arriva, ti scriviamo per e-mail.
        </p>
        {props.paymentUrl && (
          <p className="mt-2">
            Non hai finito di pagare? <a href={props.paymentUrl}>Torna alla pagina di pagamento</a>.
          </p>
        )}
      </>
    ),
  }
}

const refused = (props: OutcomeProps): Told => ({
  kind: 'error',
  title: 'Pagamento non riuscito',
  text: 'La banca o il circuito della carta non ha autorizzato il pagamento, e non abbiamo accreditato nulla. Puoi riprovare, anche con un altro metodo.',
  actions: again(props),
})

const neverOpened = (props: OutcomeProps): Told => ({
  kind: 'error',
  title: 'La pagina di pagamento non si è aperta',
  text: 'Il servizio di pagamento ha avuto un problema prima di cominciare: non hai pagato nulla. Puoi riprovare.',
  actions: again(props),
})
