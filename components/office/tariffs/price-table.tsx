import { type PreviewAction, PreviewForm } from '#components/office/preview-form.tsx'
import { StatusChip } from '#components/ui/status-chip.tsx'
import { Table } from '#components/ui/table.tsx'
import { addDays, dayInRome } from '#lib/kernel/day.ts'
import type { PriceLine } from '#lib/tariffs/office/tariff.ts'
import { dated } from '#lib/words/dated.ts'
import { longDate, numericDay } from '#lib/words/format-day.ts'
import { formatEuro } from '#lib/words/format-money.ts'

function PriceState({ state }: { state: PriceLine['state'] }) {
  if (state === 'current')
    return (
      <StatusChip tone="success" icon="circle-check">
        In vigore
      </StatusChip>
    )
  if (state === 'coming')
    return (
      <StatusChip tone="info" icon="clock">
        Deciso
      </StatusChip>
    )
  return (
    <StatusChip tone="neutral" icon="history">
      Passato
    </StatusChip>
  )
}

/** "0,00 €" is written in words too: it must not be taken for a missing price. */
export function PriceAmount({ cents }: { cents: number | null }) {
  if (cents === null) return <span className="text-muted">nessun prezzo</span>
  if (cents > 0) return <span className="whitespace-nowrap">{formatEuro(cents)}</span>
  return (
    <span className="inline-flex flex-wrap items-center gap-2">
      {formatEuro(0)}
      <StatusChip tone="info" icon="badge-check">
        Gratuito
      </StatusChip>
    </span>
  )
}

/** The prices of a service or of a band, the newest first; one that has not begun can be taken back. */
export function PriceTable({
  caption,
  lines,
  hidden,
  cancel,
}: {
  caption: string
  lines: readonly PriceLine[]
  hidden: Readonly<Record<string, string>>
  cancel: PreviewAction
}) {
  const until = (index: number): string => {
    const next = lines[index - 1]
    return next ? numericDay(addDays(next.validFrom, -1)) : 'in poi'
  }
  return (
    <Table caption={caption} captionHidden stacks>
      <thead>
        <tr>
          <th scope="col">Dal</th>
          <th scope="col">Al</th>
          <th scope="col">Prezzo</th>
          <th scope="col">Stato</th>
          <th scope="col">Deciso da</th>
          <th scope="col" className="print:hidden">
            <span className="sr-only">Annulla</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line, index) => (
          <tr key={line.validFrom}>
            <th scope="row" className="whitespace-nowrap">
              {numericDay(line.validFrom)}
            </th>
            <td data-label={index === 0 ? undefined : 'fino al'} className="whitespace-nowrap">
              {until(index)}
            </td>
            <td className="font-semibold text-ink">
              <PriceAmount cents={line.priceCents} />
            </td>
            <td>
              <PriceState state={line.state} />
            </td>
            <td data-label="Deciso da" className={line.decidedBy ? 'min-w-60' : ''}>
              {line.decidedBy ? `${line.decidedBy}, ${numericDay(dayInRome(line.decidedAt))}` : '–'}
              {line.note && <span className="block text-sm text-muted">{line.note}</span>}
            </td>
            <td className="print:hidden">
              {line.mayCancel && (
                <PreviewForm
                  action={cancel}
                  hidden={{ ...hidden, day: line.validFrom }}
                  fields={[]}
                  label="Annulla"
                  look="secondary"
                  title={dated`Annulla il prezzo dal ${longDate(line.validFrom)}`}
                />
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </Table>
  )
}
