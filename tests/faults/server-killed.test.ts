import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { closeDatabase } from '#db/client.ts'
import { seedLoad } from '#db/load.ts'
import { migrate } from '#db/migrate.ts'
import { type Postgres, startPostgres } from '#scripts/postgres/server.ts'
import { setEnvironment } from '#tests/support/environment.ts'
import {
  fulfilAll,
  untilAcknowledged,
  type Wish,
  wishesOfTheMunicipality,
  written,
} from '#tests/support/wishes.ts'

/**
 * Its own server, with fsync as in production: it is killed with -9 under eight writers, again and again. Whatever was
 * answered "done" is there afterwards, whatever was not is there whole or not at all, and asking again does it once.
 */
const KILLS = 4

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'refettorio-kill-'))
let server: Postgres
let wishes: Wish[] = []

beforeAll(async () => {
  fs.chmodSync(folder, 0o711)
  server = await startPostgres(path.join(folder, 'data'))
  await migrate(server.ownerUrl)
  await seedLoad(server.ownerUrl, 120)
  setEnvironment({ DATABASE_URL: server.ownerUrl, DATABASE_WEB_URL: server.webUrl })
  wishes = await wishesOfTheMunicipality(server.ownerUrl)
}, 120_000)

afterAll(async () => {
  await closeDatabase()
  await server.stop('immediate')
  fs.rmSync(folder, { recursive: true, force: true })
})

async function killServer(): Promise<void> {
  const pid = Number(fs.readFileSync(path.join(server.dataDir, 'postmaster.pid'), 'utf8').split('\n')[0])
  process.kill(pid, 'SIGKILL')
  await closeDatabase()
  server = await startPostgres(path.join(folder, 'data'))
}

test('an answered cancellation survives kill -9 of the database, and none is half written', async () => {
  let killing = true
  const writers = fulfilAll(wishes, () => killing)
  for (let kill = 0; kill < KILLS; kill += 1) {
    await untilAcknowledged(wishes, 20 * (kill + 1))
    await killServer()
  }
  killing = false
  await writers

  const after = await written(server.ownerUrl, wishes)
  const acknowledged = wishes.filter((wish) => wish.acknowledged)
  expect(acknowledged.length).toBeGreaterThan(50)
  const there = new Set(after.absences)
  expect(acknowledged.filter(({ pupilId, day }) => !there.has(`${pupilId} ${day}`))).toEqual([])
  expect(after.events).toBe(after.absences.length)
  expect(after.receipts).toBe(after.absences.length)
  expect(after.faults).toBe(0)

  await fulfilAll(wishes.filter((one) => !one.acknowledged))
  const finished = await written(server.ownerUrl, wishes)
  expect(wishes.every((wish) => wish.acknowledged)).toBe(true)
  expect(finished.absences.length).toBe(wishes.length)
  expect(finished.receipts).toBe(wishes.length)
})
