import { italian, type Phrase, phrase, type Words } from '#lib/words/language.ts'
import { asWritten } from '#lib/words/written.ts'
/**
 * The vocabulary of a day on the meal calendar: one list of states with the words, icon and tone that people meet.
 * Light on purpose: the browser needs it too, to repaint a day that has just been changed.
 */

export type StateKind =
  | 'present'
  | 'absent'
  | 'presentLate'
  | 'absentLate'
  | 'consumed'
  | 'absentPast'
  | 'closed'
  | 'elsewhere'
  | 'unplanned'
  | 'outside'

export type StateTone = 'positive' | 'negative' | 'settled' | 'muted'

export type StateWords = {
  /** Short CSS class of a calendar cell. */
  code: string
  /** What the cell says. */
  label: Phrase
  /** What the legend says. */
  legend: Phrase
  icon: string
  tone: StateTone
}

export const STATES: Record<StateKind, StateWords> = {
  present: {
    code: 'p',
    label: phrase('Presente'),
    legend: phrase('Presente: il pasto è previsto'),
    icon: 'check',
    tone: 'positive',
  },
  absent: {
    code: 'a',
    label: phrase('Assente'),
    legend: phrase('Assente: il pasto è disdetto'),
    icon: 'x',
    tone: 'negative',
  },
  presentLate: {
    code: 'pl',
    label: phrase('Presente'),
    legend: phrase('Presente, non più modificabile'),
    icon: 'lock',
    tone: 'positive',
  },
  absentLate: {
    code: 'al',
    label: phrase('Assente'),
    legend: phrase('Assente, non più modificabile'),
    icon: 'lock',
    tone: 'negative',
  },
  consumed: {
    code: 'u',
    label: phrase('Consumato'),
    legend: phrase('Consumato: pasto addebitato'),
    icon: 'utensils',
    tone: 'settled',
  },
  absentPast: {
    code: 'v',
    label: phrase('Assente'),
    legend: phrase('Assente: giorno passato, nessun addebito'),
    icon: 'x',
    tone: 'settled',
  },
  closed: {
    code: 'c',
    label: phrase('Chiuso'),
    legend: phrase('Chiuso: festa, sciopero o altra chiusura'),
    icon: 'ban',
    tone: 'muted',
  },
  elsewhere: {
    code: 'e',
    label: phrase('Altra famiglia'),
    legend: phrase('Giorno dell’altra famiglia: il pasto è suo'),
    icon: 'users',
    tone: 'muted',
  },
  unplanned: {
    code: 'n',
    label: phrase('Non previsto'),
    legend: phrase('Non previsto: quel giorno non c’è pasto'),
    icon: 'minus',
    tone: 'muted',
  },
  outside: {
    code: 'o',
    label: phrase('Fuori periodo'),
    legend: phrase('Fuori dal periodo della mensa'),
    icon: 'minus',
    tone: 'muted',
  },
}

/** Only these two can still be changed by a family. */
export const isChangeable = (kind: StateKind): boolean => kind === 'present' || kind === 'absent'

/** The pupil eats, or ate, on this day. */
export const eats = (kind: StateKind): boolean =>
  kind === 'present' || kind === 'presentLate' || kind === 'consumed'

export type MealAction = 'cancel' | 'restore'

/** The state a changeable day has after the action. */
export const stateAfter = (action: MealAction): StateKind => (action === 'cancel' ? 'absent' : 'present')

/** The action that brings a changeable day to its other state. */
export const actionFor = (kind: StateKind): MealAction => (kind === 'absent' ? 'restore' : 'cancel')

export const inverseOf = (action: MealAction): MealAction => (action === 'cancel' ? 'restore' : 'cancel')

/** The state in the middle of a sentence: "presente, modificabile fino alle 9:30", "chiuso: Immacolata Concezione". */
export function stateInWords(
  kind: StateKind,
  facts: { until?: string; why?: string },
  t: Words = italian,
): string {
  const { until = '', why } = facts
  switch (kind) {
    case 'present':
      return t('presente, modificabile fino alle {until}', { until }).trimEnd()
    case 'absent':
      return t('assente, modificabile fino alle {until}', { until }).trimEnd()
    case 'presentLate':
      return t('presente, non più modificabile')
    case 'absentLate':
      return t('assente, non più modificabile')
    case 'consumed':
      return t('pasto consumato e addebitato')
    case 'absentPast':
      return t('assente, nessun addebito')
    case 'closed':
      return why ? t('chiuso: {why}', { why: asWritten(why, t.language) }) : t('chiuso')
    case 'elsewhere':
      return t('giorno dell’altra famiglia')
    case 'unplanned':
      return t('mensa non prevista')
    case 'outside':
      return t('fuori dal periodo della mensa')
  }
}

/**
 * What a screen reader says of a day: "martedì 24 novembre, presente, modificabile fino alle 9:30".
 * @param dayInWords "martedì 24 novembre"
 * @param facts.until the deadline as words after "fino alle": "9:30", or "9:30 di lunedì 23 novembre"
 */
export const accessibleName = (
  dayInWords: string,
  kind: StateKind,
  facts: { until?: string; why?: string },
  t: Words = italian,
): string => t('{day}, {state}', { day: dayInWords, state: stateInWords(kind, facts, t) })
