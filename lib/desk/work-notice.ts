import { allowedToStaff } from '#lib/access/capabilities.ts'
import type { StaffRole } from '#lib/access/viewer.ts'
import { type WaitingKind, waitingKindsFor, waitingRule } from './waiting-work.ts'

/** How a colleague wants to hear of waiting work. */
export type WorkNotices = {
  /** An address for work; empty: the one of the person. */
  email: string
  /** From this hour of the day on; null: no digest. */
  digestHour: number | null
  /** What is urgent, alone and immediately. */
  isUrgent: boolean
}

/** Before a colleague chooses. */
export const USUAL_NOTICES: WorkNotices = { email: '', digestHour: null, isUrgent: true }

/** A colleague whom a mail can reach. */
export type Reachable = {
  personId: string
  name: string
  address: string
  staffRoles: StaffRole[]
  isUrgent: boolean
}

const isManager = ({ staffRoles }: Pick<Reachable, 'staffRoles'>): boolean => staffRoles.includes('manager')

/**
 * Who hears of urgent work of a kind: those with that duty who want it. Where no manager is among them, every manager does: what is
 * urgent reaches a manager even where all of them turned it off.
 */
export function urgentRecipients(kind: WaitingKind, colleagues: readonly Reachable[]): Reachable[] {
  const { capability } = waitingRule(kind)
  const willing = colleagues.filter((one) => one.isUrgent && allowedToStaff(one, capability))
  return willing.some(isManager) ? willing : [...willing, ...colleagues.filter(isManager)]
}

/** Whether urgent notices would reach no manager any more if this one did not want them. */
export const isLastTold = (personId: string, colleagues: readonly Reachable[]): boolean =>
  colleagues.some((one) => one.personId === personId && isManager(one)) &&
  !colleagues.some((one) => one.personId !== personId && isManager(one) && one.isUrgent)

/** The kinds of work of which the office is told immediately. Of payments only some are: see `URGENT_CENTS`. */
export const URGENT_KINDS = [
  'open-days',
  'severe-diets',
  'unseen-counts',
  'payments',
] as const satisfies WaitingKind[]

/** What a colleague with these roles is told of immediately. */
export const urgentKindsFor = (viewer: Pick<Reachable, 'staffRoles'>): WaitingKind[] => {
  const own = waitingKindsFor(viewer)
  return URGENT_KINDS.filter((kind) => own.includes(kind))
}
