import { Amount } from '#components/ui/amount.tsx'
import { Card } from '#components/ui/card.tsx'
import { DataList, type Datum } from '#components/ui/data-list.tsx'
import type { OfficePayment } from '#lib/payments/office/payment.ts'
import { METHOD_WORDS } from '#lib/payments/office/payment.words.ts'
import { TOP_UP_STATE_WORDS } from '#lib/payments/office/payment-alarm.words.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { ActForm, type OfficeAction } from './forms/act-form.tsx'

const shown = (isShown: boolean, ...items: Datum[]): Datum[] => (isShown ? items : [])

/** Our side of a payment: who, how much, what became of it. */
export function PaymentFacts({ payment, office }: { payment: OfficePayment; office: string }) {
  const { invoiceId, invoiceNumber, paidAt, answeredAt, nextCheckAt } = payment
  const items: Datum[] = [
    { term: 'Stato', value: TOP_UP_STATE_WORDS[payment.state] },
    {
      term: 'Famiglia',
      value: (
        <a className="tap" href={`${office}/famiglie/${payment.householdId}`}>
          {payment.householdName}
        </a>
      ),
    },
    { term: 'Chi paga', value: payment.payerName },
    {
      term: 'Importo',
      value: (
        <>
          <Amount cents={payment.amountCents} /> ({payment.meals} × <Amount cents={payment.unitCents} />)
        </>
      ),
    },
    { term: 'Servizio', value: payment.serviceName },
    {
      term: 'Come',
      value: `${METHOD_WORDS[payment.method]}${payment.circuit ? `, ${payment.circuit}` : ''}`,
    },
    { term: 'Iniziata', value: instantInWords(payment.createdAt) },
    ...shown(paidAt !== null, { term: 'Pagata', value: paidAt && instantInWords(paidAt) }),
    { term: 'Numero dell’ordine', value: <span className="break-all">{payment.orderId}</span> },
    ...shown(payment.operationId !== null, {
      term: 'Operazione che l’ha pagata',
      value: <span className="break-all">{payment.operationId}</span>,
    }),
    ...shown(payment.reason !== null, { term: 'Perché non è riuscita', value: payment.reason }),
    ...shown(invoiceId !== null, {
      term: 'Fattura',
      value: (
        <>
          <a className="tap" href={`${office}/pagamenti/fatture/${invoiceId}`}>
            {invoiceNumber}
          </a>
          {!payment.isInvoiceComplete && <span className="block">aspetta un dato</span>}
        </>
      ),
    }),
    {
      term: 'Ultima risposta del gestore dei pagamenti',
      value: answeredAt ? instantInWords(answeredAt) : 'nessuna, finora',
    },
    {
      term: 'Prossimo controllo',
      value: nextCheckAt ? instantInWords(nextCheckAt) : 'nessuno: il portale non chiede più',
    },
    ...shown(payment.mode === 'test', { term: 'Modo', value: 'di prova: nessun soldo vero' }),
  ]
  return (
    <Card title="Il pagamento" titleId="pagamento">
      <DataList narrow items={items} />
    </Card>
  )
}

/** What the office may do about a payment: nothing of it moves money by itself. */
export const PaymentActs = ({
  municipalitySlug,
  id,
  actions,
}: {
  municipalitySlug: string
  id: string
  actions: { ask: OfficeAction; note: OfficeAction }
}) => (
  <>
    <Card title="Chiedi di nuovo" titleId="chiedi" className="print:hidden">
      <p className="mb-4">
        Il portale chiede adesso al gestore dei pagamenti che cosa ne è di questo ordine, e fa quello che la
        risposta dice.
      </p>
      <ActForm
        hidden={{ municipalitySlug, id }}
        action={actions.ask}
        icon="rotate-ccw"
        label="Chiedi al gestore dei pagamenti"
      />
    </Card>
    <Card title="Scrivi una nota" titleId="nota" className="print:hidden">
      <ActForm
        hidden={{ municipalitySlug, id }}
        action={actions.note}
        icon="pencil"
        label="Scrivi la nota"
        fields={[
          {
            kind: 'text',
            name: 'note',
            label: 'Nota',
            hint: 'La leggono solo i colleghi, e non si cambia.',
            max: 500,
          },
        ]}
      />
    </Card>
  </>
)
