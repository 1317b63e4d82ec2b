import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { LinkList } from '#components/shell/link-list.tsx'
import { staffSections } from '#components/shell/staff-sections.ts'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { requireViewer } from '#lib/session/session.request.ts'

export const metadata: Metadata = { title: 'Altro' }

/** Every place of the office: on a phone, the ones that did not fit in the bar. */
export default async function OfficeMore({ params }: { params: Promise<{ comune: string }> }) {
  const { comune: municipalitySlug } = await params
  const viewer = await requireViewer(municipalitySlug)
  const sections = staffSections(municipalitySlug, viewer)
  if (sections.length === 0) notFound()
  return (
    <>
      <PageHeading title="Altro" />
      <LinkList label="Sezioni" links={sections} />
    </>
  )
}
