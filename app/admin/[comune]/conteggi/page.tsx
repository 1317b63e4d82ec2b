import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import type { Watched } from '#components/office/auto-refresh.tsx'
import { KitchensSeen, OwnCountsSeen } from '#components/office/count-seen.tsx'
import { CountsBoard } from '#components/office/counts-board.tsx'
import { CountsFinder } from '#components/office/counts-finder.tsx'
import { DayPicker } from '#components/office/day-picker.tsx'
import { FailingCharges } from '#components/office/failing-charges.tsx'
import { PaymentsToSettleNotice } from '#components/office/payments-to-settle-notice.tsx'
import { OfficePortalOutages } from '#components/office/portal-outages.tsx'
import { SilentWorker } from '#components/office/silent-worker.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { PrintButton } from '#components/ui/print-button.tsx'
import { allowedToStaff } from '#lib/access/capabilities.ts'
import { outagesOn } from '#lib/health/outage.queries.ts'
import { workerSilentSince } from '#lib/health/worker.queries.ts'
import { parseDay } from '#lib/kernel/day.ts'
import { countsQuery, readCountsAsked } from '#lib/kitchen/count.address.ts'
import { type CountsPage, countsPageOfDay } from '#lib/kitchen/count.queries.ts'
import type { CountsAsked } from '#lib/kitchen/count-page.ts'
import { frozenCounts } from '#lib/kitchen/count-seen.queries.ts'
import { newestSheets } from '#lib/kitchen/count-sheet.queries.ts'
import { openAlarms } from '#lib/payments/office/payment-alarm.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import type { SearchParams } from '#lib/web/query-params.ts'
import { longDayWithYear } from '#lib/words/format-day.ts'
import { acknowledge } from './actions.ts'

export const metadata: Metadata = { title: 'Conteggi' }

type Props = {
  params: Promise<{ comune: string }>
  searchParams: Promise<SearchParams>
}

export default async function Counts({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, typed] = await Promise.all([params, searchParams])
  const { giorno } = typed
  const viewer = await requireViewer(municipalitySlug)
  const asked = giorno === undefined ? null : parseDay(giorno)
  if (giorno !== undefined && asked === null) notFound()
  const which = readCountsAsked(typed)
  const [counts, toSettle, silentSince] = await Promise.all([
    countsPageOfDay(viewer, asked, which),
    openAlarms(viewer),
    workerSilentSince(),
  ])
  if (!counts) notFound()
  const [outages, frozen, sheets] = await Promise.all([
    outagesOn(counts.day),
    frozenCounts(viewer, counts.day),
    newestSheets(viewer, counts.day),
  ])
  const path = `/admin/${municipalitySlug}/conteggi`
  const watched = { href: `${path}/novita?giorno=${counts.day}`, fingerprint: counts.fingerprint }
  const own = counts.day >= counts.today ? (frozen ?? []).filter(({ isOwn }) => isOwn) : []
  return (
    <>
      <PageHeading
        title={counts.day === counts.today ? 'Conteggi di oggi' : 'Conteggi'}
        lead={longDayWithYear(counts.day)}
        actions={
          <>
            <PrintButton />
            {allowedToStaff(viewer, 'hatch:read') && counts.day >= counts.today && (
              <ButtonLink
                href={`${path}/banco?giorno=${counts.day}`}
                look="secondary"
                icon="utensils-crossed"
              >
                Diete al banco
              </ButtonLink>
            )}
            <ButtonLink href={`${path}/csv?giorno=${counts.day}`} look="secondary" icon="download" download>
              Scarica per Excel (CSV)
            </ButtonLink>
          </>
        }
      />
      <DayPicker path={path} day={counts.day} today={counts.today} />
      <SilentWorker since={silentSince} />
      <OfficePortalOutages outages={outages ?? []} />
      <PaymentsToSettleNotice path={`/admin/${municipalitySlug}/pagamenti`} count={toSettle} />
      <FailingCharges path={path} failing={counts.failing} />
      {own.length > 0 ? (
        <OwnCountsSeen
          counts={own}
          sheets={sheets ?? []}
          path={path}
          day={counts.day}
          municipalitySlug={municipalitySlug}
          acknowledge={acknowledge}
          watched={counts.totals.state === 'provisional' || counts.totals.isChargeDue ? null : watched}
        />
      ) : (
        <KitchensSeen counts={frozen ?? []} sheets={sheets ?? []} path={path} />
      )}
      <Board counts={counts} which={which} path={path} watched={watched} />
    </>
  )
}

type BoardProps = { counts: CountsPage; which: CountsAsked; path: string; watched: Watched }

/** The totals of the day, and a page of its schools. */
const Board = ({ counts, which, path, watched }: BoardProps) => (
  <>
    <CountsBoard
      schools={counts.schools}
      totals={counts.totals}
      services={counts.services}
      day={counts.day}
      now={counts.now}
      watched={watched}
    >
      <CountsFinder day={counts.day} schools={counts} which={which} path={path} />
    </CountsBoard>
    <Pagination
      label="Pagine delle scuole"
      page={counts.page}
      pages={counts.pages}
      hrefOf={(page) => `${path}?${countsQuery(counts.day, { ...which, page })}`}
    />
  </>
)
