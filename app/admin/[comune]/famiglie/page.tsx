import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import { Button, ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Field } from '#components/ui/field.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { Table } from '#components/ui/table.tsx'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import { isLongEnough, SHORTEST_SEARCH } from '#lib/access/people-search.ts'
import { foundNamesInWords } from '#lib/access/people-search.words.ts'
import { findHouseholds } from '#lib/people/office/household.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { readPage } from '#lib/web/pagination.ts'
import type { SearchParams } from '#lib/web/query-params.ts'

export const metadata: Metadata = { title: 'Famiglie' }

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<SearchParams> }

export default async function OfficeHouseholds({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, { cerca, pagina }] = await Promise.all([params, searchParams])
  const words = typeof cerca === 'string' ? cerca.trim().slice(0, 80) : ''
  const viewer = await requireViewer(municipalitySlug)
  const page = readPage(pagina)
  const found = await findHouseholds(viewer, words, page)
  if (!found) notFound()
  const { households, total, pages } = found
  return (
    <>
      <PageHeading
        title="Famiglie"
        lead="Cerca per nome e cognome di un alunno o di un genitore, anche solo una parte."
        actions={
          allowedToStaff(viewer, 'registry:correct') && (
            <Acts families={`/admin/${municipalitySlug}/famiglie`} />
          )
        }
      />
      <form className="mb-6 flex max-w-xl print:hidden flex-wrap items-end gap-3">
        <div className="min-w-60 flex-1">
          <Field name="cerca" type="search" label="Nome o cognome" defaultValue={words} autoComplete="off" />
        </div>
        <Button icon="search">Cerca</Button>
      </form>
      {words !== '' && households.length === 0 && (
        <p role="status">
          {isLongEnough(words)
            ? `Nessuna famiglia con “${words}” nel nome di un alunno o di un genitore.`
            : `Scrivi almeno ${SHORTEST_SEARCH} lettere.`}
        </p>
      )}
      {households.length > 0 && (
        <Card flush>
          <Table caption={`Famiglie trovate: ${total}`}>
            <thead>
              <tr>
                <th scope="col">Famiglia</th>
                <th scope="col">Alunni</th>
                <th scope="col">Intestatario</th>
                <th scope="col">Trovata per</th>
              </tr>
            </thead>
            <tbody>
              {households.map((household) => (
                <tr key={household.id}>
                  <th scope="row">
                    <Link href={`/admin/${municipalitySlug}/famiglie/${household.id}`} prefetch={false}>
                      {household.name}
                    </Link>
                  </th>
                  <td>{household.pupils.join(', ')}</td>
                  <td>{household.holderName ?? 'nessuno'}</td>
                  <td>{foundNamesInWords(household.names)}</td>
                </tr>
              ))}
            </tbody>
          </Table>
        </Card>
      )}
      <Pagination
        label="Pagine delle famiglie trovate"
        page={page}
        pages={pages}
        hrefOf={(number) => `?${new URLSearchParams({ cerca: words, pagina: String(number) })}`}
      />
    </>
  )
}

/** What the registry's office does beside searching. */
const Acts = ({ families }: { families: string }) => (
  <>
    <ButtonLink href={`${families}/nuova`} icon="plus">
      Nuova famiglia
    </ButtonLink>
    <ButtonLink href={`${families}/classi`} look="secondary" icon="list">
      Classi
    </ButtonLink>
  </>
)
