import { EmptyState } from '#components/ui/empty-state.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { dayInRome } from '#lib/kernel/day.ts'
import { type Contact, contactInWords } from '#lib/meals/meal-contact.ts'
import { fill } from '#lib/words/fill.ts'
import { exactTimeInRome, longDay } from '#lib/words/format-day.ts'
import { useWords } from '#words'

type Line = {
  id: string
  kind: 'cancelled' | 'restored'
  at: Date
  author: string | null
  contact: Contact | null
  receiptPath: string
  receiptNumber: string
}

/** Who changed a day and when, the latest first, each with its receipt. */
export function DayHistory({ lines }: { lines: Line[] }) {
  const t = useWords()
  if (lines.length === 0) {
    return (
      <EmptyState icon="history" title={t('Nessuna modifica')}>
        <p>{t('Nessuno ha cambiato questo giorno: la presenza è segnata di base.')}</p>
      </EmptyState>
    )
  }
  return (
    <ol className="divide-y divide-line rounded-lg border border-line bg-white shadow-low" data-surface>
      {lines.map((line) => (
        <li key={line.id} className="flex gap-3 p-4 sm:p-5">
          <Icon
            name={line.kind === 'cancelled' ? 'x' : 'check'}
            size="lg"
            className={line.kind === 'cancelled' ? 'text-danger' : 'text-success'}
          />
          <div>
            <p className="font-semibold text-ink">
              {line.kind === 'cancelled' ? t('Segnato assente') : t('Pasto ripristinato')} {t('da')}{' '}
              {[line.author ?? t('Ufficio mensa'), contactInWords(line.contact, t)]
                .filter(Boolean)
                .join(', ')}
            </p>
            <p className="text-muted">
              {fill(
                t('{longDay} alle {at} · {link}', {
                  longDay: longDay(dayInRome(line.at), t.language),
                  at: exactTimeInRome(line.at, t.language),
                }),
                {
                  link: (
                    <a key="link" href={line.receiptPath}>
                      {t('Ricevuta {receiptNumber}', { receiptNumber: line.receiptNumber })}
                    </a>
                  ),
                },
              )}
            </p>
          </div>
        </li>
      ))}
    </ol>
  )
}
