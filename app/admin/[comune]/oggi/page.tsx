import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { DayCard } from '#components/office/desk/day-card.tsx'
import { WorkList } from '#components/office/desk/work-list.tsx'
import { SilentWorker } from '#components/office/silent-worker.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { officeDays } from '#lib/desk/office-day.queries.ts'
import type { OfficeDays } from '#lib/desk/office-day.ts'
import { dayTitle, noMealsToday } from '#lib/desk/office-day.words.ts'
import { deskLines } from '#lib/desk/work-take.queries.ts'
import { workerSilentSince } from '#lib/health/worker.queries.ts'
import { dayInRome } from '#lib/kernel/day.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { longDayWithYear } from '#lib/words/format-day.ts'
import { finish, take } from './actions.ts'

export const metadata: Metadata = { title: 'Oggi' }

/** *Oggi*, the first page of the office: the counts of the day in short, and what waits for the reader's roles. */
export default async function OfficeToday({ params }: { params: Promise<{ comune: string }> }) {
  const { comune: municipalitySlug } = await params
  const viewer = await requireViewer(municipalitySlug)
  const [desk, days, silentSince] = await Promise.all([
    deskLines(viewer),
    officeDays(viewer),
    workerSilentSince(),
  ])
  if (!desk) notFound()
  const office = `/admin/${municipalitySlug}`
  return (
    <>
      <PageHeading
        title="Oggi"
        lead={longDayWithYear(dayInRome(desk.now))}
        actions={
          <ButtonLink href={`${office}/avvisi`} look="secondary" icon="bell">
            Avvisi del lavoro
          </ButtonLink>
        }
      />
      <SilentWorker since={silentSince} />
      <div className="grid items-start gap-6 lg:grid-cols-2">
        {days && <Days days={days} office={office} />}
        <Card flush title="Che cosa aspetta" titleId="aspetta">
          <WorkList
            municipalitySlug={municipalitySlug}
            lines={desk.lines}
            now={desk.now}
            personId={viewer.personId}
            take={take}
            finish={finish}
          />
        </Card>
      </div>
    </>
  )
}

function Days({ days, office }: { days: OfficeDays; office: string }) {
  const none = noMealsToday(days)
  return (
    <div className="grid gap-6">
      {none && <p>{none}</p>}
      {days.days.map((day) => (
        <DayCard
          key={day.day}
          title={dayTitle(day.day, days.today)}
          day={day}
          now={days.now}
          office={office}
        />
      ))}
    </div>
  )
}
