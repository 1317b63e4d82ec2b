import type { ReactNode } from 'react'
import { Amount } from '#components/ui/amount.tsx'
import { Card } from '#components/ui/card.tsx'
import { StatusChip } from '#components/ui/status-chip.tsx'
import { Table } from '#components/ui/table.tsx'
import { MOVEMENT_NAMES } from '#lib/ledger/statement.ts'
import type { PaymentFile } from '#lib/payments/office/payment.ts'
import { causeInWords, verdictInWords } from '#lib/payments/office/payment.words.ts'
import { FINDING_WORDS, TOP_UP_STATE_WORDS } from '#lib/payments/office/payment-alarm.words.ts'
import { dated } from '#lib/words/dated.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { italian } from '#lib/words/language.ts'

/** A card with a list of what was seen, or with words where there is none. */
const Seen = ({
  title,
  id,
  none,
  isEmpty,
  children,
}: {
  title: string
  id: string
  none: string
  isEmpty: boolean
  children: ReactNode
}) => (
  <Card title={title} titleId={id} flush={!isEmpty}>
    {isEmpty ? <p>{none}</p> : children}
  </Card>
)

/** What was found in the payment, open and settled; nothing where nothing was. */
export const PaymentAlarms = ({
  alarms,
  toSettle,
}: {
  alarms: PaymentFile['alarms']
  /** Where the open ones are settled; null for who may not. */
  toSettle: string | null
}) =>
  alarms.length === 0 ? null : (
    <Card title="Da sistemare" titleId="allarmi">
      <ul className="grid gap-4">
        {alarms.map(({ finding, cents, raisedAt, settledAt, settledBy, note }) => (
          <li key={finding}>
            <p className="flex flex-wrap items-center gap-3 font-semibold text-ink">
              {FINDING_WORDS[finding].name}
              {cents !== null && <Amount cents={cents} />}
              <StatusChip
                tone={settledAt ? 'success' : 'warning'}
                icon={settledAt ? 'circle-check' : 'clock'}
              >
                {settledAt ? 'Sistemato' : 'Da sistemare'}
              </StatusChip>
            </p>
            <p className="text-sm text-muted">
              {dated`saputo il ${instantInWords(raisedAt)}`}
              {settledAt &&
                dated`, sistemato il ${instantInWords(settledAt)}: ${settledBy ?? 'una risposta chiara del gestore dei pagamenti'}`}
            </p>
            <p>{note ?? (settledAt ? '' : FINDING_WORDS[finding].todo)}</p>
          </li>
        ))}
      </ul>
      {toSettle && alarms.some(({ settledAt }) => settledAt === null) && (
        <p className="mt-4 print:hidden">
          <a className="tap" href={toSettle}>
            Vai ai pagamenti da sistemare
          </a>
        </p>
      )}
    </Card>
  )

/** What colleagues wrote about it. */
export const PaymentNotes = ({ notes }: { notes: PaymentFile['notes'] }) =>
  notes.length === 0 ? null : (
    <Card title="Note dell’ufficio" titleId="note-ufficio">
      <ul className="grid gap-3">
        {notes.map(({ note, by, at }) => (
          <li key={`${at.getTime()} ${note}`}>
            <p className="whitespace-pre-wrap text-ink">{note}</p>
            <p className="text-sm text-muted">
              {by}, {instantInWords(at)}
            </p>
          </li>
        ))}
      </ul>
    </Card>
  )

/** What it moved on the family's account. */
export const PaymentEntries = ({ entries }: { entries: PaymentFile['entries'] }) => (
  <Seen
    title="Movimenti sul conto"
    id="movimenti"
    none="Nessuno: sul saldo non c’è niente di questo pagamento."
    isEmpty={entries.length === 0}
  >
    <Table caption="Movimenti sul conto della famiglia" captionHidden stacks>
      <thead>
        <tr>
          <th scope="col">Quando</th>
          <th scope="col">Che cosa</th>
          <th scope="col">Importo</th>
        </tr>
      </thead>
      <tbody>
        {entries.map(({ kind, cents, at }) => (
          <tr key={`${kind} ${at.getTime()} ${cents}`}>
            <th scope="row" className="font-normal">
              {instantInWords(at)}
            </th>
            <td>{italian(MOVEMENT_NAMES[kind])}</td>
            <td>
              <Amount cents={cents} signed />
            </td>
          </tr>
        ))}
      </tbody>
    </Table>
  </Seen>
)

