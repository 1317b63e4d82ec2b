import type { StaffRole } from '#lib/access/viewer.ts'
import type { AuditDetails } from '#lib/audit/audit-details.ts'
import { type AuditAction, operationInWords } from '#lib/audit/audit-event.words.ts'
import type { WaitingKind } from '#lib/desk/waiting-work.ts'
import { WAITING_NAMES } from '#lib/desk/waiting-work.words.ts'
import { SUPPLIER_LABELS } from '#lib/invoices/office/supplier.fields.ts'
import { parseDay } from '#lib/kernel/day.ts'
import type { RefundDecision, RefundEnd } from '#lib/ledger/office/refund-case.ts'
import { REFUND_DECISION_NAMES, REFUND_END_NAMES } from '#lib/ledger/office/refund-case.words.ts'
import { type Contact, contactInWords } from '#lib/meals/meal-contact.ts'
import { FINDING_WORDS } from '#lib/payments/office/payment-alarm.words.ts'
import type { Finding } from '#lib/payments/payment-alarm.ts'
import { STAFF_ROLE_NAMES } from '#lib/people/office/colleague.words.ts'
import { isDecidedDiet, UNDECIDED_DIET } from '#lib/school/diet.ts'
import { weekdaysInWords } from '#lib/school/schedule.words.ts'
import { dated } from '#lib/words/dated.ts'
import { numericDay } from '#lib/words/format-day.ts'
import { formatEuro } from '#lib/words/format-money.ts'
import { italian } from '#lib/words/language.ts'
import type { RegisterLine } from './register.ts'

/** Reads the details of a line, which an earlier version may have written in another way: what is missing is an empty text. */
class Told {
  readonly #details: AuditDetails
  readonly #names: RegisterLine['names']
  constructor({ details, names }: Pick<RegisterLine, 'details' | 'names'>) {
    this.#details = details
    this.#names = names
  }
  text = (key: string): string => {
    const value = this.#details[key]
    return value === null || value === undefined ? '' : String(value)
  }
  day = (key: string): string => {
    const day = parseDay(this.text(key))
    return day ? numericDay(day) : ''
  }
  euro = (key: string): string => {
    const cents = this.#details[key]
    return typeof cents === 'number' && Number.isSafeInteger(cents) ? formatEuro(cents) : ''
  }
  /** The name of what a detail refers to. */
  name = (key: string): string => this.#names[this.text(key)] ?? ''
  weekdays = (key: string): string => {
    const days = this.text(key).split(',').map(Number)
    return days.every((day) => Number.isInteger(day) && day >= 1 && day <= 7) ? weekdaysInWords(days) : ''
  }
  has = (key: string): boolean => this.#details[key] !== undefined
}

/** "classe: da 3A a 4B"; where one side is not known, the other. */
function change(label: string, before: string, after: string): string {
  if (before === after) return ''
  if (before === '') return `${label}: ${after}`
  return after === '' ? `${label}: prima ${before}, adesso niente` : `${label}: da ${before} a ${after}`
}

const period = (from: string, to: string): string => {
  if (from && to) return dated`dal ${from} al ${to}`
  return from ? dated`dal ${from}` : to ? dated`fino al ${to}` : ''
}

const counted = (n: string, one: string, many: string): string =>
  n === '' || n === '0' ? '' : n === '1' ? `1 ${one}` : `${n} ${many}`

/** "D03, comune": what a diet means is not in the register. */
const diets = (codes: string): string =>
  codes
    .split(' ')
    .filter(Boolean)
    .map((code) => (code === UNDECIDED_DIET ? 'da definire' : isDecidedDiet(code) ? code : 'dieta comune'))
    .join(', ')

const roleName = (role: string): string => STAFF_ROLE_NAMES[role as StaffRole] ?? role
const place = (told: Told): string => told.name('class') || told.name('kitchen') || told.name('school')

const FIELD_NAMES: Readonly<Record<string, string>> = {
  ...SUPPLIER_LABELS,
  ...{ givenName: 'nome', familyName: 'cognome', birthDay: 'data di nascita', fiscalCode: 'codice fiscale' },
}
const fields = (told: Told): string => {
  const names = told.text('fields').split(' ').filter(Boolean)
  return names.length > 0 ? `corretti: ${names.map((name) => FIELD_NAMES[name] ?? name).join(', ')}` : ''
}

/** Days of the week begin with "da" themselves. */
const weekdays = (before: string, after: string): string =>
  before !== '' && before !== after ? `giorni: ${after}; prima ${before}` : change('giorni', before, after)

