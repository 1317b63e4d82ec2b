/** A view of a list that a person of the office gave a name. */
export type KeptView = { id: string; name: string; query: string }

/** Kept views of one list, of one person. */
export const MOST_VIEWS = 20

/** The longest query that is kept. */
export const LONGEST_QUERY = 2_000
