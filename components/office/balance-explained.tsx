import { Card } from '#components/ui/card.tsx'
import { explained, type OfficeBalance } from '#lib/ledger/office/balance.ts'
import { dated } from '#lib/words/dated.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { formatBalance } from '#lib/words/format-money.ts'

/** The balances of a family as they are told on the telephone: what each is, and what it is made of. */
export function BalanceExplained({ balances }: { balances: readonly OfficeBalance[] }) {
  return (
    <Card title="Saldo" titleId="saldo">
      {balances.length === 0 && <p>Nessun conto: si apre con la prima iscrizione.</p>}
      <div className="grid gap-5">
        {balances.map((balance) => (
          <div key={balance.serviceName}>
            <p>
              {balance.serviceName}:{' '}
              <strong className={balance.balanceCents < 0 ? 'text-danger' : 'text-ink'}>
                {formatBalance(balance.balanceCents)}
              </strong>
            </p>
            <ul className="mt-2 grid gap-1">
              {explained(balance).map(({ kind, name, cents, entries }) => (
                <li key={kind} className="flex justify-between gap-4 border-b border-line pb-1">
                  <span>
                    {name} ({entries})
                  </span>
                  <span className="whitespace-nowrap">{formatBalance(cents)}</span>
                </li>
              ))}
            </ul>
            <p className="mt-2 text-sm text-muted">
              {dated`Tutti i movimenti fino al ${instantInWords(balance.updatedAt)}: la somma fa il saldo.`}
            </p>
          </div>
        ))}
      </div>
    </Card>
  )
}
