import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ChildSwitch } from '#components/meals/child-switch.tsx'
import { DeadlineNote } from '#components/meals/deadline-note.tsx'
import { Legend } from '#components/meals/legend.tsx'
import { MonthNav } from '#components/meals/month-nav.tsx'
import { PeriodForm } from '#components/meals/period-form.tsx'
import { BalanceExplained } from '#components/office/balance-explained.tsx'
import { FamilyOnPhone } from '#components/office/family-on-phone.tsx'
import { OnBehalfCalendar } from '#components/office/on-behalf-calendar.tsx'
import { Breadcrumb } from '#components/ui/breadcrumb.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { type Month, parseMonth } from '#lib/kernel/day.ts'
import { balancesForOffice } from '#lib/ledger/office/balance.queries.ts'
import { changeOutcomeInWords } from '#lib/meals/change-outcome.address.ts'
import { pupilOf } from '#lib/meals/cutoff.ts'
import type { MonthPage } from '#lib/meals/month.queries.ts'
import { neighbouringMonths } from '#lib/meals/month.ts'
import { monthView } from '#lib/meals/month-view.ts'
import {
  officeCalendarPath,
  officeDaysPath,
  officeMealsApi,
  officePreviewPath,
} from '#lib/meals/office/on-behalf.address.ts'
import { monthForOffice } from '#lib/meals/office/on-behalf.queries.ts'
import { householdForOffice } from '#lib/people/office/household.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { readFirst, type SearchParams } from '#lib/web/query-params.ts'
import { monthName } from '#lib/words/format-day.ts'

export const metadata: Metadata = { title: 'Pasti di un alunno' }

type Props = { params: Promise<{ comune: string; pupilId: string }>; searchParams: Promise<SearchParams> }

/** A parent is on the telephone: the calendar of the child as the family sees it, and beside it whom one speaks with and the balance. */
export default async function MealsOnBehalf({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug, pupilId }, query] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  const page = await monthForOffice(viewer, pupilId, parseMonth(readFirst(query.mese)))
  if (!page) notFound()
  const { child } = page
  const [household, balances] = await Promise.all([
    householdForOffice(viewer, child.householdId),
    balancesForOffice(viewer, child.householdId),
  ])
  if (!household) notFound()
  const families = `/admin/${municipalitySlug}/famiglie`
  const refusal = changeOutcomeInWords(readFirst(query.esito))
  return (
    <>
      <Breadcrumb
        items={[
          { label: 'Famiglie', href: families },
          { label: `Famiglia ${household.name}`, href: `${families}/${child.householdId}` },
          { label: `Pasti di ${child.givenName}` },
        ]}
      />
      <PageHeading
        title={`Pasti di ${child.givenName} ${child.familyName}`}
        lead={`${child.className}, ${child.schoolName}. Disdici e ripristini a tuo nome per la famiglia, che riceve la ricevuta e un messaggio.`}
      />
      <ChildSwitch
        items={[...page.siblings, ...household.pupils.filter(({ id }) => id !== pupilOf(child.id))].map(
          ({ id, name }) => ({
            href: officeCalendarPath(municipalitySlug, id, page.month),
            label: name,
            current: id === child.id,
          }),
        )}
      />
      {refusal && (
        <div className="mb-6">
          <Notice kind="error" title="Non è cambiato niente">
            <p>{refusal}</p>
          </Notice>
        </div>
      )}
      <div className="grid items-start gap-6 xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <div className="min-w-0">
          <Calendar municipalitySlug={municipalitySlug} page={page} />
        </div>
        <div className="grid min-w-0 gap-6">
          <FamilyOnPhone roles={household.roles} href={`${families}/${child.householdId}`} />
          {balances && <BalanceExplained balances={balances} />}
        </div>
      </div>
    </>
  )
}

function Calendar({ municipalitySlug, page }: { municipalitySlug: string; page: MonthPage }) {
  const { child, month, open, cutoffRule, siblings } = page
  const { previous, next } = neighbouringMonths(month, page.years)
  const link = (to: Month | null) =>
    to === null ? null : { href: officeCalendarPath(municipalitySlug, child.id, to), label: monthName(to) }
  return (
    <>
      <DeadlineNote now={page.now} cutoffRule={cutoffRule} open={open} />
      <section aria-label="Giorni del mese" className="mt-6">
        <MonthNav title={monthName(month)} previous={link(previous)} next={link(next)} views={[]} />
        <OnBehalfCalendar
          key={month}
          view={monthView(page)}
          childName={child.givenName}
          caption={`${monthName(month)}, ${child.givenName}`}
          today={page.today}
          paths={{
            api: officeMealsApi(municipalitySlug),
            preview: officePreviewPath(municipalitySlug, child.id),
            days: officeDaysPath(municipalitySlug, child.id),
          }}
        />
      </section>
      <Legend withElsewhere={false} />
      <PeriodForm
        previewPath={officePreviewPath(municipalitySlug, child.id)}
        siblings={siblings.map(({ id, name }) => ({ id, givenName: name }))}
        chosen={[child.id]}
        open={open}
      />
    </>
  )
}