const week = (told: Told): string[] => [
  weekdays(told.weekdays('weekdaysBefore'), told.weekdays('weekdays')),
  change('termine', told.text('cutoffBefore'), told.text('cutoff')),
  period(told.day('from'), told.day('to')),
]

const cancelledBy = (who: string): string =>
  who === 'holder' ? 'solo l’intestatario' : who === 'all' ? 'l’intestatario e i delegati' : ''

const kitchen = (told: Told): string[] => [
  change('cucina', told.name('kitchenBefore'), told.name('kitchen')),
  period(told.day('from'), told.day('to')),
]

const span = (told: Told): string[] => [
  told.name('school'),
  change('primo giorno', told.day('fromBefore'), told.day('from')),
  change('ultimo giorno', told.day('toBefore'), told.day('to')),
]

const band = (told: Told): string => (told.text('band') ? `fascia ${told.text('band')}` : '')

const decision = (told: Told): string[] => [
  told.name('submission'),
  change('classe', told.text('placeBefore'), told.text('place')),
  change('ultimo giorno', told.day('lastBefore'), told.day('last')),
  change('dieta', diets(told.text('dietBefore')), diets(told.text('diet'))),
  change('fascia', told.text('bandBefore'), told.text('band')),
  period(told.day('from'), told.day('to')),
]
const merged = (told: Told): string[] => [
  told.name('kept') && `resta ${told.name('kept')}`,
  told.name('gone') && `unito ${told.name('gone')}`,
]
const pair = (told: Told): string[] => [told.name('one'), told.name('other')]
const towns = (told: Told): string[] => [
  told.text('town') && `Comune di ${told.text('town')}`,
  counted(told.text('pupils'), 'alunno', 'alunni'),
  told.day('last') && `ultimo giorno ${told.day('last')}`,
  told.text('diets') === 'true' ? 'con la dieta' : '',
  told.text('restored') === 'true' ? 'iscrizioni come prima' : '',
  { accepted: 'accolto', refused: 'non accolto' }[told.text('answer')] ?? '',
]
const mealChange = (told: Told): string[] => [
  counted(told.text('changed'), 'pasto', 'pasti'),
  contactInWords(told.text('contact') as Contact | null, italian),
]
const submission = (told: Told): string[] => [told.name('submission')]

