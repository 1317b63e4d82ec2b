import { readFileSync } from 'node:fs'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { withConnection } from '#scripts/lib/connection.ts'
import { printStructure } from '#scripts/lib/structure.ts'
import { testDatabase } from '#tests/support/database.ts'

const printed = readFileSync('db/structure.sql', 'utf8')

const linesIn = (word: string): number => printed.split('\n').filter((line) => line.startsWith(word)).length

async function count(what: ReturnType<typeof sql>): Promise<number> {
  const { owner } = await testDatabase()
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${what}`.execute(owner)
  return rows[0]?.n ?? 0
}

const OF_THE_MIGRATOR = sql`('kysely_migration', 'kysely_migration_lock', 'schema_source', 'test_clock')`
const IN_TABLES = sql`in (select oid from pg_class where relnamespace = 'public'::regnamespace and not relispartition
  and relname not in ${OF_THE_MIGRATOR})`

describe('db/structure.sql', () => {
  test('has every table, policy, trigger and function of a migrated database', async () => {
    expect(linesIn('CREATE TABLE') + linesIn('CREATE UNLOGGED TABLE')).toBe(
      await count(sql`pg_class where relkind in ('r', 'p') and oid ${IN_TABLES}`),
    )
    expect(linesIn('CREATE POLICY')).toBe(await count(sql`pg_policy`))
    expect(linesIn('CREATE TRIGGER') + linesIn('CREATE CONSTRAINT TRIGGER')).toBe(
      await count(sql`pg_trigger where not tgisinternal and tgrelid ${IN_TABLES}`),
    )
    expect(linesIn('CREATE FUNCTION')).toBe(
      await count(sql`pg_proc p where pronamespace = 'public'::regnamespace and not exists (select from pg_depend d
        where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')`),
    )
  })

  test('has every column and constraint', async () => {
    const columns =
      await count(sql`pg_attribute where attnum > 0 and not attisdropped and attrelid ${IN_TABLES}
      and attrelid in (select oid from pg_class where relkind in ('r', 'p'))`)
    const bodies = [
      ...printed.matchAll(/^CREATE (?:UNLOGGED )?TABLE \w+ \(\n(.*?)\n\)(?: PARTITION BY [^\n]*)?;$/gms),
    ].flatMap(([, body = '']) => body.split('\n').filter((line) => /^ {2}\S/.test(line)))
    const named = bodies.filter((line) => line.startsWith('  CONSTRAINT '))
    const beside = bodies.filter((line) => !line.startsWith('  CONSTRAINT ') && / CHECK \(/.test(line))
    expect(bodies.length - named.length).toBe(columns)
    expect(named.length + beside.length).toBe(
      await count(sql`pg_constraint where contype in ('p', 'u', 'x', 'f', 'c') and conrelid ${IN_TABLES}`),
    )
  })

  test('is not printed with a kind of object that it cannot show, instead of leaving it out', async () => {
    const { owner, ownerUrl } = await testDatabase()
    await sql`create sequence counter`.execute(owner)
    await expect(withConnection(ownerUrl, printStructure)).rejects.toThrow(/relation counter of kind S/)
  })

  test.each([
    ['a right of its own', 'grant select on audit_event_2026 to refettorio_web'],
    ['a policy of its own', 'create policy own on audit_event_2026 using (true)'],
    ['no row security', 'alter table audit_event_2026 disable row level security'],
    ['no trigger against emptying it', 'drop trigger audit_event_no_truncate on audit_event_2026'],
    ['an index of its own', 'create index own on audit_event_2026 (action)'],
    [
      'other bounds',
      `alter table audit_event detach partition audit_event_2026;
      alter table audit_event attach partition audit_event_2026 for values from ('2026-09-01 Europe/Rome') to ('2027-08-01 Europe/Rome')`,
    ],
    [
      'another name, as one that takes what no year has',
      'create table audit_event_rest partition of audit_event default',
    ],
  ])('is not printed with a partition that has %s', async (_, change) => {
    const { ownerUrl } = await testDatabase()
    const printed = withConnection(ownerUrl, async (client) => {
      await client.query(`begin; ${change}`)
      return await printStructure(client)
    })
    await expect(printed).rejects.toThrow(/partition audit_event_\w+, unlike the others/)
  })
})
