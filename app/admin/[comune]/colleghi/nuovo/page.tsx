import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { InviteForm } from '#components/office/colleagues/invite-form.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Card } from '#components/ui/card.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { rolePlaces } from '#lib/people/office/colleague.queries.ts'
import { requireViewer, resumedForm } from '#lib/session/session.request.ts'
import { todayInItaly } from '#lib/session/today.queries.ts'
import { invite } from '../actions.ts'

export const metadata: Metadata = { title: 'Invita un collega' }

export default async function InviteColleague({ params }: { params: Promise<{ comune: string }> }) {
  const { comune: municipalitySlug } = await params
  const viewer = await requireViewer(municipalitySlug)
  const places = await rolePlaces(viewer)
  if (!places) notFound()
  const [today, { state }] = await Promise.all([todayInItaly(), resumedForm(municipalitySlug, viewer)])
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Colleghi', href: `/admin/${municipalitySlug}/colleghi` },
          { label: 'Invita un collega' },
        ]}
      />
      <PageHeading
        title="Invita un collega"
        lead="Entra con SPID o CIE del codice fiscale che scrivi qui: non ci sono password da dare."
      />
      <Card>
        <InviteForm
          municipalitySlug={municipalitySlug}
          today={today}
          places={places}
          initial={state}
          action={invite}
        />
      </Card>
    </>
  )
}
