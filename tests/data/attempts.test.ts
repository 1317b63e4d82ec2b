import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { setClock, testDatabase } from '#tests/support/database.ts'
import fc, { atLength } from '#tests/support/random.ts'

/** How often an act may be done: one function of the database counts it for all processes. */
const START = Date.parse('2026-11-24T08:00:00Z')
const WINDOW = 600
/** Uses within this stretch may leave together, with the last of them. */
const STEP = WINDOW / 100

beforeAll(async () => {
  await testDatabase()
})

const take = async (key: Buffer, most: number, seconds = WINDOW): Promise<number> => {
  const { web } = await testDatabase()
  const { rows } = await sql<{
    wait: number
  }>`select take_attempt(${key}, ${seconds}, ${most}) as wait`.execute(web)
  return rows[0]?.wait as number
}
const giveBack = async (key: Buffer) => {
  const { web } = await testDatabase()
  await sql`select give_back_attempt(${key}, ${WINDOW})`.execute(web)
}
const at = (second: number) => setClock(new Date(START + second * 1000))
/** A refusal is right when there was no room with what an entry keeps one step longer, and its wait ends with that. */
function mayRefuse(uses: number[], { now, most, wait }: { now: number; most: number; wait: number }) {
  const kept = uses.filter((use) => use > now - WINDOW - STEP)
  expect(kept.length, `second ${now}, refused`).toBeGreaterThanOrEqual(most)
  const first = kept.at(-most) as number
  expect(wait, `second ${now}`).toBeGreaterThanOrEqual(Math.max(1, first + WINDOW - now))
  expect(wait, `second ${now}`).toBeLessThanOrEqual(first + WINDOW + STEP - now)
}
const newKey = () => randomBytes(32)

describe('S4 a limit', () => {
  test('has no edge: who uses it up just before the hour has nothing more just after it', async () => {
    const key = newKey()
    // The old windows began at whole multiples of ten minutes.
    await at(599)
    for (let n = 0; n < 4; n += 1) expect(await take(key, 4)).toBe(0)
    await at(601)
    expect(await take(key, 4)).toBe(598)
    await at(1_198)
    expect(await take(key, 4)).toBe(1)
    await at(1_199)
    expect(await take(key, 4)).toBe(0)
  })

  test('is not made longer by trying again', async () => {
    const key = newKey()
    await at(0)
    await take(key, 1)
    for (let second = 10; second < 600; second += 59) {
      await at(second)
      expect(await take(key, 1)).toBe(600 - second)
    }
    await at(600)
    expect(await take(key, 1)).toBe(0)
  })

  test('holds in every stretch of time and opens when it says, whatever is done (random walk against a list of all uses)', async () => {
    const pause = fc.oneof(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 250 }))
    const step = fc.record({
      pause,
      act: fc.constantFrom('take', 'take', 'take', 'wait', 'give back' as const),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.array(step, { maxLength: 40 }),
        async (most, steps) => {
          const key = newKey()
          const uses: number[] = []
          let now = 0
          for (const { pause: seconds, act } of steps) {
            now += seconds
            await at(now)
            if (act === 'give back') {
              // An action gives back what it took in the same moment.
              if (uses.at(-1) !== now) continue
              await giveBack(key)
              uses.pop()
              continue
            }
            let wait = await take(key, most)
            if (wait > 0) mayRefuse(uses, { now, most, wait })
            if (wait > 0 && act === 'wait') {
              now += wait
              await at(now)
              wait = await take(key, most)
              expect(wait, `second ${now}, as it was said`).toBe(0)
            }
            if (wait > 0) continue
            expect(uses.filter((use) => use > now - WINDOW).length, `second ${now}`).toBeLessThan(most)
            uses.push(now)
          }
        },
      ),
      { numRuns: atLength(25) },
    )
  })

  test('lets exactly as many through when all come together', async () => {
    await at(0)
    const key = newKey()
    const waits = await Promise.all(Array.from({ length: 60 }, () => take(key, 25)))
    expect(waits.filter((wait) => wait === 0)).toHaveLength(25)
    const refused = waits.filter((wait) => wait > 0)
    expect(new Set(refused)).toEqual(new Set([WINDOW]))
    await Promise.all(Array.from({ length: 10 }, () => giveBack(key)))
    const again = await Promise.all(Array.from({ length: 30 }, () => take(key, 25)))
    expect(again.filter((wait) => wait === 0)).toHaveLength(10)
  })

  test('of thousands is one short row', async () => {
    const key = newKey()
    const { owner } = await testDatabase()
    for (let turn = 0; turn < 200; turn += 1) {
      await at(turn * 3)
      await sql`select take_attempt(${key}, ${WINDOW}, 5000) from generate_series(1, 10)`.execute(owner)
    }
    const { rows } = await sql<{ entries: number; uses: number }>`
      select cardinality(instants) as entries, (select sum(n)::int from unnest(counts) as n) as uses
      from attempt_count where key = ${key}`.execute(owner)
    expect(rows[0]?.uses).toBe(2_000)
    expect(rows[0]?.entries).toBeLessThanOrEqual(101)
  })
})
