import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { OfficeList } from '#components/office/list/office-list.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { colleagueList } from '#lib/people/office/colleague.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'

export const metadata: Metadata = { title: 'Colleghi' }

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<SearchParams> }

export default async function Colleagues({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, query] = await Promise.all([params, searchParams])
  const opened = await colleagueList(await requireViewer(municipalitySlug), query)
  if (!opened) notFound()
  return (
    <>
      <PageHeading
        title="Colleghi"
        lead="Chi lavora qui, con quale ruolo e da quando a quando."
        actions={
          <ButtonLink href={`/admin/${municipalitySlug}/colleghi/nuovo`} icon="plus">
            Invita un collega
          </ButtonLink>
        }
      />
      <OfficeList
        municipalitySlug={municipalitySlug}
        {...opened}
        empty={<p>Nessun collega corrisponde: togli un filtro.</p>}
        views={null}
        presses={[]}
        hasFiles
      />
    </>
  )
}
