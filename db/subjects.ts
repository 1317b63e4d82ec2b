import { sql } from 'kysely'
import type { Trx } from './client.ts'

/** What few transactions read. What of it is a person's own is asked when it is read, and not in every transaction. */
export const SUBJECTS = [
  'communications',
  'menus',
  'questionnaires',
  'receipts',
  'submissions',
  'top_ups',
] as const
export type Subject = (typeof SUBJECTS)[number]

/**
 * Asks what of `subject` this transaction may read. It is sent before the first statement about that subject, and again after
 * a wait for a lock and after a row of it that the transaction has added; without it families and the public see no row.
 */
export const enterSubject = (trx: Trx, subject: Subject) =>
  sql`select ${sql.id(`enter_${subject}`)}()`.execute(trx)
