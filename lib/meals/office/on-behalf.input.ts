import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { type Asked, contactFromWord, LONGEST_NOTE } from '../meal-contact.ts'

/** How the family asked and what the colleague noted, as a form or a body sent them. An empty note is none. */
export function readAsked(
  contactWord: unknown,
  rawNote: unknown,
): Result<Asked, 'meals:no-contact' | 'meals:long-note'> {
  const contact = contactFromWord(contactWord)
  if (contact === null) return refused('meals:no-contact')
  const note = typeof rawNote === 'string' ? rawNote.replace(/\s+/g, ' ').trim() : ''
  if (note.length > LONGEST_NOTE) return refused('meals:long-note', { n: LONGEST_NOTE })
  return ok({ contact, note: note === '' ? null : note })
}
