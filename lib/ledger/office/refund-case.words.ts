import { dated } from '#lib/words/dated.ts'
import { longDate } from '#lib/words/format-day.ts'
import { formatEuro } from '#lib/words/format-money.ts'
import { listInWords } from '#lib/words/list.ts'
import type {
  RefundCase,
  RefundCause,
  RefundDecision,
  RefundEnd,
  RefundState,
  RefundTarget,
} from './refund-case.ts'

export const REFUND_STATE_NAMES: Readonly<Record<RefundState, string>> = {
  open: 'Da decidere',
  taken: 'Preso in carico',
  decided: 'Deciso',
  closed: 'Chiuso',
}

export const REFUND_CAUSE_NAMES: Readonly<Record<RefundCause, string>> = {
  ended: 'iscrizione finita',
  rollover: 'uscita con l’anno scolastico',
  late: 'credito arrivato dopo l’uscita',
}

export const REFUND_DECISION_NAMES: Readonly<Record<RefundDecision, string>> = {
  refund: 'Rimborsare',
  keep: 'Tenere per l’anno prossimo',
  sibling: 'Passare a un fratello',
}

export const REFUND_END_NAMES: Readonly<Record<RefundEnd, string>> = {
  settled: 'sul conto non resta niente',
  returned: 'un alunno è di nuovo iscritto',
  said: 'la famiglia ha detto che torna',
}

/** "Famiglia Bianchi, Refezione (Greta e Nino)" */
export const targetInWords = ({ householdName, serviceName, pupils }: RefundTarget): string =>
  `Famiglia ${householdName}, ${serviceName}${pupils.length > 0 ? ` (${listInWords(pupils, 'it')})` : ''}`

/** What a decision would do, line by line. No money moves by it. */
export function decisionInWords(
  { householdName, balanceCents }: Pick<RefundCase, 'householdName' | 'balanceCents'>,
  decision: RefundDecision,
  target: RefundTarget | null,
): string[] {
  const sum = formatEuro(balanceCents, 'it')
  const what: Readonly<Record<RefundDecision, string>> = {
    refund: `${sum} si restituiscono alla famiglia ${householdName}.`,
    keep: `${sum} restano sul conto della famiglia ${householdName} per l’anno prossimo.`,
    sibling: `${sum} passano al conto: ${target ? targetInWords(target) : ''}.`,
  }
  return [
    what[decision],
    'Nessun soldo si muove adesso: resta scritto che cosa fare, e il saldo resta com’è.',
    'Si decide una volta sola. Se la famiglia torna a iscrivere un alunno, il caso si chiude da solo.',
  ]
}

/** Why a case is there, and until when its balance moves. */
export const leavingInWords = ({ cause, leftOn }: Pick<RefundCase, 'cause' | 'leftOn'>): string =>
  dated`${REFUND_CAUSE_NAMES[cause]}, ultimo giorno il ${longDate(leftOn)}`
