import { Amount } from '#components/ui/amount.tsx'
import { Icon, type IconName } from '#components/ui/icon.tsx'
import { Table } from '#components/ui/table.tsx'
import { monthOf } from '#lib/kernel/day.ts'
import type { JournalKind } from '#lib/ledger/journal.ts'
import { MOVEMENT_NAMES, type Movement } from '#lib/ledger/statement.ts'
import { monthName, shortDay } from '#lib/words/format-day.ts'
import { useWords } from '#words'

const DRAWINGS: Record<JournalKind, IconName> = {
  opening: 'landmark',
  top_up: 'wallet',
  meals: 'utensils',
  meals_reversal: 'undo-2',
  adjustment: 'coins',
  refund: 'rotate-ccw',
  chargeback: 'circle-x',
}

type MonthOfMovements = { key: string; month: string; movements: Movement[] }

/** Neighbours of the same month together, in the order they come. */
function byMonth(movements: readonly Movement[]): MonthOfMovements[] {
  const months: MonthOfMovements[] = []
  for (const movement of movements) {
    const month = monthOf(movement.day)
    const last = months.at(-1)
    if (last?.month === month) last.movements.push(movement)
    else months.push({ key: movement.id, month, movements: [movement] })
  }
  return months
}

/** Where there is room, and on paper, the balance has a column of its own and a movement takes one line. */
const ROOMY = {
  beside: 'hidden sm:table-cell print:table-cell',
  under: 'sm:hidden print:hidden',
  alone: 'hidden sm:inline print:inline',
  child: 'sm:ms-3 sm:inline print:ms-3 print:inline',
}
/** Three columns fit a telephone of 320 px. */
const NARROW = 'max-sm:pe-0!'
const COMPACT = { beside: 'hidden', under: '', alone: 'hidden', child: '' }

function Row({ movement, compact }: { movement: Movement; compact: boolean }) {
  const t = useWords()
  const { beside, under, child } = compact ? COMPACT : ROOMY
  const { kind, pupilName, amountCents, balanceCents, day } = movement
  return (
    <tr>
      <td className={`whitespace-nowrap text-muted ${NARROW}`}>
        <time dateTime={day}>{shortDay(day, t.language)}</time>
      </td>
      <td className={`w-full ${NARROW}`}>
        <span className="flex items-start gap-2">
          <span className="mt-0.5 hidden text-primary sm:inline print:hidden">
            <Icon name={DRAWINGS[kind]} />
          </span>
          <span>
            <span className="font-semibold text-ink">{t(MOVEMENT_NAMES[kind])}</span>
            {pupilName && <span className={`block text-sm text-muted ${child}`}>{pupilName}</span>}
          </span>
        </span>
      </td>
      <td
        className={`text-end whitespace-nowrap font-semibold ${amountCents > 0 ? 'text-success' : 'text-ink'}`}
      >
        <Amount cents={amountCents} signed />
        <span className={`block text-sm font-normal text-muted ${under}`}>
          <span className="sr-only">{t('Saldo')} </span>
          <Amount cents={balanceCents} />
        </span>
      </td>
      <td className={`text-end whitespace-nowrap ${beside}`}>
        <Amount cents={balanceCents} />
      </td>
    </tr>
  )
}

type Props = {
  caption: string
  movements: readonly Movement[]
  /** In a narrow place: no months, and the balance under the amount on every screen. */
  compact?: boolean
}

/** Movements by month, the newest first, each with its amount and the balance it left. */
export function StatementTable({ caption, movements, compact = false }: Props) {
  const t = useWords()
  const { beside, under, alone } = compact ? COMPACT : ROOMY
  return (
    <Table caption={caption} captionHidden>
      <thead>
        <tr>
          <th scope="col" className={NARROW}>
            {t('Giorno')}
          </th>
          <th scope="col" className={NARROW}>
            {t('Movimento')}
          </th>
          <th scope="col" className="text-end!">
            <span className={under}>{t('Importo e saldo')}</span>
            <span className={alone}>{t('Importo')}</span>
          </th>
          <th scope="col" className={`text-end! ${beside}`}>
            {t('Saldo')}
          </th>
        </tr>
      </thead>
      {byMonth(movements).map(({ key, month, movements: ofMonth }) => (
        <tbody key={key}>
          {!compact && (
            <tr>
              <th scope="rowgroup" colSpan={4} className="pt-5! pb-2! text-lg first-letter:uppercase">
                {monthName(month, t.language)}
              </th>
            </tr>
          )}
          {ofMonth.map((movement) => (
            <Row key={movement.id} movement={movement} compact={compact} />
          ))}
        </tbody>
      ))}
    </Table>
  )
}
