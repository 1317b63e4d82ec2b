import { Notice } from '#components/ui/notice.tsx'
import { instantInWords } from '#lib/words/format-day.ts'

/** Tells the office that nothing closes, asks and sends: the numbers above a passed cutoff would wait without a word. */
export function SilentWorker({ since }: { since: Date | null }) {
  if (since === null) return null
  return (
    <div className="mb-6">
      <Notice kind="error" title="Il lavoro automatico del portale è fermo">
        <p>
          Ultimo segno: {instantInWords(since)}. Le famiglie disdicono come sempre, fino al termine. Conteggi
          definitivi, addebiti, pagamenti in corso e messaggi aspettano, e ripartono da soli: avvisa
          l’assistenza.
        </p>
      </Notice>
    </div>
  )
}
