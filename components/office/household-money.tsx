import { Card } from '#components/ui/card.tsx'
import { DataList } from '#components/ui/data-list.tsx'
import { Table } from '#components/ui/table.tsx'
import { type SheetMoney, TOP_UP_STATE_NAMES } from '#lib/people/office/household-sheet.ts'
import { dated } from '#lib/words/dated.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { formatBalance, formatEuro } from '#lib/words/format-money.ts'

type Account = Pick<SheetMoney['accounts'][number], 'refundId' | 'isRefundDecided'>

/** Where a credit that the family left behind is decided; words alone for who may not decide it. */
function Refund({ refundId, isRefundDecided, refunds }: Account & { refunds: string | null }) {
  if (!refundId) return null
  const words = isRefundDecided ? 'Rimborso deciso, da fare' : 'Rimborso da decidere'
  return <span className="block">{refunds ? <a href={`${refunds}/${refundId}`}>{words}</a> : words}</span>
}

/**
 * The balances of a household and its latest top-ups, with the number of each invoice.
 * @param refunds the address of the cases; null for who may not decide them
 */
export function HouseholdMoney({
  money: { accounts, topUps },
  refunds,
  addresses: { payments, account },
}: {
  money: SheetMoney
  refunds: string | null
  /** `payments`: of the list; `account`: of the accounts with their movements. */
  addresses: { payments: string; account: string }
}) {
  return (
    <Card flush title="Saldo e ricariche" titleId="saldo">
      <div className="px-4 pb-4 sm:px-6">
        {accounts.length === 0 ? (
          <p>Nessun conto: si apre con la prima iscrizione.</p>
        ) : (
          <DataList
            items={accounts.map(({ serviceName, balanceCents, updatedAt, ...refund }) => ({
              term: serviceName,
              value: (
                <>
                  <span className={balanceCents < 0 ? 'text-danger' : ''}>{formatBalance(balanceCents)}</span>
                  <span className="block text-sm font-normal text-muted">
                    {dated`aggiornato al ${instantInWords(updatedAt)}`}
                  </span>
                  <Refund {...refund} refunds={refunds} />
                </>
              ),
            }))}
          />
        )}
      </div>
      {accounts.length > 0 && (
        <p className="px-4 pb-4 sm:px-6 print:hidden">
          <a className="tap" href={account}>
            Conto e movimenti
          </a>
        </p>
      )}
      {topUps.length > 0 && <LatestTopUps topUps={topUps} payments={payments} />}
    </Card>
  )
}

const LatestTopUps = ({ topUps, payments }: Pick<SheetMoney, 'topUps'> & { payments: string }) => (
  <Table caption="Ultime ricariche" stacks>
    <thead>
      <tr>
        <th scope="col">Quando</th>
        <th scope="col">Importo</th>
        <th scope="col">Stato</th>
        <th scope="col">Chi paga</th>
        <th scope="col">Fattura</th>
      </tr>
    </thead>
    <tbody>
      {topUps.map(({ id, at, amountCents, state, payerName, invoiceNumber }) => (
        <tr key={id}>
          <th scope="row" className="font-normal">
            <a className="tap" href={`${payments}/${id}`}>
              {instantInWords(at)}
            </a>
          </th>
          <td className="whitespace-nowrap">{formatEuro(amountCents)}</td>
          <td>{TOP_UP_STATE_NAMES[state]}</td>
          <td>{payerName}</td>
          <td data-label="Fattura">{invoiceNumber ?? 'nessuna'}</td>
        </tr>
      ))}
    </tbody>
  </Table>
)
