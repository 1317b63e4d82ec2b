import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { RegistrationForm } from '#components/office/registration-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { householdForOffice } from '#lib/people/office/household.queries.ts'
import { registrationOffer } from '#lib/people/office/registration.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { registerFamily } from '../../../nuova/actions.ts'

export const metadata: Metadata = { title: 'Aggiungi un alunno' }

type Props = { params: Promise<{ comune: string; householdId: string }> }

export default async function NewPupil({ params }: Props) {
  const { comune: municipalitySlug, householdId } = await params
  const viewer = await requireViewer(municipalitySlug)
  const offer = await registrationOffer(viewer)
  const household = offer && (await householdForOffice(viewer, householdId))
  if (!offer || !household) notFound()
  const families = `/admin/${municipalitySlug}/famiglie`
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Famiglie', href: families },
          { label: `Famiglia ${household.name}`, href: `${families}/${householdId}` },
          { label: 'Aggiungi un alunno' },
        ]}
      />
      <PageHeading
        title="Aggiungi un alunno"
        lead={`Nella famiglia ${household.name}: alunni ${household.pupils.map(({ name }) => name).join(', ') || 'nessuno'}.`}
      />
      <RegistrationForm
        municipalitySlug={municipalitySlug}
        householdId={householdId}
        offer={offer}
        action={registerFamily}
      />
    </>
  )
}