/** What an operation changed, a sentence each; an empty one is left out. What is not named here changed nothing that has words. */
const CHANGES: Partial<Record<AuditAction, (told: Told) => string[]>> = {
  'calendar.closure': (told) => [
    counted(told.text('schools'), 'scuola', 'scuole'),
    counted(told.text('meals'), 'pasto tolto', 'pasti tolti'),
  ],
  'calendar.closure-undone': (told) => [told.text('closure') && `era: ${told.text('closure')}`],
  'communications.published': (told) => [counted(told.text('persons'), 'persona', 'persone')],
  'diets.decided': (told) => [
    told.name('pupil'),
    change('dieta', diets(told.text('before')), diets(told.text('after'))),
    period(told.day('from'), told.day('to')),
    told.has('severe') ? 'rischio di reazione grave' : '',
  ],
  'diets.code-changed': (told) => [
    change('nome', told.text('nameBefore'), told.text('name')),
    change('allergeni', told.text('allergensBefore'), told.text('allergens')),
    change('insieme di', told.text('partsBefore'), told.text('parts')),
    told.text('isLegendChanged') === 'true' ? 'spiegazione cambiata' : '',
  ],
  'diets.code-ended': (told) => [
    change('ultimo giorno', told.day('before'), told.day('to')),
    counted(told.text('pupils'), 'alunno passa al codice che segue', 'alunni passano al codice che segue'),
  ],
  'diet.read': (told) => [told.name('pupil')],
  'enrolments.ended': (told) => [change('ultimo giorno', told.day('before'), told.day('last'))],
  'enrolments.moved': (told) => [
    change('classe', told.text('before'), told.text('after') || told.name('class')),
    period(told.day('from'), ''),
  ],
  'enrolments.weekdays': (told) => [
    weekdays(told.text('before'), told.text('after')),
    period(told.day('from'), ''),
  ],
  'enrolments.households': (told) => [
    told.name('pupil'),
    told.text('after') && `i pasti ${told.text('after')}; prima ${told.text('before')}`,
    period(told.day('from'), ''),
  ],
  'forms.accepted': decision,
  'forms.asked': submission,
  'forms.corrected': decision,
  'forms.document-read': submission,
  'forms.rejected': submission,
  'forms.request-read': submission,
  'forms.taken': submission,
  'household:handed-over': (told) => [change('intestatario', told.name('from'), told.name('to'))],
  'household:hand-over-undone': (told) => [change('intestatario', told.name('from'), told.name('to'))],
  'household:pupil-added': (told) => [counted(told.text('pupils'), 'alunno', 'alunni')],
  'household:registered': (told) => [counted(told.text('pupils'), 'alunno', 'alunni')],
  'households.searched': (told) => [told.text('words') && `parole cercate: ${told.text('words')}`],
  'kitchens.changed': (told) => [
    change('nome', told.text('nameBefore'), told.text('name')),
    change('e-mail', told.text('emailsBefore'), told.text('emails')),
    change('telefono', told.text('phoneBefore'), told.text('phone')),
  ],
  'diets.hatch-read': (told) => [
    told.text('school'),
    told.day('day'),
    counted(told.text('pupils'), 'alunno', 'alunni'),
  ],
  'kitchens.count-seen': (told) => [counted(told.text('counts'), 'conteggio', 'conteggi')],
  'kitchens.settings': (told) => [
    change('minuti per la presa visione', told.text('seenMinutesBefore'), told.text('seenMinutes')),
    change('nomi sulle etichette', told.text('namesBefore'), told.text('names')),
  ],
  'kitchens.created': (told) => [told.text('name')],
  'kitchens.move-taken-back': kitchen,
  'kitchens.school-moved': kitchen,
  'meals.cancel': mealChange,
  'meals.restore': mealChange,
  'menus.change-announced': (told) => [change('piatto', told.text('from'), told.text('to'))],
  'menus.dish-saved': (told) => [change('allergeni', told.text('before'), told.text('allergens'))],
  'refunds.closed': (told) => [told.name('service'), REFUND_END_NAMES[told.text('why') as RefundEnd] ?? ''],
  'refunds.decided': (told) => [
    REFUND_DECISION_NAMES[told.text('decision') as RefundDecision] ?? '',
    told.euro('cents'),
  ],
  'refunds.opened': (told) => [told.name('service'), told.euro('cents')],
  'refunds.taken-back': (told) => [told.name('service'), told.euro('cents')],
  'registers:searched': (told) => [told.text('words') && `parole cercate: ${told.text('words')}`],
  'registry:corrected': (told) => [fields(told)],
  'registry:told-apart': pair,
  'registry:apart-taken-back': pair,
  'registry:adults-merged': merged,
  'registry:adults-split': merged,
  'registry:erased': (told) => [
    told.text('isWhole') === 'true' ? 'una famiglia' : 'un alunno di una famiglia',
    counted(told.text('pupils'), 'alunno', 'alunni'),
    counted(told.text('people'), 'persona', 'persone'),
  ],
  'registry:households-merged': merged,
  'registry:households-split': merged,
  'registry:merged': merged,
  'registry:merge-undone': merged,
  'transfers.accepted': towns,
  'transfers.answered': towns,
  'transfers.arrived': towns,
  'transfers.refused': towns,
  'transfers.sent': towns,
  'transfers.taken-back': towns,
  'transfers.withdrawn': towns,
  'services.created': (told) => [
    told.text('name'),
    change('prezzo', '', told.euro('cents')),
    change('disdice', '', cancelledBy(told.text('cancelledBy'))),
    period(told.day('from'), ''),
  ],
  'services.ended': (told) => [
    change('ultimo giorno', told.day('before'), told.day('to')),
    counted(told.text('pupils'), 'iscrizione finita', 'iscrizioni finite'),
  ],
  'services.renamed': (told) => [change('nome', told.text('before'), told.text('name'))],
  'services.rule-decided': (told) => [
    change('disdice', cancelledBy(told.text('cancelledByBefore')), cancelledBy(told.text('cancelledBy'))),
    period(told.day('from'), ''),
  ],
  'staff:end-changed': (told) => [
    roleName(told.text('role')),
    change('ultimo giorno', told.day('before'), told.day('to')),
  ],
  'staff:role-ended': (told) => [roleName(told.text('role')), period(told.day('from'), told.day('to'))],
  'staff:role-given': (told) => [
    [roleName(told.text('role')), place(told)].filter(Boolean).join(', '),
    period(told.day('from'), told.day('to')),
  ],
  'structure.class-ended': (told) => [told.text('name'), change('ultimo giorno', '', told.day('to'))],
  'structure.class-renamed': (told) => [change('nome', told.text('before'), told.text('name'))],
  'structure.classes-added': (told) => [told.text('classes')],
  'structure.holiday-added': (told) => [period(told.day('from'), told.day('to'))],
  'structure.holiday-taken-back': (told) => [told.day('day')],
  'structure.patron-saved': (told) => [change('giorno', told.text('before'), told.text('day'))],
  'structure.school-changed': (told) => [
    change('nome', told.text('nameBefore') || told.text('before'), told.text('name')),
    change('via', told.text('streetBefore'), told.text('street')),
    change('tipo', told.text('kindBefore'), told.text('kind')),
    change('codice', told.text('mechanographicCodeBefore'), told.text('mechanographicCode')),
  ],
  'structure.school-ended': (told) => [change('ultimo giorno', told.day('before'), told.day('to'))],
  'structure.span-changed': span,
  'structure.week-changed': week,
  'structure.week-set': week,
  'structure.year-created': (told) => [told.text('name'), period(told.day('from'), told.day('to'))],
  'structure.year-corrected': span,
  'supplier.changed': (told) => [fields(told)],
  'tariffs.band-changed': (told) => [
    band(told),
    change('nome', told.text('nameBefore'), told.text('name')),
    change('spiegazione', told.text('descriptionBefore'), told.text('description')),
  ],
  'tariffs.band-closed': (told) => [band(told)],
  'tariffs.band-created': (told) => [band(told), change('prezzo', '', told.euro('cents'))],
  'tariffs.band-reopened': (told) => [band(told)],
  'tariffs.fare-ended': (told) => [
    told.name('pupil'),
    change('fascia', told.text('before'), 'prezzo intero'),
    period(told.day('from'), ''),
  ],
  'tariffs.fare-given': (told) => [
    told.name('pupil'),
    change('fascia', told.text('before') || (told.has('before') ? 'prezzo intero' : ''), told.text('band')),
    period(told.day('from'), told.day('to')),
  ],
  'tariffs.price-cancelled': (told) => [band(told), period(told.day('from'), '')],
  'tariffs.price-set': (told) => [
    band(told),
    change('prezzo', told.euro('centsBefore'), told.euro('cents')),
    period(told.day('from'), ''),
  ],
  'tariffs.pupil-read': (told) => [told.name('pupil')],
  'top-up:put-right': (told) => [FINDING_WORDS[told.text('finding') as Finding]?.name ?? ''],
  'top-up:settled': (told) => [told.euro('amountCents')],
  'town.opened': (told) => [change('primo giorno', told.day('before'), told.day('day'))],
}

