import { expect, test } from 'vitest'
import { shortLived } from '#lib/kernel/ttl-cache.ts'
import { searchText } from '#lib/school/municipality.ts'

test('what is typed to find a municipality loses its edges and its length, never its letters', () => {
  expect(searchText('  San   Giovanni  ')).toBe('San Giovanni')
  expect(searchText('x'.repeat(500))).toHaveLength(80)
  expect(searchText(['a', 'b'])).toBe('')
  expect(searchText(undefined)).toBe('')
  expect(searchText('San\u0000 Giovanni')).toBe('San Giovanni')
})

test('an answer is reused for its seconds; nothing found and failures are asked again', async () => {
  const asked: string[] = []
  const load = shortLived(60, async (key: string) => {
    asked.push(key)
    if (key === 'rotto') throw new Error('rotto')
    return key === 'ignoto' ? null : key.toUpperCase()
  })
  expect([await load('mozzecane'), await load('mozzecane')]).toEqual(['MOZZECANE', 'MOZZECANE'])
  expect([await load('ignoto'), await load('ignoto')]).toEqual([null, null])
  await expect(load('rotto')).rejects.toThrow('rotto')
  await expect(load('rotto')).rejects.toThrow('rotto')
  expect(asked).toEqual(['mozzecane', 'ignoto', 'ignoto', 'rotto', 'rotto'])
})
