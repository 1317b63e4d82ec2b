import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { WEB_ROLE } from '#db/role-settings.ts'
import { findGoodPooler, type Pooler, startPooler } from '#scripts/lib/pooler.ts'
import { checkRuntime } from '#scripts/lib/runtime-check.ts'
import { type TestDatabase, testDatabase } from '#tests/support/database.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await testDatabase()
})

const started: Pooler[] = []
afterAll(async () => {
  for (const pooler of started) await pooler.stop()
})

/** The address of the runtime role behind another pooler of the same program. */
async function behind(changes: Readonly<Record<string, string>>): Promise<string> {
  const pooler = await startPooler(findGoodPooler(), inject('superuserUrl'), changes)
  started.push(pooler)
  return pooler.url(WEB_ROLE, db.name)
}

describe('Behind PgBouncer in transaction mode', () => {
  test('the run really goes through it', () => {
    expect(db.webUrl).toContain('refettorio-pooler-')
  })

  test('the time-outs of the role are in force, and prepared statements are looked after', async () => {
    await expect(checkRuntime(db.webUrl)).resolves.toBeUndefined()
  })

  test('without max_prepared_statements, or before 1.21, the portal is refused', async () => {
    const url = await behind({ max_prepared_statements: '0' })
    await expect(checkRuntime(url)).rejects.toThrow(
      /PgBouncer 1\.21 o più recente.*max_prepared_statements = 500/,
    )
    // The probe leaves nothing behind on the connection that it was lent.
    await expect(checkRuntime(url)).rejects.toThrow(/PgBouncer 1\.21/)
  })
})
