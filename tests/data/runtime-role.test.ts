import { spawn } from 'node:child_process'
import { afterEach, beforeAll, describe, expect, inject, test } from 'vitest'
import { WEB_ROLE, WEB_SETTINGS } from '#db/role-settings.ts'
import { checkRuntime } from '#scripts/lib/runtime-check.ts'
import { withClient } from '#tests/support/cluster.ts'
import { type TestDatabase, testDatabase } from '#tests/support/database.ts'

/** What PostgreSQL does where nobody has said otherwise. */
const PRESET = { plan_cache_mode: 'auto' } as Record<string, string>

let db: TestDatabase
beforeAll(async () => {
  db = await testDatabase()
})

const inThisDatabase = (what: string) =>
  withClient(inject('superuserUrl'), (client) =>
    client.query(`alter role ${WEB_ROLE} in database ${db.name} ${what}`),
  )
afterEach(() => inThisDatabase('reset all'))

/** Runs a process until it ends. @returns its exit code and all that it printed */
async function ended(name: 'web' | 'worker'): Promise<{ code: number | null; printed: string }> {
  const child = spawn(process.execPath, ['--conditions=react-server', 'scripts/run.mjs', name], {
    env: { ...process.env, DATABASE_WEB_URL: db.webUrl, LOG_LEVEL: 'error', NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += chunk))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, printed }
}

describe('The settings of the runtime role', () => {
  test('are in force on a connection that sends none', async () => {
    await expect(checkRuntime(db.webUrl)).resolves.toBeUndefined()
  })

  test.each(Object.entries(WEB_SETTINGS))(
    'are refused without %s, with the statement that sets it',
    async (name, value) => {
      await inThisDatabase(`set ${name} = '${PRESET[name] ?? '0'}'`)
      await expect(checkRuntime(db.webUrl)).rejects.toThrow(
        `alter role ${WEB_ROLE} set ${name} = '${value}';`,
      )
    },
  )

  test('may be stricter, and not looser', async () => {
    await inThisDatabase(`set statement_timeout = '3s'`)
    await expect(checkRuntime(db.webUrl)).resolves.toBeUndefined()
    await inThisDatabase(`set statement_timeout = '9s'`)
    await expect(checkRuntime(db.webUrl)).rejects.toThrow('ora vale 9s')
  })

  test.each(['web', 'worker'] as const)(
    'keep the %s from starting when they are not in force',
    async (name) => {
      await inThisDatabase('set lock_timeout = 0')
      const { code, printed } = await ended(name)
      expect(printed).toContain(`alter role ${WEB_ROLE} set lock_timeout = '6s';  -- ora vale 0`)
      expect(printed).not.toMatch(/\n\s+at /)
      expect(code).toBe(1)
    },
  )
})
