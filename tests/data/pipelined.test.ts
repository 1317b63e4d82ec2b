import { sql } from 'kysely'
import pg from 'pg'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { asSystem, type Trx } from '#db/client.ts'
import { readAsFamily } from '#db/reading.ts'
import { readingSessionOf } from '#lib/session/session.queries.ts'
import { setClock, testDatabase } from '#tests/support/database.ts'
import { aHousehold, aMunicipality, type Household, type TestMunicipality } from '#tests/support/factories.ts'
import { signedIn } from '#tests/support/people.ts'

let municipality: TestMunicipality
let household: Household
beforeAll(async () => {
  await testDatabase()
  await setClock('2026-11-24T07:00:00Z')
  municipality = await aMunicipality()
  household = await aHousehold(municipality)
})
afterEach(() => vi.restoreAllMocks())

/** What goes to the server and comes back from here on, in order: `+` a statement sent, `-` its answer. */
function wire(): string[] {
  const seen: string[] = []
  const query = pg.Client.prototype.query as (this: pg.Client, ...sent: unknown[]) => unknown
  vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...sent: unknown[]) {
    const [first] = sent
    const text = typeof first === 'string' ? first : (first as { text: string }).text
    const name = /select (?:enter_\w+|'\w+')|^\w+/.exec(text)?.[0].replace('select ', '') ?? text
    seen.push(`+${name}`)
    const answer = Reflect.apply(query, this, sent)
    if (answer instanceof Promise) answer.then(() => seen.push(`-${name}`)).catch(() => seen.push(`!${name}`))
    return answer
  } as typeof pg.Client.prototype.query)
  return seen
}

const read = (trx: Trx, name: string) => sql.raw(`select '${name}' as name`).execute(trx)
const both = (trx: Trx) => Promise.all([read(trx, 'one'), read(trx, 'two')])

describe('Statements that are asked together', () => {
  test('travel together, with the begin and the scope of their transaction', async () => {
    const seen = wire()
    await asSystem(municipality.municipalityId, both)
    expect(seen.filter((step) => step.startsWith('+')).at(-1)).toBe('+commit')
    expect(seen.slice(0, 4)).toEqual(['+begin', '+enter_scope', "+'one'", "+'two'"])
    expect(seen.indexOf('+commit')).toBeGreaterThan(seen.indexOf("-'two'"))
  })

  test('travel together in what a page reads', async () => {
    const { token } = await signedIn(household.holder.citizenId)
    const viewer = (await readingSessionOf(token, municipality.slug))?.viewer
    if (!viewer) throw new Error('no viewer')
    const seen = wire()
    await readAsFamily(viewer, both)
    expect(seen.slice(0, 2)).toEqual(["+'one'", "+'two'"])
    // The reading of a request ends behind its answer: not within the next test.
    await vi.waitFor(() => expect(seen).toContain('-commit'))
  })

  test('fail all with the reason of the first that failed', async () => {
    const reasons: string[] = []
    const note = (error: Error) => void reasons.push(error.message)
    const failed = asSystem(municipality.municipalityId, async (trx) => {
      const divided = sql`select 1 / 0`.execute(trx)
      const behind = read(trx, 'behind')
      await Promise.all([divided.catch(note), behind.catch(note)])
      return divided
    })
    await expect(failed).rejects.toThrow('division by zero')
    expect(reasons).toEqual(['division by zero', 'division by zero'])
  })

  test('are not sent any more when their transaction has ended', async () => {
    let late: Trx | undefined
    await asSystem(municipality.municipalityId, async (trx) => {
      late = trx
      return read(trx, 'in time')
    })
    await expect(read(late as Trx, 'late')).rejects.toThrow(/committed/i)
  })
})