/** What an operation changed, from what to what: a sentence each. Nothing for one that an earlier version wrote without it. */
export function changesInWords(line: Pick<RegisterLine, 'action' | 'details' | 'names'>): string[] {
  const said = CHANGES[line.action as AuditAction]?.(new Told(line)) ?? []
  return said.filter((sentence) => sentence !== '')
}

/** Why it was done, as who did it wrote; empty where no reason is asked. */
export const whyInWords = ({ details }: Pick<RegisterLine, 'details'>): string =>
  typeof details.reason === 'string' ? details.reason : ''

const OBJECTS: Readonly<Record<string, string>> = {
  calendar_feed: 'un indirizzo del calendario',
  delivery_batch: 'un invio',
  device: 'un dispositivo',
  form_batch: 'un gruppo di domande',
  link_request: 'una richiesta di collegamento',
  menu: 'un menù',
  menu_change: 'un cambio di menù',
  municipality: 'il Comune',
  push_subscription: 'un dispositivo',
  register: 'il registro',
  school_class: 'una classe',
  search: 'una ricerca',
  service_day: 'un giorno di mensa',
  session: 'un accesso',
  stored_file: 'un file',
}

/** On whom or on what: by name where there is one. */
export function subjectInWords({ subject, objectType, objectId }: RegisterLine): string {
  if (subject) return subject.name
  const day = parseDay(objectId)
  if (objectType === 'day' && day) return numericDay(day)
  if (objectType === 'diet') return `dieta ${objectId}`
  if (objectType === 'work') return WAITING_NAMES[objectId as WaitingKind] ?? ''
  return OBJECTS[objectType] ?? ''
}

/** "Anna Conti", "il portale". */
export const actorInWords = ({ who }: Pick<RegisterLine, 'who'>): string => who ?? 'il portale'

/** What was done; a refused attempt says so. */
export const actInWords = ({ action, outcome }: Pick<RegisterLine, 'action' | 'outcome'>): string =>
  `${italian(operationInWords(action))}${outcome === 'refused' ? ' (non riuscita)' : ''}`
