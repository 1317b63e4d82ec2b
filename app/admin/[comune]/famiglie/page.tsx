import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import { Button } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Field } from '#components/ui/field.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { Table } from '#components/ui/table.tsx'
import { findHouseholds, MOST_FOUND, SHORTEST_SEARCH } from '#lib/people/office/household.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'

export const metadata: Metadata = { title: 'Famiglie' }

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<SearchParams> }

const captionOf = (found: number): string =>
  found === MOST_FOUND
    ? `Le prime ${MOST_FOUND} famiglie: scrivi qualche lettera in più per trovarne di meno`
    : `Famiglie trovate: ${found}`

export default async function OfficeHouseholds({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, { cerca }] = await Promise.all([params, searchParams])
  const words = typeof cerca === 'string' ? cerca.trim().slice(0, 80) : ''
  const viewer = await requireViewer(municipalitySlug)
  const found = await findHouseholds(viewer, words)
  if (!found) notFound()
  return (
    <>
      <PageHeading
        title="Famiglie"
        lead="Cerca per nome e cognome di un alunno o di un genitore, anche solo una parte."
      />
      <form className="mb-6 flex max-w-xl print:hidden flex-wrap items-end gap-3">
        <div className="min-w-60 flex-1">
          <Field name="cerca" type="search" label="Nome o cognome" defaultValue={words} autoComplete="off" />
        </div>
        <Button icon="search">Cerca</Button>
      </form>
      {words !== '' && found.length === 0 && (
        <p role="status">
          {words.length < SHORTEST_SEARCH
            ? `Scrivi almeno ${SHORTEST_SEARCH} lettere.`
            : `Nessuna famiglia con “${words}” nel nome di un alunno o di un genitore.`}
        </p>
      )}
      {found.length > 0 && (
        <Card flush>
          <Table caption={captionOf(found.length)}>
            <thead>
              <tr>
                <th scope="col">Famiglia</th>
                <th scope="col">Alunni</th>
                <th scope="col">Intestatario</th>
              </tr>
            </thead>
            <tbody>
              {found.map((household) => (
                <tr key={household.id}>
                  <th scope="row">
                    <Link href={`/admin/${municipalitySlug}/famiglie/${household.id}`} prefetch={false}>
                      {household.name}
                    </Link>
                  </th>
                  <td>{household.pupils.join(', ')}</td>
                  <td>{household.holderName ?? 'nessuno'}</td>
                </tr>
              ))}
            </tbody>
          </Table>
        </Card>
      )}
    </>
  )
}
