import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { Table } from '#components/ui/table.tsx'
import { schoolLines } from '#lib/school/office/structure.queries.ts'
import { schoolKindInWords } from '#lib/school/service.words.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { readPage } from '#lib/web/pagination.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { dated } from '#lib/words/dated.ts'
import { numericDay } from '#lib/words/format-day.ts'

export const metadata: Metadata = { title: 'Scuole e classi' }

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<SearchParams> }

/** The schools of the municipality, with those that ended last. */
export default async function Schools({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, { pagina }] = await Promise.all([params, searchParams])
  const found = await schoolLines(await requireViewer(municipalitySlug), readPage(pagina))
  if (!found) notFound()
  const { schools, page, pages } = found
  const here = `/admin/${municipalitySlug}/impostazioni`
  return (
    <>
      <Breadcrumb items={[{ label: 'Impostazioni', href: here }, { label: 'Scuole e classi' }]} />
      <PageHeading
        title="Scuole e classi"
        lead="Dove si mangia, in quali giorni e fino a quando si disdice."
        actions={
          <ButtonLink href={`${here}/scuole/nuova`} icon="plus">
            Nuova scuola
          </ButtonLink>
        }
      />
      {schools.length === 0 ? (
        <p>Non c’è ancora nessuna scuola.</p>
      ) : (
        <Card flush>
          <Table caption="Scuole" captionHidden stacks>
            <thead>
              <tr>
                <th scope="col">Scuola</th>
                <th scope="col">Classi</th>
                <th scope="col">Alunni</th>
                <th scope="col">Indirizzo</th>
                <th scope="col">Codice meccanografico</th>
              </tr>
            </thead>
            <tbody>
              {schools.map((school) => (
                <tr key={school.id}>
                  <th scope="row">
                    <a href={`${here}/scuole/${school.id}`} className="tap">
                      {school.name}
                    </a>
                    <span className="block text-sm font-normal">
                      {schoolKindInWords(school.kind)}
                      {school.validTo && dated`, fino al ${numericDay(school.validTo)}`}
                    </span>
                  </th>
                  <td data-label="Classi">{school.classes}</td>
                  <td data-label="Alunni">{school.pupils}</td>
                  <td>{school.street}</td>
                  <td>{school.mechanographicCode ?? ''}</td>
                </tr>
              ))}
            </tbody>
          </Table>
        </Card>
      )}
      <div className="mt-4">
        <Pagination
          label="Pagine delle scuole"
          page={page}
          pages={pages}
          hrefOf={(number) => `${here}/scuole?pagina=${number}`}
        />
      </div>
    </>
  )
}
