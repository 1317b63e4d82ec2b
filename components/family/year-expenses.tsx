import { Said } from '#components/language/said.tsx'
import { Amount } from '#components/ui/amount.tsx'
import { Card } from '#components/ui/card.tsx'
import { DataList } from '#components/ui/data-list.tsx'
import { Table } from '#components/ui/table.tsx'
import type { PaymentMethod } from '#lib/invoices/invoice.ts'
import type { YearExpenses, YearReturn } from '#lib/invoices/year-expenses.ts'
import { MOVEMENT_NAMES } from '#lib/ledger/statement.ts'
import { numericDay } from '#lib/words/format-day.ts'
import { type Phrase, phrase } from '#lib/words/language.ts'
import { inARow } from '#lib/words/list.ts'
import { asWritten } from '#lib/words/written.ts'
import { useWords } from '#words'

const METHODS: Readonly<Record<PaymentMethod, Phrase>> = {
  card: phrase('Carta VISA o MASTERCARD'),
  mybank: phrase('Bonifico MyBank'),
  pagopa: phrase('pagoPA'),
}

/** Three columns fit a telephone of 320 px. */
const NARROW = 'max-xs:[&_td]:px-2! max-xs:[&_th]:px-2!'

/** The years that can be read, newest first. */
export function YearChoice({
  here,
  years,
  current,
}: {
  here: string
  years: readonly number[]
  current: number
}) {
  const t = useWords()
  return (
    <nav aria-label={t('Anno')} className="print:hidden">
      <ul className="flex flex-wrap gap-3">
        {years.map((year) => (
          <li key={year}>
            <a
              href={`${here}?anno=${year}`}
              aria-current={year === current ? 'page' : undefined}
              className="inline-flex min-h-12 items-center rounded border-2 border-line-strong bg-white px-4 py-2 font-semibold no-underline aria-[current=page]:border-primary aria-[current=page]:bg-primary-light aria-[current=page]:text-primary-deep"
            >
              {year}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** Everything that a tax return asks for, on one sheet of paper. */
export function YearSheet({ expenses, municipality }: { expenses: YearExpenses; municipality: string }) {
  const t = useWords()
  const { year, payer, supplier, totalCents } = expenses
  return (
    <div className="grid grid-cols-1 gap-6">
      <Card title={t('Totale pagato nel {year}', { year })} titleId="totale">
        <p className="text-4xl font-semibold tabular-nums text-ink sm:text-5xl print:text-2xl">
          <Amount cents={totalCents} />
        </p>
        <p className="mt-2">
          {t('Pagato da questo portale con carta, MyBank o pagoPA: sono pagamenti tracciabili.')}
          {expenses.isRunning && ` ${t('L’anno non è finito: il totale può ancora cambiare.')}`}
        </p>
        <div className="mt-5">
          <DataList
            items={[
              { term: t('Chi ha pagato'), value: payer.name },
              { term: t('Codice fiscale'), value: payer.fiscalCode },
              {
                term: t('Per che cosa'),
                value: (
                  <Said
                    text={inARow(
                      [
                        ...expenses.serviceNames.map((name) => asWritten(name, t.language)),
                        t('mensa scolastica di {municipality}', { municipality }),
                      ],
                      t,
                    )}
                  />
                ),
              },
              ...(supplier
                ? [
                    {
                      term: t('A chi'),
                      value: t('{name}, partita IVA {vatNumber}', {
                        name: supplier.name,
                        vatNumber: supplier.vatNumber,
                      }),
                    },
                  ]
                : []),
            ]}
          />
        </div>
      </Card>
      <ByChild expenses={expenses} />
      <Payments expenses={expenses} />
    </div>
  )
}

function ByChild({ expenses: { children, year } }: { expenses: YearExpenses }) {
  const t = useWords()
  if (children.length === 0) return null
  return (
    <Card title={t('Per ciascun figlio')} titleId="figli" flush className={NARROW}>
      <p className="px-4 pb-4 sm:px-6">
        {t(
          'Nel 730 la spesa si scrive figlio per figlio. Qui il totale è diviso in proporzione ai pasti che ciascuno ha mangiato nel {year}. Chi ti prepara la dichiarazione può dividerlo in un altro modo: i numeri sono tutti qui.',
          { year },
        )}
      </p>
      <Table caption={t('Per ciascun figlio')} captionHidden>
        <thead>
          <tr>
            <th scope="col">{t('Alunno')}</th>
            <th scope="col" className="text-end!">
              {t('Pasti')}
            </th>
            <th scope="col" className="text-end!">
              {t('Quota')}
            </th>
          </tr>
        </thead>
        <tbody>
          {children.map(({ pupilId, name, fiscalCode, meals, mealsCents, shareCents }) => (
            <tr key={pupilId}>
              <th scope="row">
                {name}
                <span className="block text-sm font-normal break-all text-muted">
                  {fiscalCode ?? t('codice fiscale non ancora registrato')}
                </span>
              </th>
              <td className="text-end">
                {meals}
                <span className="block text-sm text-muted">
                  <Amount cents={mealsCents} />
                </span>
              </td>
              <td className="text-end font-semibold text-ink">
                {shareCents === null ? '–' : <Amount cents={shareCents} />}
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  )
}

function Payments({ expenses: { payments, returns, totalCents } }: { expenses: YearExpenses }) {
  const t = useWords()
  return (
    <Card title={t('I pagamenti')} titleId="pagamenti" flush className={NARROW}>
      <Table caption={t('I pagamenti')} captionHidden>
        <thead>
          <tr>
            <th scope="col">{t('Pagamento')}</th>
            <th scope="col" className="text-end!">
              {t('Importo')}
            </th>
          </tr>
        </thead>
        <tbody>
          {payments.map(({ invoiceId, number, day, method, totalCents: cents }) => (
            <tr key={invoiceId}>
              <th scope="row">
                {numericDay(day, t.language)}
                <span className="block text-sm font-normal text-muted">
                  {t('{method}, fattura {number}', {
                    method: t(METHODS[method]),
                    number: asWritten(number, t.language),
                  })}
                </span>
              </th>
              <td className="text-end">
                <Amount cents={cents} />
              </td>
            </tr>
          ))}
          {returns.map((one) => (
            <Return key={one.id} {...one} />
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t('Totale')}</th>
            <td className="text-end font-semibold text-ink">
              <Amount cents={totalCents} />
            </td>
          </tr>
        </tfoot>
      </Table>
    </Card>
  )
}

function Return({ day, kind, cents }: YearReturn) {
  const t = useWords()
  return (
    <tr>
      <th scope="row">
        {numericDay(day, t.language)}
        <span className="block text-sm font-normal text-muted">{t(MOVEMENT_NAMES[kind])}</span>
      </th>
      <td className="text-end">
        <Amount cents={-cents} />
      </td>
    </tr>
  )
}
