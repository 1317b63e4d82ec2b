import { randomUUID } from 'node:crypto'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { PortalOutages } from '#components/meals/portal-outages.tsx'
import { TodayPart } from '#components/meals/today.tsx'
import { TodayCard } from '#components/meals/today-card.tsx'
import { BelowTheDays, Place, TodayFields } from '#components/meals/today-parts.tsx'
import { WaitingDiets } from '#components/meals/waiting-diets.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PhoneLink } from '#components/ui/phone-link.tsx'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { outagesOn } from '#lib/health/outage.queries.ts'
import { dayInRome } from '#lib/kernel/day.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { nameIn } from '#lib/meals/calendar.queries.ts'
import { changeOutcomeInWords } from '#lib/meals/change-outcome.address.ts'
import { calendarPath, mealsApi, receiptPath } from '#lib/meals/meal.address.ts'
import { readTodayPage, type TodayPage } from '#lib/meals/meal.queries.ts'
import { isChangeable } from '#lib/meals/meal-state.ts'
import { cellOf } from '#lib/meals/month-view.ts'
import { readReceipt } from '#lib/meals/receipt.queries.ts'
import { todayInService } from '#lib/meals/today.words.ts'
import { schoolsToday } from '#lib/menus/day-menu.ts'
import { municipalityMenus } from '#lib/menus/menu.queries.ts'
import { municipalityBySlug } from '#lib/school/municipality.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { readFirst, type SearchParams } from '#lib/web/query-params.ts'
import type { Words } from '#lib/words/language.ts'
import { readWords } from '#lib/words/words.request.ts'
import { DeviceOffer } from '../device-offer.tsx'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Oggi') }
}

type Props = {
  params: Promise<{ comune: string }>
  searchParams: Promise<SearchParams>
}

export default async function Today({ params, searchParams }: Props) {
  const [{ comune: municipalitySlug }, query] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  if (!allowedToFamily(viewer, 'meals:read')) notFound()
  const [page, book, municipality, t] = await Promise.all([
    readTodayPage(viewer),
    municipalityMenus({ id: viewer.municipalityId }),
    municipalityBySlug(municipalitySlug),
    readWords(),
  ])
  if (!municipality) notFound()
  const outages = (
    <PortalOutages outages={(await outagesOn(page.today)) ?? []} phone={municipality.operator.phone} />
  )
  // A parent who comes to cancel today's meal finds the button first.
  const isUrgent = page.children.some(({ today: { kind } }) => isChangeable(kind))
  return (
    <>
      <TodayPart part="top" today={page.today} />
      {!isUrgent && <div className="mb-6 empty:hidden">{outages}</div>}
      {!isUrgent && (
        <div className="mb-6 empty:hidden">
          <DeviceOffer municipalitySlug={municipalitySlug} />
        </div>
      )}
      <SentOutcome
        municipalitySlug={municipalitySlug}
        viewer={viewer}
        receiptId={readFirst(query.ricevuta)}
        code={readFirst(query.esito)}
      />
      <div className="grid items-start gap-6 lg:grid-cols-[2fr_1fr]">
        <div className="grid gap-6">
          {page.children.map((child) => (
            <CardOf
              key={child.id}
              child={child}
              at={page.now.getTime()}
              municipalitySlug={municipalitySlug}
              phone={municipality.operator.phone}
              t={t}
            />
          ))}
          <WaitingDiets diets={page.waitingDiets} />
          {page.children.length === 0 && <TodayPart part="no-children" municipalitySlug={municipalitySlug} />}
          {isUrgent && outages}
          {isUrgent && <DeviceOffer municipalitySlug={municipalitySlug} />}
        </div>
        <TodayPart
          part="aside"
          municipalitySlug={municipalitySlug}
          at={page.now.getTime()}
          balances={page.balances.map(({ accountId, householdName, balanceCents }) => ({
            accountId,
            householdName,
            balanceCents,
          }))}
          schools={schoolsToday(book, page.today, page.children)}
          communication={page.latestCommunication && shownCommunication(page.latestCommunication)}
        />
      </div>
    </>
  )
}

/** A child's day, with the parts of its card that no script changes. */
function CardOf({
  child,
  at,
  municipalitySlug,
  phone,
  t,
}: {
  child: TodayPage['children'][number]
  at: number
  municipalitySlug: string
  phone: string
  t: Words
}) {
  const { id, givenName, inService, className, schoolName, today, next } = child
  const name = inService ? nameIn(givenName, inService) : givenName
  return (
    <TodayCard
      child={{
        id,
        givenName: name,
        ...(inService ? { inService: todayInService({ service: inService, name: givenName }, t) } : {}),
        place: <Place name={`${className}, ${schoolName}`} />,
        today: cellOf(today),
        next: next.map(cellOf),
      }}
      at={at}
      api={mealsApi(municipalitySlug)}
      fields={<TodayFields pupilId={id} formKey={randomUUID()} />}
      phone={<PhoneLink key="phone" number={phone} />}
    >
      <BelowTheDays
        t={t}
        href={calendarPath(municipalitySlug, { child: id })}
        givenName={name}
        isEmpty={next.length === 0}
      />
    </TodayCard>
  )
}

type Latest = { id: string; title: string; publishedAt: Date; isRead: boolean }

const shownCommunication = ({ id, title, publishedAt, isRead }: Latest) => ({
  id,
  title,
  day: dayInRome(publishedAt),
  isRead,
})

/** The outcome of the form just sent, for a browser without JavaScript. */
async function SentOutcome(props: {
  municipalitySlug: string
  viewer: Viewer
  receiptId: string | undefined
  code: string | undefined
}) {
  const t = await readWords()
  const { municipalitySlug, viewer, receiptId, code } = props
  const refusal = changeOutcomeInWords(code, t)
  const done = isUuid(receiptId) ? await readReceipt(viewer, receiptId) : null
  if (!refusal && !done) return null
  return (
    <div className="mb-6">
      {done ? (
        <Notice
          kind="success"
          title={done.action === 'cancel' ? t('Assenza registrata') : t('Pasto ripristinato')}
          action={
            <ButtonLink href={receiptPath(municipalitySlug, done.id)} look="secondary" icon="receipt-text">
              {t('Ricevuta')}
            </ButtonLink>
          }
        >
          <p>{t('Ricevuta n. {number}.', { number: done.number })}</p>
        </Notice>
      ) : (
        <Notice kind="error" title={t('Non è cambiato niente')}>
          <p>{refusal}</p>
        </Notice>
      )}
    </div>
  )
}
