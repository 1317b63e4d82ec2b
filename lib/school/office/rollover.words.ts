import { dated } from '#lib/words/dated.ts'
import { numericDay } from '#lib/words/format-day.ts'
import { formatEuro } from '#lib/words/format-money.ts'
import { pupilsWith, type Reason, type RolloverOutcome, type RolloverSummary } from './rollover.ts'

export const ROLLOVER_OUTCOMES_IN_WORDS: Readonly<Record<RolloverOutcome, string>> = {
  moves: 'Passa',
  leaves: 'Esce',
  apart: 'Da decidere',
  already: 'Già iscritto',
  left: 'Uscito prima',
}

export const REASON_WORDS: Readonly<Record<Reason, string>> = {
  class: 'con la sua classe',
  chosen: 'deciso dall’ufficio',
  'last-grade': 'ultima classe della scuola',
  age: 'va alla primaria',
  enrolled: 'ha già un’iscrizione per l’anno nuovo',
  ended: 'la sua iscrizione era finita prima dell’anno',
  'no-class': 'la sua classe non ha ancora una destinazione',
  'no-service': 'nella scuola di destinazione il servizio non c’è',
  'no-weekday': 'nella scuola di destinazione non c’è mensa nei giorni in cui mangia',
  'not-renewed': 'non ha rinnovato',
  'renewal-open': 'il rinnovo è arrivato e aspetta una decisione',
  booked: 'ha disdette dopo la fine dell’anno in un’altra scuola',
}

const many = (n: number, one: string, more: string): string => (n === 1 ? `1 ${one}` : `${n} ${more}`)

/** What confirming would do, line by line. */
export function rolloverInWords(
  { from, to }: { from: string; to: string },
  summary: RolloverSummary,
): string[] {
  const { dietsLapsing, faresEnding, shortened, refunds, debts } = summary
  const of = (outcome: RolloverOutcome): number => pupilsWith(summary, outcome)
  return [
    `Dal ${from} al ${to}: ${many(of('moves'), 'iscrizione passa', 'iscrizioni passano')} all’anno nuovo.`,
    `${many(of('leaves'), 'alunno esce', 'alunni escono')}: la loro iscrizione finisce con l’anno.`,
    ...(of('already') > 0
      ? [`${many(of('already'), 'alunno ha', 'alunni hanno')} già un’iscrizione per il ${to}: resta com’è.`]
      : []),
    ...(of('apart') > 0
      ? [
          `${many(of('apart'), 'alunno resta da decidere', 'alunni restano da decidere')}: per loro non cambia niente, e l’anno nuovo comincia senza di loro.`,
        ]
      : []),
    ...(dietsLapsing > 0
      ? [
          `${many(dietsLapsing, 'dieta scade', 'diete scadono')} con l’anno: nel ${to} quegli alunni hanno la dieta da definire, e la cucina chiede prima di servire.`,
        ]
      : []),
    ...(faresEnding > 0
      ? [
          `${many(faresEnding, 'fascia di prezzo finisce', 'fasce di prezzo finiscono')} con l’anno: senza una nuova decisione nel ${to} si paga il prezzo intero.`,
        ]
      : []),
    ...(shortened > 0
      ? [
          `${many(shortened, 'iscrizione andava', 'iscrizioni andavano')} oltre la fine dell’anno: si accorcia a quel giorno.`,
        ]
      : []),
    ...(refunds.households > 0
      ? [
          `${many(refunds.households, 'famiglia esce', 'famiglie escono')} con un saldo: ${formatEuro(refunds.cents)}, rimborso da decidere. Ogni caso va in Rimborsi.`,
        ]
      : []),
    ...(debts.households > 0
      ? [
          `${many(debts.households, 'famiglia esce', 'famiglie escono')} con un debito: ${formatEuro(-debts.cents)} da pagare.`,
        ]
      : []),
    'Gli altri saldi restano alle famiglie. Elenchi, conteggi ed estratti dell’anno vecchio non cambiano.',
    'Nessun messaggio parte da solo: annuncia le classi con una comunicazione.',
  ]
}

/** "dal 13/9/2027 al 5/6/2028" */
export const stayInWords = (from: string, to: string): string =>
  dated`dal ${numericDay(from)} al ${numericDay(to)}`

/** What was done after the roll-over and stands on it, in the words of its refusal. */
export const DEPENDENT_WORDS = {
  changed: 'ha cambiato classe, dieta o ultimo giorno',
  cancelled: 'ha una disdetta nell’anno nuovo',
  fare: 'ha una fascia di prezzo nell’anno nuovo',
  enrolled: 'ha un’altra iscrizione nei giorni che tornerebbero',
  refund: 'ha un rimborso già deciso',
} as const

/** A kind of act that depends on a roll-over. */
export type Dependent = keyof typeof DEPENDENT_WORDS

/** "Greta Albertini ha una disdetta nell’anno nuovo" */
export const dependentInWords = (kind: Dependent, name: string): string => `${name} ${DEPENDENT_WORDS[kind]}`
