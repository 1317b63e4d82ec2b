import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asFamily, asSystem, closeDatabase, type Trx } from '#db/client.ts'
import { readAsFamily } from '#db/reading.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { readMonthPage } from '#lib/meals/month.queries.ts'
import { notify, openNotification } from '#lib/notifications/notification.commands.ts'
import { inboxOf } from '#lib/notifications/notification.queries.ts'
import { readingSessionOf } from '#lib/session/session.queries.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import { setEnvironment } from '#tests/support/environment.ts'
import {
  aHousehold,
  aMunicipality,
  aPupil,
  aServiceDay,
  aStaffViewer,
  type Household,
  type TestMunicipality,
} from '#tests/support/factories.ts'
import { signedIn } from '#tests/support/people.ts'

let municipality: TestMunicipality
let household: Household
let token: string

beforeAll(async () => {
  await setClock('2026-11-24T07:00:00Z')
  municipality = await aMunicipality()
  household = await aHousehold(municipality)
  await aPupil(municipality, household.householdId)
  await aServiceDay(municipality, '2026-11-25')
  token = (await signedIn(household.holder.citizenId)).token
})

/** The session of a request, and its viewer. */
async function arrival(secret = token): Promise<{ viewer: Viewer; unread: number }> {
  const session = await readingSessionOf(secret, municipality.slug)
  if (!session?.viewer) throw new Error('no viewer')
  return { viewer: session.viewer, unread: session.unread }
}

/** The transaction in which a reading runs. */
const transactionOf = (viewer: Viewer): Promise<string> =>
  readAsFamily(viewer, async (trx) => {
    const { rows } = await sql<{
      id: string
    }>`select pg_current_xact_id()::text || ' ' || pg_backend_pid() as id`.execute(trx)
    return rows[0]?.id ?? ''
  })

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

