import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Done } from '#components/office/done.tsx'
import { RefundActs, RefundFacts } from '#components/office/refund-case.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { refundForOffice } from '#lib/ledger/office/refund-case.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { comesBack, decide, take } from '../actions.ts'

export const metadata: Metadata = { title: 'Rimborso da decidere' }

type Props = { params: Promise<{ comune: string; caso: string }>; searchParams: Promise<SearchParams> }

const DONE = { preso: 'Il caso è tuo: i colleghi lo leggono nell’elenco.' }

/** One family that left with a credit, and the decision. */
export default async function RefundPage({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug, caso }, { fatto }] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const opened = await refundForOffice(viewer, caso)
  if (!opened) notFound()
  const { householdName } = opened.found
  return (
    <>
      <Breadcrumb
        items={[{ label: 'Rimborsi', href: `/admin/${municipalitySlug}/rimborsi` }, { label: householdName }]}
      />
      <PageHeading title={`Rimborso: famiglia ${householdName}`} />
      <Done sentences={DONE} code={fatto} />
      <div className="grid items-start gap-6 lg:grid-cols-2">
        <RefundFacts municipalitySlug={municipalitySlug} found={opened.found} />
        <RefundActs
          municipalitySlug={municipalitySlug}
          isOwn={opened.found.takenById === viewer.personId}
          {...opened}
          actions={{ take, decide, comesBack }}
        />
      </div>
    </>
  )
}
