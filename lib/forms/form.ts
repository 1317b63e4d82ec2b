import { birthAgrees, parseFiscalCode } from '#lib/identity/fiscal-code.ts'
import { parseDay } from '#lib/kernel/day.ts'
import { type PublicationState, type PublicationWindow, stateAt } from '#lib/publishing/lifecycle.ts'
import { phrase } from '#lib/words/language.ts'
import { type FileType, mediaTypeOf } from '../files/media-type.ts'
import type { FormAnswerProblem } from './answer-problem.words.ts'
import {
  type Condition,
  type FormAnswer,
  type FormAnswers,
  listOf,
  shownFields,
  shownSteps,
  textOf,
} from './conditions.ts'
import { type OwnAnswer, ownAnswerInWords } from './own-answer.words.ts'

/** What happens when the office accepts a request; `other`: nothing but the answer itself. */
export type FormKind = 'enrolment' | 'diet' | 'fare' | 'withdrawal' | 'other'

export const FORM_KINDS: Record<FormKind, string> = {
  enrolment: 'Iscrizione o rinnovo',
  diet: 'Dieta speciale',
  fare: 'Riduzione della tariffa',
  withdrawal: 'Rinuncia al servizio',
  other: 'Richiesta generica',
}

export const isFormKind = (kind: unknown): kind is FormKind =>
  typeof kind === 'string' && Object.hasOwn(FORM_KINDS, kind)

export const FIELD_KINDS = {
  short: 'Testo breve',
  long: 'Testo lungo',
  choice: 'Una scelta',
  choices: 'Più scelte',
  yesNo: 'Sì o no',
  day: 'Data',
  number: 'Numero',
  fiscalCode: 'Codice fiscale',
  file: 'Documento da caricare',
  pupil: 'Scelta del figlio',
  school: 'Scelta della scuola',
  declaration: 'Dichiarazione da accettare',
} as const

export type FieldKind = keyof typeof FIELD_KINDS

export const isFieldKind = (kind: unknown): kind is FieldKind =>
  typeof kind === 'string' && Object.hasOwn(FIELD_KINDS, kind)

/** What the portal knows already and writes into an empty field. */
export const KNOWN_DATA = {
  email: 'E-mail di chi compila',
  phone: 'Telefono di chi compila',
  address: 'Indirizzo di chi compila',
  name: 'Nome e cognome di chi compila',
} as const
export type KnownData = keyof typeof KNOWN_DATA

/** What an answer is for when the office accepts: the effects read answers by their role, never by their label. */
export const ROLES = {
  pupil: 'l’alunno',
  givenName: 'il nome di un nuovo alunno',
  familyName: 'il cognome di un nuovo alunno',
  fiscalCode: 'il codice fiscale di un nuovo alunno',
  birthDay: 'la data di nascita di un nuovo alunno',
  school: 'la scuola',
  from: 'il giorno da cui vale',
} as const
export type Role = keyof typeof ROLES

export type Option = { value: string; label: string }

export type Field = {
  id: string
  kind: FieldKind
  label: string
  hint: string
  required: boolean
  /** choice and choices */
  options: readonly Option[]
  /** number: the least and the greatest; null: no limit */
  least: number | null
  most: number | null
  /** file: what may be uploaded */
  types: readonly FileType[]
  /** pupil: a child who is not in the portal yet may be chosen too */
  allowNew: boolean
  known: KnownData | null
  role: Role | null
  when: Condition | null
}

export type Step = {
  id: string
  title: string
  intro: string
  when: Condition | null
  fields: readonly Field[]
}

/** How often the same may be asked. */
export const ONCE = {
  pupil: 'Una per alunno',
  'pupil-open': 'Una alla volta per alunno',
  household: 'Una per famiglia',
} as const
export type Once = keyof typeof ONCE

export type Definition = {
  title: string
  intro: string
  once: Once
  /** Only households with a pupil in one of these; empty: every household. */
  schoolIds: readonly string[]
  classIds: readonly string[]
  steps: readonly Step[]
}

