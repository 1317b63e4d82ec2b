import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Done } from '#components/office/done.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Card } from '#components/ui/card.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { Table } from '#components/ui/table.tsx'
import { linkRequests } from '#lib/people/office/link-request.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { instantInWords } from '#lib/words/format-day.ts'

export const metadata: Metadata = { title: 'Richieste di collegamento' }

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<SearchParams> }

const DONE = {
  collegato: 'La persona è collegata: trova il bambino alla prossima pagina. L’intestatario è avvisato.',
  respinto: 'La richiesta è respinta. La persona legge il motivo quando entra.',
}

const STATES = { sent: 'Da decidere', linked: 'Collegato', refused: 'Respinta' } as const

/** Those who ask to be linked to a child who is enrolled. */
export default async function LinkRequests({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, { fatto }] = await Promise.all([params, searchParams])
  const lines = await linkRequests(await requireViewer(municipalitySlug))
  if (!lines) notFound()
  const base = `/admin/${municipalitySlug}/moduli`
  return (
    <>
      <Breadcrumb
        items={[{ label: 'Moduli e domande', href: base }, { label: 'Richieste di collegamento' }]}
      />
      <PageHeading
        title="Richieste di collegamento"
        lead="Persone riconosciute con SPID o CIE, che il Comune non conosce, chiedono di seguire un bambino già iscritto."
      />
      <Done sentences={DONE} code={fatto} />
      {lines.length === 0 ? (
        <EmptyState icon="users" title="Nessuno ha chiesto di essere collegato" />
      ) : (
        <Card flush>
          <Table caption="Richieste di collegamento" captionHidden stacks>
            <thead>
              <tr>
                <th scope="col">Chi chiede</th>
                <th scope="col">Stato</th>
                <th scope="col">Per chi</th>
                <th scope="col">Inviata</th>
              </tr>
            </thead>
            <tbody>
              {lines.map(({ id, name, childName, sentAt, state, decidedBy }) => (
                <tr key={id}>
                  <th scope="row">
                    <a href={`${base}/collegamenti/${id}`} className="inline-flex min-h-11 items-center">
                      {name}
                    </a>
                  </th>
                  <td>
                    {STATES[state]}
                    {decidedBy && <span className="block text-sm text-muted">{decidedBy}</span>}
                  </td>
                  <td data-label="per">{childName}</td>
                  <td>{instantInWords(sentAt)}</td>
                </tr>
              ))}
            </tbody>
          </Table>
        </Card>
      )}
    </>
  )
}
