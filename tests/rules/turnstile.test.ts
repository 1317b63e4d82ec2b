import { describe, expect, it } from 'vitest'
import { turnstile } from '#lib/devices/turnstile.ts'

describe('a turnstile', () => {
  it('turns away what comes on top of its limit, for that key only', async () => {
    const through = turnstile(2)
    const { promise: gate, resolve: open } = Promise.withResolvers<void>()
    const work = async () => {
      await gate
      return 'done'
    }
    const crowd = ['a', 'a', 'a', 'b'].map((key) => through(key, work, 'away'))
    open()
    expect(await Promise.all(crowd)).toEqual(['done', 'done', 'away', 'done'])
  })

  it('lets in again when somebody has left, also through a failure', async () => {
    const through = turnstile(1)
    await expect(through('a', () => Promise.reject(new Error('broken')), 'away')).rejects.toThrow('broken')
    expect(await through('a', async () => 'done', 'away')).toBe('done')
    expect(await through('a', async () => 'again', 'away')).toBe('again')
  })
})