/** What the provider told of it, operation by operation. */
const ProviderOperations = ({ operations }: Pick<PaymentFile, 'operations'>) => (
  <Seen
    title="Che cosa dice il gestore dei pagamenti"
    id="operazioni"
    none="Nessuna operazione, finora."
    isEmpty={operations.length === 0}
  >
    <Table caption="Operazioni del gestore dei pagamenti" captionHidden stacks>
      <thead>
        <tr>
          <th scope="col">Operazione</th>
          <th scope="col">Che cosa</th>
          <th scope="col">Importo</th>
          <th scope="col">Quando</th>
          <th scope="col">Saputa</th>
        </tr>
      </thead>
      <tbody>
        {operations.map((operation) => (
          <tr key={`${operation.operationId} ${operation.result}`}>
            <th scope="row" className="break-all">
              {operation.operationId}
            </th>
            <td>
              {operation.type} {operation.result}
            </td>
            <td>
              {operation.amountCents === null ? (
                <span className="break-all">{operation.amountSaid || 'nessuno'} centesimi</span>
              ) : (
                <Amount cents={operation.amountCents} />
              )}{' '}
              {operation.currency !== 'EUR' && operation.currency}
            </td>
            <td data-label="Quando">
              {operation.at ? instantInWords(new Date(operation.at)) : 'non lo dice'}
            </td>
            <td data-label="Saputa">{instantInWords(operation.seenAt)}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  </Seen>
)

/** The notifications that named it, and what became of each. */
const ProviderNotifications = ({ notifications }: Pick<PaymentFile, 'notifications'>) => (
  <Seen
    title="Notifiche ricevute"
    id="notifiche"
    none="Nessuna: il portale ha chiesto da sé."
    isEmpty={notifications.length === 0}
  >
    <Table caption="Notifiche del gestore dei pagamenti" captionHidden stacks>
      <thead>
        <tr>
          <th scope="col">Quando</th>
          <th scope="col">Che cosa se ne è fatto</th>
        </tr>
      </thead>
      <tbody>
        {notifications.map(({ verdict, at }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a fixed list, drawn once; two may come in one instant.
          <tr key={index}>
            <th scope="row" className="font-normal">
              {instantInWords(at)}
            </th>
            <td>{verdictInWords(verdict)}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  </Seen>
)

/** The provider's side: its operations as it told them, and its notifications. */
export const ProviderSide = ({
  operations,
  notifications,
}: Pick<PaymentFile, 'operations' | 'notifications'>) => (
  <>
    <ProviderOperations operations={operations} />
    <ProviderNotifications notifications={notifications} />
  </>
)

/** Its states, one after the other, and what made each come. */
export const PaymentMoves = ({ moves }: { moves: PaymentFile['moves'] }) => (
  <Seen title="Passaggi" id="passaggi" none="Nessuno: è appena iniziata." isEmpty={moves.length === 0}>
    <Table caption="Passaggi da uno stato all’altro" captionHidden stacks>
      <thead>
        <tr>
          <th scope="col">Quando</th>
          <th scope="col">Da</th>
          <th scope="col">A</th>
          <th scope="col">Perché</th>
        </tr>
      </thead>
      <tbody>
        {moves.map(({ from, to, cause, at }) => (
          <tr key={`${from} ${to} ${at.getTime()}`}>
            <th scope="row" className="font-normal">
              {instantInWords(at)}
            </th>
            <td data-label="Da">{TOP_UP_STATE_WORDS[from]}</td>
            <td data-label="A">{TOP_UP_STATE_WORDS[to]}</td>
            <td>{causeInWords(cause)}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  </Seen>
)

const mailsInWords = (mails: number, sent: number): string =>
  mails === 0 ? 'solo nel portale' : sent === mails ? 'e-mail partita' : 'e-mail non ancora partita'

/** What the payer was told of it. */
export const PaymentMessages = ({ messages }: { messages: PaymentFile['messages'] }) => (
  <Seen title="Messaggi a chi paga" id="messaggi" none="Nessuno, finora." isEmpty={messages.length === 0}>
    <Table caption="Messaggi a chi paga" captionHidden stacks>
      <thead>
        <tr>
          <th scope="col">Quando</th>
          <th scope="col">Messaggio</th>
          <th scope="col">Come</th>
        </tr>
      </thead>
      <tbody>
        {messages.map(({ title, at, mails, sent }) => (
          <tr key={`${title} ${at.getTime()}`}>
            <th scope="row" className="font-normal">
              {instantInWords(at)}
            </th>
            <td>{title}</td>
            <td>{mailsInWords(mails, sent)}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  </Seen>
)
