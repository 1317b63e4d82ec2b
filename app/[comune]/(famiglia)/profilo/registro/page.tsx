import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Card } from '#components/ui/card.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { Table } from '#components/ui/table.tsx'
import { operationInWords, signInInWords } from '#lib/audit/words.ts'
import { requireViewer } from '#lib/auth/session.ts'
import { instantInWords } from '#lib/day.ts'
import { type DataAccess, dataAccesses } from '#lib/privacy/queries.ts'

export const metadata: Metadata = { title: 'Accessi ai miei dati' }

const BY: Readonly<Record<string, string>> = { ufficio: 'L’ufficio mensa', sistema: 'Il sistema' }

const author = ({ by, isOwn }: DataAccess): string => (isOwn ? 'Tu' : (BY[by] ?? by))

export default async function DataAccesses({ params }: { params: Promise<{ comune: string }> }) {
  const { comune } = await params
  const viewer = await requireViewer(comune)
  const data = await dataAccesses(viewer)
  if (!data) notFound()
  return (
    <>
      <Breadcrumb
        items={[{ label: 'Profilo', href: `/${comune}/profilo` }, { label: 'Accessi ai miei dati' }]}
      />
      <PageHeading
        title="Accessi ai miei dati"
        lead="Chi ha letto o cambiato i dati della tua famiglia, e quando sei entrato. Li teniamo 24 mesi."
      />
      <div className="grid gap-10 *:min-w-0">
        <section aria-labelledby="operazioni">
          <h2 id="operazioni" className="mb-4 text-2xl">
            Letture e cambiamenti
          </h2>
          {data.accesses.length === 0 ? (
            <EmptyState icon="history" title="Ancora niente">
              <p>Qui compare ogni volta che qualcuno legge o cambia i dati della tua famiglia.</p>
            </EmptyState>
          ) : (
            <Card flush>
              <Table caption="Letture e cambiamenti dei tuoi dati" captionHidden>
                <thead>
                  <tr>
                    <th scope="col">Quando</th>
                    <th scope="col">Chi</th>
                    <th scope="col">Che cosa</th>
                  </tr>
                </thead>
                <tbody>
                  {data.accesses.map((access) => (
                    <tr key={access.id}>
                      <td className="whitespace-nowrap">{instantInWords(access.occurredAt)}</td>
                      <th scope="row" className="font-semibold">
                        {author(access)}
                      </th>
                      <td>
                        {operationInWords(access.action)}
                        {access.outcome === 'refused' && ' (rifiutata)'}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </Table>
            </Card>
          )}
        </section>
        <section aria-labelledby="ingressi">
          <h2 id="ingressi" className="mb-4 text-2xl">
            I tuoi accessi
          </h2>
          <Card flush>
            <Table caption="I tuoi accessi al portale" captionHidden>
              <thead>
                <tr>
                  <th scope="col">Quando</th>
                  <th scope="col">Che cosa</th>
                  <th scope="col">Con</th>
                </tr>
              </thead>
              <tbody>
                {data.signIns.map((line) => (
                  <tr key={line.id}>
                    <td className="whitespace-nowrap">{instantInWords(line.occurredAt)}</td>
                    <th scope="row" className="font-semibold">
                      {signInInWords(line.outcome)}
                    </th>
                    <td>{line.method?.toUpperCase() ?? '—'}</td>
                  </tr>
                ))}
              </tbody>
            </Table>
          </Card>
        </section>
      </div>
    </>
  )
}
