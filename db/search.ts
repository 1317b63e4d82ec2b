import { type RawBuilder, sql } from 'kysely'

/**
 * Whether a key (`search_key` in the database) holds every word that was typed, in any order and any part of a word. Nothing is
 * found by signs alone.
 */
export const holdsWords = (key: RawBuilder<unknown>, typed: string): RawBuilder<boolean> =>
  // The patterns are made once for a statement, and not once for each row.
  sql<boolean>`(search_key(${typed}::text) <> '' and (${key}) like all (array(select search_patterns(${typed}::text))))`

/** A name that more people have is not looked up: where so many have it, those who do are found by walking. */
export const MOST_LOOKED_UP = 50_000

/**
 * The households in which a name holds every typed word: (household_id, names), where `names` are the people that were found,
 * pupils before adults. What every search of families compares.
 */
export const householdsNamed = (municipalityId: string, typed: string): RawBuilder<unknown> => sql`
  (select found.household_id, jsonb_agg(jsonb_build_object('name', found.name, 'role', found.role)
      order by found.role = 'pupil' desc, found.role = 'holder' desc, found.name) as names
    from (
      select c.household_id, c.full_name as name, 'pupil' as role from pupil c
      where c.municipality_id = ${municipalityId} and ${holdsWords(sql`c.search_key`, typed)}
      union all
      select m.household_id, p.full_name, m.role from person p
      join active_member m on m.municipality_id = ${municipalityId} and m.person_id = p.id
      where p.municipality_id = ${municipalityId} and ${holdsWords(sql`p.search_key`, typed)}
    ) found group by found.household_id)`
