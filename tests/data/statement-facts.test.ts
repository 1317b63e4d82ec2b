import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '#tests/support/database.ts'
import type { Kind } from '#tests/support/declared-queries.ts'
import { faultsOf } from '#tests/support/query-faults.ts'
import type { Shape } from '#tests/support/query-recorder.ts'
import { describeStatement } from '#tests/support/statement-facts.ts'

/** The check of raw queries (raw-queries.test.ts) finds what is wrong, and nothing that is right. */
let client: pg.Client

beforeAll(async () => {
  client = new pg.Client({ connectionString: (await testDatabase()).ownerUrl })
  await client.connect()
})
afterAll(() => client.end())

const text: Kind = { forms: [{ texts: null }] }
const number: Kind = { forms: ['number'] }
const orNull = ({ forms }: Kind): Kind => ({ forms: [...forms, 'null'] })
const texts = (...all: string[]): Kind => ({ forms: [{ texts: all }] })

async function faults(statement: string, fields: Record<string, Kind>, seen: Record<string, Shape[]> = {}) {
  const facts = await describeStatement(client, statement)
  const columns = facts.map((fact) => ({ ...fact, seen: seen[fact.name] ?? [] }))
  const declared = { place: '', template: '', isNamed: false, kind: { forms: [{ fields, optional: [] }] } }
  return faultsOf(declared, { template: '', isWhole: true, columns })
}

describe('a raw query is held against its type', () => {
  test('by the names of its columns, the missing and the superfluous', async () => {
    expect(await faults('select id, name from school where id = $1', { id: text, title: text })).toEqual([
      'title is no column of the result',
      'name is a column that the type does not have',
    ])
  })

  test('by their types', async () => {
    const statement =
      'select count(*) as n, sum(balance_cents) as cents, array_agg(balance_cents) as all from account'
    const all: Kind = { forms: [{ list: number }] }
    expect(await faults(statement, { n: text, cents: number, all })).toEqual([
      'n is int8',
      'cents is numeric',
      'all is _int8',
    ])
    expect(await faults('select count(*) as n from account', { n: number })).toEqual([])
  })

  test('by what a column of a table or a view may be, and the far side of an outer join', async () => {
    expect(await faults('select email from person', { email: text })).toEqual([
      'email may be null: person.email may be null',
    ])
    expect(await faults('select valid_to from active_member', { valid_to: text })).toEqual([
      'valid_to may be null: household_member.valid_to may be null',
    ])
    const joined = 'select p.id, c.name from pupil p left join school_class c on c.id = p.household_id'
    expect(await faults(joined, { id: text, name: text })).toEqual([
      'name may be null: an outer join may leave it out',
    ])
    expect(await faults(joined, { id: text, name: orNull(text) })).toEqual([])
  })

  test.each([
    'email is not null',
    'lower(email) = $1 and email = $1',
    'email = any($1::text[])',
    "created_at > now() and 'a' < email",
  ])('but a null that `%s` leaves out cannot come', async (condition) => {
    expect(await faults(`select email from person where ${condition}`, { email: text })).toEqual([])
  })

  test('while a condition that another may replace leaves nothing out', async () => {
    expect(
      await faults("select email from person where email = $1 or given_name = 'x'", { email: text }),
    ).toEqual(['email may be null: person.email may be null'])
    const outer = 'select p.email from person p left join pupil c on c.given_name = p.email'
    expect(await faults(outer, { email: text })).toEqual(['email may be null: person.email may be null'])
  })

  test('by the texts that a check allows', async () => {
    const role = texts('holder')
    expect(await faults('select role from household_member', { role })).toEqual(['role may also be delegate'])
    expect(await faults("select role from household_member where role = 'holder'", { role })).toEqual([])
  })

  test('and by what came, where only that can tell', async () => {
    const statement = "select max(name) as last, '{}'::jsonb as rest from school"
    const rest: Kind = { forms: [{ fields: { at: { forms: ['Date'] } }, optional: [] }] }
    const came = { last: ['null', 'string'], rest: [{ fields: { at: 'string' } }] }
    expect(await faults(statement, { last: text, rest }, came)).toEqual([
      'last was null',
      'rest was {"fields":{"at":"string"}}',
    ])
    expect(await faults(statement, { last: orNull(text), rest: { forms: ['unknown'] } }, came)).toEqual([])
  })
})
