import { randomUUID } from 'node:crypto'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { ChildSwitch } from '#components/meals/child-switch.tsx'
import { DeadlineNote } from '#components/meals/deadline-note.tsx'
import { FamilyMonth } from '#components/meals/family-month.tsx'
import { Legend } from '#components/meals/legend.tsx'
import { MealCalendar } from '#components/meals/meal-calendar.tsx'
import { MealList } from '#components/meals/meal-list.tsx'
import { MonthNav } from '#components/meals/month-nav.tsx'
import { PeriodForm } from '#components/meals/period-form.tsx'
import { SchoolReminder } from '#components/meals/school-reminder.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import type { Month } from '#lib/kernel/day.ts'
import { changeOutcomeInWords } from '#lib/meals/change-outcome.address.ts'
import {
  ALL_CHILDREN,
  calendarPath,
  mealsApi,
  previewPath,
  readCalendarAddress,
} from '#lib/meals/meal.address.ts'
import { type MonthPage, readMonthPage } from '#lib/meals/month.queries.ts'
import { neighbouringMonths } from '#lib/meals/month.ts'
import { monthView } from '#lib/meals/month-view.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { readFirst, type SearchParams } from '#lib/web/query-params.ts'
import { monthName } from '#lib/words/format-day.ts'
import type { Words } from '#lib/words/language.ts'
import { inARow, listInWords } from '#lib/words/list.ts'
import { readWords } from '#lib/words/words.request.ts'
import { useWords } from '#words'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Prenotazioni') }
}

type Props = {
  params: Promise<{ comune: string }>
  searchParams: Promise<SearchParams>
}

export default async function Bookings({ params, searchParams }: Props) {
  const t = await readWords()
  const [{ comune: municipalitySlug }, query] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  if (!allowedToFamily(viewer, 'meals:read')) notFound()
  const asked = readCalendarAddress(query)
  if (asked === null) notFound()
  const everyone = asked.child === ALL_CHILDREN
  const page = await readMonthPage(viewer, everyone ? null : asked.child, asked.month)
  if (page === null) notFound()
  if (page === 'no-children') return <NoChildren municipalitySlug={municipalitySlug} />
  const pages = everyone
    ? await Promise.all(
        page.siblings
          .filter(({ householdId }) => householdId === page.child.householdId)
          .map(({ id }) => (id === page.child.id ? page : readMonthPage(viewer, id, page.month))),
      )
    : [page]
  const refusal = changeOutcomeInWords(readFirst(query.esito), t)
  const isList = asked.view === 'elenco'
  return (
    <>
      <PageHeading
        title={t('Prenotazioni')}
        lead={t(
          'Di base la presenza è già segnata: qui disdici il pasto quando un figlio non mangia a mensa.',
        )}
      />
      <ChildSwitch items={childLinks(t, municipalitySlug, page, everyone)} />
      {refusal && (
        <div className="mb-6">
          <Notice kind="error" title={t('Non è cambiato niente')}>
            <p>{refusal}</p>
          </Notice>
        </div>
      )}
      <Deadlines pages={pages.filter(isMonth)} />
      <section aria-labelledby="mese" className="mt-6">
        <MonthNav {...monthLinks(t, municipalitySlug, page, everyone, isList)} />
        {everyone ? (
          <FamilyMonth pages={pages.filter(isMonth)} previewPath={previewPath(municipalitySlug)} />
        ) : isList ? (
          <MealList
            states={[...page.states.values()].filter(
              ({ kind }) => kind !== 'unplanned' && kind !== 'outside',
            )}
            today={page.today}
            municipalitySlug={municipalitySlug}
            pupilId={page.child.id}
            api={mealsApi(municipalitySlug)}
            formKey={randomUUID()}
          />
        ) : (
          <Grid municipalitySlug={municipalitySlug} page={page} />
        )}
      </section>
      <Legend />
      <PeriodForm
        previewPath={previewPath(municipalitySlug)}
        siblings={page.siblings}
        chosen={everyone ? page.siblings.map(({ id }) => id) : [page.child.id]}
        open={page.open}
      />
      <div className="mt-8">
        <SchoolReminder />
      </div>
    </>
  )
}

