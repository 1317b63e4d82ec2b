import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { OfficeFiguresView } from '#components/office/office-figures.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { PrintButton } from '#components/ui/print-button.tsx'
import { officeFigures } from '#lib/figures/figures.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'

export const metadata: Metadata = { title: 'Numeri' }

export default async function Figures({ params }: { params: Promise<{ comune: string }> }) {
  const { comune: municipalitySlug } = await params
  const viewer = await requireViewer(municipalitySlug)
  const figures = await officeFigures(viewer)
  if (!figures) notFound()
  return (
    <>
      <PageHeading
        title="Numeri"
        lead="Il servizio in cifre: solo somme, nessun nome."
        actions={
          <>
            <PrintButton />
            <ButtonLink
              href={`/admin/${municipalitySlug}/numeri/csv`}
              look="secondary"
              icon="download"
              download
            >
              Scarica per Excel (CSV)
            </ButtonLink>
          </>
        }
      />
      <OfficeFiguresView figures={figures} />
    </>
  )
}
