import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { CommunicationList } from '#components/family/communication-list.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { allowedToFamily } from '#lib/auth/roles.ts'
import { requireViewer } from '#lib/auth/session.ts'
import { communicationsFor } from '#lib/communications/queries.ts'

export const metadata: Metadata = { title: 'Comunicazioni' }

export default async function Communications({ params }: { params: Promise<{ comune: string }> }) {
  const { comune } = await params
  const viewer = await requireViewer(comune)
  if (!allowedToFamily(viewer, 'communications:read')) notFound()
  const communications = await communicationsFor(viewer)
  return (
    <>
      <PageHeading title="Comunicazioni" lead="Gli avvisi del gestore della mensa alla tua famiglia." />
      <CommunicationList communications={communications} />
    </>
  )
}