export const NEW_PUPIL = 'nuovo'
export const YES_NO: readonly Option[] = [
  { value: 'si', label: phrase('Sì') },
  { value: 'no', label: phrase('No') },
]
/** What may come with a request: a scan or a photograph, or a signed document. */
export const DOCUMENT_TYPES: readonly FileType[] = ['pdf', 'jpg', 'png', 'webp', 'p7m']
export const MOST_DOCUMENTS = 5
const MOST_FIELDS = 80
const MOST_STEPS = 12
const LONGEST = { short: 200, long: 2_000 } as const

export const fieldsOf = (definition: Pick<Definition, 'steps'>): Field[] =>
  definition.steps.flatMap((step) => step.fields)

export const fieldOfRole = (definition: Definition, role: Role): Field | undefined =>
  fieldsOf(definition).find((field) => field.role === role)

/** A field of a kind with nothing written in it yet. */
export const blankField = (id: string, kind: FieldKind): Field => ({
  id,
  kind,
  label: '',
  hint: '',
  required: true,
  options: [],
  least: null,
  most: null,
  types: kind === 'file' ? DOCUMENT_TYPES : [],
  allowNew: false,
  known: null,
  role: null,
  when: null,
})

/** The values by which others can hang on a field; empty for fields with free text. */
export function valuesToHangOn(field: Field): readonly Option[] {
  if (field.kind === 'choice' || field.kind === 'choices') return field.options
  if (field.kind === 'yesNo') return YES_NO
  if (field.kind === 'declaration') return [{ value: 'si', label: 'Accettata' }]
  if (field.kind === 'pupil' && field.allowNew) return [{ value: NEW_PUPIL, label: 'Un altro figlio' }]
  return []
}

/** Something to put right in a form before families may see it. `at`: the id of the step or field; empty: the form itself. */
export type FormFinding = { at: string; message: string }

const NEEDED: Record<FormKind, readonly Role[]> = {
  enrolment: ['pupil', 'school'],
  diet: ['pupil'],
  fare: ['pupil'],
  withdrawal: ['pupil'],
  other: [],
}
const NEEDED_OF_NEW: readonly Role[] = ['givenName', 'familyName', 'fiscalCode', 'birthDay']

/** Why a form cannot be published; empty when it can. */
export function findingsOf(kind: FormKind, definition: Definition): FormFinding[] {
  const found: FormFinding[] = []
  const tell = (at: string, message: string) => found.push({ at, message })
  const fields = fieldsOf(definition)
  if (!definition.title.trim()) tell('', 'Scrivi il titolo del modulo.')
  if (definition.steps.length === 0) tell('', 'Aggiungi almeno un passo.')
  if (definition.steps.length > MOST_STEPS || fields.length > MOST_FIELDS)
    tell('', `Un modulo ha al massimo ${MOST_STEPS} passi e ${MOST_FIELDS} domande.`)
  for (const role of NEEDED[kind]) {
    if (!fields.some((field) => field.role === role))
      tell('', `Manca la domanda che dice ${ROLES[role]}: senza, accettare la domanda non può avere effetto.`)
  }
  const pupil = fields.find((field) => field.role === 'pupil')
  if (definition.once !== 'household' && !fields.some((field) => field.kind === 'pupil'))
    tell('', '“Una per alunno” ha bisogno della scelta del figlio.')
  if (pupil?.allowNew && kind === 'enrolment') {
    for (const role of NEEDED_OF_NEW)
      if (!fields.some((field) => field.role === role))
        tell(pupil.id, `Per un nuovo alunno manca ${ROLES[role]}.`)
  }
  if (pupil?.allowNew && kind !== 'enrolment' && kind !== 'other')
    tell(pupil.id, 'Qui si sceglie solo tra gli alunni già iscritti.')
  const before = new Map<string, Field>()
  const seen = new Set<string>()
  for (const step of definition.steps) {
    if (!step.title.trim()) tell(step.id, 'Scrivi il titolo del passo.')
    if (step.fields.length === 0) tell(step.id, 'Questo passo non ha domande: aggiungine una o toglilo.')
    tellCondition(step.id, step.when, before, tell)
    for (const field of step.fields) {
      if (seen.has(field.id)) tell(field.id, 'Due domande hanno lo stesso nome interno: togline una.')
      seen.add(field.id)
      tellField(field, tell)
      tellCondition(field.id, field.when, before, tell)
      before.set(field.id, field)
    }
  }
  for (const role of Object.keys(ROLES) as Role[]) {
    if (fields.filter((field) => field.role === role).length > 1)
      tell('', `Due domande dicono ${ROLES[role]}: ne serve una sola.`)
  }
  return found
}

