import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { InstallSteps } from '#components/installed/install-steps.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { municipalityBySlug } from '#lib/municipalities/queries.ts'

export const metadata: Metadata = { title: 'Aggiungi il portale alle app' }

export default async function Install({ params }: { params: Promise<{ comune: string }> }) {
  const { comune } = await params
  const municipality = await municipalityBySlug(comune)
  if (!municipality) notFound()
  return (
    <div className="container-page py-8">
      <PageHeading
        title="Aggiungi il portale alle app"
        lead={`La mensa di ${municipality.name} tra le app del telefono: senza negozio, senza occupare spazio.`}
      />
      <InstallSteps />
    </div>
  )
}
