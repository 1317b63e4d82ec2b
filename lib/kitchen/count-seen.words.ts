import { exactTimeInRome } from '#lib/words/format-day.ts'
import { italian, plural } from '#lib/words/language.ts'
import type { FrozenCount, KitchenSeen } from './count-seen.ts'

/** How many schools are named; of the others only how many. */
const MOST = 3

/** "Rodari (versione 2: Neve)" */
export const frozenInWords = ({ schoolName, serviceName, version, reason }: FrozenCount): string =>
  `${schoolName}, ${serviceName}${version > 1 ? ` (versione ${version}${reason ? `: ${reason}` : ''})` : ''}`

/** "Visto alle 9:34:10 da Marco Neri" */
const lastInWords = ({ at, by }: { at: Date; by: string }): string =>
  `alle ${exactTimeInRome(at)}${by ? ` da ${by}` : ''}`

/** What a kitchen has seen and what not, in one sentence. */
export function kitchenSeenInWords({ unseen, last }: KitchenSeen): string {
  if (unseen.length === 0) return last ? `Visto ${lastInWords(last)}` : ''
  const named = unseen.slice(0, MOST).map(frozenInWords).join('; ')
  const others = unseen.length - MOST
  const more = others > 0 ? italian(plural(' e un’altra', ' e altre {n}'), { n: others }) : ''
  const before = last ? `. Il resto è visto ${lastInWords(last)}` : ''
  return `Non ancora visto: ${named}${more}${before}`
}
