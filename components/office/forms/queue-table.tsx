import { SubmissionChip } from '#components/forms/state-chip.tsx'
import { Card } from '#components/ui/card.tsx'
import { Table } from '#components/ui/table.tsx'
import { protocolInWords } from '#lib/forms/protocol.ts'
import type { SubmissionState } from '#lib/forms/submission.ts'
import { dated } from '#lib/words/dated.ts'
import { instantInWords, numericDay } from '#lib/words/format-day.ts'

export type QueueRow = {
  id: string
  year: number
  number: number
  about: string
  personName: string
  state: SubmissionState
  submittedAt: Date
  assignee: string | null
  dueOn: string | null
  isLate: boolean
}

/** The submissions of a form, one a row. */
export function QueueTable({ base, lines }: { base: string; lines: readonly QueueRow[] }) {
  return (
    <Card flush>
      <Table caption="Domande arrivate" captionHidden>
        <thead>
          <tr>
            <th scope="col">Protocollo</th>
            <th scope="col">Stato</th>
            <th scope="col">Per chi</th>
            <th scope="col">Inviata</th>
            <th scope="col">Assegnata a</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.id}>
              <th scope="row">
                <a href={`${base}/${line.id}`} className="inline-flex min-h-11 items-center">
                  {protocolInWords(line)}
                </a>
              </th>
              <td>
                <SubmissionChip state={line.state} />
                {line.dueOn && (
                  <span
                    className={`block text-sm ${line.isLate ? 'font-semibold text-danger' : 'text-muted'}`}
                  >
                    {line.isLate
                      ? dated`Scaduta il ${numericDay(line.dueOn)}`
                      : dated`Entro il ${numericDay(line.dueOn)}`}
                  </span>
                )}
              </td>
              <td>
                {line.about}
                <span className="block text-sm text-muted">{line.personName}</span>
              </td>
              <td>{instantInWords(line.submittedAt)}</td>
              <td>{line.assignee ?? 'Nessuno'}</td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  )
}