function tellField(field: Field, tell: (at: string, message: string) => void): void {
  if (!field.label.trim()) tell(field.id, 'Scrivi la domanda.')
  if (field.kind === 'choice' || field.kind === 'choices') {
    if (field.options.length < 2) tell(field.id, 'Scrivi almeno due risposte tra cui scegliere.')
    if (field.options.some((option) => !option.label.trim())) tell(field.id, 'Una risposta è vuota.')
    if (new Set(field.options.map(({ value }) => value)).size !== field.options.length)
      tell(field.id, 'Due risposte sono uguali.')
  }
  if (field.kind === 'file' && field.types.length === 0)
    tell(field.id, 'Scegli quali tipi di file si possono caricare.')
  if (field.least !== null && field.most !== null && field.least > field.most)
    tell(field.id, 'Il valore minimo è più grande del massimo.')
}

function tellCondition(
  at: string,
  when: Condition | null,
  before: ReadonlyMap<string, Field>,
  tell: (at: string, message: string) => void,
): void {
  if (when === null) return
  const asked = before.get(when.field)
  if (!asked) tell(at, 'La condizione guarda una domanda che viene dopo, o che non c’è più.')
  else if (!valuesToHangOn(asked).some(({ value }) => value === when.is))
    tell(at, 'La condizione guarda una risposta che non c’è più.')
}

/** What the answers are judged against: the family's own children, the schools, the documents that were uploaded. */
export type FillFacts = {
  pupils: readonly {
    id: string
    name: string
    where: string
    schoolId: string | null
    classId: string | null
  }[]
  schools: readonly { id: string; name: string }[]
  documents: readonly { id: string; field: string; name: string; mediaType: string }[]
}

/** The children of a family for whom a form may be sent. */
export function eligiblePupils<P extends { schoolId: string | null; classId: string | null }>(
  definition: Pick<Definition, 'schoolIds' | 'classIds'>,
  pupils: readonly P[],
): P[] {
  const { schoolIds, classIds } = definition
  if (schoolIds.length === 0 && classIds.length === 0) return [...pupils]
  return pupils.filter(
    ({ schoolId, classId }) =>
      (schoolId !== null && schoolIds.includes(schoolId)) || (classId !== null && classIds.includes(classId)),
  )
}

/** Whether a household finds the form at all. A form that takes new children is also for a household that has none yet. */
export function isForHousehold(
  definition: Definition,
  pupils: readonly { schoolId: string | null; classId: string | null }[],
): boolean {
  if (definition.schoolIds.length === 0 && definition.classIds.length === 0) return true
  return eligiblePupils(definition, pupils).length > 0
}

/** What a screen offers for a field with choices. */
export function optionsOf(
  field: Field,
  definition: Definition,
  facts: FillFacts,
): readonly (Option & { hint?: string })[] {
  if (field.kind === 'yesNo') return YES_NO
  if (field.kind === 'school') return facts.schools.map(({ id, name }) => ({ value: id, label: name }))
  if (field.kind === 'pupil') {
    const own = eligiblePupils(definition, facts.pupils).map(({ id, name, where }) => ({
      value: id,
      label: name,
      ...(where ? { hint: where } : {}),
    }))
    return field.allowNew
      ? [
          ...own,
          {
            value: NEW_PUPIL,
            label: phrase('Un altro figlio'),
            hint: phrase('Non è ancora iscritto alla mensa'),
          },
        ]
      : own
  }
  return field.options
}

