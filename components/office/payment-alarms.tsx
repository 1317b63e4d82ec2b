import { Amount } from '#components/ui/amount.tsx'
import { Card } from '#components/ui/card.tsx'
import { DataList, type Datum } from '#components/ui/data-list.tsx'
import { StatusChip } from '#components/ui/status-chip.tsx'
import { Table } from '#components/ui/table.tsx'
import type { PaymentAlarm } from '#lib/payments/office/payment-alarm.ts'
import { FINDING_WORDS, TOP_UP_STATE_WORDS } from '#lib/payments/office/payment-alarm.words.ts'
import { isForPayer } from '#lib/payments/payment-alarm.ts'
import type { FormState } from '#lib/web/form-state.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { italian } from '#lib/words/language.ts'
import { SettleAlarmForm } from './settle-alarm-form.tsx'

type Action = (previous: FormState<null>, form: FormData) => Promise<FormState<null>>

const METHODS = { card: 'carta', mybank: 'bonifico MyBank' } as const

const factsOf = (municipalitySlug: string, alarm: PaymentAlarm): Datum[] => [
  { term: 'Chi ha pagato', value: alarm.payerName },
  {
    term: 'Famiglia',
    value: <a href={`/admin/${municipalitySlug}/famiglie/${alarm.householdId}`}>{alarm.householdName}</a>,
  },
  {
    term: 'Ricarica',
    value: (
      <>
        <Amount cents={alarm.amountCents} />, {METHODS[alarm.method]}, {TOP_UP_STATE_WORDS[alarm.state]}
      </>
    ),
  },
  ...(alarm.cents === null
    ? []
    : [
        {
          term: alarm.finding === 'surplus' ? 'Preso in più' : 'Restituito',
          value: <Amount cents={alarm.cents} />,
        },
      ]),
  { term: 'Iniziata il', value: instantInWords(alarm.startedAt, italian) },
  { term: 'Saputo il', value: instantInWords(alarm.raisedAt, italian) },
  {
    term: 'Numero dell’ordine',
    value: (
      <a className="tap break-all" href={`/admin/${municipalitySlug}/denaro/${alarm.topUpId}`}>
        {alarm.orderId}
      </a>
    ),
  },
  ...(alarm.invoiceNumber ? [{ term: 'Fattura', value: alarm.invoiceNumber }] : []),
]

/** One payment that waits for the office. */
export function OpenAlarm({
  municipalitySlug,
  alarm,
  action,
}: {
  municipalitySlug: string
  alarm: PaymentAlarm
  action: Action
}) {
  const { name, todo } = FINDING_WORDS[alarm.finding]
  return (
    <Card
      title={name}
      titleId={`pagamento-${alarm.id}`}
      aside={
        <StatusChip tone="warning" icon="clock">
          Da sistemare
        </StatusChip>
      }
    >
      <p className="mb-4">{todo}</p>
      <div className="mb-6">
        <DataList items={factsOf(municipalitySlug, alarm)} />
      </div>
      <SettleAlarmForm
        municipalitySlug={municipalitySlug}
        id={alarm.id}
        isForPayer={isForPayer(alarm.finding)}
        action={action}
      />
    </Card>
  )
}

/** What was settled lately, and by whom. */
export function SettledAlarms({ alarms }: { alarms: readonly PaymentAlarm[] }) {
  return (
    <Card flush>
      <Table caption="Sistemati negli ultimi tre mesi">
        <thead>
          <tr>
            <th scope="col">Chi ha pagato</th>
            <th scope="col">Sistemato</th>
            <th scope="col">Che cosa</th>
            <th scope="col">Importo</th>
          </tr>
        </thead>
        <tbody>
          {alarms.map((alarm) => (
            <tr key={alarm.id}>
              <th scope="row">{alarm.payerName}</th>
              <td className="min-w-60">
                {alarm.settledAt && instantInWords(alarm.settledAt, italian)},{' '}
                {alarm.settledBy ?? 'con una risposta chiara del gestore dei pagamenti'}
                {alarm.note && <p className="text-muted">{alarm.note}</p>}
              </td>
              <td>{FINDING_WORDS[alarm.finding].name}</td>
              <td>
                <Amount cents={alarm.cents ?? alarm.amountCents} />
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  )
}
