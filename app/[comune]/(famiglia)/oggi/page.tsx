import { randomUUID } from 'node:crypto'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { TodayCard } from '#components/meals/today-card.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { StatusChip } from '#components/ui/status-chip.tsx'
import { allowedToFamily } from '#lib/auth/roles.ts'
import { requireViewer } from '#lib/auth/session.ts'
import type { Viewer } from '#lib/auth/viewer.ts'
import { dayInRome, instantInWords, longDayWithYear, numericDay } from '#lib/day.ts'
import { newsInWords, one } from '#lib/meals/news.ts'
import { calendarPath, mealsApi, receiptPath } from '#lib/meals/paths.ts'
import { receipt, today } from '#lib/meals/queries.ts'
import { cellOf } from '#lib/meals/views.ts'
import { formatEuro } from '#lib/money.ts'
import { isUuid } from '#lib/uuid.ts'

export const metadata: Metadata = { title: 'Oggi' }

type Props = {
  params: Promise<{ comune: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export default async function Today({ params, searchParams }: Props) {
  const [{ comune }, query] = await Promise.all([params, searchParams])
  const viewer = await requireViewer(comune)
  if (!allowedToFamily(viewer, 'meals:read')) notFound()
  const page = await today(viewer)
  return (
    <>
      <PageHeading
        title="Oggi"
        eyebrow={<span className="first-letter:uppercase">{longDayWithYear(page.today)}</span>}
      />
      <News comune={comune} viewer={viewer} receiptId={one(query.ricevuta)} code={one(query.esito)} />
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
              api={mealsApi(comune)}
              calendarPath={calendarPath(comune, { child: child.id })}
              formKey={randomUUID()}
            />
          ))}
          {page.children.length === 0 && <NoChildren comune={comune} />}
        </div>
        <div className="grid gap-6">
          {page.balances.map(({ householdId, balanceCents }) => (
            <Card key={householdId} title="Saldo" titleId={`saldo-${householdId}`}>
              <p className="text-3xl font-semibold text-ink">{formatEuro(balanceCents)}</p>
              <p className="mt-1 text-sm text-muted">Saldo aggiornato al {instantInWords(page.now)}</p>
              <div className="mt-4 flex flex-wrap gap-3">
                <ButtonLink href={`/${comune}/pagamenti/ricarica`} icon="plus">
                  Ricarica
                </ButtonLink>
                <ButtonLink href={`/${comune}/pagamenti`} look="secondary">
                  Dettagli
                </ButtonLink>
              </div>
            </Card>
          ))}
          {page.notice && (
            <Card title="Ultimo avviso" titleId="avviso">
              <p className="flex flex-wrap items-center gap-2 text-sm text-muted">
                {numericDay(dayInRome(page.notice.publishedAt))}
                {!page.notice.isRead && (
                  <StatusChip tone="info" icon="mail">
                    Da leggere
                  </StatusChip>
                )}
              </p>
              <a
                href={`/${comune}/comunicazioni/${page.notice.id}`}
                className="mt-1 inline-flex items-start gap-2 font-semibold"
              >
                <Icon name="megaphone" className="mt-1" />
                {page.notice.title}
              </a>
              <p className="mt-3">
                <a href={`/${comune}/comunicazioni`}>Tutte le comunicazioni</a>
              </p>
            </Card>
          )}
        </div>
      </div>
    </>
  )
}

/** What came of the form just sent, for whoever has no JavaScript. */
async function News(props: {
  comune: string
  viewer: Viewer
  receiptId: string | undefined
  code: string | undefined
}) {
  const { comune, viewer, receiptId, code } = props
  const refusal = newsInWords(code)
  const done = isUuid(receiptId) ? await receipt(viewer, receiptId) : null
  if (!refusal && !done) return null
  return (
    <div className="mb-6">
      {done ? (
        <Notice
          kind="success"
          title={done.action === 'cancel' ? 'Assenza registrata' : 'Pasto ripristinato'}
          action={
            <ButtonLink href={receiptPath(comune, done.id)} look="secondary" icon="receipt-text">
              Ricevuta
            </ButtonLink>
          }
        >
          <p>Ricevuta n. {done.number}.</p>
        </Notice>
      ) : (
        <Notice kind="error" title="Non è cambiato niente">
          <p>{refusal}</p>
        </Notice>
      )}
    </div>
  )
}

const NoChildren = ({ comune }: { comune: string }) => (
  <EmptyState
    icon="users"
    title="Nessun alunno collegato"
    action={
      <ButtonLink href={`/${comune}/assistenza`} look="secondary">
        Come farsi collegare
      </ButtonLink>
    }
  >
    <p>
      Non risultano alunni iscritti alla mensa nel tuo nucleo familiare. Se non è giusto, chiedi all’ufficio
      mensa.
    </p>
  </EmptyState>
)
