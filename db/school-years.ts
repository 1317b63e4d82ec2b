import { sql } from 'kysely'
import { database } from './client.ts'

/**
 * Makes the partitions of this school year and of the next, where they are missing: a row of a year without a partition is
 * refused, so they stand ready a year ahead.
 * @returns how many were made
 */
export async function keepSchoolYears(): Promise<number> {
  const { rows } = await sql<{ made: number }>`select keep_school_years() as made`.execute(database())
  return rows[0]?.made ?? 0
}
