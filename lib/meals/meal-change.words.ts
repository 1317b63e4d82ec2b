import { italian, type Plural, plural, type Words } from '#lib/words/language.ts'
import { inARow } from '#lib/words/list.ts'
import { asWritten } from '#lib/words/written.ts'
import type { BatchLine, BatchPreview, Verdict } from './cutoff.ts'
import { deadlineInWords } from './cutoff.words.ts'
import { type MealAction, stateAfter } from './meal-state.ts'
import type { ChangeAnswer } from './month-view.ts'

/** For each action, a sentence about `{n}` meals. */
type Forms = Readonly<Record<MealAction, Plural>>

const both = (forms: Plural): Forms => ({ cancel: forms, restore: forms })

const TO_DO: Forms = {
  cancel: plural('{n} pasto da disdire.', '{n} pasti da disdire.'),
  restore: plural('{n} pasto da ripristinare.', '{n} pasti da ripristinare.'),
}

const DONE: Forms = {
  cancel: plural('{n} pasto disdetto.', '{n} pasti disdetti.'),
  restore: plural('{n} pasto ripristinato.', '{n} pasti ripristinati.'),
}

/** How many meals do not change, and why: said in a row. */
const UNCHANGED: Readonly<Record<Exclude<Verdict, 'changes'>, Forms>> = {
  already: {
    cancel: plural('{n} già assente', '{n} già assenti'),
    restore: plural('{n} già presente', '{n} già presenti'),
  },
  late: both(plural('{n} non più modificabile', '{n} non più modificabili')),
  past: both(plural('{n} già passato', '{n} già passati')),
  closed: both(plural('{n} con la mensa chiusa', '{n} con la mensa chiusa')),
  elsewhere: both(plural('{n} dell’altra famiglia', '{n} dell’altra famiglia')),
  unplanned: both(plural('{n} senza mensa', '{n} senza mensa')),
  outside: both(plural('{n} fuori dal periodo della mensa', '{n} fuori dal periodo della mensa')),
}

/** Order in which the reasons are told: what a parent must know first comes first. */
const REASONS = ['late', 'closed', 'elsewhere', 'already', 'past', 'unplanned', 'outside'] as const

/** "2 non più modificabili, 1 con la mensa chiusa"; empty when everything changes. */
export function unchangedInWords(
  { action, counts }: Pick<BatchPreview, 'action' | 'counts'>,
  t: Words = italian,
): string {
  const told = REASONS.filter((reason) => counts[reason] > 0)
  return inARow(
    told.map((reason) => t(UNCHANGED[reason][action], { n: counts[reason] })),
    t,
  )
}

/** Before confirming: "8 pasti da disdire. Non cambiano: 2 con la mensa chiusa, 1 non più modificabile." */
export function previewInWords(preview: Pick<BatchPreview, 'action' | 'counts'>, t: Words = italian): string {
  const changes = t(TO_DO[preview.action], { n: preview.counts.changes })
  const rest = unchangedInWords(preview, t)
  return rest === '' ? changes : `${changes} ${t('Non cambiano: {rest}.', { rest })}`
}

/** After confirming: "8 pasti disdetti. Non sono cambiati: 1 non più modificabile." */
export function outcomeInWords(preview: Pick<BatchPreview, 'action' | 'counts'>, t: Words = italian): string {
  const changes = t(DONE[preview.action], { n: preview.counts.changes })
  const rest = unchangedInWords(preview, t)
  return rest === '' ? changes : `${changes} ${t('Non sono cambiati: {rest}.', { rest })}`
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
      return line.why ? t('chiuso: {why}', { why: asWritten(line.why, t.language) }) : t('mensa chiusa')
    case 'elsewhere':
      return t('giorno dell’altra famiglia')
    case 'unplanned':
      return t('mensa non prevista')
    case 'outside':
      return t('fuori dal periodo della mensa')
  }
}

const countsOf = (changes: number, notChanged: readonly BatchLine[]): BatchPreview['counts'] => {
  const counts = { changes, already: 0, late: 0, past: 0, closed: 0, elsewhere: 0, unplanned: 0, outside: 0 }
  for (const { verdict } of notChanged) counts[verdict] += 1
  return counts
}

/** What a browser or the app is told of a change that was made. */
export function answerOf(
  done: {
    receiptId: string
    number: string
    action: MealAction
    at: Date
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
    at: done.at.getTime(),
    changed: changed.map((meal) => ({ ...meal, kind: stateAfter(action) })),
    notChanged: notChanged.map((line) => ({
      pupilId: line.pupilId,
      day: line.day,
      reason: reasonInWords(action, line, t),
    })),
  }
}
