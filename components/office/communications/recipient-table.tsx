import { Icon } from '#components/ui/icon.tsx'
import { Table } from '#components/ui/table.tsx'
import { instantInWords } from '#lib/words/format-day.ts'

export type RecipientRow = {
  household: string
  person: string
  role: 'holder' | 'delegate'
  hadEmail: boolean
  readAt: Date | null
  acknowledgedAt: Date | null
  wasLate: boolean
  acknowledgedBy: string | null
}

export const ROLES = { holder: 'intestatario', delegate: 'delegato' } as const

const Missing = ({ words }: { words: string }) => (
  <span className="inline-flex items-center gap-1 font-semibold text-warning">
    <Icon name="clock" size="sm" /> {words}
  </span>
)

/** Who got it and what they did, one adult a row. */
export function RecipientTable({ rows, asks }: { rows: readonly RecipientRow[]; asks: boolean }) {
  return (
    <Table caption="Destinatari" captionHidden>
      <thead>
        <tr>
          <th scope="col">Famiglia</th>
          <th scope="col">Persona</th>
          <th scope="col">E-mail</th>
          <th scope="col">Letta</th>
          {asks && <th scope="col">Confermata</th>}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={`${row.household} ${row.person} ${row.role}`}>
            <th scope="row">{row.household}</th>
            <td>
              {row.person}
              <span className="block text-sm text-muted">{ROLES[row.role]}</span>
            </td>
            <td>{row.hadEmail ? 'sì' : <Missing words="senza e-mail" />}</td>
            <td>{row.readAt ? instantInWords(row.readAt) : <Missing words="non ancora" />}</td>
            {asks && (
              <td>
                {row.acknowledgedAt ? (
                  <>
                    {instantInWords(row.acknowledgedAt)}
                    <span className="block text-sm text-muted">
                      {row.acknowledgedBy}
                      {row.wasLate && ', dopo il termine'}
                    </span>
                  </>
                ) : (
                  <Missing words="non ancora" />
                )}
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </Table>
  )
}
