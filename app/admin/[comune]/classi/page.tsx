import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ClassListCard } from '#components/office/class-list-card.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { PrintButton } from '#components/ui/print-button.tsx'
import { ownClasses } from '#lib/meals/office/class-list.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { exactTimeInRome, longDayWithYear } from '#lib/words/format-day.ts'

export const metadata: Metadata = { title: 'Le mie classi' }

export default async function OwnClasses({ params }: { params: Promise<{ comune: string }> }) {
  const { comune: municipalitySlug } = await params
  const viewer = await requireViewer(municipalitySlug)
  const classes = await ownClasses(viewer)
  if (!classes) notFound()
  const { today, now, lists } = classes
  return (
    <>
      <PageHeading
        title="Le mie classi"
        lead={`Chi mangia ${longDayWithYear(today)}, alle ${exactTimeInRome(now)}.`}
        actions={<PrintButton />}
      />
      {lists.length === 0 ? (
        <EmptyState icon="school" title="Nessun alunno iscritto oggi nelle tue classi">
          <p>Quando la segreteria della mensa iscrive gli alunni, li trovi qui.</p>
        </EmptyState>
      ) : (
        <div className="grid items-start gap-6 lg:grid-cols-2">
          {lists.map((list) => (
            <ClassListCard key={`${list.classId} ${list.serviceName}`} list={list} />
          ))}
        </div>
      )}
    </>
  )
}
