import { spawn } from 'node:child_process'
import { afterEach, beforeAll, describe, expect, inject, test } from 'vitest'
import { WEB_ROLE, WEB_SETTINGS } from '#db/role-settings.ts'
import { checkRuntime } from '#scripts/lib/runtime-check.ts'
import { atEnd } from '#tests/support/at-end.ts'
import { withClient } from '#tests/support/cluster.ts'
import { directAddressOf, testDatabase } from '#tests/support/database.ts'

/** What PostgreSQL does where nobody has said otherwise. */
const PRESET = { plan_cache_mode: 'auto' } as Record<string, string>

let name: string
let webUrl: string
beforeAll(async () => {
  name = (await testDatabase()).name
  // A pooler keeps the connections that it has, with the settings that they began with.
  webUrl = directAddressOf(WEB_ROLE, name)
})

const inThisDatabase = (what: string) =>
  withClient(inject('superuserUrl'), (client) =>
    client.query(`alter role ${WEB_ROLE} in database ${name} ${what}`),
  )
afterEach(() => inThisDatabase('reset all'))

/** Runs a process until it ends. @returns its exit code and all that it printed */
async function ended(script: 'web' | 'worker'): Promise<{ code: number | null; printed: string }> {
  const child = spawn(process.execPath, ['--conditions=react-server', 'scripts/run.mjs', script], {
    env: { ...process.env, DATABASE_WEB_URL: webUrl, LOG_LEVEL: 'error', NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  atEnd(() => child.kill('SIGKILL'))
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += chunk))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, printed }
}

describe('The settings of the runtime role', () => {
  test('are in force on a connection that sends none', async () => {
    await expect(checkRuntime(webUrl)).resolves.toBeUndefined()
  })

  test.each(Object.entries(WEB_SETTINGS))(
    'are refused without %s, with the statement that sets it',
    async (setting, value) => {
      await inThisDatabase(`set ${setting} = '${PRESET[setting] ?? '0'}'`)
      await expect(checkRuntime(webUrl)).rejects.toThrow(
        `alter role ${WEB_ROLE} set ${setting} = '${value}';`,
      )
    },
  )

  test('may be stricter, and not looser', async () => {
    await inThisDatabase(`set statement_timeout = '3s'`)
    await expect(checkRuntime(webUrl)).resolves.toBeUndefined()
    await inThisDatabase(`set statement_timeout = '9s'`)
    await expect(checkRuntime(webUrl)).rejects.toThrow('ora vale 9s')
  })

  test.each(['web', 'worker'] as const)(
    'keep the %s from starting when they are not in force',
    async (script) => {
      await inThisDatabase('set lock_timeout = 0')
      const { code, printed } = await ended(script)
      expect(printed).toContain(`alter role ${WEB_ROLE} set lock_timeout = '6s';  -- ora vale 0`)
      expect(printed).not.toMatch(/\n\s+at /)
      expect(code).toBe(1)
    },
  )
})
