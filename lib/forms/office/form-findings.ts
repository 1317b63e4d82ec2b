import type { Condition } from '../conditions.ts'
import {
  type Definition,
  type Field,
  type FormKind,
  fieldsOf,
  ROLES,
  type Role,
  valuesToHangOn,
} from '../form.ts'

const MOST_FIELDS = 80
const MOST_STEPS = 12

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
