import { Amount } from '#components/ui/amount.tsx'
import { Card } from '#components/ui/card.tsx'
import { Table } from '#components/ui/table.tsx'
import { isOfSupplier } from '#lib/invoices/invoice.ts'
import { GAP_WORDS } from '#lib/invoices/office/invoice-gap.words.ts'
import type { WaitingInvoice } from '#lib/invoices/office/waiting-invoice.ts'
import { numericDay } from '#lib/words/format-day.ts'

/** The law gives twelve days from the payment to the electronic invoice. */
const DUE_DAYS = 12

/** Invoices that are numbered and cannot be written yet: what each lacks, and since when. */
export function WaitingInvoices({
  municipalitySlug,
  invoices,
}: {
  municipalitySlug: string
  invoices: readonly WaitingInvoice[]
}) {
  return (
    <Card flush>
      <Table caption="La legge dà dodici giorni dal pagamento">
        <thead>
          <tr>
            <th scope="col">Fattura</th>
            <th scope="col">A nome di</th>
            <th scope="col">Importo</th>
            <th scope="col">Manca</th>
          </tr>
        </thead>
        <tbody>
          {invoices.map(({ id, number, issuedOn, days, totalCents, gaps, holderName, ...of }) => (
            <tr key={id}>
              <th scope="row">
                <a href={`/admin/${municipalitySlug}/pagamenti/fatture/${id}`}>{number}</a>
                <p className="font-normal text-muted">
                  {numericDay(issuedOn)}
                  {days > DUE_DAYS && <strong className="text-danger">, da {days} giorni</strong>}
                </p>
              </th>
              <td>
                <a href={`/admin/${municipalitySlug}/famiglie/${of.householdId}/persone/${of.holderId}`}>
                  {holderName}
                </a>
                <p className="text-muted">{of.householdName}</p>
              </td>
              <td>
                <Amount cents={totalCents} />
              </td>
              <td className="min-w-60">
                {gaps.length === 0 && 'Niente più: parte entro un minuto.'}
                <ul>
                  {gaps.map((gap) => (
                    <li key={gap}>
                      {isOfSupplier(gap) ? (
                        <a href={`/admin/${municipalitySlug}/impostazioni/gestore`}>{GAP_WORDS[gap]}</a>
                      ) : (
                        GAP_WORDS[gap]
                      )}
                    </li>
                  ))}
                </ul>
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  )
}
