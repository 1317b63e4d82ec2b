import type { BatchLine, BatchPreview, Verdict } from './batch.ts'
import { deadlineInWords } from './day-state.ts'
import { type MealAction, stateAfter } from './states.ts'
import type { ChangeAnswer } from './views.ts'

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`

const ACTION_NOUN: Record<MealAction, readonly [one: string, many: string]> = {
  cancel: ['pasto da disdire', 'pasti da disdire'],
  restore: ['pasto da ripristinare', 'pasti da ripristinare'],
}

const DONE: Record<MealAction, readonly [one: string, many: string]> = {
  cancel: ['pasto disdetto', 'pasti disdetti'],
  restore: ['pasto ripristinato', 'pasti ripristinati'],
}

const UNCHANGED: Record<
  Exclude<Verdict, 'changes'>,
  Record<MealAction, readonly [one: string, many: string]>
> = {
  already: { cancel: ['già assente', 'già assenti'], restore: ['già presente', 'già presenti'] },
  late: both('non più modificabile', 'non più modificabili'),
  past: both('già passato', 'già passati'),
  closed: both('con la mensa chiusa', 'con la mensa chiusa'),
  unplanned: both('senza mensa', 'senza mensa'),
  outside: both('fuori dal periodo della mensa', 'fuori dal periodo della mensa'),
}

function both(one: string, many: string): Record<MealAction, readonly [string, string]> {
  return { cancel: [one, many], restore: [one, many] }
}

/** Order in which the reasons are told: what a parent must know first comes first. */
const REASONS = ['late', 'closed', 'already', 'past', 'unplanned', 'outside'] as const

/** "2 non più modificabili, 1 con la mensa chiusa"; empty when everything changes. */
export function unchangedInWords({ action, counts }: Pick<BatchPreview, 'action' | 'counts'>): string {
  return REASONS.filter((reason) => counts[reason] > 0)
    .map((reason) => plural(counts[reason], ...UNCHANGED[reason][action]))
    .join(', ')
}

/** Before confirming: "8 pasti da disdire. Non cambiano: 2 con la mensa chiusa, 1 non più modificabile." */
export function previewInWords(preview: Pick<BatchPreview, 'action' | 'counts'>): string {
  return sentence(plural(preview.counts.changes, ...ACTION_NOUN[preview.action]), preview)
}

/** After confirming: "8 pasti disdetti. Non sono cambiati: 1 non più modificabile." */
export function outcomeInWords(preview: Pick<BatchPreview, 'action' | 'counts'>): string {
  return sentence(plural(preview.counts.changes, ...DONE[preview.action]), preview, 'Non sono cambiati')
}

function sentence(
  changes: string,
  preview: Pick<BatchPreview, 'action' | 'counts'>,
  introduction = 'Non cambiano',
): string {
  const rest = unchangedInWords(preview)
  return rest === '' ? `${changes}.` : `${changes}. ${introduction}: ${rest}.`
}

/** Why one meal does not change: "non più modificabile: il termine era alle 9:30", "chiuso: Immacolata Concezione". */
export function reasonInWords(
  action: MealAction,
  line: Pick<BatchLine, 'verdict' | 'day' | 'cutoffAt' | 'why'>,
): string {
  switch (line.verdict) {
    case 'changes':
      return action === 'cancel' ? 'diventa assente' : 'diventa presente'
    case 'already':
      return UNCHANGED.already[action][0]
    case 'late':
      return line.cutoffAt
        ? `non più modificabile: il termine era alle ${deadlineInWords(line.day, line.cutoffAt)}`
        : 'non più modificabile'
    case 'past':
      return 'giorno già passato'
    case 'closed':
      return line.why ? `chiuso: ${line.why}` : 'mensa chiusa'
    case 'unplanned':
      return 'mensa non prevista'
    case 'outside':
      return 'fuori dal periodo della mensa'
  }
}

const countsOf = (changes: number, notChanged: readonly BatchLine[]): BatchPreview['counts'] => {
  const counts = { changes, already: 0, late: 0, past: 0, closed: 0, unplanned: 0, outside: 0 }
  for (const { verdict } of notChanged) counts[verdict] += 1
  return counts
}

/** What a browser or the app is told of a change that was made. */
export function answerOf(
  done: {
    receiptId: string
    number: string
    action: MealAction
    arrivedAt: Date
    changed: readonly { pupilId: string; day: string }[]
    notChanged: readonly BatchLine[]
  },
  receiptPath: string,
): ChangeAnswer {
  const { action, changed, notChanged } = done
  return {
    ok: true,
    receiptId: done.receiptId,
    receiptNumber: done.number,
    receiptPath,
    message: outcomeInWords({ action, counts: countsOf(changed.length, notChanged) }),
    at: done.arrivedAt.getTime(),
    changed: changed.map((meal) => ({ ...meal, kind: stateAfter(action) })),
    notChanged: notChanged.map((line) => ({
      pupilId: line.pupilId,
      day: line.day,
      reason: reasonInWords(action, line),
    })),
  }
}
