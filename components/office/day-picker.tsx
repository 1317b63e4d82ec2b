import { Button, ButtonLink } from '#components/ui/button.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { addDays, type Day } from '#lib/kernel/day.ts'

/** The day before, the day after, today, or any day: plain links and a plain form. */
export function DayPicker({ path, day, today }: { path: string; day: Day; today: Day }) {
  const at = (other: Day) => (other === today ? path : `${path}?giorno=${other}`)
  return (
    <div className="mb-6 flex flex-wrap items-end gap-3 print:hidden">
      <ButtonLink href={at(addDays(day, -1))} look="secondary" icon="chevron-left">
        <span className="sr-only sm:not-sr-only">Giorno prima</span>
      </ButtonLink>
      {day !== today && (
        <ButtonLink href={path} look="secondary">
          Oggi
        </ButtonLink>
      )}
      <ButtonLink href={at(addDays(day, 1))} look="secondary">
        <span className="sr-only sm:not-sr-only">Giorno dopo</span>
        <Icon name="chevron-right" />
      </ButtonLink>
      <form action={path} className="flex items-end gap-3">
        <div>
          <label htmlFor="giorno" className="mb-1 block text-sm font-semibold text-ink">
            Vai al giorno
          </label>
          <input
            id="giorno"
            name="giorno"
            type="date"
            defaultValue={day}
            key={day}
            required
            className="min-h-12 rounded border-2 border-line-strong bg-white px-3"
          />
        </div>
        <Button look="secondary">Vai</Button>
      </form>
    </div>
  )
}
