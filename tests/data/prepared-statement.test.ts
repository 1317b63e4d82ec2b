import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { openDatabase, pipelined, statementName } from '#db/client.ts'
import { WEB_ROLE } from '#db/role-settings.ts'
import { directAddressOf, testDatabase } from '#tests/support/database.ts'

test('A statement that fails before the server has prepared it is asked for under another name', async () => {
  const { name } = await testDatabase()
  const db = openDatabase(directAddressOf(WEB_ROLE, name), { poolSize: 1 })
  const second = () => sql<{ one: number }>`select ${1}::int as one`
  // Both travel together: the transaction has failed before the second one is read.
  const failed = db.transaction().execute(async (transaction) => {
    const trx = await pipelined(transaction)
    const both = [sql`select 1 / ${0}::int`.execute(trx), second().execute(trx)]
    await Promise.allSettled(both)
    await Promise.all(both)
  })
  await expect(failed).rejects.toThrow(/division by zero/)
  expect((await second().execute(db)).rows).toEqual([{ one: 1 }])
  const { rows } = await sql<{ name: string; statement: string }>`
    select name, statement from pg_prepared_statements where statement like 'select $1::int as one%'`.execute(
    db,
  )
  // The text ends with a mark where a test before this one has changed the schema; the name is then of the marked text.
  const [{ statement = '' } = {}] = rows
  expect(rows).toEqual([{ name: `${statementName(statement)}-1`, statement }])
  await db.destroy()
})
