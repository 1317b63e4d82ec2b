import { promises as fs } from 'node:fs'
import path from 'node:path'
import { FileMigrationProvider, Migrator } from 'kysely/migration'
import { openDatabase } from './client.ts'

const FOLDER = path.join(import.meta.dirname, 'migrations')

/**
 * Brings the database to the newest schema; forward only, every migration once, in the order of their names.
 * @param ownerUrl connection of the role that owns the schema
 * @returns the names of the migrations that ran now
 */
export async function migrate(ownerUrl: string): Promise<string[]> {
  const db = openDatabase<unknown>(ownerUrl, { poolSize: 1, statementTimeoutMs: 0 })
  try {
    const migrator = new Migrator({
      db,
      provider: new FileMigrationProvider({ fs, path, migrationFolder: FOLDER }),
    })
    const { error, results = [] } = await migrator.migrateToLatest()
    if (error) throw error
    return results.filter((result) => result.status === 'Success').map((result) => result.migrationName)
  } finally {
    await db.destroy()
  }
}
