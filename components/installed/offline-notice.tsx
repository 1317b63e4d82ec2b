import { dayInRome } from '#lib/kernel/day.ts'
import { longDay, timeInRome } from '#lib/words/format-day.ts'
import { useWords } from '#words'

/** What only the copy of a page says that the service worker keeps: from when it is, and why nothing can be changed in it. */
export function OfflineNotice({ madeAt }: { madeAt: Date }) {
  const t = useWords()
  return (
    <p role="status" className="offline-only mb-6 rounded-lg bg-warning-light p-4 font-semibold text-warning">
      {t(
        'Sei offline. Dati di {day}, ore {time}. Qui si legge soltanto: senza rete nessuno può confermarti una disdetta o una ricarica, perciò i pulsanti non ci sono. Se il termine sta per scadere, telefona al gestore.',
        { day: longDay(dayInRome(madeAt), t.language), time: timeInRome(madeAt, t.language) },
      )}
    </p>
  )
}
