import { StatusChip } from '#components/ui/status-chip.tsx'
import { Table } from '#components/ui/table.tsx'
import type { BandLine } from '#lib/tariffs/office/tariff.ts'
import { dated } from '#lib/words/dated.ts'
import { numericDay } from '#lib/words/format-day.ts'
import { formatEuro } from '#lib/words/format-money.ts'
import { italian, plural } from '#lib/words/language.ts'
import { PriceAmount } from './price-table.tsx'

/** "12 alunni oggi, 3 più avanti" */
function pupilsInWords({ pupils, coming }: BandLine): string {
  const today =
    pupils === 0 ? 'nessuno oggi' : `${italian(plural('{n} alunno', '{n} alunni'), { n: pupils })} oggi`
  return coming > 0 ? `${today}, ${coming} più avanti` : today
}

/** The bands of a service with what they cost now, what comes and who has them. */
export function BandTable({
  caption,
  bands,
  path,
}: {
  caption: string
  bands: readonly BandLine[]
  path: string
}) {
  return (
    <Table caption={caption} captionHidden stacks>
      <thead>
        <tr>
          <th scope="col">Fascia</th>
          <th scope="col">Prezzo oggi</th>
          <th scope="col">Ce l’hanno</th>
          <th scope="col">Stato</th>
        </tr>
      </thead>
      <tbody>
        {bands.map((band) => (
          <tr key={band.code}>
            <th scope="row" className="min-w-52">
              <a href={`${path}/fasce/${band.code}`} className="tap">
                {band.code} · {band.name}
              </a>
              {band.description && (
                <span className="block text-sm font-normal text-muted">{band.description}</span>
              )}
            </th>
            <td className="font-semibold text-ink">
              <PriceAmount cents={band.currentCents} />
              {band.prices
                .filter(({ state }) => state === 'coming')
                .toReversed()
                .map(({ validFrom, priceCents }) => (
                  <span key={validFrom} className="block text-sm font-normal">
                    {dated`dal ${numericDay(validFrom)}`}: {formatEuro(priceCents)}
                  </span>
                ))}
            </td>
            <td className="min-w-28">{pupilsInWords(band)}</td>
            <td>
              {band.isOpen ? (
                <StatusChip tone="success" icon="circle-check">
                  Aperta
                </StatusChip>
              ) : (
                <StatusChip tone="neutral" icon="lock">
                  Chiusa a nuovi alunni
                </StatusChip>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </Table>
  )
}
