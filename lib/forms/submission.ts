import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { inContext, type Phrase, phrase } from '#lib/words/language.ts'
import { type FormAnswers, textOf } from './conditions.ts'
import { type Definition, type FormKind, fieldOfRole, fieldsOf, NEW_PUPIL } from './form.ts'

export type SubmissionState =
  | 'submitted'
  | 'in_review'
  | 'integration'
  | 'accepted'
  | 'rejected'
  | 'withdrawn'

/** What a family and the office call each state. */
export const STATES_IN_WORDS: Record<SubmissionState, Phrase> = {
  submitted: phrase('Inviata'),
  in_review: phrase('In esame'),
  integration: phrase('Integrazione richiesta'),
  accepted: phrase('Accolta'),
  rejected: phrase('Respinta'),
  withdrawn: inContext('state of a request', 'Ritirata'),
}

export const isSubmissionState = (state: unknown): state is SubmissionState =>
  typeof state === 'string' && Object.hasOwn(STATES_IN_WORDS, state)

/** What became of a submission, inside a sentence. */
export const DECIDED = {
  accepted: phrase('accolta'),
  rejected: phrase('respinta'),
  withdrawn: phrase('ritirata'),
} as const

export const isDecided = (state: SubmissionState): state is 'accepted' | 'rejected' | 'withdrawn' =>
  state === 'accepted' || state === 'rejected' || state === 'withdrawn'

/** Something that happened to a submission, as its milestones tell it. */
export type EventKind =
  | 'submitted'
  | 'taken'
  | 'asked'
  | 'answered'
  | 'accepted'
  | 'corrected'
  | 'rejected'
  | 'withdrawn'

export const EVENTS_IN_WORDS: Record<EventKind, Phrase> = {
  submitted: phrase('Domanda inviata'),
  taken: phrase('Presa in esame dall’ufficio'),
  asked: phrase('Chiesta un’integrazione'),
  answered: phrase('Integrazione mandata'),
  accepted: phrase('Domanda accolta'),
  corrected: phrase('Decisione corretta dall’ufficio'),
  rejected: phrase('Domanda respinta'),
  withdrawn: phrase('Domanda ritirata dalla famiglia'),
}

/** What may be done to a request: from which states, into which. */
const MOVES = {
  taken: { from: ['submitted'], to: 'in_review' },
  asked: { from: ['submitted', 'in_review', 'integration'], to: 'integration' },
  answered: { from: ['integration'], to: 'in_review' },
  accepted: { from: ['submitted', 'in_review', 'integration'], to: 'accepted' },
  corrected: { from: ['accepted'], to: 'accepted' },
  rejected: { from: ['submitted', 'in_review', 'integration'], to: 'rejected' },
  withdrawn: { from: ['submitted', 'in_review', 'integration'], to: 'withdrawn' },
} as const satisfies Record<
  Exclude<EventKind, 'submitted'>,
  { from: readonly SubmissionState[]; to: SubmissionState }
>

export type Move = keyof typeof MOVES

/** The state after a move, or why it cannot be made. */
export function afterMove(state: SubmissionState, move: Move): Result<SubmissionState> {
  const { from, to } = MOVES[move]
  if ((from as readonly SubmissionState[]).includes(state)) return ok(to)
  if (isDecided(state)) return refused('forms:decided', { state })
  return refused('forms:no-integration')
}

/** An accepted submission that moved something in the canteen can be decided again; one that did not has nothing to correct. */
export const canBeCorrected = ({ state, kind }: { state: SubmissionState; kind: FormKind }): boolean =>
  state === 'accepted' && kind !== 'other'

/** Days in which a family has to answer, unless the office says otherwise. */
export const DAYS_TO_ANSWER = 10

/**
 * What may be asked only once: the same key is taken by one submission at a time.
 * @param who.hashOf hides the fiscal code of a child who is not in the portal yet
 */
export function onceKeyOf(
  definition: Definition,
  answers: FormAnswers,
  who: { householdId: string; hashOf: (fiscalCode: string) => string },
): string {
  if (definition.once === 'household') return `household:${who.householdId}`
  const pupilField = fieldsOf(definition).find((field) => field.kind === 'pupil')
  const pupil = textOf(pupilField && answers[pupilField.id])
  if (pupil !== NEW_PUPIL) return `pupil:${pupil}`
  const code = fieldOfRole(definition, 'fiscalCode')
  // Within the household: another family that writes the same code, by mistake or on purpose, keeps none from asking.
  return code ? `child:${who.householdId}:${who.hashOf(textOf(answers[code.id]))}` : `new:${who.householdId}`
}

/** Whether a decision lets the same be asked again. */
export const freesTheKey = (once: Definition['once'], state: SubmissionState): boolean =>
  state === 'rejected' || state === 'withdrawn' || (state === 'accepted' && once === 'pupil-open')

/** Whom a submission is about, for lists: the child's name, or the household's. */
export function aboutOf(
  definition: Definition,
  answers: FormAnswers,
  pupils: readonly { id: string; name: string }[],
  householdName: string,
): { pupilId: string | null; about: string } {
  const pupilField = fieldsOf(definition).find((field) => field.kind === 'pupil')
  const chosen = textOf(pupilField && answers[pupilField.id])
  const known = pupils.find(({ id }) => id === chosen)
  if (known) return { pupilId: known.id, about: known.name }
  const names = (['givenName', 'familyName'] as const).map((role) => {
    const field = fieldOfRole(definition, role)
    return textOf(field && answers[field.id])
  })
  const name = names.filter(Boolean).join(' ')
  return { pupilId: null, about: chosen === NEW_PUPIL && name ? name : `Famiglia ${householdName}` }
}
