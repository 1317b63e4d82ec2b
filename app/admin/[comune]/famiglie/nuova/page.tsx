import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { RegistrationForm } from '#components/office/registration-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { registrationOffer } from '#lib/people/office/registration.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { registerFamily } from './actions.ts'

export const metadata: Metadata = { title: 'Nuova famiglia' }

type Props = { params: Promise<{ comune: string }> }

export default async function NewHousehold({ params }: Props) {
  const { comune: municipalitySlug } = await params
  const offer = await registrationOffer(await requireViewer(municipalitySlug))
  if (!offer) notFound()
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Famiglie', href: `/admin/${municipalitySlug}/famiglie` },
          { label: 'Nuova famiglia' },
        ]}
      />
      <PageHeading
        title="Nuova famiglia"
        lead="Chi paga, gli alunni e la classe. Prima di salvare leggi che cosa succederà e chi c’è già."
      />
      <RegistrationForm
        municipalitySlug={municipalitySlug}
        householdId={null}
        offer={offer}
        action={registerFamily}
      />
    </>
  )
}
