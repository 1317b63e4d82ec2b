import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { InstallSteps } from '#components/installed/install-steps.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { municipalityBySlug } from '#lib/school/municipality.queries.ts'
import { readWords } from '#lib/words/words.request.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Aggiungi il portale alle app') }
}

export default async function Install({ params }: { params: Promise<{ comune: string }> }) {
  const t = await readWords()
  const { comune: municipalitySlug } = await params
  const municipality = await municipalityBySlug(municipalitySlug)
  if (!municipality) notFound()
  return (
    <div className="container-page py-8">
      <PageHeading
        title={t('Aggiungi il portale alle app')}
        lead={t('La mensa di {name} tra le app del telefono: senza negozio, senza occupare spazio.', {
          name: municipality.name,
        })}
      />
      <InstallSteps />
    </div>
  )
}
