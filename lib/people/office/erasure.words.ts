import { listInWords } from '#lib/words/list.ts'
import type { AskedErasure, ErasureFacts, Keeper } from './erasure.ts'

/** What keeps a household or a pupil in the registry. */
export const KEEPER_NAMES: Readonly<Record<Keeper, string>> = {
  counted: 'un pasto già contato dalla cucina',
  entries: 'movimenti sul conto (si conservano dieci anni)',
  payments: 'ricariche',
  invoices: 'fatture (si conservano dieci anni)',
  cancellations: 'disdette con ricevuta',
  requests: 'domande o documenti mandati',
  communications: 'comunicazioni ricevute',
  invitations: 'inviti a un delegato',
  ratings: 'giudizi sui pasti',
  answers: 'risposte a un questionario',
  refunds: 'un rimborso da decidere',
  transfers: 'un trasferimento fra Comuni',
  merges: 'un’unione di due alunni',
  years: 'un passaggio al nuovo anno',
  looks: 'uno sguardo dell’ufficio al portale della famiglia',
  signedIn: 'qualcuno che è già entrato nel portale',
}

/** What a row of a table is called, of which the keepers above say nothing. */
export const keeperOfTable = (table: string): string => `altro che vi si riferisce (${table})`

const many = (n: number, one: string, more: string): string => (n === 1 ? `1 ${one}` : `${n} ${more}`)

/** What erasing would take out, a sentence a line. */
export function erasureInWords({ pupilId }: AskedErasure, facts: ErasureFacts): string[] {
  const { householdName, pupils, people, staying, enrolments, fares, messages } = facts
  const along = [
    many(enrolments, 'iscrizione', 'iscrizioni'),
    ...(fares > 0 ? [many(fares, 'fascia', 'fasce')] : []),
    ...(messages > 0 ? [many(messages, 'messaggio', 'messaggi')] : []),
  ]
  return [
    ...(pupilId === null ? [`Si cancella la famiglia ${householdName}, con i suoi conti a zero.`] : []),
    ...(pupils.length > 0 ? [`Si cancella ${listInWords(pupils, 'it')}: ${listInWords(along, 'it')}.`] : []),
    ...(people.length > 0
      ? [
          `Si cancella ${listInWords(people, 'it')}, con i recapiti: non potrà entrare nel portale di questo Comune.`,
        ]
      : []),
    ...(staying.length > 0
      ? [
          `${listInWords(staying, 'it')} resta nell’anagrafe, perché è anche altrove: perde solo questa famiglia.`,
        ]
      : []),
    'Non si annulla: per averli di nuovo si registrano da capo.',
    'Nel registro resta che cosa hai cancellato e perché, senza nomi, codici o recapiti. Nessuno riceve un messaggio.',
  ]
}
