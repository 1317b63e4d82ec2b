import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ArrivalsTable, DeparturesTable } from '#components/office/transfers.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { transfersForOffice } from '#lib/people/office/transfer.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'

export const metadata: Metadata = { title: 'Trasferimenti fra Comuni' }

type Props = { params: Promise<{ comune: string }> }

/** Pupils who come from other municipalities of the installation, and those who go there. */
export default async function Transfers({ params }: Props) {
  const { comune: municipalitySlug } = await params
  const found = await transfersForOffice(await requireViewer(municipalitySlug))
  if (!found) notFound()
  const families = `/admin/${municipalitySlug}/famiglie`
  return (
    <>
      <Breadcrumb items={[{ label: 'Famiglie', href: families }, { label: 'Trasferimenti' }]} />
      <PageHeading
        title="Trasferimenti fra Comuni"
        lead="Alunni che vanno in un altro Comune che usa questo portale, e alunni che ne arrivano. Per mandarne uno apri la sua famiglia."
      />
      <div className="grid grid-cols-1 gap-6">
        <ArrivalsTable arrivals={found.arrivals} here={`${families}/trasferimenti`} />
        <DeparturesTable departures={found.departures} here={`${families}/trasferimenti`} />
      </div>
    </>
  )
}
