import Link from 'next/link'
import { SubmissionChip } from '#components/forms/state-chip.tsx'
import { Card } from '#components/ui/card.tsx'
import { Table } from '#components/ui/table.tsx'
import { operationInWords } from '#lib/audit/audit-event.words.ts'
import { protocolInWords } from '#lib/forms/protocol.ts'
import { contactInWords } from '#lib/meals/meal-contact.ts'
import type {
  SheetAct,
  SheetCommunication,
  SheetReceipt,
  SheetSubmission,
} from '#lib/people/office/household-sheet.ts'
import { instantInWords, numericDay } from '#lib/words/format-day.ts'
import { italian } from '#lib/words/language.ts'

/** The communications that a household received. */
export const ReceivedCommunications = ({
  communications,
  office,
}: {
  communications: readonly SheetCommunication[]
  office: string
}) => (
  <Card title="Comunicazioni ricevute" titleId="comunicazioni">
    {communications.length === 0 && <p>Nessuna, finora.</p>}
    <ul className="grid gap-2">
      {communications.map(({ id, title, at, isWithdrawn }) => (
        <li key={id}>
          <Link href={`${office}/comunicazioni/${id}`} prefetch={false} className="tap">
            {title}
          </Link>
          <span className="block text-sm text-muted">
            {instantInWords(at)}
            {isWithdrawn && ', poi ritirata'}
          </span>
        </li>
      ))}
    </ul>
  </Card>
)

/** The requests that a household sent. */
export const SentRequests = ({
  submissions,
  office,
}: {
  submissions: readonly SheetSubmission[]
  office: string
}) => (
  <Card title="Domande mandate" titleId="domande">
    {submissions.length === 0 && <p>Nessuna, finora.</p>}
    <ul className="grid gap-3">
      {submissions.map(({ id, formId, title, about, state, at, ...protocol }) => (
        <li key={id}>
          <Link href={`${office}/moduli/${formId}/domande/${id}`} prefetch={false} className="tap">
            {title} {protocolInWords(protocol)}
          </Link>
          <span className="my-1 block text-sm text-muted">
            {about} · {instantInWords(at)}
          </span>
          <SubmissionChip state={state} />
        </li>
      ))}
    </ul>
  </Card>
)

const CHANNELS: Record<SheetReceipt['channel'], string> = {
  web: 'dal portale',
  app: 'dall’app',
  office: 'dall’ufficio',
}

/** The latest cancellations and restorations of meals of a household. */
export const MealReceipts = ({
  receipts,
  receiptPath,
}: {
  receipts: readonly SheetReceipt[]
  receiptPath: (receiptId: string) => string
}) => (
  <Card flush title="Ultime disdette" titleId="disdette">
    {receipts.length === 0 ? (
      <p className="px-4 pb-4 sm:px-6">Nessuna, finora.</p>
    ) : (
      <Table caption="Ultime disdette" captionHidden stacks>
        <thead>
          <tr>
            <th scope="col">Giorni</th>
            <th scope="col">Che cosa</th>
            <th scope="col">Chi e quando</th>
            <th scope="col">Ricevuta</th>
          </tr>
        </thead>
        <tbody>
          {receipts.map(
            ({ id, number, action, channel, contact, note, at, personName, firstDay, lastDay }) => (
              <tr key={number}>
                <th scope="row" className="font-normal">
                  {numericDay(firstDay)}
                  {lastDay !== firstDay && ` – ${numericDay(lastDay)}`}
                </th>
                <td>{action === 'cancel' ? 'Disdetta' : 'Ripristino'}</td>
                <td>
                  {personName}, {contact ? contactInWords(contact, italian) : CHANNELS[channel]}
                  <span className="block text-sm text-muted">{instantInWords(at)}</span>
                  {note && <span className="block text-sm">{note}</span>}
                </td>
                <td data-label="Ricevuta">
                  <Link href={receiptPath(id)} prefetch={false}>
                    {number}
                  </Link>
                </td>
              </tr>
            ),
          )}
        </tbody>
      </Table>
    )}
  </Card>
)

/** Who did what on a household, its people and its pupils. @param register where all of it is, with what changed; null: not for this reader */
export const HouseholdActs = ({ acts, register }: { acts: readonly SheetAct[]; register: string | null }) => (
  <Card flush title="Chi ha fatto che cosa" titleId="registro">
    {register && (
      <p className="px-4 pb-2 sm:px-6 print:hidden">
        <a href={register}>Tutto il registro della famiglia, con che cosa è cambiato</a>
      </p>
    )}
    {acts.length === 0 ? (
      <p className="px-4 pb-4 sm:px-6">Niente, finora.</p>
    ) : (
      <Table caption="Gli ultimi atti, senza le letture" stacks>
        <thead>
          <tr>
            <th scope="col">Quando</th>
            <th scope="col">Che cosa</th>
            <th scope="col">Chi</th>
            <th scope="col">Motivo</th>
          </tr>
        </thead>
        <tbody>
          {acts.map(({ at, who, action, about, reason }) => (
            <tr key={`${at.toISOString()} ${action} ${about}`}>
              <th scope="row" className="font-normal">
                {instantInWords(at)}
              </th>
              <td>
                {italian(operationInWords(action))}
                <span className="block text-sm text-muted">{about}</span>
              </td>
              <td>{who ?? 'il portale'}</td>
              <td data-label={reason ? 'Motivo' : undefined}>{reason}</td>
            </tr>
          ))}
        </tbody>
      </Table>
    )}
  </Card>
)
