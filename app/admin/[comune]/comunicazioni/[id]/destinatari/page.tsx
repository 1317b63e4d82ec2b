import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { OfficeList } from '#components/office/list/office-list.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { officeCommunication } from '#lib/communications/office/communication.queries.ts'
import { recipientList } from '#lib/communications/office/recipient.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'

export const metadata: Metadata = { title: 'Destinatari' }

type Props = {
  params: Promise<{ comune: string; id: string }>
  searchParams: Promise<SearchParams>
}

/** Who got a communication, who read it, who confirmed. */
export default async function Recipients({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug, id }, typed] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const [communication, opened] = await Promise.all([
    officeCommunication(viewer, id),
    recipientList(viewer, id, typed),
  ])
  if (!communication?.figures || !opened) notFound()
  const here = `/admin/${municipalitySlug}/comunicazioni/${id}`
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Comunicazioni', href: `/admin/${municipalitySlug}/comunicazioni` },
          { label: communication.latest.title, href: here },
          { label: 'Destinatari' },
        ]}
      />
      <PageHeading title="Destinatari" lead={communication.latest.title} />
      <OfficeList
        municipalitySlug={municipalitySlug}
        tail={`comunicazioni/${id}/destinatari`}
        {...opened}
        empty={<p>{emptyInWords(opened.state.filters.stato)}</p>}
        views={null}
        presses={[]}
        hasFiles
      />
    </>
  )
}

function emptyInWords(state: string | undefined): string {
  if (state === undefined) return 'Nessuno corrisponde: togli un filtro.'
  return state.startsWith('non-') ? 'L’hanno già fatto tutti.' : 'Ancora nessuno.'
}
