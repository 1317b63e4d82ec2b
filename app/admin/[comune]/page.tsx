import type { Metadata } from 'next'
import { notFound, redirect } from 'next/navigation'
import { staffSections } from '#components/shell/staff-sections.ts'
import { ButtonLink } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import { openingOf } from '#lib/school/office/readiness.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'

export const metadata: Metadata = { title: 'Area del gestore' }

/** The first room that the viewer's roles open. */
export default async function OfficeHome({ params }: { params: Promise<{ comune: string }> }) {
  const { comune: municipalitySlug } = await params
  const viewer = await requireViewer(municipalitySlug)
  if (viewer.staffRoles.length === 0) notFound()
  // The manager who prepares a municipality comes back to what is still missing.
  if (allowedToStaff(viewer, 'structure:manage') && !(await openingOf(viewer.municipalityId)).isOpen)
    redirect(`/admin/${municipalitySlug}/impostazioni/avvio`)
  const [first] = staffSections(municipalitySlug, viewer)
  if (first) redirect(first.href)
  return (
    <>
      <PageHeading title={`Buongiorno, ${viewer.name}`} />
      <EmptyState
        icon="lock"
        title="Per il tuo ruolo qui non ci sono ancora sezioni"
        action={<ButtonLink href={`/${municipalitySlug}`}>Vai alle pagine pubbliche</ButtonLink>}
      >
        <p>Il tuo accesso funziona. Conteggi e calendario sono riservati al gestore della mensa.</p>
      </EmptyState>
    </>
  )
}
