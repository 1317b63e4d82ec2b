import './menus.css'
import { StatusChip } from '#components/ui/status-chip.tsx'
import type { Day } from '#lib/kernel/day.ts'
import type { DayMenu } from '#lib/menus/day-menu.ts'
import { longDay } from '#lib/words/format-day.ts'
import type { Language } from '#lib/words/language.ts'
import { useWords } from '#words'
import { DayDishes } from './day-dishes.tsx'

export type WeekDay = {
  key: string
  heading: string
  menu: DayMenu
  isToday?: boolean
  /** By dish id, what the families of the school think, in words. */
  liked?: Readonly<Record<string, string>>
}

/** The days of a week as `MenuWeek` draws them: those without lunch are left out. */
export const weekOf = (
  days: readonly { day: Day; menu: DayMenu }[],
  today: Day,
  language: Language = 'it',
): WeekDay[] =>
  days
    .filter(({ menu }) => menu.kind !== 'unplanned')
    .map(({ day, menu }) => ({ key: day, heading: longDay(day, language), menu, isToday: day === today }))

/** Days one under the other on a phone, side by side on a desk and on paper. */
export function MenuWeek({
  days,
  headingLevel: Heading = 'h2',
}: {
  days: readonly WeekDay[]
  headingLevel?: 'h2' | 'h3'
}) {
  const t = useWords()
  return (
    <ol className="grid gap-4 sm:grid-cols-2 lg:grid-cols-5 print:auto-cols-fr print:grid-flow-col print:grid-cols-none print:gap-0">
      {days.map(({ key, heading, menu, isToday, liked }) => (
        <li
          key={key}
          data-surface
          aria-current={isToday ? 'date' : undefined}
          className={`rounded-lg border bg-white p-4 print:rounded-none print:p-2 ${
            isToday ? 'border-2 border-primary shadow-low' : 'border-line'
          } ${menu.kind === 'served' ? '' : 'bg-muted-surface'}`}
        >
          <Heading className="mb-3 flex flex-wrap items-center gap-2 text-lg print:mb-1">
            <span className="inline-block first-letter:uppercase">{heading}</span>
            {isToday && (
              <span className="print:hidden">
                <StatusChip tone="info" icon="calendar-check">
                  {t('Oggi')}
                </StatusChip>
              </span>
            )}
          </Heading>
          <DayDishes menu={menu} {...(liked ? { liked } : {})} />
        </li>
      ))}
    </ol>
  )
}
