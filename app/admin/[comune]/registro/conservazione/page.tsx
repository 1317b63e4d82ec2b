import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Card } from '#components/ui/card.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { Table } from '#components/ui/table.tsx'
import { dayInRome } from '#lib/kernel/day.ts'
import { retentions } from '#lib/privacy/office/retention.queries.ts'
import { AHEAD_DAYS } from '#lib/privacy/office/retention.ts'
import { keptInWords, REGISTER_WORDS } from '#lib/privacy/office/retention.words.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { numericDay } from '#lib/words/format-day.ts'
import { formatNumber } from '#lib/words/format-number.ts'

export const metadata: Metadata = { title: 'Quanto si conserva' }

/** How long each register keeps a line, and what the portal will delete of it. */
export default async function RetentionPage({ params }: { params: Promise<{ comune: string }> }) {
  const { comune: municipalitySlug } = await params
  const registers = await retentions(await requireViewer(municipalitySlug))
  if (!registers) notFound()
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Registro', href: `/admin/${municipalitySlug}/registro` },
          { label: 'Quanto si conserva' },
        ]}
      />
      <PageHeading
        title="Quanto si conserva"
        lead="Il portale cancella da solo, ogni dieci minuti, le righe che hanno finito il loro tempo. Qui vedi prima che cosa andrà via."
      />
      <Card flush>
        <Table caption="Le durate sono una regola del portale, uguale per tutti i Comuni" stacks>
          <thead>
            <tr>
              <th scope="col">Registro</th>
              <th scope="col">Via adesso</th>
              <th scope="col">Via entro {AHEAD_DAYS} giorni</th>
              <th scope="col">Si conserva</th>
              <th scope="col">Riga più vecchia</th>
              <th scope="col">Perché</th>
            </tr>
          </thead>
          <tbody>
            {registers.map(({ register, oldest, due, dueAhead, ...kept }) => (
              <tr key={register}>
                <th scope="row">{REGISTER_WORDS[register].name}</th>
                <td data-label="Via adesso">{formatNumber(due)}</td>
                <td data-label={`Via entro ${AHEAD_DAYS} giorni`}>{formatNumber(dueAhead)}</td>
                <td data-label="Si conserva" className="whitespace-nowrap">
                  {keptInWords(kept)}
                </td>
                <td data-label="Riga più vecchia">{oldest ? numericDay(dayInRome(oldest)) : 'nessuna'}</td>
                <td className="min-w-64 text-sm text-muted">{REGISTER_WORDS[register].why}</td>
              </tr>
            ))}
          </tbody>
        </Table>
      </Card>
    </>
  )
}
