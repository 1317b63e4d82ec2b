import { Amount } from '#components/ui/amount.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { StatusChip } from '#components/ui/status-chip.tsx'
import { type Day, dayInRome } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { type BalanceState, mealsToSettle, type Outlook } from '#lib/ledger/balance.ts'
import type { ChildPrice, PriceVersion } from '#lib/tariffs/price.ts'
import { fill } from '#lib/words/fill.ts'
import { instantInWords, longDay, longDayWithYear } from '#lib/words/format-day.ts'
import { inContext, plural, type Words } from '#lib/words/language.ts'
import { useWords } from '#words'
import { PriceNotes } from './price-notes.tsx'
import { UnchargedMeals } from './uncharged-meals.tsx'

type Props = {
  /** Heading id, one per card of a page. */
  id: string
  serviceName: string
  /** Only where a person answers for more than one household. */
  householdName?: string | undefined
  balanceCents: Cents
  asOf: Date
  /** The full price, which a top-up is a multiple of. */
  mealPriceCents: Cents
  nextPrice: PriceVersion | null
  /** What each child pays. */
  prices: readonly ChildPrice[]
  /** Meals that the balance pays, each at its own price. */
  meals: number
  state: BalanceState
  outlook: Outlook
  /** Meals that were counted and are not in the balance yet. */
  uncharged: number
  /** Null: nothing is paid into it any more. */
  topUpHref: string | null
  detailsHref: string
}

const EDGES: Record<BalanceState, string> = {
  good: 'border-t-success-strong',
  low: 'border-t-warning-strong',
  empty: 'border-t-warning-strong',
  negative: 'border-t-danger-strong',
}

const meals = (n: number, t: Words): string => t(plural('{n} pasto', '{n} pasti'), { n })

function StateChip({ state }: { state: BalanceState }) {
  const t = useWords()
  if (state === 'good')
    return (
      <StatusChip tone="success" icon="circle-check">
        {t('Saldo sufficiente')}
      </StatusChip>
    )
  if (state === 'negative')
    return (
      <StatusChip tone="danger" icon="circle-alert">
        {t('Saldo negativo')}
      </StatusChip>
    )
  return (
    <StatusChip tone="warning" icon="triangle-alert">
      {state === 'low' ? t('Sta per finire') : t('Saldo esaurito')}
    </StatusChip>
  )
}

/** A day with its year, unless it is this one. */
const dayInWords = (t: Words, day: Day, asOf: Date): string => {
  return day.slice(0, 4) === dayInRome(asOf).slice(0, 4)
    ? longDay(day, t.language)
    : longDayWithYear(day, t.language)
}

/** What the amount means in lunches, and until when it lasts if everybody eats as planned. */
function InMeals({ balanceCents, mealPriceCents, meals: count, prices, state, outlook, asOf }: Props) {
  const t = useWords()
  const { lastCoveredDay, firstUncoveredDay } = outlook
  if (state === 'negative') {
    const needed = mealsToSettle(balanceCents, mealPriceCents)
    return (
      <p>
        {fill(t('Per tornare in pari servono almeno {strong} ({amount}).'), {
          strong: <strong key="strong">{meals(needed, t)}</strong>,
          amount: <Amount key="amount" cents={needed * mealPriceCents} />,
        })}
      </p>
    )
  }
  if (state === 'empty')
    return (
      <p>
        {firstUncoveredDay
          ? fill(t('Il saldo non copre i pasti di {strong}.'), {
              strong: <strong key="strong">{dayInWords(t, firstUncoveredDay, asOf)}</strong>,
            })
          : t('Il saldo non copre nemmeno un pasto.')}
      </p>
    )
  if (prices.length > 0 && prices.every(({ now }) => now.cents === 0))
    return <p>{t('Oggi i pasti dei tuoi figli sono gratuiti: non c’è niente da pagare.')}</p>
  return (
    <p>
      {fill(t(plural('È {meals}.', 'Sono {meals}.'), { n: count }), {
        meals: <strong key="meals">{meals(count, t)}</strong>,
      })}{' '}
      {firstUncoveredDay && lastCoveredDay
        ? fill(t('Con i pasti previsti basta fino a {strong}.'), {
            strong: <strong key="strong">{dayInWords(t, lastCoveredDay, asOf)}</strong>,
          })
        : lastCoveredDay && t('Copre tutti i pasti previsti fino alla fine del servizio.')}
    </p>
  )
}

/** The account of one service: what is in it, until when it lasts, *Ricarica* and the way to the details. */
export function BalanceCard(props: Props) {
  const t = useWords()
  const { id, serviceName, householdName, balanceCents, asOf, state, topUpHref, detailsHref } = props
  const tone = state === 'negative' ? 'text-danger' : 'text-ink'
  return (
    <section
      aria-labelledby={id}
      data-surface
      className={`rounded-lg border border-t-[6px] border-line bg-white p-5 shadow-low sm:p-8 ${EDGES[state]}`}
    >
      <div className="flex flex-wrap items-start justify-between gap-3">
        <h2 id={id} className="text-2xl">
          <span lang="it">{serviceName}</span>
          {householdName && (
            <span className="block text-base font-normal text-muted">
              {t('Nucleo {householdName}', { householdName })}
            </span>
          )}
        </h2>
        <StateChip state={state} />
      </div>
      <p className={`mt-4 text-4xl font-semibold tabular-nums sm:text-5xl ${tone}`}>
        <Amount cents={balanceCents} />
      </p>
      <p className="mt-1 text-muted">{t('Saldo aggiornato al {asOf}', { asOf: instantInWords(asOf, t) })}</p>
      <div className="mt-4 grid gap-2 text-lg">
        <InMeals {...props} />
        <UnchargedMeals meals={props.uncharged} />
      </div>
      <PriceNotes {...props} />
      <div className="mt-6 flex flex-wrap items-center gap-x-8 gap-y-4 print:hidden">
        {topUpHref && (
          <ButtonLink href={topUpHref} size="lg" icon="wallet" className="w-full sm:w-auto">
            {t(inContext('button', 'Ricarica'))}
          </ButtonLink>
        )}
        <a href={detailsHref} className="py-2 font-semibold">
          {t('Visualizza tutti i dettagli')}
        </a>
      </div>
    </section>
  )
}
