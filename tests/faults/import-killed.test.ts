import type { ChildProcess } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, expect, test } from 'vitest'
import { confirmImport } from '#lib/imports/office/import.commands.ts'
import { spawnTied } from '#scripts/lib/processes.ts'
import { clockEnvironment } from '#tests/support/clock.ts'
import { runClockFrom, testDatabase } from '#tests/support/database.ts'
import { TEST_ENVIRONMENT } from '#tests/support/environment.ts'
import { aMunicipality, aStaffViewer } from '#tests/support/factories.ts'
import { csv, HEADERS, row, surname } from '#tests/support/import-files.ts'
import { compared, sent } from '#tests/support/pupil-imports.ts'
import { IS_LONG } from '#tests/support/random.ts'

/**
 * The worker is killed at some points of an import: at ten at length, at three here. Each time nothing of it is there, and the next worker begins again; in the end
 * every pupil is there once.
 */
const PATIENCE_MS = 120_000
const POINTS = IS_LONG ? 10 : 3
/** As many as one statement of the import writes: a point lies between two of them. */
const CHUNK = 500
const PUPILS = (POINTS + 1) * CHUNK

const workers: ChildProcess[] = []
afterAll(() => {
  for (const worker of workers) worker.kill('SIGKILL')
})

test(`an import that is killed at ${POINTS} points is there whole or not at all`, {
  timeout: 3 * PATIENCE_MS,
}, async () => {
  const { owner, ownerUrl, webUrl } = await testDatabase()
  await owner.updateTable('municipality').set({ active: false }).execute()
  await runClockFrom('2026-11-24T10:00:00Z')
  const municipality = await aMunicipality()
  const clerk = await aStaffViewer(municipality, 'operator')
  const school = await owner
    .selectFrom('school')
    .select('name')
    .where('id', '=', municipality.school.id)
    .executeTakeFirstOrThrow()
  const rows = Array.from({ length: PUPILS }, (_, n) =>
    row(school.name, { child: [surname(n), 'Zoe'], father: [surname(n), 'Ugo'], mother: null }),
  )
  const done = await compared(clerk, municipality, await sent(clerk, csv([[...HEADERS], ...rows])))
  await confirmImport(clerk, done.id, done.seen ?? '')

  const standing = async () => {
    const { rows: found } = await sql<{ state: string; done: number; written: number }>`
      select u.state, g.done, (select count(*)::int from pupil p where p.municipality_id = u.municipality_id)
        + (select count(*)::int from household h where h.municipality_id = u.municipality_id)
        + (select count(*)::int from enrolment e where e.municipality_id = u.municipality_id) as written
      from pupil_import u join pupil_import_progress g on g.import_id = u.id where u.id = ${done.id}::uuid`.execute(
      owner,
    )
    return found[0] as { state: string; done: number; written: number }
  }
  const until = async (isThere: (now: Awaited<ReturnType<typeof standing>>) => boolean) => {
    for (const from = performance.now(); performance.now() - from < PATIENCE_MS; await pause(5)) {
      const now = await standing()
      if (isThere(now)) return now
    }
    throw new Error(`still ${JSON.stringify(await standing())}`)
  }
  const startWorker = async () => {
    const environment = { ...TEST_ENVIRONMENT, PATH: process.env.PATH, ...clockEnvironment() }
    const worker = spawnTied(
      ['--conditions=react-server', 'scripts/run.mjs', 'worker'],
      { ...environment, DATABASE_URL: ownerUrl, DATABASE_WEB_URL: webUrl },
      ['ignore', 'ignore', 'ignore', 'ipc'],
    )
    workers.push(worker)
    return worker
  }

  for (let point = 1; point <= POINTS; point += 1) {
    await sql`update pupil_import_progress set done = 0`.execute(owner)
    const worker = await startWorker()
    await until((now) => now.done >= point * CHUNK)
    worker.kill('SIGKILL')
    await new Promise((resolve) => worker.once('exit', resolve))
    expect(await standing()).toMatchObject({ state: 'applying', written: 0 })
  }
  await startWorker()
  await until(({ state }) => state === 'applied')
  expect((await standing()).written).toBe(3 * PUPILS)
})
