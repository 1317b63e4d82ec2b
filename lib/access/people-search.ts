/** A person whose name was found, and what they are in the family. */
export type FoundName = { name: string; role: 'pupil' | 'holder' | 'delegate' }

/** Fewer letters would list half of the town. */
export const SHORTEST_SEARCH = 2

export const isLongEnough = (words: string): boolean => words.length >= SHORTEST_SEARCH

/** What the register keeps of a search. A word with digits may be a fiscal code, which the register never holds. */
export const searchTrace = (words: string, shown: number): { words: string; shown: number } => ({
  words: words.replace(/\S{0,80}\d\S{0,80}/g, '…'),
  shown,
})
