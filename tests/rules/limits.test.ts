import { describe, expect, it } from 'vitest'
import { concurrencyLimit } from '#lib/kernel/limits.ts'

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
