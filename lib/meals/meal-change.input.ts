import { ACTION_WORDS } from './meal.address.ts'
import type { MealAction } from './meal-state.ts'

/** What a browser or an app sends, before it is checked: single days and/or a period, both ends included. */
export type RawBatch = { action: unknown; pupilIds: unknown; days: unknown; from?: unknown; to?: unknown }

type Fields = { get(name: string): unknown; getAll(name: string): unknown[] }

const ACTIONS: ReadonlyMap<unknown, MealAction> = new Map([
  [ACTION_WORDS.cancel, 'cancel'],
  [ACTION_WORDS.restore, 'restore'],
])

/** The action named in an address or a form field; the text itself when it is none, to be refused. */
const actionFromWord = (word: unknown): unknown => ACTIONS.get(word) ?? word

/**
 * The fields of a form or an address: `figlio`, `giorno` (both repeatable), `dal`, `al`, `azione`.
 * A button for one day says it in one field: `cambia` = "disdici 2026-11-24".
 */
export function batchFields(fields: Fields): RawBatch {
  const [verb, day] = String(fields.get('cambia') ?? '').split(' ')
  return {
    action: actionFromWord(verb || fields.get('azione')),
    pupilIds: fields.getAll('figlio'),
    days: day === undefined ? fields.getAll('giorno') : [day],
    from: fields.get('dal'),
    to: fields.get('al'),
  }
}

/** A form that changes meals: a batch and the key (`chiave`) that makes it happen once. */
export const changeFields = (fields: Fields) => ({
  ...batchFields(fields),
  idempotencyKey: fields.get('chiave'),
})
