import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withConnection } from '#scripts/lib/connection.ts'
import { type Postgres, startPostgres } from '#scripts/postgres/server.ts'

let folder: string
let started: Postgres[] = []

beforeEach(() => {
  folder = mkdtempSync('/tmp/refettorio-lancio-')
  // As root the server runs as another account, which must be able to reach it.
  chmodSync(folder, 0o711)
})
afterEach(async () => {
  for (const server of started) await server.stop('immediate')
  started = []
  rmSync(folder, { recursive: true, force: true })
})

async function start(name = 'data', throwaway = true): Promise<Postgres> {
  const server = await startPostgres(path.join(folder, name), { throwaway })
  started.push(server)
  return server
}

const ask = async (server: Postgres, sql: string): Promise<unknown> => {
  const { rows } = await withConnection(server.ownerUrl, (client) =>
    client.query({ text: sql, rowMode: 'array' }),
  )
  return (rows[0] as unknown[] | undefined)?.[0]
}

const pidOf = (server: Postgres): number =>
  Number(readFileSync(path.join(server.dataDir, 'postmaster.pid'), 'utf8').split('\n')[0])

describe('the PostgreSQL that comes with the project', () => {
  it('listens on no port, and its folder is closed to other accounts', async () => {
    const server = await start()
    expect(await ask(server, 'show listen_addresses')).toBe('')
    expect(await ask(server, 'show data_checksums')).toBe('on')
    expect(
      await ask(server, 'select rolsuper or rolbypassrls from pg_roles where rolname = current_user'),
    ).toBe(false)
  })

  it('keeps what was committed when its starter was killed, and the next start takes it over', async () => {
    const first = await start()
    await ask(first, 'create table kept as select 1 as one')
    const second = await start()
    expect([second.reused, pidOf(second)]).toEqual([true, pidOf(first)])
    expect(await ask(second, 'select one from kept')).toBe(1)
  })

  it('recovers, with all that was committed, after it was killed itself', async () => {
    const first = await start('data', false)
    await ask(first, 'create table kept as select 1 as one')
    process.kill(pidOf(first), 'SIGKILL')
    const second = await start('data', false)
    expect(second.reused).toBe(false)
    expect(await ask(second, 'select one from kept')).toBe(1)
  })

  it('starts beside a lock whose number now belongs to another program', async () => {
    const first = await start()
    await first.stop()
    const stranger = spawn('/bin/sleep', ['60'], { stdio: 'ignore' })
    writeFileSync(
      path.join(first.dataDir, 'postmaster.pid'),
      `${stranger.pid}\n${first.dataDir}\n1\n5432\n${first.dataDir}\n\n 0 0\nready   \n`,
    )
    try {
      const second = await start()
      expect(second.reused).toBe(false)
      expect(await ask(second, 'select 1')).toBe(1)
    } finally {
      stranger.kill('SIGKILL')
    }
  })

  it('is created again where an earlier creation was interrupted', async () => {
    mkdirSync(path.join(folder, 'data.new', 'base'), { recursive: true })
    writeFileSync(path.join(folder, 'data.new', 'PG_VERSION'), '18\n')
    const server = await start()
    expect(await ask(server, 'select 1')).toBe(1)
    expect(existsSync(path.join(folder, 'data.new'))).toBe(false)
  })

  it('starts in a path longer than a socket may have, with spaces and quotes in it', async () => {
    const server = await start(`l'archivio "di prova" ${'lungo '.repeat(20)}`)
    expect(await ask(server, 'select 1')).toBe(1)
  })

  it('says in one sentence that data are of another version', async () => {
    const first = await start()
    await first.stop()
    writeFileSync(path.join(first.dataDir, 'PG_VERSION'), '15\n')
    await expect(start()).rejects.toThrow(/sono di PostgreSQL 15, quello installato è il 18/)
  })
})
