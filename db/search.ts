import { type RawBuilder, sql } from 'kysely'

/**
 * Whether a key (`search_key` in the database) holds every word that was typed, in any order and any part of a word. Nothing is
 * found by signs alone.
 */
export const holdsWords = (key: RawBuilder<unknown>, typed: string): RawBuilder<boolean> =>
  // The patterns are made once for a statement, and not once for each row.
  sql<boolean>`(search_key(${typed}::text) <> '' and (${key}) like all (array(select search_patterns(${typed}::text))))`
