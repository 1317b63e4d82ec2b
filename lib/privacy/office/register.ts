import type { AuditDetails } from '#lib/audit/audit-details.ts'
import { AUDIT_ACTIONS, type AuditAction } from '#lib/audit/audit-event.words.ts'
import type { Day } from '#lib/kernel/day.ts'

/** The kinds of operations that a search may be narrowed to, each with the first words of their names in the code. */
export const REGISTER_KINDS = {
  famiglie: {
    label: 'Famiglie e iscrizioni',
    of: [
      'household',
      'households',
      'pupils',
      'rollover',
      'enrolments',
      'registry',
      'contacts',
      'delegates',
      'transfers',
    ],
  },
  diete: { label: 'Diete', of: ['diet', 'diets'] },
  domande: { label: 'Moduli e domande', of: ['forms', 'applicant', 'link'] },
  pasti: { label: 'Pasti e calendario', of: ['meals', 'calendar', 'leftovers', 'classes'] },
  menu: { label: 'Menù', of: ['menus'] },
  denaro: {
    label: 'Tariffe e pagamenti',
    of: ['tariffs', 'top-up', 'invoices', 'ledger', 'refunds', 'supplier'],
  },
  messaggi: {
    label: 'Comunicazioni e messaggi',
    of: ['communications', 'notifications', 'questionnaires', 'content', 'file'],
  },
  ufficio: { label: 'Colleghi e impostazioni', of: ['staff', 'structure', 'settings', 'town', 'work'] },
  accessi: {
    label: 'Registri, dati e dispositivi',
    of: ['registers', 'privacy', 'session', 'device', 'passkey', 'calendar-feed'],
  },
  /** What has no kind of its own. */
  altro: { label: 'Altro', of: [] },
} as const satisfies Record<string, { label: string; of: readonly string[] }>

export type RegisterKind = keyof typeof REGISTER_KINDS

export const isRegisterKind = (text: string): text is RegisterKind => Object.hasOwn(REGISTER_KINDS, text)

/** The operations of a kind, as the register writes them. */
export const actionsOf = (kind: RegisterKind): AuditAction[] =>
  AUDIT_ACTIONS.filter((action) => kindOf(action) === kind)

const KINDS = Object.keys(REGISTER_KINDS) as RegisterKind[]

function kindOf(action: AuditAction): RegisterKind {
  const prefix = action.split(/[.:]/)[0] ?? ''
  const of = (kind: RegisterKind): readonly string[] => REGISTER_KINDS[kind].of
  return KINDS.find((kind) => of(kind).includes(prefix)) ?? 'altro'
}

/** What is looked for in the register. Both days are included. */
export type RegisterFilter = {
  from: Day
  to: Day
  kind: RegisterKind | null
  /** The person of the office who did it; or words of the name, where colleagues are too many to choose from. */
  colleagueId: string | null
  colleagueName: string
  /** On whom: a household with its people and pupils, or one person or pupil. */
  householdId: string | null
  personId: string | null
  /** Words in a name, in a reason or in what was done. */
  text: string
  /** Readings and searches, too. */
  readings: boolean
  /** Where the page before ended. */
  after: RegisterCursor | null
}

/** The place of a line: its moment to the microsecond, and its id. */
export type RegisterCursor = { at: string; id: string }

/** What a line is about, where it has a page of its own. */
export type RegisterSubject = { name: string; householdId: string | null }

/** One operation, as the office reads it. */
export type RegisterLine = {
  cursor: RegisterCursor
  at: Date
  /** Null: the portal itself. */
  who: string | null
  isOffice: boolean
  action: string
  outcome: string
  objectType: string
  objectId: string
  subject: RegisterSubject | null
  details: AuditDetails
  /** The names of what the details refer to, by id. */
  names: Readonly<Record<string, string>>
}

export type RegisterPage = {
  lines: RegisterLine[]
  /** Where the next page begins; null on the last one. */
  next: RegisterCursor | null
  /** On whom, when the search is about one family or person. */
  about: RegisterSubject | null
  /** Null: they are too many to choose from. */
  colleagues: { id: string; name: string }[] | null
}

/** What an operator reads: operations on families. A manager reads all of them. */
export const FAMILY_OBJECTS = [
  'household',
  'pupil',
  'person',
  'household_member',
  'delegate_invitation',
  'form_submission',
  'absence_receipt',
  'account',
  'top_up',
  'invoice',
] as const
