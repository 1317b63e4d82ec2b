import type { Day } from '#lib/kernel/day.ts'
import type { Said } from '#lib/notifications/notification.ts'
import { longDay } from '#lib/words/format-day.ts'
import type { Words } from '#lib/words/language.ts'
import { written } from '#lib/words/written.ts'
import type { CancelledBy } from './cancel-rule.ts'

/** What families read when another person may cancel the meals of a service. */
export function cancelRuleNotice(
  { service, from, cancelledBy }: { service: string; from: Day; cancelledBy: CancelledBy },
  t: Words,
): Said {
  const day = longDay(from, t.language)
  return {
    title: t('Cambia chi disdice: da {day}', { day }),
    text: t(
      cancelledBy === 'holder'
        ? '{service}: da quel giorno disdice solo l’intestatario. Le disdette già fatte restano.'
        : '{service}: da quel giorno disdicono l’intestatario e i delegati. Le disdette già fatte restano.',
      { service: written(service) },
    ),
  }
}

/** What families read when a service ends. */
export const serviceEndNotice = ({ service, to }: { service: string; to: Day }, t: Words): Said => ({
  title: t('Un servizio finisce: ultimo giorno {day}', { day: longDay(to, t.language) }),
  text: t('{service}: dopo quel giorno non c’è più. Non devi disdire e niente si paga.', {
    service: written(service),
  }),
})
