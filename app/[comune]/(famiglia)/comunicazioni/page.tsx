import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { CommunicationFilters } from '#components/communications/communication-filters.tsx'
import { CommunicationList } from '#components/communications/communication-list.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { requireViewer } from '#lib/auth/session.ts'
import { filterIn, isFiltered, queryOf } from '#lib/communications/filter.ts'
import { communicationsFor } from '#lib/communications/queries.ts'

export const metadata: Metadata = { title: 'Comunicazioni' }

type Props = {
  params: Promise<{ comune: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export default async function Communications({ params, searchParams }: Props) {
  const [{ comune }, typed] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(comune)
  const filter = filterIn(typed)
  const found = await communicationsFor(viewer, filter)
  if (!found) notFound()
  const path = `/${comune}/comunicazioni`
  const { lines, unread } = found
  return (
    <>
      <PageHeading
        title="Comunicazioni"
        lead={
          unread === 0
            ? 'Gli avvisi del gestore della mensa alla tua famiglia. Hai letto tutto.'
            : `Gli avvisi del gestore della mensa alla tua famiglia. ${unread} da leggere.`
        }
      />
      {(found.years.length > 0 || isFiltered(filter)) && (
        <CommunicationFilters path={path} filter={filter} years={found.years} />
      )}
      {lines.length > 0 ? (
        <div className="grid gap-6">
          <CommunicationList comune={comune} items={lines} />
          <Pagination
            label="Pagine delle comunicazioni"
            page={found.page}
            pages={found.pages}
            hrefOf={(page) => path + queryOf({ ...filter, page })}
            previous="Più recenti"
            next="Meno recenti"
          />
        </div>
      ) : (
        <Nothing path={path} filtered={isFiltered(filter) || filter.page > 1} />
      )}
    </>
  )
}

const Nothing = ({ path, filtered }: { path: string; filtered: boolean }) =>
  filtered ? (
    <EmptyState
      icon="search"
      title="Nessun risultato"
      action={<a href={path}>Mostra tutte le comunicazioni</a>}
    >
      <p>Nessuna comunicazione risponde a quello che hai cercato.</p>
    </EmptyState>
  ) : (
    <EmptyState icon="mail" title="Nessuna comunicazione">
      <p>Qui troverai gli avvisi sulla mensa: scioperi, chiusure, novità del servizio.</p>
    </EmptyState>
  )