const isMonth = (page: Awaited<ReturnType<typeof readMonthPage>>): page is MonthPage =>
  page !== null && page !== 'no-children'

/** One sentence for children with the same deadline, one each otherwise: schools differ. */
function Deadlines({ pages }: { pages: MonthPage[] }) {
  const t = useWords()
  const groups = new Map<string, MonthPage[]>()
  for (const page of pages) {
    const key = JSON.stringify([page.cutoffRule, page.open])
    groups.set(key, [...(groups.get(key) ?? []), page])
  }
  return (
    <div className="grid gap-3">
      {[...groups].map(([key, [first, ...others]]) => {
        if (!first) return null
        const who = listInWords(
          [first, ...others].map(({ child }) => child.givenName),
          t.language,
        )
        return (
          <DeadlineNote
            key={key}
            {...(groups.size > 1 ? { who } : {})}
            now={first.now}
            cutoffRule={first.cutoffRule}
            open={first.open}
          />
        )
      })}
    </div>
  )
}

function Grid({ municipalitySlug, page }: { municipalitySlug: string; page: MonthPage }) {
  const t = useWords()
  return (
    <MealCalendar
      key={`${page.child.id} ${page.month}`}
      view={monthView(page)}
      childName={page.child.givenName}
      caption={inARow([monthName(page.month, t.language), page.child.givenName], t)}
      today={page.today}
      paths={{
        api: mealsApi(municipalitySlug),
        preview: previewPath(municipalitySlug),
        days: `/${municipalitySlug}/prenotazioni/giorno/`,
      }}
    />
  )
}

function childLinks(
  t: Words,
  municipalitySlug: string,
  { child, siblings, month }: MonthPage,
  everyone: boolean,
) {
  const links = siblings.map(({ id, givenName }) => ({
    href: calendarPath(municipalitySlug, { child: id, month }),
    label: givenName,
    current: !everyone && id === child.id,
  }))
  if (siblings.length < 2) return links
  return [
    ...links,
    {
      href: calendarPath(municipalitySlug, { child: ALL_CHILDREN, month }),
      label: t('Tutti i figli'),
      current: everyone,
    },
  ]
}

function monthLinks(t: Words, municipalitySlug: string, page: MonthPage, everyone: boolean, isList: boolean) {
  const child = everyone ? ALL_CHILDREN : page.child.id
  const view = isList ? ('elenco' as const) : ('mese' as const)
  const { previous, next } = neighbouringMonths(page.month, page.year)
  const link = (month: Month | null) =>
    month === null
      ? null
      : { href: calendarPath(municipalitySlug, { child, month, view }), label: monthName(month, t.language) }
  const views = (['mese', 'elenco'] as const).map((name) => ({
    href: calendarPath(municipalitySlug, { child, month: page.month, view: name }),
    label: name === 'mese' ? t('Calendario') : t('Elenco'),
    current: name === view,
  }))
  return {
    title: monthName(page.month, t.language),
    previous: link(previous),
    next: link(next),
    views: everyone ? [] : views,
  }
}

const NoChildren = ({ municipalitySlug }: { municipalitySlug: string }) => {
  const t = useWords()
  return (
    <>
      <PageHeading title={t('Prenotazioni')} />
      <EmptyState
        icon="calendar-off"
        title={t('Nessun alunno iscritto alla mensa')}
        action={
          <ButtonLink href={`/${municipalitySlug}/assistenza`} look="secondary">
            {t('Come farsi collegare')}
          </ButtonLink>
        }
      >
        <p>
          {t(
            'Nel tuo nucleo familiare non risultano alunni iscritti. Se non è giusto, chiedi all’ufficio mensa.',
          )}
        </p>
      </EmptyState>
    </>
  )
}
