import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Done } from '#components/office/done.tsx'
import { OfficeList } from '#components/office/list/office-list.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { REFUND_VIEWS } from '#lib/ledger/office/refund-case.list.ts'
import { refundList } from '#lib/ledger/office/refund-case.queries.ts'
import { keptViews } from '#lib/lists/list-view.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { dropView, keepView } from '../_elenchi/actions.ts'

export const metadata: Metadata = { title: 'Rimborsi' }

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<SearchParams> }

const DONE = {
  deciso: 'La decisione è scritta. Il saldo resta com’è finché il rimborso non è fatto.',
  chiuso: 'Il caso è chiuso: la famiglia torna, e il saldo resta suo.',
}

/** The families that left a service with a credit, and what is decided about it. */
export default async function Refunds({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, query] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const opened = await refundList(viewer, query)
  if (!opened) notFound()
  const kept = await keptViews(viewer, opened.list.key)
  return (
    <>
      <PageHeading
        title="Rimborsi"
        lead="Famiglie uscite da un servizio con un saldo a credito. Qui si decide che cosa farne; i soldi non si muovono da soli."
      />
      <Done sentences={DONE} code={query.fatto} />
      <OfficeList
        municipalitySlug={municipalitySlug}
        {...opened}
        presses={[]}
        empty={<p>Nessun caso: quando una famiglia esce con un credito, lo trovi qui e in Oggi.</p>}
        views={{ named: REFUND_VIEWS, kept, keep: keepView, drop: dropView }}
        hasFiles
      />
    </>
  )
}
