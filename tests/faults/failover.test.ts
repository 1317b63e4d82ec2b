import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { closeDatabase, database } from '#db/client.ts'
import { seedLoad } from '#db/load.ts'
import { migrate } from '#db/migrate.ts'
import { WEB_ROLE } from '#db/role-settings.ts'
import { withConnection } from '#scripts/lib/connection.ts'
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
 * The drill of docs/operations.md: a primary with a synchronous standby, and one address in front of both that moves. The
 * primary ends hard under eight writers, the standby is promoted, the address moves, and nothing of ours is restarted.
 */
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'refettorio-failover-'))
const place = (name: string) => path.join(folder, name)
const socketOf = (server: Postgres) =>
  path.join(new URL(server.ownerUrl).searchParams.get('host') ?? '', '.s.PGSQL.5432')

let primary: Postgres
let standby: Postgres
let address: MovingAddress
let wishes: Wish[] = []

/** One port of this machine in front of one server at a time. */
class MovingAddress {
  readonly #connections = new Set<net.Socket>()
  readonly #server: net.Server
  #target: string

  constructor(target: string) {
    this.#target = target
    this.#server = net.createServer((client) => {
      const server = net.connect(this.#target)
      for (const socket of [client, server]) {
        this.#connections.add(socket)
        socket.on('error', () => undefined).on('close', () => this.#connections.delete(socket))
      }
      client.pipe(server).on('close', () => client.destroy())
      server.pipe(client).on('close', () => server.destroy())
    })
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    const { port } = this.#server.address() as net.AddressInfo
    return `postgres://${WEB_ROLE}@127.0.0.1:${port}/refettorio`
  }

  moveTo(target: string): void {
    this.#target = target
    for (const socket of this.#connections) socket.destroy()
  }

  close(): void {
    this.#server.close()
    for (const socket of this.#connections) socket.destroy()
  }
}

/** Starts the copy of the primary's data, which follows the primary from now on. */
function startStandby(): Promise<Postgres> {
  const host = new URL(primary.ownerUrl).searchParams.get('host')
  return startPostgres(place('standby'), {
    settings: { primary_conninfo: `host=${host} user=postgres application_name=s1` },
  })
}

const asSuperuser = (server: Postgres, text: string) =>
  withConnection(server.superuserUrl, (client) => client.query(text))

/** Ends with the time-out of its hook when the standby does not follow. */
async function untilStandbyIs(state: 'async' | 'quorum'): Promise<void> {
  const following = `select from pg_stat_replication where state = 'streaming' and sync_state = '${state}'`
  while ((await asSuperuser(primary, following)).rowCount === 0) await pause(50)
}

beforeAll(async () => {
  fs.chmodSync(folder, 0o711)
  primary = await startPostgres(place('primary'))
  await migrate(primary.ownerUrl)
  await seedLoad(primary.ownerUrl, 120)
  wishes = await wishesOfTheMunicipality(primary.ownerUrl)
  await primary.stop()
  execFileSync('cp', ['-a', primary.dataDir, place('standby')])
  fs.writeFileSync(path.join(place('standby'), 'standby.signal'), '')
  primary = await startPostgres(place('primary'))
  standby = await startStandby()
  await untilStandbyIs('async')
  await asSuperuser(primary, `alter system set synchronous_standby_names = 'ANY 1 (s1)'`)
  await asSuperuser(primary, 'select pg_reload_conf()')
  await untilStandbyIs('quorum')
  address = new MovingAddress(socketOf(primary))
  setEnvironment({ DATABASE_WEB_URL: await address.listen() })
}, 180_000)

afterAll(async () => {
  await closeDatabase()
  address?.close()
  await primary?.stop('immediate')
  await standby?.stop('immediate')
  fs.rmSync(folder, { recursive: true, force: true })
})

test('a confirmed cancellation survives the end of the primary, is there once, and the portal goes on by itself', async () => {
  const pool = database()
  const writers = fulfilAll(wishes)
  await untilAcknowledged(wishes, 40)
  await primary.stop('immediate')
  const confirmed = wishes.filter((wish) => wish.acknowledged)
  await asSuperuser(standby, 'select pg_promote()')
  address.moveTo(socketOf(standby))
  await writers

  expect(database()).toBe(pool)
  expect(confirmed.length).toBeGreaterThanOrEqual(40)
  expect(confirmed.length).toBeLessThan(wishes.length)
  const after = await written(standby.ownerUrl, wishes)
  const there = new Set(after.absences)
  expect(wishes.filter(({ pupilId, day }) => !there.has(`${pupilId} ${day}`))).toEqual([])
  expect(after.absences).toHaveLength(wishes.length)
  expect(after.receipts).toBe(wishes.length)
  expect(after.events).toBe(wishes.length)
  expect(after.faults).toBe(0)
})
