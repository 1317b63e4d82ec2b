import { NotKept } from '#components/installed/not-kept.tsx'
import { TodayMenu } from '#components/menus/today-menu.tsx'
import { Amount } from '#components/ui/amount.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { PageHeading } from '#components/ui/page-heading.tsx'
import { StatusChip } from '#components/ui/status-chip.tsx'
import type { Day } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { instantInWords, longDayWithYear, numericDay } from '#lib/words/format-day.ts'
import { inContext } from '#lib/words/language.ts'
import { useWords } from '#words'

/** `householdName`: for a person who pays for more than one. */
type ShownBalance = { accountId: string; householdName: string | null; balanceCents: Cents }

type TodayAside = {
  municipalitySlug: string
  /** When the page was read, in milliseconds since 1970. */
  at: number
  balances: readonly ShownBalance[]
  schools: { id: string; name: string; dishes: string[] }[]
  communication: { id: string; title: string; day: Day; isRead: boolean } | null
}

type Props =
  | { part: 'top'; today: Day }
  | { part: 'no-children'; municipalitySlug: string }
  | ({ part: 'aside' } & TodayAside)

/** One of the parts of *Oggi* that need no script: all but the children's cards. */
export default function TodayPart(props: Props) {
  switch (props.part) {
    case 'top':
      return <Top {...props} />
    case 'no-children':
      return <NoChildren {...props} />
    case 'aside':
      return <Aside {...props} />
  }
}

function Top({ today }: { today: Day }) {
  const t = useWords()
  return (
    <PageHeading
      title={t('Oggi')}
      eyebrow={<span className="first-letter:uppercase">{longDayWithYear(today, t.language)}</span>}
    />
  )
}

const Aside = ({ municipalitySlug, at, balances, schools, communication }: TodayAside) => (
  <div className="grid gap-6">
    <NotKept>
      {balances.map((balance) => (
        <Balance
          key={balance.accountId}
          municipalitySlug={municipalitySlug}
          balance={balance}
          isOnly={balances.length === 1}
          at={at}
        />
      ))}
    </NotKept>
    <TodayMenu municipalitySlug={municipalitySlug} schools={schools} />
    {communication && (
      <LatestCommunication municipalitySlug={municipalitySlug} communication={communication} />
    )}
  </div>
)

function Balance({
  municipalitySlug,
  balance: { accountId, householdName, balanceCents },
  isOnly,
  at,
}: {
  municipalitySlug: string
  balance: ShownBalance
  isOnly: boolean
  at: number
}) {
  const t = useWords()
  const title = householdName === null ? t('Saldo') : t('Saldo, famiglia {name}', { name: householdName })
  const account = isOnly ? '' : `?conto=${accountId}`
  return (
    <Card title={title} titleId={`saldo-${accountId}`}>
      <p className="text-3xl font-semibold text-ink">
        <Amount cents={balanceCents} />
      </p>
      <p className="mt-1 text-sm text-muted">
        {t('Saldo aggiornato al {now}', { now: instantInWords(new Date(at), t) })}
      </p>
      <div className="needs-network mt-4 flex flex-wrap gap-3">
        <ButtonLink href={`/${municipalitySlug}/pagamenti/ricarica${account}`} icon="plus">
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
  communication: NonNullable<TodayAside['communication']>
}) {
  const t = useWords()
  return (
    <Card title={t('Ultimo avviso')} titleId="avviso">
      <p className="flex flex-wrap items-center gap-2 text-sm text-muted">
        {numericDay(communication.day, t.language)}
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

function NoChildren({ municipalitySlug }: { municipalitySlug: string }) {
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
