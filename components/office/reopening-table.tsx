import type { ReactNode } from 'react'
import { Amount } from '#components/ui/amount.tsx'
import { Table } from '#components/ui/table.tsx'
import { mealsAgain, type ReopeningEffect, reopeningOf, TAKE_UP_DAYS } from '#lib/school/closure.ts'
import { dated } from '#lib/words/dated.ts'
import { instantInWords } from '#lib/words/format-day.ts'

const STAYS = {
  late: 'Resta sospesa: il termine per disdire è passato, e le famiglie sapevano che la mensa non c’era.',
  'done-before': 'Resta sospesa: i pasti sono già stati restituiti e addebitati di nuovo una volta.',
  'too-old': `Resta sospesa: dopo ${TAKE_UP_DAYS} giorni i pasti non si addebitano di nuovo.`,
} as const

function whatHappens(effect: ReopeningEffect, now: Date): ReactNode {
  const reopening = reopeningOf(effect, now)
  if (reopening === 'opens') return dated`Riapre. Si può disdire fino al ${instantInWords(effect.cutoffAt)}.`
  if (reopening !== 'taken-up') return STAYS[reopening]
  if (effect.givenBackCents === 0)
    return 'Riprende: i pasti contati valgono ancora, e si addebitano come sempre.'
  return (
    <>
      Riprende: i pasti contati valgono ancora, e <Amount cents={effect.givenBackCents} /> sono di nuovo
      addebitati.
    </>
  )
}

/** School by school: whether the day opens again, and who is expected at table. */
export function ReopeningTable({ effects, now }: { effects: readonly ReopeningEffect[]; now: Date }) {
  return (
    <div data-surface className="overflow-hidden rounded-lg border border-line bg-white shadow-low">
      <Table caption="Effetti dell’annullamento" captionHidden>
        <thead>
          <tr>
            <th scope="col">Scuola, e che cosa succede</th>
            <th scope="col" className="text-end!">
              Pasti
            </th>
            <th scope="col" className="text-end!">
              Già disdetti
            </th>
          </tr>
        </thead>
        <tbody>
          {effects.map((effect) => (
            <tr key={effect.serviceDayId}>
              <th scope="row" className="font-semibold">
                {effect.schoolName}
                <p className="mt-1 font-normal">{whatHappens(effect, now)}</p>
              </th>
              <td className="text-end">{mealsAgain(effect, now)}</td>
              <td className="text-end">{effect.absent}</td>
            </tr>
          ))}
        </tbody>
      </Table>
    </div>
  )
}
