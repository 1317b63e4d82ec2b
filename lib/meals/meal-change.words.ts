import { italian, phrase, type Words } from '#lib/words/language.ts'
import { deadlineInWords } from './cutoff.words.ts'
import type { BatchLine, BatchPreview, Verdict } from './meal-change.ts'
import { type MealAction, stateAfter } from './meal-state.ts'
import type { ChangeAnswer } from './month-view.ts'

/** A sentence about `{n}` meals. */
type Forms = readonly [one: string, many: string]

const TO_DO: Record<MealAction, Forms> = {
  cancel: [phrase('{n} pasto da disdire'), phrase('{n} pasti da disdire')],
  restore: [phrase('{n} pasto da ripristinare'), phrase('{n} pasti da ripristinare')],
}

const DONE: Record<MealAction, Forms> = {
  cancel: [phrase('{n} pasto disdetto'), phrase('{n} pasti disdetti')],
  restore: [phrase('{n} pasto ripristinato'), phrase('{n} pasti ripristinati')],
}

const UNCHANGED: Record<Exclude<Verdict, 'changes'>, Record<MealAction, Forms>> = {
  already: {
    cancel: [phrase('{n} già assente'), phrase('{n} già assenti')],
    restore: [phrase('{n} già presente'), phrase('{n} già presenti')],
  },
  late: both(phrase('{n} non più modificabile'), phrase('{n} non più modificabili')),
  past: both(phrase('{n} già passato'), phrase('{n} già passati')),
  closed: both(phrase('{n} con la mensa chiusa'), phrase('{n} con la mensa chiusa')),
  unplanned: both(phrase('{n} senza mensa'), phrase('{n} senza mensa')),
  outside: both(phrase('{n} fuori dal periodo della mensa'), phrase('{n} fuori dal periodo della mensa')),
}

function both(one: string, many: string): Record<MealAction, Forms> {
  return { cancel: [one, many], restore: [one, many] }
}

const counted = (n: number, [one, many]: Forms, t: Words): string => t(n === 1 ? one : many, { n })

/** Order in which the reasons are told: what a parent must know first comes first. */
const REASONS = ['late', 'closed', 'already', 'past', 'unplanned', 'outside'] as const

/** "2 non più modificabili, 1 con la mensa chiusa"; empty when everything changes. */
export function unchangedInWords(
  { action, counts }: Pick<BatchPreview, 'action' | 'counts'>,
  t: Words = italian,
): string {
  return REASONS.filter((reason) => counts[reason] > 0)
    .map((reason) => counted(counts[reason], UNCHANGED[reason][action], t))
    .join(', ')
}

/** Before confirming: "8 pasti da disdire. Non cambiano: 2 con la mensa chiusa, 1 non più modificabile." */
export function previewInWords(preview: Pick<BatchPreview, 'action' | 'counts'>, t: Words = italian): string {
  const changes = counted(preview.counts.changes, TO_DO[preview.action], t)
  const rest = unchangedInWords(preview, t)
  return rest === '' ? `${changes}.` : t('{changes}. Non cambiano: {rest}.', { changes, rest })
}

/** After confirming: "8 pasti disdetti. Non sono cambiati: 1 non più modificabile." */
export function outcomeInWords(preview: Pick<BatchPreview, 'action' | 'counts'>, t: Words = italian): string {
  const changes = counted(preview.counts.changes, DONE[preview.action], t)
  const rest = unchangedInWords(preview, t)
  return rest === '' ? `${changes}.` : t('{changes}. Non sono cambiati: {rest}.', { changes, rest })
}

/** Why one meal does not change: "non più modificabile: il termine era alle 9:30", "chiuso: Immacolata Concezione". */
export function reasonInWords(
  action: MealAction,
  line: Pick<BatchLine, 'verdict' | 'day' | 'cutoffAt' | 'why'>,
  t: Words = italian,
): string {
  switch (line.verdict) {
    case 'changes':
      return action === 'cancel' ? t('diventa assente') : t('diventa presente')
    case 'already':
      return action === 'cancel' ? t('già assente') : t('già presente')
    case 'late':
      return line.cutoffAt
        ? t('non più modificabile: il termine era alle {deadline}', {
            deadline: deadlineInWords(line.day, line.cutoffAt, t),
          })
        : t('non più modificabile')
    case 'past':
      return t('giorno già passato')
    case 'closed':
      return line.why ? t('chiuso: {why}', { why: line.why }) : t('mensa chiusa')
    case 'unplanned':
      return t('mensa non prevista')
    case 'outside':
      return t('fuori dal periodo della mensa')
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
  t: Words = italian,
): ChangeAnswer {
  const { action, changed, notChanged } = done
  return {
    ok: true,
    receiptId: done.receiptId,
    receiptNumber: done.number,
    receiptPath,
    message: outcomeInWords({ action, counts: countsOf(changed.length, notChanged) }, t),
    at: done.arrivedAt.getTime(),
    changed: changed.map((meal) => ({ ...meal, kind: stateAfter(action) })),
    notChanged: notChanged.map((line) => ({
      pupilId: line.pupilId,
      day: line.day,
      reason: reasonInWords(action, line, t),
    })),
  }
}
