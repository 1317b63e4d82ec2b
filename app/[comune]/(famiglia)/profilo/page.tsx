import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { LinkList } from '#components/shell/link-list.tsx'
import { profileSections } from '#components/shell/sections.ts'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { readerOf } from '#lib/auth/reader.ts'
import { requireViewer } from '#lib/auth/session.ts'

export const metadata: Metadata = { title: 'Profilo' }

export default async function Profile({ params }: { params: Promise<{ comune: string }> }) {
  const { comune } = await params
  const viewer = await requireViewer(comune)
  if (viewer.memberships.length === 0) notFound()
  return (
    <>
      <PageHeading title="Profilo" lead={viewer.name} />
      <LinkList label="Il tuo profilo" links={profileSections(comune, readerOf(viewer))} />
    </>
  )
}
