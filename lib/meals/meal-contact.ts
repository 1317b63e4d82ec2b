import type { Words } from '#lib/words/language.ts'

/** How a family asked the office for a change of meals, by its word in a form. */
export const CONTACTS = { phone: 'telefono', desk: 'sportello', mail: 'email' } as const
export type Contact = keyof typeof CONTACTS

/** How a family asked the office for a change, and what the colleague noted: null for a change of its own. */
export type Asked = { contact: Contact | null; note: string | null }

/** The longest note of a colleague, in characters. */
export const LONGEST_NOTE = 300

const BY_WORD: ReadonlyMap<unknown, Contact> = new Map(
  Object.entries(CONTACTS).map(([contact, word]) => [word, contact as Contact]),
)

/** The way named in a form; null when it is none. */
export const contactFromWord = (word: unknown): Contact | null => BY_WORD.get(word) ?? null

/** "su richiesta al telefono"; empty for a change that no family asked the office for. */
export function contactInWords(contact: Contact | null, t: Words): string {
  switch (contact) {
    case 'phone':
      return t('su richiesta al telefono')
    case 'desk':
      return t('su richiesta allo sportello')
    case 'mail':
      return t('su richiesta per e-mail')
    default:
      return ''
  }
}
