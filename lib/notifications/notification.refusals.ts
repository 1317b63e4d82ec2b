import { plural } from '#lib/words/language.ts'
import { type DetailsOf, says } from '#lib/words/sentences.ts'

export const NOTIFICATION_REFUSALS = {
  'notifications:unknown-service': says(
    'Questo browser usa un servizio di notifiche che non conosciamo. Puoi ricevere le notifiche per e-mail.',
  ),
  'notifications:too-many-devices': says(
    plural(
      'Le notifiche arrivano al massimo su {n} dispositivo. Toglilo se non lo usi più, poi riprova.',
      'Le notifiche arrivano al massimo su {n} dispositivi. Togline uno che non usi più, poi riprova.',
    ),
    { n: 'count' },
  ),
  'notifications:too-many-tries': says('Hai già fatto molte prove. Riprova tra un’ora.'),
} as const

declare module '#lib/kernel/result.ts' {
  interface RefusalDetails extends DetailsOf<typeof NOTIFICATION_REFUSALS> {}
}
