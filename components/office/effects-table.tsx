import type { IconName } from '#components/ui/icon.tsx'
import { StatusChip, type Tone } from '#components/ui/status-chip.tsx'
import { Table } from '#components/ui/table.tsx'
import { type ClosureEffect, sumOfEffects } from '#lib/school/closure.ts'
import { decidedInWords } from '#lib/school/office/closure.words.ts'
import { formatEuro } from '#lib/words/format-money.ts'

const STATES: Record<ClosureEffect['status'], { tone: Tone; icon: IconName; word: string }> = {
  open: { tone: 'info', icon: 'clock', word: 'Non ancora addebitato' },
  closed: { tone: 'warning', icon: 'coins', word: 'Già addebitato' },
  suspended: { tone: 'neutral', icon: 'calendar-off', word: 'Già sospeso' },
}

/** School by school: what goes back to the families, meals and pupils. */
export function EffectsTable({ caption, effects }: { caption: string; effects: ClosureEffect[] }) {
  const { meals, refundCents } = sumOfEffects(effects)
  return (
    <div data-surface className="overflow-hidden rounded-lg border border-line bg-white shadow-low">
      <Table caption={caption} captionHidden>
        <thead>
          <tr>
            <th scope="col">Scuola</th>
            <th scope="col" className="text-end!">
              Da restituire
            </th>
            <th scope="col" className="text-end!">
              Pasti
            </th>
            <th scope="col" className="text-end!">
              Alunni
            </th>
          </tr>
        </thead>
        <tbody>
          {effects.map((effect) => {
            const { tone, icon, word } = STATES[effect.status]
            return (
              <tr key={effect.schoolId}>
                <th scope="row" className="font-semibold">
                  <span className="mb-1 block">{effect.schoolName}</span>
                  <StatusChip tone={tone} icon={icon}>
                    {word}
                  </StatusChip>
                  {effect.decided && (
                    <span className="mt-1 block text-sm font-normal text-muted">
                      {decidedInWords(effect.decided)}
                    </span>
                  )}
                </th>
                <td className="text-end whitespace-nowrap">{formatEuro(effect.refundCents)}</td>
                <td className="text-end">{effect.meals}</td>
                <td className="text-end">{effect.pupils}</td>
              </tr>
            )
          })}
        </tbody>
        <tfoot>
          <tr className="font-semibold text-ink">
            <th scope="row">Totale</th>
            <td className="text-end whitespace-nowrap">{formatEuro(refundCents)}</td>
            <td className="text-end">{meals}</td>
            <td />
          </tr>
        </tfoot>
      </Table>
    </div>
  )
}
