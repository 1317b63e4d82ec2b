import { describe, expect, test } from 'vitest'
import { isBadAddress } from '#lib/outbox/mail.ts'
import {
  afterMailFailure,
  afterPushFailure,
  afterSmsFailure,
  isStaleSms,
  type SendFailure,
  tryAgain,
  tryWhenBack,
} from '#lib/outbox/retry.ts'
import fc from '#tests/support/random.ts'

const NEW = { attempts: 1, ageMs: 1_000 }
const failure = (change: Partial<SendFailure>): SendFailure => ({ message: '', ...change })

describe('A mail waits', () => {
  test('after each "not now" a little longer, six times; then it is given up', () => {
    const minutes = [1, 5, 15, 60, 180, 720]
    expect([1, 2, 3, 4, 5, 6].map(tryAgain)).toEqual(
      minutes.map((pause) => ({ kind: 'later', pauseMs: pause * 60_000, counts: true })),
    )
    expect(tryAgain(7)).toEqual({ kind: 'over', outcome: 'given_up' })
  })

  test('a minute at a time for an unreachable server, for three days', () => {
    const days = 3 * 24 * 3_600_000
    expect(tryWhenBack(days)).toEqual({ kind: 'unreachable', pauseMs: 60_000 })
    expect(tryWhenBack(days + 1)).toEqual({ kind: 'over', outcome: 'given_up' })
  })

  test.each([
    [399, 'unreachable'],
    [400, 'later'],
    [499, 'later'],
    [500, 'over'],
  ])('an answer %i to the recipient: %s', (responseCode, kind) => {
    const answer = failure({ responseCode, command: 'RCPT TO' })
    expect(afterMailFailure(answer, { attempts: 1, ageMs: 0 }).kind).toBe(kind)
  })

  test('an answer of the server counts also after the text has left: only silence leaves a doubt', () => {
    const left = { command: 'DATA', textBegun: true }
    const message = { attempts: 1, ageMs: 0 }
    expect(afterMailFailure(failure({ ...left, responseCode: 451 }), message).kind).toBe('later')
    expect(afterMailFailure(failure({ ...left, responseCode: 399 }), message)).toEqual({
      ...{ kind: 'over', outcome: 'in_doubt' },
    })
    expect(
      afterMailFailure(failure({ command: 'MAIL FROM', textBegun: true, responseCode: 550 }), message),
    ).toEqual({
      ...{ kind: 'unreachable', pauseMs: 60_000 },
    })
  })

  test.each([550, 551, 553, 556])('%i means that the mailbox does not exist', (responseCode) => {
    expect(isBadAddress(failure({ command: 'RCPT TO', responseCode, response: '' }))).toBe(true)
  })

  test.each([549, 552, 554, 555, 557])('%i does not mean that', (responseCode) => {
    expect(isBadAddress(failure({ command: 'RCPT TO', responseCode, response: '' }))).toBe(false)
  })
})

describe('After a mail server’s answer', () => {
  const cases: [string, Partial<SendFailure>, { attempts: number; ageMs: number }, object][] = [
    ['no such box: refused', { responseCode: 550, command: 'RCPT TO' }, NEW, { outcome: 'refused' }],
    [
      'the text is refused: refused',
      { responseCode: 554, command: 'DATA', textBegun: true },
      NEW,
      { outcome: 'refused' },
    ],
    [
      'busy: again in a minute',
      { responseCode: 451, command: 'DATA' },
      NEW,
      { kind: 'later', pauseMs: 60_000, counts: true },
    ],
    [
      'busy for the seventh time: given up',
      { responseCode: 451, command: 'DATA' },
      { attempts: 7, ageMs: 1 },
      { outcome: 'given_up' },
    ],
    [
      'the line broke after the text: in doubt',
      { command: 'CONN', textBegun: true },
      NEW,
      { outcome: 'in_doubt' },
    ],
    [
      'nobody is there: again in a minute, and it costs no attempt',
      { command: 'CONN' },
      NEW,
      { kind: 'unreachable', pauseMs: 60_000 },
    ],
    [
      'nobody was there for three days: given up',
      { command: 'CONN' },
      { attempts: 1, ageMs: 3 * 86_400_000 + 1 },
      { outcome: 'given_up' },
    ],
    [
      'our password is wrong: everybody waits, nobody is refused',
      { responseCode: 535, command: 'AUTH PLAIN' },
      NEW,
      { kind: 'unreachable' },
    ],
    [
      'our sender is refused: everybody waits',
      { responseCode: 550, command: 'MAIL FROM' },
      NEW,
      { kind: 'unreachable' },
    ],
  ]
  test.each(cases)('%s', (_name, change, message, next) => {
    expect(afterMailFailure(failure(change), message)).toMatchObject(next)
  })

  test('only an answer about the mailbox makes an address wrong, not a full mailbox or a policy', () => {
    const at = (responseCode: number, response: string, command = 'RCPT TO') =>
      isBadAddress(failure({ responseCode, response, command }))
    expect(at(550, '550 5.1.1 no such user')).toBe(true)
    expect(at(550, '550 unknown')).toBe(true)
    expect(at(550, '550 5.7.1 spam')).toBe(false)
    expect(at(552, '552 5.2.2 mailbox full')).toBe(false)
    expect(at(550, '550 no', 'DATA')).toBe(false)
    expect(at(450, '450 4.1.1 later')).toBe(false)
  })

  test('a message that may have left is never tried again, with any answer', () => {
    fc.assert(
      fc.property(
        fc.record({
          code: fc.string(),
          command: fc.constantFrom('CONN', 'DATA', 'API'),
          message: fc.string(),
        }),
        fc.record({ attempts: fc.integer({ min: 1, max: 9 }), ageMs: fc.nat() }),
        (broken, message) => {
          expect(afterMailFailure({ ...broken, textBegun: true }, message)).toEqual({
            kind: 'over',
            outcome: 'in_doubt',
          })
        },
      ),
    )
  })
})

