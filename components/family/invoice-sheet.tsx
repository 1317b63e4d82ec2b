import { Said } from '#components/language/said.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { Table } from '#components/ui/table.tsx'
import type { InvoiceInWords, PartyInWords, SumInWords } from '#lib/invoices/invoice.words.ts'
import { useWords } from '#words'

function Party({ label, party, id }: { label: string; party: PartyInWords; id: string }) {
  return (
    <section aria-labelledby={id} className="min-w-0 break-words">
      <h2 id={id} className="text-base text-primary">
        {label}
      </h2>
      <p className="font-semibold text-ink">
        <Said text={party.name} />
      </p>
      {party.address.map((line) => (
        <p key={line}>
          <Said text={line} />
        </p>
      ))}
      {party.codes.map((code) => (
        <p key={code} className="text-muted">
          <Said text={code} />
        </p>
      ))}
    </section>
  )
}

function Sum({ sum, grand = false }: { sum: SumInWords; grand?: boolean }) {
  return (
    <tr>
      <th scope="row" className={grand ? 'text-xl' : 'font-normal'}>
        <Said text={sum.label} />
      </th>
      <td
        className={`text-end whitespace-nowrap tabular-nums ${grand ? 'text-xl font-semibold text-ink' : ''}`}
      >
        <Said text={sum.amount} />
      </td>
    </tr>
  )
}

/** What was bought, in one row. On a telephone the line under it says how many and at which price, and the amount stands beside it. */
function Line({ says: { heads, line } }: { says: InvoiceInWords }) {
  const wide = 'hidden sm:table-cell print:table-cell'
  const figures = [
    { head: heads.meals, figure: line.meals, place: wide },
    { head: heads.price, figure: line.price, place: wide },
    { head: heads.amount, figure: line.amount, place: '' },
  ]
  return (
    <Table caption={line.what} captionHidden>
      <thead>
        <tr>
          <th scope="col">{heads.what}</th>
          {figures.map(({ head, place }) => (
            <th key={head} scope="col" className={`text-end! ${place}`}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        <tr>
          <td>
            <p className="text-ink">
              <Said text={line.what} />
            </p>
            <p className="text-muted">
              <Said text={line.reckoned} />
            </p>
          </td>
          {figures.map(({ head, figure, place }) => (
            <td key={head} className={`text-end whitespace-nowrap tabular-nums ${place}`}>
              <Said text={figure} />
            </td>
          ))}
        </tr>
      </tbody>
    </Table>
  )
}

/** An invoice to read and to print: the same texts as its PDF, under the heading of the page. */
export function InvoiceSheet({ says, supplierLabel }: { says: InvoiceInWords; supplierLabel: string }) {
  const t = useWords()
  const [paid, nothingToDo] = says.paid
  const [copy, where] = says.original
  return (
    <article
      data-surface
      className="grid grid-cols-1 gap-6 rounded-lg border border-line bg-white p-4 shadow-low sm:p-8 print:gap-4"
    >
      {says.demonstration && <Notice kind="warning" title={says.demonstration} />}
      <div className="grid gap-6 sm:grid-cols-3 print:grid-cols-3">
        <Party id="fattura-da" label={supplierLabel} party={says.supplier} />
        <Party id="fattura-a" label={says.customerLabel} party={says.customer} />
        <Party
          id="fattura-per"
          label={says.serviceLabel}
          party={{ name: says.service.name, address: [says.service.municipality], codes: [] }}
        />
      </div>
      <Line says={says} />
      <div className="ms-auto w-full max-w-sm">
        <Table caption={t('Importi della fattura')} captionHidden>
          <tbody>
            <Sum sum={says.net} />
            <Sum sum={says.tax} />
            <Sum sum={says.total} grand />
          </tbody>
        </Table>
        {says.notes.map((note) => (
          <p key={note} className="mt-2 text-end text-muted">
            <Said text={note} />
          </p>
        ))}
      </div>
      <div className="border-s-4 border-success-strong ps-4">
        <p className="font-semibold text-ink">
          <Said text={paid} />
        </p>
        <p>{nothingToDo}</p>
      </div>
      <div className="border-t border-line pt-4">
        <p className="font-semibold text-ink">{copy}</p>
        <p className="text-muted">{where}</p>
      </div>
    </article>
  )
}
