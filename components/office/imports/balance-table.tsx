import { Table } from '#components/ui/table.tsx'
import type { Cents } from '#lib/kernel/money.ts'
import { formatEuro } from '#lib/words/format-money.ts'
import { formatNumber } from '#lib/words/format-number.ts'

type Props = {
  lines: readonly { label: string; households: number; cents: Cents }[]
  fileCents: Cents
  totalLineCents: Cents | null
  creditCents: Cents
  debtCents: Cents
}

/** What a file's balances come to, to the cent, beside the sum that the file says. */
export const BalanceTable = ({ lines, fileCents, totalLineCents, creditCents, debtCents }: Props) => (
  <div className="mt-4 grid max-w-xl gap-2">
    <Table caption="I saldi del file">
      <thead>
        <tr>
          <th scope="col">Saldi</th>
          <th scope="col" className="text-end!">
            Famiglie
          </th>
          <th scope="col" className="text-end!">
            Somma
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map(({ label, households, cents }) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            <td className="text-end">{formatNumber(households)}</td>
            <td className="text-end whitespace-nowrap">{formatEuro(cents)}</td>
          </tr>
        ))}
        <tr className="font-semibold">
          <th scope="row">Somma del file</th>
          <td className="text-end">
            {formatNumber(lines.reduce((sum, { households }) => sum + households, 0))}
          </td>
          <td className="text-end whitespace-nowrap">{formatEuro(fileCents)}</td>
        </tr>
      </tbody>
    </Table>
    <p>
      Di quelli che si registrano, a credito {formatEuro(creditCents)} e a debito{' '}
      {formatEuro(Math.abs(debtCents))}.
    </p>
    {totalLineCents !== null && (
      <p className={totalLineCents === fileCents ? undefined : 'font-semibold text-ink'}>
        {totalLineCents === fileCents
          ? `La riga di totale del file dice lo stesso: ${formatEuro(totalLineCents)}.`
          : `La riga di totale del file dice ${formatEuro(totalLineCents)}: la differenza è di ${formatEuro(totalLineCents - fileCents)}. Controlla prima di confermare.`}
      </p>
    )}
  </div>
)
