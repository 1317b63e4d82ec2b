import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ColleagueTable } from '#components/office/colleagues/colleague-table.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { officeColleagues } from '#lib/people/office/colleague.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'

export const metadata: Metadata = { title: 'Colleghi' }

export default async function Colleagues({ params }: { params: Promise<{ comune: string }> }) {
  const { comune: municipalitySlug } = await params
  const viewer = await requireViewer(municipalitySlug)
  const colleagues = await officeColleagues(viewer)
  if (!colleagues) notFound()
  const here = `/admin/${municipalitySlug}/colleghi`
  const { today, present, past } = colleagues
  return (
    <>
      <PageHeading
        title="Colleghi"
        lead="Chi lavora qui, con quale ruolo e da quando a quando."
        actions={
          <ButtonLink href={`${here}/nuovo`} icon="plus">
            Invita un collega
          </ButtonLink>
        }
      />
      <div className="grid gap-6">
        <ColleagueTable
          caption={`Lavorano qui: ${present.length}`}
          colleagues={present}
          today={today}
          here={here}
        />
        {past.length > 0 && (
          <ColleagueTable
            caption={`Non lavorano più qui: ${past.length}`}
            colleagues={past}
            today={today}
            here={here}
          />
        )}
      </div>
    </>
  )
}
