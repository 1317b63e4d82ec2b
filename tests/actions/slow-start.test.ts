import { afterEach, expect, test, vi } from 'vitest'
import { type Child, startChild } from '#scripts/lib/processes.ts'

/** A minute of the program passes in half a second. */
vi.mock('node:timers/promises', () => ({
  setTimeout: (ms: number, value: unknown) =>
    new Promise((resolve) => setTimeout(() => resolve(value), ms / 120).unref()),
}))

const started: Child[] = []
afterEach(async () => {
  for (const child of started.splice(0)) await child.stop(0)
})

const child = (code: string) =>
  startChild(
    { name: 'sito', command: ['--eval', code], env: { PATH: process.env.PATH }, announces: true },
    (one) => started.push(one),
  )

test('a process that needs three minutes to be ready on a slow machine is waited for', async () => {
  const slow = await child(
    `setTimeout(() => process.send('ready'), 1_500); setInterval(() => undefined, 1_000)`,
  )
  expect(slow.name).toBe('sito')
})

test('one that is never ready is given up after ten, in words', async () => {
  await expect(child('setInterval(() => undefined, 1_000)')).rejects.toThrow(
    '«sito» non è partito entro 10 minuti',
  )
}, 20_000)
