import { endsBeforeItBegins, hasEnded, type Life, type PublicationWindow } from '#lib/publishing/lifecycle.ts'
import { hideSmall, SMALLEST_SHOWN } from '../figures/figures.ts'

export type QuestionKind = 'one' | 'several' | 'scale' | 'text'
/** Who gives one answer: each child, or each household. */
export type Per = 'child' | 'household'

export const QUESTION_KINDS: Readonly<Record<QuestionKind, string>> = {
  one: 'Una sola risposta',
  several: 'Più risposte',
  scale: 'Scala da 1 a 5',
  text: 'Testo libero',
}

export const isQuestionKind = (value: unknown): value is QuestionKind =>
  typeof value === 'string' && Object.hasOwn(QUESTION_KINDS, value)

/** The steps of every scale; only its two ends have words. */
export const SCALE_STEPS = [1, 2, 3, 4, 5] as const

export const MOST_QUESTIONS = 30
export const MOST_OPTIONS = 20
const LONGEST_WORDS = 300
const LONGEST_OPTION = 120
const LONGEST_LABEL = 60
export const LONGEST_ANSWER = 2_000

/** A question as it is written. `options` for the two kinds of choice, labels for a scale. */
export type Question = {
  kind: QuestionKind
  words: string
  required: boolean
  options: readonly string[]
  lowLabel: string
  highLabel: string
}
export type AskedQuestion = Question & { id: string }

export const EMPTY_QUESTION: Question = {
  kind: 'one',
  words: '',
  required: true,
  options: [],
  lowLabel: '',
  highLabel: '',
}

/** What the office writes. Both lists empty: for everybody. Instants null: opens at publication; the end is still missing. */
export type QuestionnaireDraft = {
  title: string
  intro: string
  per: Per
  anonymous: boolean
  showsResults: boolean
  schoolIds: readonly string[]
  classIds: readonly string[]
  opensAt: Date | null
  closesAt: Date | null
  questions: readonly Question[]
}

/** One version is published, and no other after it. */
export const questionnaireLife = (
  row: PublicationWindow & { version: number; publishedAt: Date | null },
): Life => ({
  latestVersion: row.version,
  publishedVersion: row.publishedAt && row.version,
  opensAt: row.opensAt,
  closesAt: row.closesAt,
})

/** One thing to put right before publishing; `field` is the id of its field in the composer. */
export type Problem = { field: string; words: string }

/** What is missing before families may read a draft; empty when nothing. */
export function publishProblems(draft: QuestionnaireDraft, now: Date): Problem[] {
  const problems: Problem[] = []
  const say = (field: string, words: string) => problems.push({ field, words })
  if (!draft.title) say('title', 'Scrivi il titolo.')
  if (!draft.closesAt) say('closesAt', 'Scegli fino a quando si risponde.')
  else if (hasEnded(draft, now)) say('closesAt', 'La fine è già passata: scegline una futura.')
  else if (endsBeforeItBegins(draft)) say('closesAt', 'La fine viene prima dell’inizio.')
  if (draft.questions.length === 0) say('add', 'Aggiungi almeno una domanda.')
  for (const [index, question] of draft.questions.entries()) {
    const number = index + 1
    if (!question.words) say(`q${index}.words`, `Domanda ${number}: scrivi la domanda.`)
    const isChoice = question.kind === 'one' || question.kind === 'several'
    if (isChoice && question.options.length < 2)
      say(`q${index}.options`, `Domanda ${number}: servono almeno due risposte fra cui scegliere.`)
    if (question.kind === 'scale' && !(question.lowLabel && question.highLabel))
      say(`q${index}.lowLabel`, `Domanda ${number}: scrivi che cosa vogliono dire 1 e 5.`)
  }
  return problems
}

/**
 * The questions of the composer's form: fields `q0.words`, `q0.kind`… up to the first number that is not there.
 * Options come one per line. What is too long or too many is cut off as a browser would have.
 */
