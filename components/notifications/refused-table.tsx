import { Table } from '#components/ui/table.tsx'
import { failureInWords, OUTCOME_WORDS, type UndeliveredLine } from '#lib/outbox/office/delivery-batch.ts'

/** Who did not get it, by an address that can be recognised and not written to. */
export function RefusedTable({ lines }: { lines: readonly UndeliveredLine[] }) {
  return (
    <Table caption="Messaggi non consegnati" captionHidden>
      <thead>
        <tr>
          <th scope="col">A</th>
          <th scope="col">Esito</th>
          <th scope="col">Risposta del server</th>
          <th scope="col">Tentativi</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr key={line.id}>
            <th scope="row" className="font-normal">
              {line.address}
            </th>
            <td>{OUTCOME_WORDS[line.outcome]}</td>
            <td className="break-words">{failureInWords(line.reason)}</td>
            <td>{line.attempts}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  )
}
