import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ClassField } from '#components/office/class-field.tsx'
import { Done } from '#components/office/done.tsx'
import { TARIFF_DONE } from '#components/office/tariffs/done-words.ts'
import { PriceAmount } from '#components/office/tariffs/price-table.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Button } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Field, SelectField } from '#components/ui/field.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { Table } from '#components/ui/table.tsx'
import { SHORTEST_SEARCH } from '#lib/access/people-search.ts'
import { foundNamesInWords } from '#lib/access/people-search.words.ts'
import { MOST_WALKED } from '#lib/lists/list.ts'
import { countInWords } from '#lib/lists/list.words.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { pupilSearchQuery, readPupilSearch } from '#lib/tariffs/office/tariff.address.ts'
import { tariffPupils } from '#lib/tariffs/office/tariff.queries.ts'
import type { FoundPupil } from '#lib/tariffs/office/tariff.ts'
import { readText, type SearchParams } from '#lib/web/query-params.ts'
import { dated } from '#lib/words/dated.ts'
import { numericDay } from '#lib/words/format-day.ts'

export const metadata: Metadata = { title: 'Fasce degli alunni' }

type Props = {
  params: Promise<{ comune: string; servizio: string }>
  searchParams: Promise<SearchParams>
}

function Found({ found, count, path }: { found: readonly FoundPupil[]; count: string; path: string }) {
  if (found.length === 0) return <EmptyState icon="users" title="Nessun alunno trovato" />
  return (
    <Card flush>
      <Table caption={count} stacks>
        <thead>
          <tr>
            <th scope="col">Alunno</th>
            <th scope="col">Classe</th>
            <th scope="col">Fascia oggi</th>
            <th scope="col">Prezzo oggi</th>
            <th scope="col">Trovato per</th>
          </tr>
        </thead>
        <tbody>
          {found.map((pupil) => (
            <tr key={pupil.id}>
              <th scope="row">
                <a href={`${path}/${pupil.id}`}>{pupil.name}</a>
              </th>
              <td className="sm:min-w-52">{pupil.className}</td>
              <td>
                {pupil.bandCode
                  ? `${pupil.bandCode}${pupil.until ? dated`, fino al ${numericDay(pupil.until)}` : ''}`
                  : 'prezzo intero'}
              </td>
              <td>
                <PriceAmount cents={pupil.cents} />
              </td>
              <td data-label="trovato per">{foundNamesInWords(pupil.names)}</td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  )
}

/** Who has which band: by name, class or band. */
export default async function TariffPupils({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug, servizio }, typed] = await Promise.all([params, searchParams])
  const search = readPupilSearch(typed)
  const page = await tariffPupils(await requireViewer(municipalitySlug), servizio, search)
  if (!page) notFound()
  const path = `/admin/${municipalitySlug}/tariffe/${page.service.code}/alunni`
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Tariffe', href: `/admin/${municipalitySlug}/tariffe` },
          { label: 'Fasce degli alunni' },
        ]}
      />
      <Done sentences={TARIFF_DONE} code={readText(typed.fatto)} />
      <PageHeading title="Fasce degli alunni" lead="Cerca un alunno per vedere e cambiare quanto paga." />
      <form
        action={path}
        className="mb-6 grid items-end gap-4 sm:grid-cols-2 lg:grid-cols-[2fr_2fr_1fr_auto] print:hidden"
      >
        <Field
          name="cerca"
          type="search"
          label="Nome o cognome"
          defaultValue={search.text}
          maxLength={80}
          autoComplete="off"
        />
        <ClassField
          name="classe"
          label="Classe"
          none="Tutte"
          classes={page.classes}
          defaultValue={search.classId}
        />
        <SelectField name="fascia" label="Fascia" defaultValue={search.bandCode}>
          <option value="">Tutte</option>
          {page.bands.map(({ code, name }) => (
            <option key={code} value={code}>
              {code} · {name}
            </option>
          ))}
        </SelectField>
        <Button icon="search">Cerca</Button>
      </form>
      {page.found ? (
        <>
          <Found found={page.found} count={countInWords('Alunni trovati', page)} path={path} />
          {page.hasMore && (
            <p className="mt-3 text-sm">
              Qui si sfogliano i primi {MOST_WALKED.toLocaleString('it-IT', { useGrouping: true })}: per gli
              altri scrivi di più.
            </p>
          )}
          <Pagination
            label="Pagine degli alunni trovati"
            page={search.page}
            pages={page.pages}
            hrefOf={(number) => pupilSearchQuery(search, number)}
          />
        </>
      ) : (
        <p>Scrivi almeno {SHORTEST_SEARCH} lettere, oppure scegli una classe o una fascia.</p>
      )}
    </>
  )
}
