import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { LinkList } from '#components/shell/link-list.tsx'
import { staffGroups } from '#components/shell/staff-sections.ts'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { waitingWork } from '#lib/desk/waiting-work.queries.ts'
import { waitingAt } from '#lib/desk/waiting-work.ts'
import { allWaitingInWords } from '#lib/desk/waiting-work.words.ts'
import { requireViewer } from '#lib/session/session.request.ts'

export const metadata: Metadata = { title: 'Altro' }

/** Every place of the office with what waits there: on a phone, the menu. */
export default async function OfficeMore({ params }: { params: Promise<{ comune: string }> }) {
  const { comune: municipalitySlug } = await params
  const viewer = await requireViewer(municipalitySlug)
  const groups = staffGroups(municipalitySlug, viewer)
  if (groups.length === 0) notFound()
  const waiting = await waitingWork(viewer)
  return (
    <>
      <PageHeading title="Altro" />
      <div className="grid gap-6 lg:grid-cols-2">
        {groups.map(({ group, label, sections }) => (
          <section key={group} id={group} aria-labelledby={`titolo-${group}`}>
            <h2 id={`titolo-${group}`} className="mb-2 text-xl">
              {label}
            </h2>
            <LinkList
              label={label}
              links={sections.map((section) => {
                const work = waitingAt(waiting, section.key)
                return work.length > 0
                  ? { ...section, label: `${section.label}: ${allWaitingInWords(work)}` }
                  : section
              })}
            />
          </section>
        ))}
      </div>
    </>
  )
}
