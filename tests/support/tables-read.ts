import { EventEmitter } from 'node:events'
import pg from 'pg'
import { inject } from 'vitest'
import { closeDatabase } from '#db/client.ts'
import { WEB_ROLE } from '#db/role-settings.ts'
import { OWNER_ROLE } from '#scripts/postgres/server.ts'
import { withClient } from './cluster.ts'
import { directAddressOf, testDatabase } from './database.ts'
import { setEnvironment } from './environment.ts'

type Plan = { 'Relation Name'?: string; 'Node Type': string; 'Actual Loops': number; Plans?: Plan[] }

const SETTINGS = {
  session_preload_libraries: 'auto_explain',
  'auto_explain.log_min_duration': '0',
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_timing': 'off',
  'auto_explain.log_format': 'json',
  'auto_explain.log_nested_statements': 'on',
  'auto_explain.log_level': 'notice',
}

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)]

/** The tables that a plan really read: what the server pruned, or never came to, does not count. */
const readBy = (plan: Plan): string[] =>
  nodesOf(plan).flatMap((node) =>
    node['Relation Name'] && node['Actual Loops'] > 0 && node['Node Type'] !== 'ModifyTable'
      ? [node['Relation Name']]
      : [],
  )

/**
 * Has the server say with each statement how it ran it, those inside of functions included, on every connection of the process
 * that is opened from now on. Past a pooler, whose own connections are older.
 */
export async function explainEveryStatement(): Promise<void> {
  const { name } = await testDatabase()
  await withClient(inject('superuserUrl'), async (client) => {
    for (const [setting, value] of Object.entries(SETTINGS))
      await client.query(`alter database ${name} set ${setting} = '${value}'`)
  })
  await closeDatabase()
  setEnvironment({
    DATABASE_URL: directAddressOf(OWNER_ROLE, name),
    DATABASE_WEB_URL: directAddressOf(WEB_ROLE, name),
  })
}

/** The tables that the statements of `work` read, by the plans of the server, as the product ran them. */
export async function tablesReadBy(work: () => Promise<unknown>): Promise<string[]> {
  const read: string[] = []
  const prototype = pg.Client.prototype as unknown as { emit: (...args: unknown[]) => boolean }
  prototype.emit = function (this: EventEmitter, event, ...rest) {
    const { message = '' } = (rest[0] ?? {}) as { message?: string }
    const json = event === 'notice' && /plan:\n(\{.*\})\s*$/s.exec(message)?.[1]
    if (json) read.push(...readBy((JSON.parse(json) as { Plan: Plan }).Plan))
    return EventEmitter.prototype.emit.call(this, event as string, ...rest)
  }
  try {
    await work()
  } finally {
    Reflect.deleteProperty(prototype, 'emit')
  }
  return [...new Set(read)].sort()
}
