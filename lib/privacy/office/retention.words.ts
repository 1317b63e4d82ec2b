import { italian, plural } from '#lib/words/language.ts'
import type { RegisterName, Retention } from './retention.ts'

/** What each register holds, and why it is kept so long. */
export const REGISTER_WORDS: Readonly<Record<RegisterName, { name: string; why: string }>> = {
  operations: {
    name: 'Operazioni',
    why: 'La legge le vuole per 24 mesi: né prima né dopo (DPCM 24 ottobre 2014, articolo 13).',
  },
  'sign-ins': {
    name: 'Accessi',
    why: 'Come le operazioni: 24 mesi.',
  },
  notifications: {
    name: 'Notifiche alle famiglie',
    why: 'Un anno basta per rispondere a «me l’avete detto?».',
  },
  messages: {
    name: 'E-mail, push e SMS partiti',
    why: 'Come le notifiche: l’indirizzo non serve più a lungo.',
  },
  invitations: { name: 'Inviti ai delegati', why: 'Dalla loro scadenza, come le operazioni.' },
  'contact-codes': {
    name: 'Codici per e-mail e telefono',
    why: 'Servono per pochi minuti, e per chi dice di non averli avuti.',
  },
}

/** "24 mesi", "30 giorni" */
export const keptInWords = ({ months, days }: Pick<Retention, 'months' | 'days'>): string =>
  months > 0
    ? italian(plural('{n} mese', '{n} mesi'), { n: months })
    : italian(plural('{n} giorno', '{n} giorni'), { n: days })
