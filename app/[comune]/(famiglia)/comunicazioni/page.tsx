import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { CommunicationFilters } from '#components/communications/communication-filters.tsx'
import { CommunicationList } from '#components/communications/communication-list.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import {
  communicationFilterQuery,
  isCommunicationFiltered,
  readCommunicationFilter,
} from '#lib/communications/communication.address.ts'
import { communicationsFor } from '#lib/communications/communication.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { plural } from '#lib/words/language.ts'
import { readWords } from '#lib/words/words.request.ts'
import { useWords } from '#words'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Comunicazioni') }
}

type Props = {
  params: Promise<{ comune: string }>
  searchParams: Promise<SearchParams>
}

export default async function Communications({ params, searchParams }: Props) {
  const t = await readWords()
  const [{ comune: municipalitySlug }, typed] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const filter = readCommunicationFilter(typed)
  const found = await communicationsFor(viewer, filter)
  if (!found) notFound()
  const path = `/${municipalitySlug}/comunicazioni`
  const { lines, unread } = found
  return (
    <>
      <PageHeading
        title={t('Comunicazioni')}
        lead={
          unread === 0
            ? t('Gli avvisi del gestore della mensa alla tua famiglia. Hai letto tutto.')
            : t(
                plural(
                  'Gli avvisi del gestore della mensa alla tua famiglia. {n} da leggere.',
                  'Gli avvisi del gestore della mensa alla tua famiglia. {n} da leggere.',
                ),
                { n: unread },
              )
        }
      />
      {(found.years.length > 0 || isCommunicationFiltered(filter)) && (
        <CommunicationFilters path={path} filter={filter} years={found.years} />
      )}
      {lines.length > 0 ? (
        <div className="grid gap-6">
          <CommunicationList municipalitySlug={municipalitySlug} communications={lines} />
          <Pagination
            label={t('Pagine delle comunicazioni')}
            page={found.page}
            pages={found.pages}
            hrefOf={(page) => path + communicationFilterQuery({ ...filter, page })}
            previous={t('Più recenti')}
            next={t('Meno recenti')}
          />
        </div>
      ) : (
        <Nothing path={path} filtered={isCommunicationFiltered(filter) || filter.page > 1} />
      )}
    </>
  )
}

const Nothing = ({ path, filtered }: { path: string; filtered: boolean }) => {
  const t = useWords()
  return filtered ? (
    <EmptyState
      icon="search"
      title={t('Nessun risultato')}
      action={<a href={path}>{t('Mostra tutte le comunicazioni')}</a>}
    >
      <p>{t('Nessuna comunicazione risponde a quello che hai cercato.')}</p>
    </EmptyState>
  ) : (
    <EmptyState icon="mail" title={t('Nessuna comunicazione')}>
      <p>{t('Qui troverai gli avvisi sulla mensa: scioperi, chiusure, novità del servizio.')}</p>
    </EmptyState>
  )
}
