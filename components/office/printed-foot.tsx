import { dated } from '#lib/words/dated.ts'
import { instantInWords } from '#lib/words/format-day.ts'

/** The foot of each sheet of a printed office page: whose numbers these are, who printed them and when. The screen has none. */
export function PrintedFoot({ area, by, at }: { area: string; by: string; at: Date }) {
  return (
    <div className="printed-foot">
      {area} · stampato da {by} {dated`il ${instantInWords(at)}`}
    </div>
  )
}
