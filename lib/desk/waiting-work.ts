import { allowedToStaff, type Capability } from '#lib/access/capabilities.ts'
import type { Viewer } from '#lib/access/viewer.ts'

/** Who may know of a kind of work, where in the office it is done, and whether it cannot wait for the next look. */
type WaitingRule = { capability: Capability; place: string; page?: string; isUrgent?: true }

/**
 * What may wait for the office, the most pressing first. `place`: the page of the office, after `/admin/<municipality>/`; `page`: the
 * one below it where this work is done.
 */
const WAITING_WORK = {
  /** Days whose hour is over by minutes and that are not counted. */
  'open-days': { capability: 'kitchen:read', place: 'conteggi', isUrgent: true },
  /** Diets to be decided of pupils who risk a severe reaction. */
  'severe-diets': { capability: 'diets:manage', place: 'diete', isUrgent: true },
  /** Kitchens that did not say in time to have seen today's count, or its newest version. */
  'unseen-counts': { capability: 'kitchen:read', place: 'conteggi', isUrgent: true },
  'failing-charges': { capability: 'kitchen:read', place: 'conteggi' },
  payments: { capability: 'money:adjust', place: 'pagamenti' },
  requests: { capability: 'forms:manage', place: 'moduli' },
  /** Parents who ask to follow a child that is enrolled. */
  links: { capability: 'registry:correct', place: 'moduli', page: 'moduli/collegamenti' },
  /** Pupils whom another municipality of the installation hands over. */
  arrivals: { capability: 'transfers:receive', place: 'famiglie', page: 'famiglie/trasferimenti' },
  /** Pupils whom the other municipality did not take. */
  'refused-transfers': { capability: 'transfers:send', place: 'famiglie', page: 'famiglie/trasferimenti' },
  /** The other diets to be decided. */
  diets: { capability: 'diets:manage', place: 'diete' },
  /** Diets that ended lately and gave way to the common one. */
  'lapsed-diets': { capability: 'diets:manage', place: 'diete' },
  /** Diets that end soon while the pupil goes on eating. */
  'lapsing-diets': { capability: 'diets:manage', place: 'diete' },
  /** Pupils who eat now or later and have no fiscal code yet. */
  'pupils-without-code': { capability: 'registry:correct', place: 'alunni' },
  approvals: { capability: 'communications:approve', place: 'comunicazioni' },
  'failed-mails': { capability: 'deliveries:manage', place: 'invii' },
  /** Families that left with a credit of which it is not decided what becomes. */
  refunds: { capability: 'money:adjust', place: 'rimborsi' },
  /** Invoices that lack something of the customer or the supplier. */
  invoices: { capability: 'money:adjust', place: 'pagamenti' },
  'news-reviews': { capability: 'content:publish', place: 'notizie' },
  'document-reviews': { capability: 'content:publish', place: 'documenti' },
} as const satisfies Record<string, WaitingRule>

export type WaitingKind = keyof typeof WAITING_WORK

/** Work of one kind that waits: how much, and since when the oldest of it does. */
export type WaitingWork = { kind: WaitingKind; count: number; oldest: Date }

/** Every kind of work, the most pressing first. */
export const WAITING_KINDS = Object.keys(WAITING_WORK) as WaitingKind[]

/** The rule of a kind of work. */
export const waitingRule = (kind: WaitingKind): WaitingRule => WAITING_WORK[kind]

/** The kinds of work that a viewer may know of. */
export const waitingKindsFor = (viewer: Pick<Viewer, 'staffRoles'>): WaitingKind[] =>
  WAITING_KINDS.filter((kind) => allowedToStaff(viewer, waitingRule(kind).capability))

/** The page of the office where a kind of work is done. */
export const pageOfWork = (kind: WaitingKind): string => waitingRule(kind).page ?? waitingRule(kind).place

/** What waits at one place of the office. */
export const waitingAt = (work: readonly WaitingWork[], place: string): WaitingWork[] =>
  work.filter(({ kind }) => waitingRule(kind).place === place)
