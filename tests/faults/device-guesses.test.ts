import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { revokeDevice } from '#lib/devices/device.commands.ts'
import { accessesOf } from '#lib/devices/device.queries.ts'
import { testDatabase } from '#tests/support/database.ts'
import { aDevice, draw, RIGHT, rowOf, seenIn, signedIn, WRONG } from '#tests/support/devices.ts'
import { aHousehold, aMunicipality, type TestMunicipality } from '#tests/support/factories.ts'

const judged = vi.hoisted(() => ({ count: 0, meanwhile: async () => {} }))
vi.mock('#lib/devices/sequence-hash.ts', async (original) => {
  const real = await original<typeof import('#lib/devices/sequence-hash.ts')>()
  return {
    ...real,
    isSequence: async (...args: Parameters<typeof real.isSequence>) => {
      judged.count += 1
      await judged.meanwhile()
      return real.isSequence(...args)
    },
  }
})

/** Several web processes: one process refuses simultaneous attempts itself, many pass them to the database. */
const manyProcesses = vi.hoisted(() => ({ simulated: false }))
vi.mock('#lib/kernel/limits.ts', async (original) => {
  const { concurrencyLimit } = await original<typeof import('#lib/kernel/limits.ts')>()
  return {
    concurrencyLimit: (limit: number) => {
      const real = concurrencyLimit(limit)
      return <T>(key: string, work: () => Promise<T>, turnedAway: T) =>
        manyProcesses.simulated ? work() : real(key, work, turnedAway)
    },
  }
})

let municipality: TestMunicipality
beforeAll(async () => {
  await testDatabase()
})
beforeEach(async () => {
  municipality = await aMunicipality()
  judged.count = 0
  judged.meanwhile = async () => {}
  manyProcesses.simulated = false
})

const aHoldersDevice = async () => aDevice((await aHousehold(municipality)).holderViewer)

describe('guesses at the same moment', () => {
  it('are judged five times of a thousand wrong sequences, then the device is forgotten', async () => {
    const cookie = await aHoldersDevice()
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => draw(municipality, cookie, WRONG)))
    expect(answers.every((answer) => answer === null)).toBe(true)
    expect(judged.count).toBe(5)
    expect(await rowOf(cookie)).toMatchObject({ failures: 5, revoke_reason: 'failures' })
    expect(await draw(municipality, cookie, RIGHT)).toBeNull()
    expect(judged.count).toBe(5)
  })

  it('are judged five times of a hundred through as many processes, by the database alone', async () => {
    manyProcesses.simulated = true
    const cookie = await aHoldersDevice()
    const answers = await Promise.all(Array.from({ length: 100 }, () => draw(municipality, cookie, WRONG)))
    expect(answers.every((answer) => answer === null)).toBe(true)
    expect(judged.count).toBe(5)
    expect(await rowOf(cookie)).toMatchObject({ failures: 5, revoke_reason: 'failures' })
  })

  it('open at most once with one right sequence among a hundred wrong ones, and leave no device open to more', async () => {
    manyProcesses.simulated = true
    const cookie = await aHoldersDevice()
    const guesses = Array.from({ length: 100 }, (_, at) =>
      draw(municipality, cookie, at === 3 ? RIGHT : WRONG),
    )
    const opened = (await Promise.all(guesses)).filter((answer) => answer !== null)
    expect(opened.length).toBeLessThanOrEqual(1)
    // A right one starts the count again: five more wrong ones may be judged after it. Where it was judged last of the
    // five that were in hand, they are still to come.
    for (let n = 0; n < 5 && (await rowOf(cookie)).revoked_at === null; n += 1)
      await draw(municipality, cookie, WRONG)
    expect(judged.count).toBeLessThanOrEqual(10)
    expect((await rowOf(cookie)).revoked_at).not.toBeNull()
  })

  it('open twice with the same cookie when the right sequence is sent twice', async () => {
    const cookie = await aHoldersDevice()
    const [first, second] = await Promise.all([
      draw(municipality, cookie, RIGHT),
      draw(municipality, cookie, RIGHT),
    ])
    expect(first?.cookie).toEqual(second?.cookie)
    expect(first?.token).not.toBe(second?.token)
    expect(await rowOf(cookie)).toMatchObject({ failures: 0, revoked_at: null })
  })

  it('do not open with the right sequence while the owner revokes the device elsewhere', async () => {
    const { holderViewer } = await aHousehold(municipality)
    const cookie = await aDevice(holderViewer)
    const { viewer, token } = await signedIn(holderViewer)
    judged.meanwhile = async () => {
      await revokeDevice(viewer, (await rowOf(cookie)).id)
    }
    expect(await draw(municipality, cookie, RIGHT)).toBeNull()
    expect((await accessesOf(viewer, null)).sessions.map((session) => session.openedWith)).toEqual([
      'identity',
      'identity',
    ])
    expect(await seenIn(municipality, token)).not.toBeNull()
  })
})