describe('After a push service’s answer', () => {
  test.each([
    [410, { outcome: 'refused' }],
    [404, { outcome: 'refused' }],
    [403, { outcome: 'refused' }],
    [413, { outcome: 'refused' }],
    [429, { kind: 'later', counts: true }],
    [503, { kind: 'later', counts: true }],
  ])('%i', (responseCode, next) => {
    expect(afterPushFailure(failure({ responseCode }), NEW)).toMatchObject(next)
  })
  test('no answer after the connection: in doubt; no connection: later, and it stops no other message', () => {
    expect(afterPushFailure(failure({ textBegun: true }), NEW)).toMatchObject({ outcome: 'in_doubt' })
    expect(afterPushFailure(failure({ textBegun: false }), NEW)).toMatchObject({
      kind: 'later',
      counts: false,
    })
  })
})

const MINUTE = 60_000
const fresh = { attempts: 1, ageMs: 0 }
const afterSms = (failure: { responseCode?: number; textBegun?: boolean }, message = fresh) =>
  afterSmsFailure({ message: 'no', ...failure }, message)

describe('After an answer of the gateway', () => {
  test.each([400, 406, 410, 413, 422])(
    '%i is about this number: the text is refused, and no other waits',
    (code) => {
      expect(afterSms({ responseCode: code })).toEqual({ kind: 'over', outcome: 'refused' })
    },
  )

  test.each([301, 302, 307, 401, 402, 403, 404, 405])('%i is about us: all texts wait', (code) => {
    expect(afterSms({ responseCode: code })).toEqual({ kind: 'unreachable', pauseMs: 15_000 })
  })

  test.each([425, 429, 503])('%i means not taken: the text is retried in a minute, then in five', (code) => {
    expect(afterSms({ responseCode: code })).toEqual({ kind: 'later', pauseMs: MINUTE, counts: true })
    expect(afterSms({ responseCode: code }, { attempts: 2, ageMs: MINUTE })).toMatchObject({
      pauseMs: 5 * MINUTE,
    })
  })

  test.each([408, 409, 500, 502, 504])(
    '%i may have taken it: the text is in doubt and never retried',
    (code) => {
      expect(afterSms({ responseCode: code })).toEqual({ kind: 'over', outcome: 'in_doubt' })
    },
  )

  test('a connection that never opened uses no attempt; one that broke later leaves a doubt', () => {
    expect(afterSms({ textBegun: false })).toEqual({ kind: 'unreachable', pauseMs: 15_000 })
    expect(afterSms({ textBegun: true })).toEqual({ kind: 'over', outcome: 'in_doubt' })
  })

  test('a code that has expired is given up: neither retried nor kept waiting', () => {
    const givenUp = { kind: 'over', outcome: 'given_up' }
    expect([isStaleSms(25 * MINUTE), isStaleSms(25 * MINUTE + 1)]).toEqual([false, true])
    expect(afterSms({ textBegun: false }, { attempts: 9, ageMs: 25 * MINUTE })).toMatchObject({
      kind: 'unreachable',
    })
    expect(afterSms({ textBegun: false }, { attempts: 9, ageMs: 26 * MINUTE })).toEqual(givenUp)
    expect(afterSms({ responseCode: 401 }, { attempts: 9, ageMs: 26 * MINUTE })).toEqual(givenUp)
    expect(afterSms({ responseCode: 503 }, { attempts: 3, ageMs: 10 * MINUTE })).toMatchObject({
      kind: 'later',
    })
    expect(afterSms({ responseCode: 503 }, { attempts: 3, ageMs: 11 * MINUTE })).toEqual(givenUp)
  })
})
