import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { requireViewer } from '#lib/auth/session.ts'
import { words } from '#lib/language/words.ts'
import { municipalityBySlug, publicService } from '#lib/municipalities/queries.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await words()
  return { title: t('Moduli online') }
}

export default async function OnlineForms({ params }: { params: Promise<{ comune: string }> }) {
  const t = await words()
  const { comune } = await params
  const [viewer, municipality] = await Promise.all([requireViewer(comune), municipalityBySlug(comune)])
  if (!municipality || viewer.memberships.length === 0) notFound()
  const service = await publicService(municipality)
  const year = service?.yearName ? t(' per l’anno scolastico {yearName}', { yearName: service.yearName }) : ''
  return (
    <>
      <PageHeading title={t('Moduli online')} lead={t('Iscrizioni e bandi da compilare dal portale.')} />
      <EmptyState icon="file-text" title={t('Nessun modulo è attivo{year}', { year })}>
        <p>
          {t('Quando si aprirà un’iscrizione o un bando, lo troverai qui con le date entro cui compilarlo.')}
        </p>
      </EmptyState>
    </>
  )
}
