import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { OfficeList } from '#components/office/list/office-list.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { keptViews } from '#lib/lists/list-view.queries.ts'
import { PAYMENT_VIEWS } from '#lib/payments/office/payment.list.ts'
import { paymentList } from '#lib/payments/office/payment.queries.ts'
import { totalsInWords } from '#lib/payments/office/payment.words.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { dropView, keepView } from '../_elenchi/actions.ts'

export const metadata: Metadata = { title: 'Ricariche e pagamenti' }

type Props = { params: Promise<{ comune: string }>; searchParams: Promise<SearchParams> }

/** Every top-up of the municipality, and what those that are asked for come to. */
export default async function Payments({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, query] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const opened = await paymentList(viewer, query)
  if (!opened) notFound()
  const { totals, ...list } = opened
  const kept = await keptViews(viewer, list.list.key)
  return (
    <>
      <PageHeading title="Ricariche e pagamenti" />
      <OfficeList
        municipalitySlug={municipalitySlug}
        {...list}
        presses={[]}
        empty={<p>Nessuna ricarica corrisponde.</p>}
        views={{ named: PAYMENT_VIEWS, kept, keep: keepView, drop: dropView }}
        hasFiles
      />
      <p className="mt-4 font-semibold text-ink">
        {totals ? totalsInWords(totals) : 'Scegli un periodo o un altro filtro per leggere i totali.'}
      </p>
    </>
  )
}
