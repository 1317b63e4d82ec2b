import { slugOf } from '#lib/kernel/slug.ts'

/** A form offers at most so many classes to choose from: of a town with more a class is written. */
export const MOST_OFFERED = 200

/** The longest words that name a class: its name, its school, its year. */
export const LONGEST_CLASS = 120

export type NamedClass = { id: string; name: string }

const wordsOf = (text: string): string[] =>
  slugOf(text, { otherwise: '', longest: Number.POSITIVE_INFINITY }).split('-').filter(Boolean)

/**
 * The classes that some words mean, of those in whose names they are: those that have every word as a word of its own, and where
 * there is none all of them. "1A Plesso 1" means no class of Plesso 12.
 */
export function meantClasses<T extends NamedClass>(found: readonly T[], typed: string): readonly T[] {
  const words = wordsOf(typed)
  const exactly = found.filter(({ name }) => {
    const own = new Set(wordsOf(name))
    return words.every((word) => own.has(word))
  })
  return exactly.length > 0 ? exactly : found
}

/** What a form offers of classes of which one more than may be offered was read: null where they are too many. */
export const offeredOf = <T>(read: readonly T[]): T[] | null =>
  read.length > MOST_OFFERED ? null : [...read]
