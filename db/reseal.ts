import { type Kysely, sql } from 'kysely'
import { type KeyRing, keyIdOf, resealed, sealBytes } from '#lib/kernel/sealed.ts'
import { openDatabase } from './client.ts'
import type { DB } from './schema.ts'
import { SEALED_COLUMNS } from './sealed-columns.ts'

const ROWS_AT_A_TIME = 50

type SealedRow = { id: string; value: Buffer; isPlain: boolean }

/** What was sealed again with the current key, and what no key of the ring opens. */
export type Resealed = { sealed: number; unopened: number }

/**
 * Seals every sealed column again with the current key, and what was kept before its column was sealed. Web and worker go on:
 * a row is written only while it is as it was read, and either key opens it meanwhile.
 * @param ownerUrl connection of the role that owns the schema
 */
export async function reseal(ownerUrl: string, ring: KeyRing): Promise<Resealed> {
  const owner = openDatabase(ownerUrl, { poolSize: 1, queryTimeoutMs: 0 })
  const total: Resealed = { sealed: 0, unopened: 0 }
  try {
    for (const column of SEALED_COLUMNS) {
      const { sealed, unopened } = await resealColumn(owner, column, ring)
      total.sealed += sealed
      total.unopened += unopened
    }
    return total
  } finally {
    await owner.destroy()
  }
}

async function resealColumn(
  owner: Kysely<DB>,
  column: (typeof SEALED_COLUMNS)[number],
  ring: KeyRing,
): Promise<Resealed> {
  const done: Resealed = { sealed: 0, unopened: 0 }
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const rows = await rowsAfter(owner, column, ring, after)
    for (const { id, value, isPlain } of rows) {
      const again = isPlain ? sealBytes(value, column.purpose, ring) : resealed(value, column.purpose, ring)
      if (again) await keep(owner, column, { id, value }, again)
      done[again ? 'sealed' : 'unopened'] += 1
    }
    const last = rows.at(-1)
    if (!last) return done
    after = last.id
  }
}

/** The next rows that the current key has not sealed. Ids are of one municipality only, and unique all the same. */
async function rowsAfter(
  owner: Kysely<DB>,
  { table, column, isPlain }: (typeof SEALED_COLUMNS)[number],
  ring: KeyRing,
  after: string,
): Promise<SealedRow[]> {
  const value = sql.ref(column)
  const plain = sql.raw(isPlain ?? 'false')
  const { rows } = await sql<SealedRow>`
    select id, ${value} as value, ${plain} as "isPlain" from ${sql.table(table)}
    where ${value} is not null and id > ${after}::uuid
      and (${plain} or substring(${value} from 1 for 5) <> ${Buffer.from(`01${keyIdOf(ring.current)}`, 'hex')})
    order by id limit ${ROWS_AT_A_TIME}`.execute(owner)
  return rows
}

async function keep(
  owner: Kysely<DB>,
  { table, column }: (typeof SEALED_COLUMNS)[number],
  { id, value }: { id: string; value: Buffer },
  again: Buffer,
): Promise<void> {
  await owner.transaction().execute(async (trx) => {
    await sql`select set_config('refettorio.reseal', 'on', true)`.execute(trx)
    await sql`update ${sql.table(table)} set ${sql.ref(column)} = ${again}
      where id = ${id}::uuid and ${sql.ref(column)} = ${value}`.execute(trx)
  })
}
