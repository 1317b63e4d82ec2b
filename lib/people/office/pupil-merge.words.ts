import type { Cents } from '#lib/kernel/money.ts'
import { dated } from '#lib/words/dated.ts'
import { longDate, numericDay } from '#lib/words/format-day.ts'
import { formatEuro } from '#lib/words/format-money.ts'
import { listInWords } from '#lib/words/list.ts'
import type { MergePlan, MergeService, MergeSide } from './pupil-merge.ts'

const many = (n: number, one: string, more: string): string => (n === 1 ? `1 ${one}` : `${n} ${more}`)

/** "Greta Albertini" */
export const nameOf = ({ givenName, familyName }: Pick<MergeSide, 'givenName' | 'familyName'>): string =>
  `${givenName} ${familyName}`

function enrolmentLines({ enrolments, gone }: MergePlan, services: readonly MergeService[]): string[] {
  return enrolments.flatMap(({ serviceId, ofGone, ofKept }) => {
    const name = services.find(({ id }) => id === serviceId)?.name ?? ''
    if (ofGone.end.length + ofGone.drop.length === 0) return []
    const days = ofKept.enrol.map(({ from, to }) => dated`dal ${longDate(from)} al ${longDate(to)}`)
    const classes = [
      ...new Set(
        gone.enrolments
          .filter((one) => ofKept.enrol.some((taken) => taken.classId === one.classId))
          .map(({ where }) => where),
      ),
    ]
    return days.length > 0
      ? [`${name}: l’alunno che resta mangia in ${classes.join(', ')}, ${listInWords(days, 'it')}.`]
      : [`${name}: i due erano iscritti insieme. Da adesso si conta un pasto solo.`]
  })
}

function cancellationLines({ gone }: MergePlan): string[] {
  const days = [...new Set(gone.cancelled.map(({ day }) => day))].toSorted()
  return days.length > 0
    ? [`Le disdette valgono per l’alunno che resta: ${days.map((day) => longDate(day)).join(', ')}.`]
    : []
}

function moneyLines({ kept, gone }: MergePlan): string[] {
  const stays = [
    ...(gone.chargedMeals > 0
      ? [
          `${many(gone.chargedMeals, 'pasto già addebitato resta', 'pasti già addebitati restano')} dove sono, con il nome di prima.`,
        ]
      : []),
    ...(gone.documents > 0
      ? [
          `${many(gone.documents, 'domanda già decisa resta', 'domande già decise restano')} nel fascicolo di prima.`,
        ]
      : []),
  ]
  if (kept.householdId === gone.householdId) return stays
  const credit = gone.alone.reduce((sum: Cents, { balanceCents }) => sum + Math.max(0, balanceCents), 0)
  return [
    ...stays,
    `La famiglia ${gone.householdName} non ha più questo alunno: lo segue solo la famiglia ${kept.householdName}, che paga i pasti da adesso.`,
    ...(credit > 0
      ? [
          `Sul conto della famiglia ${gone.householdName} restano ${formatEuro(credit, 'it')}: si apre un rimborso da decidere.`,
        ]
      : []),
  ]
}

/** "codice LBRGRT18C42L781X" */
export const codeInWords = (code: string | null): string => (code ? `codice ${code}` : 'senza codice fiscale')

/** What confirming would do, line by line. */
export function mergeInWords(plan: MergePlan, services: readonly MergeService[]): string[] {
  const { kept, gone, values, fares, delegates } = plan
  const [code, otherCode] = values.swapsCodes
    ? [gone.fiscalCode, kept.fiscalCode]
    : [kept.fiscalCode, gone.fiscalCode]
  return [
    dated`Resta ${nameOf(values)}, data di nascita ${numericDay(values.birthDay)}, ${codeInWords(code)}, nella famiglia ${kept.householdName}.`,
    ...(otherCode
      ? [`Un elenco o un modulo con l’altro codice, ${otherCode}, trova da adesso l’alunno che resta.`]
      : []),
    ...enrolmentLines(plan, services),
    ...cancellationLines(plan),
    ...fares.give.map(
      ({ band, from, to }) =>
        dated`La fascia ${band} vale per l’alunno che resta dal ${longDate(from)} al ${longDate(to)}.`,
    ),
    ...(delegates.length > 0
      ? [`${many(delegates.length, 'delegato segue', 'delegati seguono')} anche l’alunno che resta.`]
      : []),
    ...moneyLines(plan),
    'I giorni già contati, i movimenti e le ricevute non cambiano. I messaggi ricevuti restano alla famiglia che li ha avuti.',
    'Si annulla finché niente di questo è cambiato e nessun giorno è contato.',
  ]
}

/** What keeps a merge from being undone. */
export const MERGE_DEPENDENTS = {
  pupils: 'i dati di uno dei due sono stati corretti',
  enrolments: 'un’iscrizione è cambiata',
  absences: 'una disdetta è cambiata',
  fares: 'una fascia è cambiata',
  delegates: 'una delega è cambiata',
  counted: 'un giorno è già contato',
  refund: 'il rimborso aperto dall’unione è già deciso',
  account: 'il conto aperto dall’unione ha già movimenti',
} as const
export type MergeDependent = keyof typeof MERGE_DEPENDENTS
