import { SubmissionChip } from '#components/forms/state-chip.tsx'
import { Card } from '#components/ui/card.tsx'
import { Table } from '#components/ui/table.tsx'
import type { Lack } from '#lib/forms/completeness.ts'
import { LACKS_IN_WORDS } from '#lib/forms/office/submission.address.ts'
import { protocolInWords } from '#lib/forms/protocol.ts'
import { isDecided, type SubmissionState } from '#lib/forms/submission.ts'
import { dated } from '#lib/words/dated.ts'
import { instantInWords, numericDay } from '#lib/words/format-day.ts'
import { TickAll } from './batch-form.tsx'

export type QueueRow = {
  id: string
  formId: string
  title: string
  year: number
  number: number
  about: string
  personName: string
  school: string | null
  state: SubmissionState
  submittedAt: Date
  assignee: string | null
  dueOn: string | null
  isLate: boolean
  lacks: readonly Lack[]
}

/** Submissions, one a row, each with a box that chooses it while it is undecided. */
export function QueueTable({ base, lines }: { base: string; lines: readonly QueueRow[] }) {
  return (
    <Card flush>
      <Table caption="Domande arrivate" captionHidden>
        <thead>
          <tr>
            <th scope="col" className="print:hidden">
              <TickAll />
            </th>
            <th scope="col">Protocollo</th>
            <th scope="col">Stato</th>
            <th scope="col">Per chi</th>
            <th scope="col">Manca</th>
            <th scope="col">Modulo</th>
            <th scope="col">Scuola</th>
            <th scope="col">Inviata</th>
            <th scope="col">Assegnata a</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <Row key={line.id} base={base} line={line} />
          ))}
        </tbody>
      </Table>
    </Card>
  )
}

function Row({ base, line }: { base: string; line: QueueRow }) {
  const number = protocolInWords(line)
  return (
    <tr>
      <td className="print:hidden">
        {!isDecided(line.state) && (
          <input
            type="checkbox"
            name="scelte[]"
            value={line.id}
            aria-label={`Scegli la domanda ${number}`}
            className="size-6 accent-primary"
          />
        )}
      </td>
      <th scope="row">
        <a href={`${base}/${line.formId}/domande/${line.id}`} className="inline-flex min-h-11 items-center">
          {number}
        </a>
      </th>
      <td>
        <SubmissionChip state={line.state} />
        {line.dueOn && (
          <span className={`block text-sm ${line.isLate ? 'font-semibold text-danger' : 'text-muted'}`}>
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
      <td>
        {line.lacks.length === 0 ? '—' : line.lacks.map((lack) => LACKS_IN_WORDS[lack].words).join(', ')}
      </td>
      <td>{line.title}</td>
      <td>{line.school ?? '—'}</td>
      <td>{instantInWords(line.submittedAt)}</td>
      <td>{line.assignee ?? 'Nessuno'}</td>
    </tr>
  )
}
