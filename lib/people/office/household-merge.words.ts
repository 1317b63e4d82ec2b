import { dated } from '#lib/words/dated.ts'
import { longDate } from '#lib/words/format-day.ts'
import { formatEuro } from '#lib/words/format-money.ts'
import { listInWords } from '#lib/words/list.ts'
import type { HouseholdFacts, HouseholdMergePlan } from './household-merge.ts'

/** What confirming would do, line by line. */
export function householdMergeInWords(
  { kept, gone, gives, widened }: HouseholdMergePlan,
  services: HouseholdFacts['services'],
): string[] {
  const names = gone.pupils.map(({ name }) => name)
  return [
    `${listInWords(names, 'it')}: ${names.length === 1 ? 'passa' : 'passano'} alla famiglia ${kept.name}, con iscrizioni, disdette, diete e fasce.`,
    ...services.map(
      ({ name, firstDay }) =>
        dated`${name}: i pasti dal ${longDate(firstDay)} li paga il conto della famiglia ${kept.name}.`,
    ),
    ...gives.map(
      ({ name, pupilIds }) =>
        `${name} resta delegato${pupilIds.length === 1 ? ' di quell’alunno' : ` di ${pupilIds.length} alunni`} nella famiglia ${kept.name}.`,
    ),
    ...(widened.length > 0
      ? [
          `${listInWords([...widened], 'it')}, delegati di tutti gli alunni di ${kept.name}, vedranno anche questi.`,
        ]
      : []),
    ...gone.accounts
      .filter(({ balanceCents }) => balanceCents > 0)
      .map(
        ({ serviceName, balanceCents }) =>
          `${serviceName}: i ${formatEuro(balanceCents, 'it')} della famiglia ${gone.name} restano sul suo conto, e si apre un rimborso da decidere. Da lì si passano a un fratello.`,
      ),
    `Movimenti, ricariche, fatture, ricevute e messaggi della famiglia ${gone.name} restano dove sono, e chi paga li vede ancora.`,
    'Gli indirizzi del calendario di questi alunni si rifanno dal profilo.',
    'Chi paga e i delegati ricevono un messaggio.',
    'Si annulla finché niente di questo è cambiato e nessun giorno è contato.',
  ]
}

/** What keeps a merge of households from being undone. */
export const HOUSEHOLD_MERGE_DEPENDENTS = {
  pupils: 'un alunno ha cambiato famiglia',
  roles: 'chi paga o una delega è cambiato',
  counted: 'un giorno è già contato',
  refund: 'il rimborso aperto dall’unione è già deciso',
  account: 'il conto aperto dall’unione ha già movimenti',
} as const
export type HouseholdMergeDependent = keyof typeof HOUSEHOLD_MERGE_DEPENDENTS