export function readQuestions(form: Readonly<Record<string, unknown>>): Question[] {
  const text = (name: string) => (typeof form[name] === 'string' ? (form[name] as string) : '')
  const questions: Question[] = []
  for (let n = 0; n < MOST_QUESTIONS && typeof form[`q${n}.kind`] === 'string'; n += 1) {
    const kind = form[`q${n}.kind`]
    const options = text(`q${n}.options`)
      .split('\n')
      .map((option) => option.trim().slice(0, LONGEST_OPTION))
      .filter(Boolean)
    questions.push({
      kind: isQuestionKind(kind) ? kind : 'one',
      words: text(`q${n}.words`).trim().slice(0, LONGEST_WORDS),
      required: form[`q${n}.required`] === 'on',
      options: [...new Set(options)].slice(0, MOST_OPTIONS),
      lowLabel: text(`q${n}.lowLabel`).trim().slice(0, LONGEST_LABEL),
      highLabel: text(`q${n}.highLabel`).trim().slice(0, LONGEST_LABEL),
    })
  }
  return questions
}

/** What the composer's buttons do to the questions: `add`, `remove-2`, `up-2`, `down-0`; anything else leaves them. */
export function rearrangeQuestions(questions: readonly Question[], act: string): Question[] {
  const list = [...questions]
  if (act === 'add') return list.length < MOST_QUESTIONS ? [...list, EMPTY_QUESTION] : list
  const [, what, place] = /^(remove|up|down)-(\d{1,2})$/.exec(act) ?? []
  const from = Number(place)
  const moved = list[from]
  if (!what || !moved) return list
  list.splice(from, 1)
  if (what !== 'remove') list.splice(Math.max(0, what === 'up' ? from - 1 : from + 1), 0, moved)
  return list
}

/** The name of a question's field in the family's form. A list (`[]`) where several may be chosen. */
export const fieldOf = ({ id, kind }: Pick<AskedQuestion, 'id' | 'kind'>): string =>
  kind === 'several' ? `r-${id}[]` : `r-${id}`

/** One answer: places of options from 0 (or the step of a scale), or words. Never both. */
export type Answer = { questionId: string; chosen: number[] | null; words: string | null }
export type AnswerProblem =
  | 'questionnaires:required'
  | 'questionnaires:not-a-choice'
  | 'questionnaires:too-long'

/**
 * Reads what a family sent against the questions as they were published. A question left empty has no answer.
 * @param given field name without `[]` → what the form held
 * @returns the answers, and per field what is wrong
 */
export function readAnswers(
  questions: readonly AskedQuestion[],
  given: Readonly<Record<string, unknown>>,
): { answers: Answer[]; problems: Record<string, AnswerProblem> } {
  const answers: Answer[] = []
  const problems: Record<string, AnswerProblem> = {}
  for (const question of questions) {
    const field = `r-${question.id}`
    const value = given[field]
    const texts = (Array.isArray(value) ? value : [value]).filter(
      (one): one is string => typeof one === 'string' && one.trim() !== '',
    )
    if (texts.length === 0) {
      if (question.required) problems[field] = 'questionnaires:required'
      continue
    }
    const read = question.kind === 'text' ? readWords(texts) : readChoice(question, texts)
    if (typeof read === 'string') problems[field] = read
    else answers.push({ questionId: question.id, ...read })
  }
  return { answers, problems }
}

type Read = Omit<Answer, 'questionId'>

function readWords(texts: readonly string[]): Read | AnswerProblem {
  const words = (texts[0] as string).replace(/\r\n/g, '\n').trim()
  return words.length <= LONGEST_ANSWER ? { chosen: null, words } : 'questionnaires:too-long'
}

