import { trimEndOf } from './trim.ts'

/** The values of a form, by field name, as a browser sends them: a list (`name[]`) joined by commas, an unticked box ''. */
export type Fields = Readonly<Record<string, string>>

/** A record as it is saved now, for a form that started from an older version. */
export type SavedNow = {
  /** Null: their name is not known. */
  who: string | null
  /** The hidden fields that say from which version a form was built. */
  at: Readonly<Record<string, number>>
  fields: Fields
}

/** A value that another person saved while a form was open. */
export type Change = {
  /** Name of the field; for numbered parts (`q0.words`, `q1.words`…), which go together, their stem `q`. */
  name: string
  /** As it is saved now; null for parts that go together. */
  now: string | null
  /** What the form shows: the other person's value where this person did not change it, otherwise the own value. */
  shows: 'theirs' | 'yours'
}

export type ConcurrentEdit = {
  /** Null: the same person, in another tab or on another device; undefined: a person whose name is not known. */
  who: string | null | undefined
  changes: readonly Change[]
}

const isList = (name: string): boolean => name.endsWith('[]')

/** Numbered parts move when one is added or taken away, so they are one thing: `q3.words` → `q`. */
function partOf(name: string): string {
  for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
    const before = name.slice(0, dot)
    const stem = trimEndOf(before, '0123456789')
    if (stem !== before) return stem
  }
  return name
}

function same(name: string, a = '', b = ''): boolean {
  if (isList(name)) return listed(a) === listed(b)
  return plain(a) === plain(b)
}
const plain = (text: string): string => text.replaceAll('\r\n', '\n').trim()
const listed = (text: string): string => text.split(',').filter(Boolean).sort().join()

/** The fields that a form was built from, as it carried them; empty when they did not come back whole. */
function basisIn(text: string | undefined): Fields {
  try {
    const read: unknown = JSON.parse(text ?? '')
    if (typeof read !== 'object' || read === null) return {}
    return Object.fromEntries(Object.entries(read).filter((entry) => typeof entry[1] === 'string'))
  } catch {
    return {}
  }
}

/**
 * Merges the changes of two people. A field that only the other person changed takes their value; a typed field stays; the
 * answer shows both and carries the newer version, so that saving again is a deliberate choice.
 * @param typed what was sent, with the field `basis`: the form as it was built, in JSON
 * @param me the name of the person who reads the answer
 */
export function mergeForm(
  saved: SavedNow,
  typed: Fields,
  me: string,
): { typed: Record<string, string>; concurrentEdit: ConcurrentEdit } {
  const basis = basisIn(typed.basis)
  const known = [...new Set([...Object.keys(saved.fields), ...Object.keys(basis)])]
  const parts = new Set(known.map(partOf))
  const shown: Record<string, string> = { ...typed, basis: JSON.stringify(saved.fields) }
  for (const [name, value] of Object.entries(saved.at)) shown[name] = String(value)
  const changes: Change[] = []
  for (const part of parts) {
    const names = [...new Set([...known, ...Object.keys(typed)])].filter((name) => partOf(name) === part)
    const differ = (a: Fields, b: Fields) => names.some((name) => !same(name, a[name], b[name]))
    if (!differ(basis, saved.fields) || !differ(saved.fields, typed)) continue
    const isMine = differ(basis, typed)
    changes.push({
      name: part,
      now: names.includes(part) ? (saved.fields[part] ?? '') : null,
      shows: isMine ? 'yours' : 'theirs',
    })
    if (!isMine) takeOver(shown, saved.fields, names)
  }
  const isMe = saved.who?.toLowerCase() === me.toLowerCase()
  return { typed: shown, concurrentEdit: { who: isMe ? null : (saved.who ?? undefined), changes } }
}

function takeOver(shown: Record<string, string>, saved: Fields, names: readonly string[]): void {
  for (const name of names) {
    const value = saved[name]
    if (value === undefined) delete shown[name]
    else shown[name] = value
  }
}