/** What a person typed, made even: trimmed, one shape for codes and numbers, nothing for fields that were left empty. */
export function normalAnswer(field: Field, typed: FormAnswer | undefined): FormAnswer {
  if (field.kind === 'choices' || field.kind === 'file') return [...new Set(listOf(typed))].slice(0, 50)
  const text = textOf(listOf(typed)[0]).replaceAll('\u0000', '').trim().slice(0, LONGEST.long)
  if (field.kind === 'fiscalCode') return text.replace(/\s/g, '').toUpperCase()
  if (field.kind === 'number') return text.replace(',', '.')
  if (field.kind === 'long') return text.replaceAll('\r\n', '\n')
  return text
}

const NUMBER = /^-?\d{1,9}(\.\d{1,2})?$/

/** What is wrong with an answer and how to put it right; null when nothing is. */
export function problemOf(
  field: Field,
  answer: FormAnswer | undefined,
  definition: Definition,
  facts: FillFacts,
): FormAnswerProblem | null {
  const empty = listOf(answer).length === 0
  if (field.kind === 'file') return documentProblem(field, facts)
  if (empty) return field.required ? missing(field) : null
  const text = textOf(answer)
  switch (field.kind) {
    case 'short':
      return text.length > LONGEST.short ? { code: 'too-long', details: { max: LONGEST.short } } : null
    case 'long':
      return text.length > LONGEST.long ? { code: 'too-long', details: { max: LONGEST.long } } : null
    case 'day':
      return parseDay(text) ? null : { code: 'no-such-day' }
    case 'number':
      return numberProblem(field, text)
    case 'fiscalCode':
      return parseFiscalCode(text)?.kind === 'personal' ? null : { code: 'no-fiscal-code' }
    case 'declaration':
      return text === 'si' ? null : missing(field)
    default: {
      const known = optionsOf(field, definition, facts).map(({ value }) => value)
      return listOf(answer).every((value) => known.includes(value)) ? null : { code: 'no-option' }
    }
  }
}

function missing(field: Field): FormAnswerProblem {
  if (field.kind === 'declaration') return { code: 'no-declaration' }
  if (field.kind === 'pupil') return { code: 'no-pupil' }
  if (['choice', 'choices', 'yesNo', 'school'].includes(field.kind)) return { code: 'no-choice' }
  return { code: 'no-answer' }
}

function numberProblem({ least, most }: Field, text: string): FormAnswerProblem | null {
  if (!NUMBER.test(text)) return { code: 'no-number' }
  const value = Number(text)
  if (least !== null && value < least) return { code: 'too-small', details: { least } }
  return most !== null && value > most ? { code: 'too-big', details: { most } } : null
}

function documentProblem(field: Field, facts: FillFacts): FormAnswerProblem | null {
  const documents = facts.documents.filter((document) => document.field === field.id)
  if (documents.length === 0) return field.required ? { code: 'no-document' } : null
  if (documents.length > MOST_DOCUMENTS)
    return { code: 'too-many-documents', details: { max: MOST_DOCUMENTS } }
  const allowed = field.types.map(mediaTypeOf)
  return documents.every(({ mediaType }) => allowed.includes(mediaType)) ? null : { code: 'wrong-document' }
}

/** Field id → what is wrong, for the fields of one step that are shown. */
export function problemsOfStep(
  step: Step,
  answers: FormAnswers,
  definition: Definition,
  facts: FillFacts,
): Record<string, FormAnswerProblem> {
  const shown = shownFields(definition.steps, answers)
  const problems: Record<string, FormAnswerProblem> = {}
  for (const field of step.fields) {
    if (!shown.has(field.id)) continue
    const problem =
      problemOf(field, answers[field.id], definition, facts) ?? disagreement(field, answers, definition)
    if (problem) problems[field.id] = problem
  }
  return problems
}

/** A child's code and birth day are two answers that must agree. */
function disagreement(field: Field, answers: FormAnswers, definition: Definition): FormAnswerProblem | null {
  if (field.role !== 'fiscalCode') return null
  const birthField = fieldOfRole(definition, 'birthDay')
  const birthDay = birthField && parseDay(textOf(answers[birthField.id]))
  const code = parseFiscalCode(textOf(answers[field.id]))
  if (!birthDay || !code || birthAgrees(code, birthDay)) return null
  return { code: 'codes-disagree' }
}

