import { Notice } from '#components/ui/notice.tsx'
import type { Outage } from '#lib/health/outage.ts'
import { outagesInWords } from '#lib/health/outage.words.ts'
import { italian } from '#lib/words/language.ts'

/** Tells the office that families could not cancel in some minutes of the day; it stands on the printed sheet too. */
export function OfficePortalOutages({ outages }: { outages: readonly Outage[] }) {
  if (outages.length === 0) return null
  return (
    <div className="mb-6">
      <Notice kind="warning" title={outagesInWords(outages, italian)}>
        <p>In quei minuti le famiglie non potevano disdire: chi telefona può avere ragione.</p>
      </Notice>
    </div>
  )
}
