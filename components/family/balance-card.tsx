import { ButtonLink } from '#components/ui/button.tsx'
import { StatusChip } from '#components/ui/status-chip.tsx'
import { type Day, dayInRome, instantInWords, longDay, longDayWithYear } from '#lib/day.ts'
import { type BalanceState, mealsIn, mealsToSettle, type Outlook } from '#lib/ledger/statement.ts'
import { type Cents, formatBalance, formatEuro } from '#lib/money.ts'

type Props = {
  /** Heading id, one per card of a page. */
  id: string
  serviceName: string
  /** Only where a person answers for more than one household. */
  householdName?: string | undefined
  balanceCents: Cents
  asOf: Date
  mealPriceCents: Cents
  state: BalanceState
  outlook: Outlook
  topUpHref: string
  detailsHref: string
}

const EDGES: Record<BalanceState, string> = {
  good: 'border-t-success-strong',
  low: 'border-t-warning-strong',
  empty: 'border-t-warning-strong',
  negative: 'border-t-danger-strong',
}

const meals = (count: number): string => (count === 1 ? '1 pasto' : `${count} pasti`)

function StateChip({ state }: { state: BalanceState }) {
  if (state === 'good')
    return (
      <StatusChip tone="success" icon="circle-check">
        Saldo sufficiente
      </StatusChip>
    )
  if (state === 'negative')
    return (
      <StatusChip tone="danger" icon="circle-alert">
        Saldo negativo
      </StatusChip>
    )
  return (
    <StatusChip tone="warning" icon="triangle-alert">
      {state === 'low' ? 'Sta per finire' : 'Saldo esaurito'}
    </StatusChip>
  )
}

/** A day with its year, unless it is this one. */
const dayInWords = (day: Day, asOf: Date): string =>
  day.slice(0, 4) === dayInRome(asOf).slice(0, 4) ? longDay(day) : longDayWithYear(day)

/** What the amount means in lunches, and until when it lasts if everybody eats as planned. */
function InMeals({ balanceCents, mealPriceCents, state, outlook, asOf }: Props) {
  const { lastCoveredDay, firstUncoveredDay } = outlook
  const count = mealsIn(balanceCents, mealPriceCents)
  if (state === 'negative') {
    const needed = mealsToSettle(balanceCents, mealPriceCents)
    return (
      <p>
        Per tornare in pari servono almeno <strong>{meals(needed)}</strong> (
        {formatEuro(needed * mealPriceCents)}).
      </p>
    )
  }
  if (state === 'empty')
    return (
      <p>
        {firstUncoveredDay ? (
          <>
            Il saldo non copre i pasti di <strong>{dayInWords(firstUncoveredDay, asOf)}</strong>.
          </>
        ) : (
          'Il saldo non copre nemmeno un pasto.'
        )}
      </p>
    )
  return (
    <p>
      {count === 1 ? 'È' : 'Sono'} <strong>{meals(count)}</strong>.{' '}
      {firstUncoveredDay && lastCoveredDay ? (
        <>
          Con i pasti previsti basta fino a <strong>{dayInWords(lastCoveredDay, asOf)}</strong>.
        </>
      ) : (
        lastCoveredDay && 'Copre tutti i pasti previsti fino alla fine del servizio.'
      )}
    </p>
  )
}

/** The account of one service: what is in it, until when it lasts, *Ricarica* and the way to the details. */
export function BalanceCard(props: Props) {
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
          {serviceName}
          {householdName && (
            <span className="block text-base font-normal text-muted">Nucleo {householdName}</span>
          )}
        </h2>
        <StateChip state={state} />
      </div>
      <p className={`mt-4 text-4xl font-bold tabular-nums sm:text-5xl ${tone}`}>
        {formatBalance(balanceCents)}
      </p>
      <p className="mt-1 text-muted">Saldo aggiornato al {instantInWords(asOf)}</p>
      <div className="mt-4 text-lg">
        <InMeals {...props} />
      </div>
      <div className="mt-6 flex flex-wrap items-center gap-x-8 gap-y-4 print:hidden">
        <ButtonLink href={topUpHref} size="lg" icon="wallet" className="w-full sm:w-auto">
          Ricarica
        </ButtonLink>
        <a href={detailsHref} className="py-2 font-semibold">
          Visualizza tutti i dettagli
        </a>
      </div>
    </section>
  )
}
