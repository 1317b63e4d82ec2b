import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Said } from '#components/language/said.tsx'
import { DayHistory } from '#components/meals/day-history.tsx'
import { StateChip } from '#components/meals/state-chip.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import { monthOf } from '#lib/kernel/day.ts'
import { deadlineInWords } from '#lib/meals/cutoff.words.ts'
import { stateInWords } from '#lib/meals/meal-state.ts'
import { officeCalendarPath, officeReceiptPath } from '#lib/meals/office/on-behalf.address.ts'
import { dayForOffice } from '#lib/meals/office/on-behalf.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { longDayWithYear } from '#lib/words/format-day.ts'
import { italian } from '#lib/words/language.ts'

export const metadata: Metadata = { title: 'Storia del giorno' }

type Props = { params: Promise<{ comune: string; pupilId: string; day: string }> }

/** One day of one child for the office: what it is, and who changed it when, colleagues by name. */
export default async function OfficeDay({ params }: Props) {
  const { comune: municipalitySlug, pupilId, day: rawDay } = await params
  const viewer = await requireViewer(municipalitySlug)
  const page = await dayForOffice(viewer, pupilId, rawDay)
  if (page === null) notFound()
  const { day, kind, cutoffAt, why } = page.state
  const facts = {
    ...(cutoffAt ? { until: deadlineInWords(day, cutoffAt, italian) } : {}),
    ...(why ? { why } : {}),
  }
  return (
    <>
      <PageHeading
        title={<span className="inline-block first-letter:uppercase">{longDayWithYear(day)}</span>}
        eyebrow={`${page.child.givenName} ${page.child.familyName} · ${page.child.className}, ${page.child.schoolName}`}
      />
      <Card>
        <p className="flex flex-wrap items-center gap-3">
          <StateChip kind={kind} />
          <span>
            <Said text={stateInWords(kind, facts)} />
          </span>
        </p>
        {allowedToStaff(viewer, 'meals:change') && (
          <p className="mt-4 print:hidden">
            <ButtonLink href={officeCalendarPath(municipalitySlug, pupilId, monthOf(day))} look="secondary">
              Torna al calendario
            </ButtonLink>
          </p>
        )}
      </Card>
      <h2 className="mt-8 mb-3 text-xl">Chi ha cambiato e quando</h2>
      <DayHistory
        lines={page.history.map((line) => ({
          ...line,
          receiptPath: officeReceiptPath(municipalitySlug, line.receiptId),
        }))}
      />
    </>
  )
}
