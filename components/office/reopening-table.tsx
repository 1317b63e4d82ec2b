import { Table } from '#components/ui/table.tsx'
import { type ReopeningEffect, whyNotReopened } from '#lib/school/closure.ts'
import { dated } from '#lib/words/dated.ts'
import { instantInWords } from '#lib/words/format-day.ts'

const WHY = {
  counted: 'Resta sospesa: i pasti erano già contati, e quelli addebitati sono stati restituiti.',
  late: 'Resta sospesa: il termine per disdire è passato.',
} as const

function whatHappens(effect: ReopeningEffect, now: Date): string {
  const why = whyNotReopened(effect, now)
  return why ? WHY[why] : dated`Riapre. Si può disdire fino al ${instantInWords(effect.cutoffAt)}.`
}

/** School by school: whether the day opens again, and who is expected at table. */
export function ReopeningTable({ effects, now }: { effects: readonly ReopeningEffect[]; now: Date }) {
  return (
    <div data-surface className="overflow-hidden rounded-lg border border-line bg-white shadow-low">
      <Table caption="Effetti dell’annullamento" captionHidden>
        <thead>
          <tr>
            <th scope="col">Scuola</th>
            <th scope="col">Che cosa succede</th>
            <th scope="col" className="text-end!">
              Pasti previsti
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
              </th>
              <td>{whatHappens(effect, now)}</td>
              <td className="text-end">{whyNotReopened(effect, now) ? 0 : effect.pupils - effect.absent}</td>
              <td className="text-end">{effect.absent}</td>
            </tr>
          ))}
        </tbody>
      </Table>
    </div>
  )
}
