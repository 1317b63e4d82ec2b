import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { CorrectionPage } from '#components/office/correction-page.tsx'
import { subjectForOffice } from '#lib/people/office/correction.queries.ts'
import { requireViewer, resumedForm } from '#lib/session/session.request.ts'
import { correct } from '../../actions.ts'

export const metadata: Metadata = { title: 'Correggi i dati' }

type Props = { params: Promise<{ comune: string; householdId: string; personId: string }> }

export default async function OfficePerson({ params }: Props) {
  const { comune: municipalitySlug, householdId, personId } = await params
  const viewer = await requireViewer(municipalitySlug)
  const subject = { kind: 'adult' as const, id: personId, householdId }
  const found = await subjectForOffice(viewer, subject)
  if (!found) notFound()
  const { state } = await resumedForm(municipalitySlug, viewer)
  return (
    <CorrectionPage
      municipalitySlug={municipalitySlug}
      subject={subject}
      values={{
        ...found.now,
        fiscalCode: found.now.fiscalCode ?? '',
        birthDay: found.now.birthDay ?? '',
      }}
      earlierCodes={found.earlierCodes}
      initial={state}
      action={correct}
    />
  )
}
