import { describe, expect, test } from 'vitest'
import { afterSmsFailure, isStale } from '#lib/outbox/sms.ts'

const MINUTE = 60_000
const fresh = { attempts: 1, ageMs: 0 }
const next = (failure: { responseCode?: number; textBegun?: boolean }, message = fresh) =>
  afterSmsFailure({ message: 'no', ...failure }, message)

describe('After an answer of the gateway', () => {
  test.each([400, 406, 410, 413, 422])(
    '%i is about this number: the text is refused, and no other waits',
    (code) => {
      expect(next({ responseCode: code })).toEqual({ kind: 'over', outcome: 'refused' })
    },
  )

  test.each([301, 302, 307, 401, 402, 403, 404, 405])('%i is about us: all texts wait', (code) => {
    expect(next({ responseCode: code })).toEqual({ kind: 'unreachable', pauseMs: 15_000 })
  })

  test.each([425, 429, 503])('%i means not taken: the text is retried in a minute, then in five', (code) => {
    expect(next({ responseCode: code })).toEqual({ kind: 'later', pauseMs: MINUTE, counts: true })
    expect(next({ responseCode: code }, { attempts: 2, ageMs: MINUTE })).toMatchObject({
      pauseMs: 5 * MINUTE,
    })
  })

  test.each([408, 409, 500, 502, 504])(
    '%i may have taken it: the text is in doubt and never retried',
    (code) => {
      expect(next({ responseCode: code })).toEqual({ kind: 'over', outcome: 'in_doubt' })
    },
  )

  test('a connection that never opened uses no attempt; one that broke later leaves a doubt', () => {
    expect(next({ textBegun: false })).toEqual({ kind: 'unreachable', pauseMs: 15_000 })
    expect(next({ textBegun: true })).toEqual({ kind: 'over', outcome: 'in_doubt' })
  })

  test('a code that has expired is given up: neither retried nor kept waiting', () => {
    const givenUp = { kind: 'over', outcome: 'given_up' }
    expect([isStale(25 * MINUTE), isStale(25 * MINUTE + 1)]).toEqual([false, true])
    expect(next({ textBegun: false }, { attempts: 9, ageMs: 25 * MINUTE })).toMatchObject({
      kind: 'unreachable',
    })
    expect(next({ textBegun: false }, { attempts: 9, ageMs: 26 * MINUTE })).toEqual(givenUp)
    expect(next({ responseCode: 401 }, { attempts: 9, ageMs: 26 * MINUTE })).toEqual(givenUp)
    expect(next({ responseCode: 503 }, { attempts: 3, ageMs: 10 * MINUTE })).toMatchObject({ kind: 'later' })
    expect(next({ responseCode: 503 }, { attempts: 3, ageMs: 11 * MINUTE })).toEqual(givenUp)
  })
})
