import { randomUUID } from 'node:crypto'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { CalendarBody, type Deadline } from '#components/meals/calendar-body.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import { changeOutcomeInWords } from '#lib/meals/change-outcome.address.ts'
import { ALL_CHILDREN, readCalendarAddress } from '#lib/meals/meal.address.ts'
import { type MonthPage, readMonthPage } from '#lib/meals/month.queries.ts'
import { monthView } from '#lib/meals/month-view.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { readFirst, type SearchParams } from '#lib/web/query-params.ts'
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
        childrenOf(page).map(({ id }) =>
          id === page.child.id ? page : readMonthPage(viewer, id, page.month),
        ),
      )
    : [page]
  const months = pages.filter(isMonth)
  const isDelegate = viewer.memberships.some(
    ({ householdId, role }) => householdId === page.child.householdId && role === 'delegate',
  )
  return (
    <>
      {isDelegate && page.isHolderOnly && (
        <Notice kind="info">
          <p>{t('Qui disdice solo l’intestatario: tu vedi i giorni, ma non puoi cambiarli.')}</p>
        </Notice>
      )}
      <CalendarBody
        place={{
          municipalitySlug,
          month: page.month,
          years: page.years,
          child: everyone ? ALL_CHILDREN : page.child.id,
          view: asked.view,
        }}
        siblings={page.siblings.map(shown)}
        together={togetherIn(page).map(shown)}
        ofHousehold={childrenOf(page).map(shown)}
        views={months.map(monthView)}
        today={page.today}
        deadlines={deadlinesOf(months, page.siblings)}
        refusal={changeOutcomeInWords(readFirst(query.esito), t) ?? null}
        formKey={randomUUID()}
      />
    </>
  )
}

const isMonth = (page: Awaited<ReturnType<typeof readMonthPage>>): page is MonthPage =>
  page !== null && page !== 'no-children'

const shown = ({ id, name }: MonthPage['siblings'][number]) => ({ id, givenName: name })

/** The children of the same household as the one that is shown: one change is of one household. */
const childrenOf = ({ siblings, child }: MonthPage) =>
  siblings.filter(({ householdId }) => householdId === child.householdId)

/** The children whom *Tutti i figli* shows: those of the first household. */
const togetherIn = ({ siblings }: MonthPage) =>
  siblings.filter(({ householdId }) => householdId === siblings[0]?.householdId)

/** One sentence for children with the same deadline, one each otherwise: schools differ. */
function deadlinesOf(pages: readonly MonthPage[], siblings: MonthPage['siblings']): Deadline[] {
  const groups = new Map<string, Deadline>()
  for (const { cutoffRule, open, child } of pages) {
    const key = JSON.stringify([cutoffRule, open])
    const group = groups.get(key)
    const name = siblings.find(({ id }) => id === child.id)?.name ?? child.givenName
    if (group) group.names.push(name)
    else
      groups.set(key, {
        names: [name],
        cutoffRule,
        open: open && { ...open, nextCutoff: open.nextCutoff.getTime() },
      })
  }
  return [...groups.values()]
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
