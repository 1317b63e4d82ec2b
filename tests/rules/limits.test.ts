import { describe, expect, it } from 'vitest'
import { concurrencyLimit, onceForAll, oneAfterAnother, rateLimit } from '#lib/kernel/limits.ts'
import fc from '#tests/support/random.ts'

describe('a concurrency limit', () => {
  it('refuses work above its limit, for that key only', async () => {
    const through = concurrencyLimit(2)
    const { promise: gate, resolve: open } = Promise.withResolvers<void>()
    const work = async () => {
      await gate
      return 'done'
    }
    const crowd = ['a', 'a', 'a', 'b'].map((key) => through(key, work, 'away'))
    open()
    expect(await Promise.all(crowd)).toEqual(['done', 'done', 'away', 'done'])
  })

  it('accepts as many as have finished, and no more', async () => {
    const through = concurrencyLimit(2)
    const gates = [0, 1, 2].map(() => Promise.withResolvers<string>())
    const enter = (n: number) => through('a', () => gates[n]?.promise as Promise<string>, 'away')
    const [first, second] = [enter(0), enter(1)]
    gates[0]?.resolve('done')
    expect(await first).toBe('done')
    const third = enter(2)
    expect(await enter(2)).toBe('away')
    gates[1]?.resolve('done')
    gates[2]?.resolve('done')
    expect(await Promise.all([second, third])).toEqual(['done', 'done'])
  })

  it('accepts work again after work that failed', async () => {
    const through = concurrencyLimit(1)
    await expect(through('a', () => Promise.reject(new Error('broken')), 'away')).rejects.toThrow('broken')
    expect(await through('a', async () => 'done', 'away')).toBe('done')
    expect(await through('a', async () => 'again', 'away')).toBe('again')
  })
})

describe('work one after another', () => {
  it('runs one piece at a time, in the order in which they came', async () => {
    const queue = oneAfterAnother(5)
    let running = 0
    const order: number[] = []
    const work = (n: number) => async () => {
      running += 1
      expect(running).toBe(1)
      await Promise.resolve()
      running -= 1
      order.push(n)
      return n
    }
    expect(await Promise.all([1, 2, 3].map((n) => queue(work(n), 0)))).toEqual([1, 2, 3])
    expect(order).toEqual([1, 2, 3])
  })

  it('refuses what would wait behind too many, and takes work again when they are done', async () => {
    const queue = oneAfterAnother(2)
    const { promise: gate, resolve: open } = Promise.withResolvers<string>()
    const crowd = Array.from({ length: 5 }, () => queue(() => gate, 'away'))
    open('done')
    expect(await Promise.all(crowd)).toEqual(['done', 'done', 'done', 'away', 'away'])
    expect(await queue(async () => 'again', 'away')).toBe('again')
  })

  it('goes on behind a piece that failed', async () => {
    const queue = oneAfterAnother(2)
    const failed = queue(() => Promise.reject(new Error('broken')), 'away')
    const next = queue(async () => 'done', 'away')
    await expect(failed).rejects.toThrow('broken')
    expect(await next).toBe('done')
  })
})

describe('work that many ask for', () => {
  it('runs once for those who ask meanwhile, and again afterwards', async () => {
    const ask = onceForAll<number>()
    let runs = 0
    const work = async () => ++runs
    expect(await Promise.all(['a', 'a', 'b'].map((key) => ask(key, work)))).toEqual([1, 1, 2])
    expect(await ask('a', work)).toBe(3)
  })

  it('tells a failure to all of them and does not keep it', async () => {
    const ask = onceForAll<string>()
    const broken = () => Promise.reject(new Error('broken'))
    const both = [ask('a', broken), ask('a', broken)]
    for (const answer of both) await expect(answer).rejects.toThrow('broken')
    expect(await ask('a', async () => 'done')).toBe('done')
  })
})

describe('a rate limit', () => {
  it('lets no more through in any stretch of its window, and opens within a hundredth of it (against a list of all events)', () => {
    const [most, windowMs] = [5, 10_000]
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4_000 }), { maxLength: 120 }), (pauses) => {
        let at = 0
        const passed: number[] = []
        const passes = rateLimit(most, windowMs, () => at)
        for (const pause of pauses) {
          at += pause
          const within = (ms: number) => passed.filter((time) => time > at - ms).length
          if (passes('key')) {
            expect(within(windowMs)).toBeLessThan(most)
            passed.push(at)
          } else expect(within(windowMs * 1.01)).toBeGreaterThanOrEqual(most)
        }
      }),
    )
  })
})
