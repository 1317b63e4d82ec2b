import type { FileType } from '#lib/files/file-type.ts'
import { phrase } from '#lib/words/language.ts'
import type { Condition } from './conditions.ts'

/** What happens when the office accepts a submission; `other`: nothing but the answer itself. */
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
  until: 'l’ultimo giorno in cui vale',
  specialDiet: 'se serve una dieta speciale',
  severeReaction: 'se rischia una reazione grave',
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

export const fieldsOf = (definition: Pick<Definition, 'steps'>): Field[] =>
  definition.steps.flatMap((step) => step.fields)

/** Questions of the ready-made forms that were published before they had a role: a published version never changes. */
const BEFORE_ROLES: Partial<Record<Role, string>> = { specialDiet: 'dieta', severeReaction: 'grave' }

/** The question with a role. */
export function fieldOfRole(definition: Definition, role: Role): Field | undefined {
  const fields = fieldsOf(definition)
  return (
    fields.find((field) => field.role === role) ??
    fields.find(({ id, kind }) => id === BEFORE_ROLES[role] && kind === 'yesNo')
  )
}

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
