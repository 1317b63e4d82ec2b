import { randomUUID } from 'node:crypto'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { TodayCard } from '#components/meals/today-card.tsx'
import { TodayMenu } from '#components/menus/today-menu.tsx'
import { Amount } from '#components/ui/amount.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { StatusChip } from '#components/ui/status-chip.tsx'
import { allowedToFamily } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { dayInRome } from '#lib/kernel/day.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { changeOutcomeInWords } from '#lib/meals/change-outcome.address.ts'
import { calendarPath, mealsApi, receiptPath } from '#lib/meals/meal.address.ts'
import { readTodayPage } from '#lib/meals/meal.queries.ts'
import { isChangeable } from '#lib/meals/meal-state.ts'
import { cellOf } from '#lib/meals/month-view.ts'
import { readReceipt } from '#lib/meals/receipt.queries.ts'
import { schoolsToday } from '#lib/menus/day-menu.ts'
import { municipalityMenus } from '#lib/menus/menu.queries.ts'
import { municipalityBySlug } from '#lib/school/municipality.queries.ts'
import { requireViewer } from '#lib/session/session.request.ts'
import { readFirst, type SearchParams } from '#lib/web/query-params.ts'
import { instantInWords, longDayWithYear, numericDay } from '#lib/words/format-day.ts'
import { inContext } from '#lib/words/language.ts'
import { readWords } from '#lib/words/words.request.ts'
import { useWords } from '#words'
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
  const t = await readWords()
  const [{ comune: municipalitySlug }, query] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(municipalitySlug)
  if (!allowedToFamily(viewer, 'meals:read')) notFound()
  const [page, book, municipality] = await Promise.all([
    readTodayPage(viewer),
    municipalityMenus({ id: viewer.municipalityId }),
    municipalityBySlug(municipalitySlug),
  ])
  if (!municipality) notFound()
  // A parent who comes to cancel today's meal finds the button first.
  const isUrgent = page.children.some(({ today: { kind } }) => isChangeable(kind))
  return (
    <>
      <PageHeading
        title={t('Oggi')}
        eyebrow={<span className="first-letter:uppercase">{longDayWithYear(page.today, t.language)}</span>}
      />
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
            <TodayCard
              key={child.id}
              child={{
                id: child.id,
                givenName: child.givenName,
                place: `${child.className}, ${child.schoolName}`,
                today: cellOf(child.today),
                next: child.next.map(cellOf),
              }}
              at={page.now.getTime()}
              api={mealsApi(municipalitySlug)}
              calendarPath={calendarPath(municipalitySlug, { child: child.id })}
              formKey={randomUUID()}
              phone={municipality.operator.phone}
            />
          ))}
          {page.children.length === 0 && <NoChildren municipalitySlug={municipalitySlug} />}
          {isUrgent && <DeviceOffer municipalitySlug={municipalitySlug} />}
        </div>
        <div className="grid gap-6">
          {page.balances.map(({ householdId, balanceCents }) => (
            <Balance
              key={householdId}
              municipalitySlug={municipalitySlug}
              householdId={householdId}
              balanceCents={balanceCents}
              now={page.now}
            />
          ))}
          <TodayMenu
            municipalitySlug={municipalitySlug}
            schools={schoolsToday(book, page.today, page.children)}
          />
          {page.latestCommunication && (
            <LatestCommunication
              municipalitySlug={municipalitySlug}
              communication={page.latestCommunication}
            />
          )}
        </div>
      </div>
    </>
  )
}

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

function Balance({
  municipalitySlug,
  householdId,
  balanceCents,
  now,
}: {
  municipalitySlug: string
  householdId: string
  balanceCents: number
  now: Date
}) {
  const t = useWords()
  return (
    <Card title={t('Saldo')} titleId={`saldo-${householdId}`}>
      <p className="text-3xl font-semibold text-ink">
        <Amount cents={balanceCents} />
      </p>
      <p className="mt-1 text-sm text-muted">
        {t('Saldo aggiornato al {now}', { now: instantInWords(now, t) })}
      </p>
      <div className="needs-network mt-4 flex flex-wrap gap-3">
        <ButtonLink href={`/${municipalitySlug}/pagamenti/ricarica`} icon="plus">
          {t(inContext('button', 'Ricarica'))}
        </ButtonLink>
        <ButtonLink href={`/${municipalitySlug}/pagamenti`} look="secondary">
          {t('Dettagli')}
        </ButtonLink>
      </div>
    </Card>
  )
}

function LatestCommunication({
  municipalitySlug,
  communication,
}: {
  municipalitySlug: string
  communication: { id: string; title: string; publishedAt: Date; isRead: boolean }
}) {
  const t = useWords()
  return (
    <Card title={t('Ultimo avviso')} titleId="avviso">
      <p className="flex flex-wrap items-center gap-2 text-sm text-muted">
        {numericDay(dayInRome(communication.publishedAt), t.language)}
        {!communication.isRead && (
          <StatusChip tone="info" icon="mail">
            {t('Da leggere')}
          </StatusChip>
        )}
      </p>
      <a
        href={`/${municipalitySlug}/comunicazioni/${communication.id}`}
        lang="it"
        className="mt-1 inline-flex items-start gap-2 font-semibold"
      >
        <Icon name="megaphone" className="mt-1" />
        {communication.title}
      </a>
      <p className="mt-3">
        <a href={`/${municipalitySlug}/comunicazioni`}>{t('Tutte le comunicazioni')}</a>
      </p>
    </Card>
  )
}

const NoChildren = ({ municipalitySlug }: { municipalitySlug: string }) => {
  const t = useWords()
  return (
    <EmptyState
      icon="users"
      title={t('Nessun alunno collegato')}
      action={
        <ButtonLink href={`/${municipalitySlug}/assistenza`} look="secondary">
          {t('Come farsi collegare')}
        </ButtonLink>
      }
    >
      <p>
        {t(
          'Non risultano alunni iscritti alla mensa nel tuo nucleo familiare. Se non è giusto, chiedi all’ufficio mensa.',
        )}
      </p>
    </EmptyState>
  )
}
