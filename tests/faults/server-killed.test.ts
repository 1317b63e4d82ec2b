import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { closeDatabase, openDatabase } from '#db/client.ts'
import { LOAD_SLUG, seedLoad } from '#db/load.ts'
import { migrate } from '#db/migrate.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import type { Day } from '#lib/kernel/day.ts'
import { changeMeals } from '#lib/meals/meal-change.commands.ts'
import { type Postgres, startPostgres } from '#scripts/postgres/server.ts'
import { setEnvironment } from '#tests/support/environment.ts'

/**
 * Its own server, with fsync as in production: it is killed with -9 under eight writers, again and again. Whatever was
 * answered "done" is there afterwards, whatever was not is there whole or not at all, and asking again does it once.
 */
const WRITERS = 8
const KILLS = 4

type Wish = { viewer: Viewer; pupilId: string; day: Day; key: string; acknowledged: boolean }

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'refettorio-kill-'))
let server: Postgres
let wishes: Wish[] = []

beforeAll(async () => {
  fs.chmodSync(folder, 0o711)
  server = await startPostgres(path.join(folder, 'data'))
  await migrate(server.ownerUrl)
  await seedLoad(server.ownerUrl, 120)
  setEnvironment({ DATABASE_URL: server.ownerUrl, DATABASE_WEB_URL: server.webUrl })
  wishes = await wishesOfTheMunicipality()
}, 120_000)

afterAll(async () => {
  await closeDatabase()
  await server.stop('immediate')
  fs.rmSync(folder, { recursive: true, force: true })
})

/** One cancellation per pupil for each of the next three open days, each by the pupil's own holder. */
async function wishesOfTheMunicipality(): Promise<Wish[]> {
  const owner = openDatabase(server.ownerUrl, { poolSize: 1 })
  const { rows } = await sql<{ m: string; person: string; household: string; pupil: string; day: Day }>`
    select p.municipality_id as m, hm.person_id as person, p.household_id as household, p.id as pupil, d.day
    from pupil p
    join household_member hm on hm.municipality_id = p.municipality_id and hm.household_id = p.household_id
    join enrolment e on e.municipality_id = p.municipality_id and e.pupil_id = p.id
    join lateral (select day from service_day d where d.municipality_id = p.municipality_id and d.school_id = e.school_id
      and d.status = 'open' and d.cutoff_at > app_now() + interval '10 minutes' order by day limit 3) d on true
    join municipality m on m.id = p.municipality_id and m.slug = ${LOAD_SLUG}`.execute(owner)
  await owner.destroy()
  return rows.map((row) => ({
    viewer: {
      municipalityId: row.m,
      personId: row.person,
      citizenId: randomUUID(),
      sessionId: randomUUID(),
      name: '',
      memberships: [{ householdId: row.household, role: 'holder' }],
      staffRoles: [],
    },
    pupilId: row.pupil,
    day: row.day,
    key: randomUUID(),
    acknowledged: false,
  }))
}

async function fulfil(wish: Wish): Promise<void> {
  const { viewer, pupilId, day, key } = wish
  const change = { action: 'cancel', pupilIds: [pupilId], days: [day], idempotencyKey: key } as const
  const answer = await changeMeals(viewer, { ...change, channel: 'web' }).catch(() => null)
  if (answer?.ok) wish.acknowledged = true
}

/** Eight parents at a time, until none is left or `goesOn` says no. Whoever gets no answer asks again later. */
async function fulfilAll(some: readonly Wish[], goesOn: () => boolean = () => true): Promise<void> {
  const queue = [...some]
  const writer = async () => {
    for (let wish = queue.shift(); wish && goesOn(); wish = queue.shift()) {
      await fulfil(wish)
      if (wish.acknowledged) continue
      queue.push(wish)
      await pause(25)
    }
  }
  await Promise.all(Array.from({ length: WRITERS }, writer))
}

/** Until so many were answered in all; a server that answers nothing for twenty seconds fails the test by its count. */
async function untilAcknowledged(many: number): Promise<void> {
  const started = performance.now()
  while (performance.now() - started < 20_000) {
    if (wishes.filter((wish) => wish.acknowledged).length >= many) return
    await pause(5)
  }
}

async function killServer(): Promise<void> {
  const pid = Number(fs.readFileSync(path.join(server.dataDir, 'postmaster.pid'), 'utf8').split('\n')[0])
  process.kill(pid, 'SIGKILL')
  await closeDatabase()
  server = await startPostgres(path.join(folder, 'data'))
}

async function written(): Promise<{ absences: string[]; events: number; receipts: number; faults: number }> {
  const owner = openDatabase(server.ownerUrl, { poolSize: 1 })
  const mine = sql`receipt_id in (select id from absence_receipt where idempotency_key = any(${wishes.map((w) => w.key)}::uuid[]))`
  const absences = await sql<{ at: string }>`
    select a.pupil_id || ' ' || d.day as at from absence a
    join service_day d on d.municipality_id = a.municipality_id and d.id = a.service_day_id where ${mine}`.execute(
    owner,
  )
  const counts = await sql<{ events: number; receipts: number; faults: number }>`
    select (select count(*) from absence_event where ${mine})::int as events,
      (select count(*) from absence_receipt where idempotency_key = any(${wishes.map((w) => w.key)}::uuid[]))::int as receipts,
      (select count(*) from (select 1 from entry group by journal_id having sum(amount_cents) <> 0) u)::int as faults`.execute(
    owner,
  )
  await owner.destroy()
  return {
    absences: absences.rows.map((row) => row.at),
    ...(counts.rows[0] as { events: number; receipts: number; faults: number }),
  }
}

test('an answered cancellation survives kill -9 of the database, and none is half written', async () => {
  let killing = true
  const writers = fulfilAll(wishes, () => killing)
  for (let kill = 0; kill < KILLS; kill += 1) {
    await untilAcknowledged(20 * (kill + 1))
    await killServer()
  }
  killing = false
  await writers

  const after = await written()
  const acknowledged = wishes.filter((wish) => wish.acknowledged)
  expect(acknowledged.length).toBeGreaterThan(50)
  const there = new Set(after.absences)
  expect(acknowledged.filter(({ pupilId, day }) => !there.has(`${pupilId} ${day}`))).toEqual([])
  expect(after.events).toBe(after.absences.length)
  expect(after.receipts).toBe(after.absences.length)
  expect(after.faults).toBe(0)

  await fulfilAll(wishes.filter((one) => !one.acknowledged))
  const finished = await written()
  expect(wishes.every((wish) => wish.acknowledged)).toBe(true)
  expect(finished.absences.length).toBe(wishes.length)
  expect(finished.receipts).toBe(wishes.length)
})