/** Until no connection of the runtime role is inside a transaction. */
async function untilNoneIsOpen(): Promise<number> {
  const { owner } = await testDatabase()
  const open = async () => {
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from pg_stat_activity
      where datname = current_database() and usename = 'refettorio_web' and xact_start is not null`.execute(
      owner,
    )
    return rows[0]?.n ?? 0
  }
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if ((await open()) === 0) return 0
    await nextTurn()
  }
  return open()
}

describe('a request that reads', () => {
  test('reads everything in the transaction that recognised its person', async () => {
    const { viewer } = await arrival()
    const [first, second] = await Promise.all([transactionOf(viewer), transactionOf(viewer)])
    expect(second).toBe(first)
    expect(await untilNoneIsOpen()).toBe(0)
  })

  test('reads on in a transaction of its own when the first one has ended', async () => {
    const { viewer } = await arrival()
    const first = await transactionOf(viewer)
    await untilNoneIsOpen()
    expect(await transactionOf(viewer)).not.toBe(first)
    expect(await readMonthPage(viewer, null, null)).toMatchObject({ month: '2026-11' })
  })

  test('ends its transaction though nothing more is read', async () => {
    await arrival()
    expect(await untilNoneIsOpen()).toBe(0)
  })

  test('shares nothing with another request of the same person', async () => {
    const [one, other] = await Promise.all([arrival(), arrival()])
    const [first, second] = await Promise.all([transactionOf(one.viewer), transactionOf(other.viewer)])
    expect(second).not.toBe(first)
  })

  test('goes on after a statement that failed, and keeps no connection', async () => {
    const { viewer } = await arrival()
    const failed = readAsFamily(viewer, (trx) => sql`select 1 / 0`.execute(trx))
    await expect(failed).rejects.toThrow('division by zero')
    expect(await readMonthPage(viewer, null, null)).toMatchObject({ month: '2026-11' })
    expect(await untilNoneIsOpen()).toBe(0)
  })

  test('writes nothing: the database refuses it', async () => {
    const { viewer } = await arrival()
    const written = readAsFamily(viewer, (trx) => sql`update household set name = name`.execute(trx))
    await expect(written).rejects.toThrow('read-only transaction')
  })

  test('knows how many notifications wait', async () => {
    const { municipalityId } = municipality
    const tell = (key: string) =>
      asSystem(municipalityId, (trx) =>
        notify(trx, municipalityId, {
          event: 'meals:changed',
          key,
          to: [household.holder.personId],
          say: () => ({ title: 'Pasto disdetto', text: '' }),
          path: '/oggi',
        }),
      )
    await tell('first')
    await tell('second')
    const { viewer } = await arrival()
    const { items } = (await inboxOf(viewer, 1)) ?? { items: [] }
    await openNotification(viewer, items[0]?.id ?? '')
    expect((await arrival()).unread).toBe(1)
  })

  test('of the office sees nothing of a family', async () => {
    const clerk = await aStaffViewer(municipality, 'manager')
    const { viewer } = await arrival((await signedIn(clerk.citizenId)).token)
    const rows = await readAsFamily(
      viewer,
      async (trx) => (await sql`select id from pupil`.execute(trx)).rows,
    )
    expect(rows).toEqual([])
  })

  test('of a person who is signed out is answered with nothing, and keeps no connection', async () => {
    expect(await readingSessionOf('x'.repeat(43), municipality.slug)).toBeNull()
    expect(await untilNoneIsOpen()).toBe(0)
  })
})

describe('a process whose database goes away while requests read', () => {
  async function openPoolOf(connections: number): Promise<void> {
    const { ownerUrl, webUrl } = await testDatabase()
    await closeDatabase()
    setEnvironment({
      DATABASE_URL: ownerUrl,
      DATABASE_WEB_URL: webUrl,
      DATABASE_POOL_SIZE: String(connections),
    })
  }
  beforeAll(() => openPoolOf(1))
  afterAll(() => openPoolOf(8))

  /** Ends the server's side of the connection on which a viewer reads, and waits until it has ended. */
  const hangUpOn = (viewer: Viewer) =>
    readAsFamily(viewer, async (trx) => {
      const { web } = await testDatabase()
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(trx)
      await sql`select pg_terminate_backend(${rows[0]?.pid}::int, 5000)`.execute(web)
    })

  test('has its connection back though the reading could not end, and answers the next request', async () => {
    for (let time = 0; time < 2; time += 1) {
      const { viewer } = await arrival()
      await hangUpOn(viewer)
    }
    expect((await arrival()).viewer.personId).toBe(household.holder.personId)
  })
})

describe('a process that runs while the schema changes', () => {
  /** As the code of the version before reads: all columns, prepared at the first call. */
  const allColumns = async (trx: Trx) => {
    const rows = await trx
      .selectFrom('household')
      .selectAll()
      .where('municipality_id', '=', municipality.municipalityId)
      .execute()
    return Object.keys(rows[0] ?? {}).length
  }

  /** Adds a column, as a migration of the next version does. */
  async function addColumn(name: string): Promise<void> {
    const { owner } = await testDatabase()
    await sql`alter table household add column ${sql.ref(name)} integer`.execute(owner)
  }

  test('goes on in the same transaction’s next try', async () => {
    const { viewer } = await arrival()
    await untilNoneIsOpen()
    const before = await asFamily(viewer, allColumns)
    await addColumn('of_the_next_version')
    expect(await asFamily(viewer, allColumns)).toBe(before + 1)
  })

  test('goes on though the reading of the request had begun', async () => {
    const { viewer } = await arrival()
    const before = await readAsFamily(viewer, allColumns)
    await untilNoneIsOpen()
    await addColumn('of_the_version_after')
    const next = await arrival()
    expect(await readAsFamily(next.viewer, allColumns)).toBe(before + 1)
    expect(await readMonthPage(next.viewer, null, null)).toMatchObject({ month: '2026-11' })
    expect(await untilNoneIsOpen()).toBe(0)
  })
})
