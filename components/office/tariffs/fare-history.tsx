import { StatusChip } from '#components/ui/status-chip.tsx'
import { dayInRome } from '#lib/kernel/day.ts'
import type { FareLine } from '#lib/tariffs/office/tariff.ts'
import { dated } from '#lib/words/dated.ts'
import { numericDay } from '#lib/words/format-day.ts'

const STATES = {
  current: { tone: 'success', icon: 'circle-check', word: 'In corso' },
  coming: { tone: 'info', icon: 'clock', word: 'Futura' },
  past: { tone: 'neutral', icon: 'history', word: 'Finita' },
} as const

/** The bands of a pupil, the newest first, with who decided and why. */
export function FareHistory({ lines }: { lines: readonly FareLine[] }) {
  if (lines.length === 0) return <p>Ha sempre pagato il prezzo intero.</p>
  return (
    <ul className="divide-y divide-line">
      {lines.map((line) => {
        const { tone, icon, word } = STATES[line.state]
        return (
          <li key={line.id} className="grid gap-1 py-4 first:pt-0 last:pb-0">
            <span className="flex flex-wrap items-center justify-between gap-2">
              <span className="font-semibold text-ink">
                {line.bandCode} · {line.bandName}
              </span>
              <StatusChip tone={tone} icon={icon}>
                {word}
              </StatusChip>
            </span>
            <span>
              {dated`dal ${numericDay(line.from)}`} {dated`al ${numericDay(line.to)}`}
            </span>
            <span className="text-sm text-muted">
              Data da {line.givenBy} {dated`il ${numericDay(dayInRome(line.givenAt))}`}
              {line.byRequest ? ', con una domanda online' : ''}
              {line.reason && `: ${line.reason}`}
            </span>
            {line.endedBy && line.endedAt && (
              <span className="text-sm text-muted">
                Finita prima, deciso da {line.endedBy} {dated`il ${numericDay(dayInRome(line.endedAt))}`}
                {line.endReason && `: ${line.endReason}`}
              </span>
            )}
          </li>
        )
      })}
    </ul>
  )
}
