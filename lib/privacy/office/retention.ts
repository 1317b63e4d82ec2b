/** The registers that forget in time. */
export type RegisterName =
  | 'operations'
  | 'sign-ins'
  | 'notifications'
  | 'messages'
  | 'invitations'
  | 'contact-codes'

/** A register: how long it keeps a row, and what its purge deletes. */
export type Retention = {
  register: RegisterName
  /** One of the two is zero. */
  months: number
  days: number
  /** Old enough now: the worker's next rounds delete them. */
  due: number
  /** Old enough within the days that are looked ahead, those of now included. */
  dueAhead: number
  oldest: Date | null
}

/** How far the preview looks ahead. */
export const AHEAD_DAYS = 30
