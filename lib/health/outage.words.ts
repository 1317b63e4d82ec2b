import { timeInRome } from '#lib/words/format-day.ts'
import type { Words } from '#lib/words/language.ts'
import { listInWords } from '#lib/words/list.ts'
import type { Outage } from './outage.ts'

/** "Il portale non era raggiungibile dalle 9:12 alle 9:41": every outage of a day in one sentence. */
export function outagesInWords(outages: readonly Outage[], t: Words): string {
  const times = outages.map(({ from, to }) =>
    t('dalle {from} alle {to}', { from: timeInRome(from, t.language), to: timeInRome(to, t.language) }),
  )
  return t('Il portale non era raggiungibile {times}', { times: listInWords(times, t.language) })
}
