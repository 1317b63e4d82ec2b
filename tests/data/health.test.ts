import { sql } from 'kysely'
import { beforeEach, expect, test, vi } from 'vitest'
import { GET as health } from '#app/api/health/route.ts'
import { GET as live } from '#app/api/live/route.ts'
import { GET as ready } from '#app/api/ready/route.ts'
import { closeDatabase } from '#db/client.ts'
import { beat } from '#lib/health/heartbeat.commands.ts'
import { setWarm } from '#lib/web/warm-up.adapter.ts'
import { type TestDatabase, testDatabase } from '#tests/support/database.ts'

let db: TestDatabase

beforeEach(async () => {
  db = await testDatabase()
  setWarm()
  // An answer serves for a second. A clock that says nothing keeps none, neither of another file of this worker nor for the next one.
  vi.spyOn(performance, 'now').mockReturnValue(Number.NaN)
  await sql`delete from heartbeat`.execute(db.owner)
  await beat('worker')
})

const told = async (answer: Response) => [answer.status, await answer.json()]
const checks = { database: true, schema: true, worker: true }

test('an installation that works is well and ready, and a question writes a row', async () => {
  expect(await told(await health())).toEqual([200, { status: 'ok', checks }])
  expect(await told(await ready())).toEqual([200, { status: 'ready' }])
  const { rows } = await sql`select from health_write`.execute(db.owner)
  expect(rows).toHaveLength(1)
})

test('a worker without a heartbeat for three minutes is told to the monitor and keeps no one out', async () => {
  await sql`update heartbeat set minute = minute - interval '3 minutes'`.execute(db.owner)
  expect(await told(await health())).toEqual([
    503,
    { status: 'unavailable', checks: { ...checks, worker: false } },
  ])
  expect((await ready()).status).toBe(200)
})

test('a migration of this version that the database does not have is told, one of a newer version is not', async () => {
  await sql`insert into schema_source values ('2099-01-01T0000-newer', '')`.execute(db.owner)
  expect((await health()).status).toBe(200)
  await sql`update schema_source set name = name || ' gone' where name like '%health-write'`.execute(db.owner)
  expect(await told(await health())).toEqual([
    503,
    { status: 'unavailable', checks: { ...checks, schema: false } },
  ])
  expect((await ready()).status).toBe(503)
  await sql`update schema_source set name = replace(name, ' gone', '')`.execute(db.owner)
  expect((await health()).status).toBe(200)
})

test('a database that only reads, as a full disk or a standby leaves it, is not well, and this process lives', async () => {
  await sql`alter database ${sql.id(db.name)} set default_transaction_read_only = on`.execute(db.owner)
  await closeDatabase()
  expect(await told(await health())).toEqual([
    503,
    { status: 'unavailable', checks: { database: false, schema: false, worker: false } },
  ])
  expect((await ready()).status).toBe(503)
  expect(live().status).toBe(200)
  await db.owner.connection().execute(async (one) => {
    await sql`set default_transaction_read_only = off`.execute(one)
    await sql`alter database ${sql.id(db.name)} reset default_transaction_read_only`.execute(one)
  })
  await closeDatabase()
  expect((await health()).status).toBe(200)
})
