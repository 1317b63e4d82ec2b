import { Table } from '#components/ui/table.tsx'
import type { RegisterLine } from '#lib/privacy/office/register.ts'
import {
  actInWords,
  actorInWords,
  changesInWords,
  subjectInWords,
  whyInWords,
} from '#lib/privacy/office/register.words.ts'
import { instantInWords } from '#lib/words/format-day.ts'

/** The lines of the register in words, newest first. @param here the page of the register, for that of one family */
export const RegisterTable = ({ here, lines }: { here: string; lines: readonly RegisterLine[] }) => (
  <Table caption="Dalla più recente" stacks>
    <thead>
      <tr>
        <th scope="col">Quando</th>
        <th scope="col">Che cosa</th>
        <th scope="col">Su chi</th>
        <th scope="col">Chi</th>
        <th scope="col">Perché</th>
      </tr>
    </thead>
    <tbody>
      {lines.map((line) => (
        <tr key={line.cursor.id} className="align-top">
          <th scope="row" className="font-normal whitespace-nowrap">
            {instantInWords(line.at)}
          </th>
          <td className="min-w-60">
            {actInWords(line)}
            {changesInWords(line).map((change) => (
              <span key={change} className="block text-sm text-muted">
                {change}
              </span>
            ))}
          </td>
          <td data-label="Su">
            {line.subject?.householdId ? (
              <a href={`${here}?famiglia=${line.subject.householdId}`}>{subjectInWords(line)}</a>
            ) : (
              subjectInWords(line)
            )}
          </td>
          <td data-label="Chi" className="whitespace-nowrap">
            {actorInWords(line)}
            {!line.isOffice && line.who && <span className="block text-sm text-muted">famiglia</span>}
          </td>
          <td>{whyInWords(line)}</td>
        </tr>
      ))}
    </tbody>
  </Table>
)