/** The first step that still has something to put right; null when all is ready to be sent. */
export function firstStepToFix(definition: Definition, answers: FormAnswers, facts: FillFacts): Step | null {
  return (
    shownSteps(definition.steps, answers).find(
      (step) => Object.keys(problemsOfStep(step, answers, definition, facts)).length > 0,
    ) ?? null
  )
}

/** The answers of the fields that are shown, and only those: what hides behind an answer that was changed is not sent. */
export function answersToSend(definition: Definition, answers: FormAnswers): Record<string, FormAnswer> {
  const shown = shownFields(definition.steps, answers)
  const kept: Record<string, FormAnswer> = {}
  for (const field of fieldsOf(definition)) {
    if (shown.has(field.id)) kept[field.id] = normalAnswer(field, answers[field.id])
  }
  return kept
}

/** Questions and answers in words, as the family reads them before it sends and the office afterwards. */
export type ShownSection = {
  stepId: string
  title: string
  rows: {
    field: string
    label: string
    /** In Italian, the language of the request that is kept. */
    value: string
    /** The same as a value, where it is in words of the portal: a reader in another language gets those. */
    own?: OwnAnswer
    documents: { id: string; name: string }[]
  }[]
}

export function shownAnswers(definition: Definition, answers: FormAnswers, facts: FillFacts): ShownSection[] {
  const shown = shownFields(definition.steps, answers)
  return shownSteps(definition.steps, answers).map((step) => ({
    stepId: step.id,
    title: step.title,
    rows: step.fields
      .filter((field) => shown.has(field.id))
      .map((field) => ({
        field: field.id,
        label: field.label,
        ...shownAnswer(field, answers[field.id], definition, facts),
        documents: facts.documents
          .filter((document) => document.field === field.id)
          .map(({ id, name }) => ({ id, name })),
      })),
  }))
}

function shownAnswer(
  field: Field,
  answer: FormAnswer | undefined,
  definition: Definition,
  facts: FillFacts,
): { value: string; own?: OwnAnswer } {
  const own = ownAnswer(field, answer, facts)
  return own
    ? { value: ownAnswerInWords(own), own }
    : { value: answerInWords(field, answer, definition, facts) }
}

function ownAnswer(field: Field, answer: FormAnswer | undefined, facts: FillFacts): OwnAnswer | null {
  if (field.kind === 'file')
    return facts.documents.some((document) => document.field === field.id) ? null : { is: 'none' }
  if (listOf(answer).length === 0) return { is: 'none' }
  const text = textOf(answer)
  switch (field.kind) {
    case 'declaration':
      return { is: 'accepted' }
    case 'yesNo':
      return text === 'si' ? { is: 'yes' } : text === 'no' ? { is: 'no' } : null
    case 'pupil':
      return text === NEW_PUPIL ? { is: 'new-pupil' } : null
    case 'day': {
      const day = parseDay(text)
      return day ? { is: 'day', day } : null
    }
    default:
      return null
  }
}

function answerInWords(
  field: Field,
  answer: FormAnswer | undefined,
  definition: Definition,
  facts: FillFacts,
): string {
  if (field.kind === 'file') {
    const count = facts.documents.filter((document) => document.field === field.id).length
    return count === 1 ? '1 documento' : `${count} documenti`
  }
  if (field.kind === 'number') return textOf(answer).replace('.', ',')
  if (['choice', 'choices', 'yesNo', 'pupil', 'school'].includes(field.kind)) {
    const options = optionsOf(field, definition, facts)
    return listOf(answer)
      .map((value) => options.find((option) => option.value === value)?.label ?? value)
      .join(', ')
  }
  return textOf(answer)
}

/** The published version of a form gives the window. Closed early, it is closed from that instant on: not before. */
export const formStateAt = (
  form: PublicationWindow & { isPublished: boolean; closedAt: Date | null },
  now: Date,
): PublicationState =>
  stateAt(
    {
      latestVersion: 1,
      publishedVersion: form.isPublished ? 1 : null,
      opensAt: form.opensAt,
      closesAt: form.closesAt,
      withdrawnAt: form.closedAt && form.closedAt <= now ? form.closedAt : null,
    },
    now,
  )
