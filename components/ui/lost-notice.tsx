import { exactTimeInRome } from '#lib/words/format-day.ts'
import { useWords } from '#words'
import type { Lost } from './use-steady-refresh.ts'

/** Since when a page that refreshes itself is old; empty while it is not. */
export function LostNotice({ lost }: { lost: Lost | null }) {
  const t = useWords()
  const times = lost && {
    at: exactTimeInRome(lost.updatedAt, t.language),
    since: exactTimeInRome(lost.since, t.language),
  }
  return (
    <span role="status" className="font-semibold text-ink empty:hidden">
      {times &&
        (lost.isNetwork
          ? t('Aggiornato alle {at}, senza rete dalle {since}. Torna da solo.', times)
          : t('Aggiornato alle {at}, il portale non risponde dalle {since}. Torna da solo.', times))}
    </span>
  )
}
