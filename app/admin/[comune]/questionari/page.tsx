import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { OfficeQuestionnaireList } from '#components/questionnaires/office-list.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import { officeQuestionnaires } from '#lib/questionnaires/office/questionnaire.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'

export const metadata: Metadata = { title: 'Questionari' }

export default async function Questionnaires({ params }: { params: Promise<{ comune: string }> }) {
  const { comune: municipalitySlug } = await params
  const viewer = await requireViewer(municipalitySlug)
  const lines = await officeQuestionnaires(viewer)
  if (!lines) notFound()
  const writes = allowedToStaff(viewer, 'questionnaires:write')
  const add = writes && (
    <ButtonLink href={`/admin/${municipalitySlug}/questionari/nuovo`} icon="plus">
      Nuovo questionario
    </ButtonLink>
  )
  return (
    <>
      <PageHeading title="Questionari" lead="Che cosa pensano le famiglie della mensa." actions={add} />
      {lines.length > 0 ? (
        <OfficeQuestionnaireList municipalitySlug={municipalitySlug} lines={lines} />
      ) : (
        <EmptyState icon="list" title="Non c’è ancora nessun questionario" action={add} />
      )}
    </>
  )
}