function readChoice(question: AskedQuestion, texts: readonly string[]): Read | AnswerProblem {
  const known =
    question.kind === 'scale' ? SCALE_STEPS.map(Number) : question.options.map((_option, place) => place)
  const chosen = [...new Set(texts.map((text) => (/^\d{1,2}$/.test(text) ? Number(text) : -1)))].sort(
    (a, b) => a - b,
  )
  const fits = chosen.every((place) => known.includes(place))
  return fits && (question.kind === 'several' || chosen.length === 1)
    ? { chosen, words: null }
    : 'questionnaires:not-a-choice'
}

/** Whether two sheets say the same, in any order. */
export function sameAnswers(a: readonly Answer[], b: readonly Answer[]): boolean {
  const lines = (list: readonly Answer[]) =>
    list.map(({ questionId, chosen, words }) => JSON.stringify([questionId, chosen, words])).sort()
  return JSON.stringify(lines(a)) === JSON.stringify(lines(b))
}

/** People per value, as the database counted them; a null value counts all who answered the question. */
export type AnswerCount = { questionId: string; value: number | null; people: number }

/** One bar of a chart. `people` null: too few to be shown. */
export type Bar = { label: string; people: number | null }
export type QuestionResult = {
  question: AskedQuestion
  /** The number of people who answered this question; null when they are too few to say anything. */
  answered: number | null
  /** Empty for a question answered in words. */
  bars: Bar[]
  /** The mean of a scale, with one decimal; null where it is not shown. */
  mean: number | null
}

/**
 * The results of a questionnaire, question by question.
 * @param protects hide numbers so small that they could point at a person: for anonymous questionnaires and for families
 */
export function resultsOf(
  questions: readonly AskedQuestion[],
  counts: readonly AnswerCount[],
  protects: boolean,
): QuestionResult[] {
  return questions.map((question) => {
    const own = counts.filter(({ questionId }) => questionId === question.id)
    const people = (value: number | null) => own.find((count) => count.value === value)?.people ?? 0
    const answered = people(null)
    const labels = labelsOf(question)
    const numbers = labels.map(({ value }) => people(value))
    const isTooFew = protects && answered < SMALLEST_SHOWN
    const shown = protects ? protectedNumbers(question, numbers, isTooFew) : numbers
    const isWhole = shown.every((number) => number !== null)
    return {
      question,
      answered: isTooFew ? null : answered,
      bars: labels.map(({ label }, index) => ({ label, people: shown[index] ?? null })),
      mean: question.kind === 'scale' && isWhole && answered > 0 ? meanOf(numbers) : null,
    }
  })
}

/** The possible answers of a question, each with its number in the database. */
function labelsOf(question: AskedQuestion): { value: number; label: string }[] {
  if (question.kind === 'text') return []
  if (question.kind !== 'scale') return question.options.map((label, value) => ({ value, label }))
  const ends: Record<number, string> = { 1: question.lowLabel, [SCALE_STEPS.length]: question.highLabel }
  return SCALE_STEPS.map((value) => ({
    value,
    label: ends[value] ? `${value} – ${ends[value]}` : `${value}`,
  }))
}

/** Numbers that add up to one that is shown hide in company; where several may be chosen each stands for itself. */
function protectedNumbers(
  { kind }: AskedQuestion,
  numbers: readonly number[],
  isTooFew: boolean,
): (number | null)[] {
  if (isTooFew) return numbers.map(() => null)
  if (kind === 'several')
    return numbers.map((number) => (number > 0 && number < SMALLEST_SHOWN ? null : number))
  const { shown, total } = hideSmall(numbers)
  return total === null ? numbers.map(() => null) : shown
}

const meanOf = (numbers: readonly number[]): number => {
  const people = numbers.reduce((sum, number) => sum + number, 0)
  const points = numbers.reduce((sum, number, index) => sum + number * (SCALE_STEPS[index] ?? 0), 0)
  return Math.round((points / people) * 10) / 10
}

/** "12 su 40 (30%)" */
export const rateInWords = (answered: number, asked: number): string =>
  asked === 0 ? '0 su 0' : `${answered} su ${asked} (${Math.round((answered / asked) * 100)}%)`
