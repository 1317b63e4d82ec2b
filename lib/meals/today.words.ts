import type { Words } from '#lib/words/language.ts'
import type { StateKind } from './meal-state.ts'

/**
 * What today is in one service among several, for each state that the day may come to have. The server says it: a browser of a
 * family with one service loads none of these sentences.
 */
export function todayInService(
  { service, name }: { service: string; name: string },
  t: Words,
): Record<StateKind, string> {
  const values = { service, name }
  const present = t('{service}: oggi {name} c’è.', values)
  const absent = t('{service}: oggi {name} è assente.', values)
  const unplanned = t('{service}: oggi non è previsto per {name}.', values)
  return {
    ...{ present, presentLate: present, consumed: present },
    ...{ absent, absentLate: absent, absentPast: absent },
    closed: t('{service}: oggi è chiuso.', values),
    elsewhere: t('{service}: oggi per {name} è il giorno dell’altra famiglia.', values),
    ...{ unplanned, outside: unplanned },
  }
}
