import { Card } from '#components/ui/card.tsx'
import { Countdown } from '#components/ui/countdown.tsx'
import type { DayInShort } from '#lib/desk/office-day.ts'
import { dayFiguresInWords, dayStateInWords } from '#lib/desk/office-day.words.ts'
import { timeInRome } from '#lib/words/format-day.ts'

/** A day's counts in short, with the time that families still have to change them. */
export function DayCard({
  title,
  day,
  now,
  office,
}: {
  title: string
  day: DayInShort
  now: Date
  office: string
}) {
  return (
    <Card title={title} titleId={`giorno-${day.day}`}>
      <p className="text-3xl font-bold text-ink">
        {day.meals} <span className="text-base font-normal">{day.meals === 1 ? 'pasto' : 'pasti'}</span>
      </p>
      <p>{dayFiguresInWords(day)}</p>
      <p className="mt-2 text-muted">
        {dayStateInWords(day)}
        {day.cutoffAt && (
          <>
            {' '}
            Il prossimo termine è alle {timeInRome(day.cutoffAt)}:{' '}
            <Countdown millisLeft={day.cutoffAt.getTime() - now.getTime()} over="è passato" />.
          </>
        )}
      </p>
      <p className="mt-3 print:hidden">
        <a href={`${office}/conteggi?giorno=${day.day}`}>Tutti i conteggi</a>
      </p>
    </Card>
  )
}
