import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { requireViewer } from '#lib/auth/session.ts'
import { municipalityBySlug, publicService } from '#lib/municipalities/queries.ts'

export const metadata: Metadata = { title: 'Moduli online' }

export default async function OnlineForms({ params }: { params: Promise<{ comune: string }> }) {
  const { comune } = await params
  const [viewer, municipality] = await Promise.all([requireViewer(comune), municipalityBySlug(comune)])
  if (!municipality || viewer.memberships.length === 0) notFound()
  const service = await publicService(municipality)
  const year = service?.yearName ? ` per l’anno scolastico ${service.yearName}` : ''
  return (
    <>
      <PageHeading title="Moduli online" lead="Iscrizioni e bandi da compilare dal portale." />
      <EmptyState icon="file-text" title={`Nessun modulo è attivo${year}`}>
        <p>Quando si aprirà un’iscrizione o un bando, lo troverai qui con le date entro cui compilarlo.</p>
      </EmptyState>
    </>
  )
}
