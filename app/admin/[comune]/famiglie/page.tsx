import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Done } from '#components/office/done.tsx'
import { OfficeList } from '#components/office/list/office-list.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import { isLongEnough, SHORTEST_SEARCH } from '#lib/access/people-search.ts'
import { keptViews } from '#lib/lists/list-view.queries.ts'
import { HOUSEHOLD_VIEWS } from '#lib/people/office/household.list.ts'
import { householdList } from '#lib/people/office/household-list.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { dropView, keepView } from '../_elenchi/actions.ts'
import { writeToFamilies } from './actions.ts'

export const metadata: Metadata = { title: 'Famiglie' }

const DONE = { cancellata: 'La famiglia scritta per errore è cancellata.' }

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<SearchParams> }

export default async function OfficeHouseholds({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, query] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const opened = await householdList(viewer, query)
  if (!opened) notFound()
  const kept = await keptViews(viewer, opened.list.key)
  return (
    <>
      <PageHeading
        title="Famiglie"
        actions={
          allowedToStaff(viewer, 'registry:correct') && (
            <Acts families={`/admin/${municipalitySlug}/famiglie`} />
          )
        }
      />
      <Done sentences={DONE} code={query.fatto} />
      <OfficeList
        municipalitySlug={municipalitySlug}
        {...opened}
        presses={
          allowedToStaff(viewer, 'communications:write')
            ? [{ label: 'Scrivi a queste famiglie', action: writeToFamilies }]
            : []
        }
        empty={<p>{emptyInWords(opened.state.filters.cerca)}</p>}
        views={{ named: HOUSEHOLD_VIEWS, kept, keep: keepView, drop: dropView }}
        hasFiles
      />
    </>
  )
}

function emptyInWords(words: string | undefined): string {
  if (words === undefined) return 'Nessuna famiglia corrisponde: togli un filtro.'
  return isLongEnough(words)
    ? `Nessuna famiglia con “${words}” nel nome, nel telefono o nel codice fiscale di un alunno o di un genitore.`
    : `Scrivi almeno ${SHORTEST_SEARCH} lettere.`
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
    <ButtonLink href={`${families}/passaggio`} look="secondary" icon="calendar-check">
      Nuovo anno
    </ButtonLink>
    <ButtonLink href={`${families}/doppi`} look="secondary" icon="users">
      Alunni doppi
    </ButtonLink>
  </>
)
