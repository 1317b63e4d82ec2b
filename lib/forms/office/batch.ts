import type { Refused } from '#lib/kernel/result.ts'
import { refused } from '#lib/kernel/result.ts'
import { comparableClass, stepOf } from '#lib/school/class-name.ts'
import { UNDECIDED_DIET } from '#lib/school/diet.ts'
import type { SchoolKind } from '#lib/school/municipality.ts'
import { listInWords } from '#lib/words/list.ts'
import type { Lack } from '../completeness.ts'
import { type FormAnswers, textOf } from '../conditions.ts'
import { type Definition, type FormKind, fieldOfRole, fieldsOf } from '../form.ts'
import type { SubmissionState } from '../submission.ts'
import { type EffectFacts, latestOf, type Plan } from './effects.ts'
import { LACKS_IN_WORDS } from './submission.address.ts'

export type BatchKind = 'accept' | 'ask'
export type BatchState = 'preparing' | 'ready' | 'running' | 'done' | 'cancelled'
export type ItemOutcome = 'waiting' | 'ready' | 'doubtful' | 'done' | 'refused' | 'left'

/** So many requests are decided together: a preview of more is not read by a person. */
export const MOST_IN_BATCH = 2_000

/** What a preview counts of one request. */
export type ItemEffect = {
  kind: FormKind
  /** A pupil who is not in the registry yet. */
  enters: boolean
  /** A parent whom the municipality did not know becomes the holder of a household. */
  admits: boolean
  classId: string | null
  /** School and class. */
  where: string | null
  diet: string | null
  severe: boolean
  band: string | null
}

/** What accepting would change, in the terms that a batch is counted by. */
export function effectOf(kind: FormKind, plan: Plan, facts: EffectFacts): ItemEffect {
  const first = plan.enrol[0]
  const place = first && facts.classes.find(({ id }) => id === first.classId)
  return {
    kind,
    enters: plan.newPupil !== null,
    admits: plan.holder !== null,
    classId: kind === 'enrolment' ? (first?.classId ?? null) : null,
    where: kind === 'enrolment' && place ? `${place.schoolName}, ${place.name}` : null,
    diet: first ? (facts.diets.find(({ code }) => code === first.dietCode)?.name ?? first.dietCode) : null,
    severe: plan.enrol.some(({ severe }) => severe),
    band: plan.fare ? (facts.bands.find(({ code }) => code === plan.fare?.bandCode)?.name ?? null) : null,
  }
}

/** Why a request is left to a person before anything is planned for it: something is missing. */
export function lackInTheWay(state: SubmissionState, lacks: readonly Lack[]): Refused | null {
  if (state === 'integration') return refused('forms:batch-waits')
  if (lacks.includes('documents')) return refused('forms:batch-documents')
  if (lacks.includes('code')) return refused('forms:batch-code')
  return null
}

/** An enrolment under a diet that no person has decided is no decision to make in passing. */
export const dietInTheWay = ({ enrol }: Plan): Refused | null =>
  enrol.some(({ dietCode }) => dietCode === UNDECIDED_DIET) ? refused('forms:batch-diet') : null

type Asked = { definition: Definition; answers: FormAnswers; facts: EffectFacts }

/** Whether a class is the one into which another goes. */
const isNext = (last: string, kind: SchoolKind, name: string): boolean => {
  const step = stepOf({ name: last, kind })
  return 'name' in step && comparableClass(step.name) === comparableClass(name)
}

/** A question of the ready-made forms, which families answer in their own words. */
const CLASS_QUESTION = 'classe'

/**
 * The class of a request in a batch: the only one of its school; the one that the family wrote; of a renewal the one after the
 * pupil's; the one that the office chose for the batch, where it is of the school that was asked for. Empty: a person decides.
 */
export function classFor(
  { definition, answers, facts }: Asked,
  proposed: string,
  ofBatch: string | null,
): string {
  if (proposed) return proposed
  const answerTo = (id: string | undefined) => textOf(id === undefined ? undefined : answers[id])
  const school = answerTo(fieldOfRole(definition, 'school')?.id)
  const written = comparableClass(
    answerTo(fieldsOf(definition).find(({ id, kind }) => id === CLASS_QUESTION && kind === 'short')?.id),
  )
  const last = latestOf(facts.enrolments)
  const named = facts.classes.filter(
    ({ schoolId, name }) => schoolId === school && written !== '' && comparableClass(name) === written,
  )
  if (named.length === 1) return named[0]?.id ?? ''
  const lastName = last?.where.split(', ').at(-1) ?? ''
  const next = facts.classes.filter(
    ({ schoolId, schoolKind, yearId, name }) =>
      last !== undefined &&
      schoolId === last.schoolId &&
      (school === '' || school === schoolId) &&
      yearId !== last.yearId &&
      isNext(lastName, schoolKind, name),
  )
  if (written === '' && next.length === 1) return next[0]?.id ?? ''
  const chosen = facts.classes.find(({ id }) => id === ofBatch)
  return chosen && (school === '' || school === chosen.schoolId) ? chosen.id : ''
}

/** What a family reads: `{figlio}` is the child's name, `{manca}` what the request lacks. Null where nothing of it lacks. */
export function mergedWords(words: string, about: string, lacks: readonly Lack[]): string | null {
  const missing = lacks.map((lack) => LACKS_IN_WORDS[lack].merged)
  if (words.includes('{manca}') && missing.length === 0) return null
  return words.replaceAll('{figlio}', about).replaceAll('{manca}', listInWords(missing, 'it'))
}

/** What was proposed for the message that asks for what is missing. */
export const ASKING_WORDS =
  'Per decidere la domanda per {figlio} ci serve ancora: {manca}. Rispondi in questa pagina, anche con una foto del documento.'
