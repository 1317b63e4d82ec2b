import { describe, expect, test } from 'vitest'
import type { Result } from '#lib/kernel/result.ts'
import {
  type AcceptFacts,
  DELEGATE_RIGHTS,
  type InviteFacts,
  invitationState,
  judgeAnswer,
  judgeInvite,
  OWN_RIGHTS,
} from '#lib/people/delegate.ts'
import { invitationInput } from '#lib/people/invitation.input.ts'

const outcome = (result: Result<null>): string => (result.ok ? 'accepted' : result.code)
const TODAY = '2026-11-24'

test('an invitation is addressed by a code of sixteen characters or a provisional one', () => {
  const typed = {
    householdId: '00000000-0000-7000-8000-000000000000',
    email: 'marco@example.it',
    pupils: ['00000000-0000-7000-8000-000000000000'],
  }
  const read = (fiscalCode: string) => invitationInput.safeParse({ ...typed, fiscalCode }).data?.fiscalCode
  expect(read('rss mra 85t10 a562s')).toBe('RSSMRA85T10A562S')
  expect(read('007 4311 0157')).toBe('00743110157')
  expect(read('00743110158')).toBeUndefined()
})

describe('whom a holder may invite', () => {
  const facts: InviteFacts = {
    isSelf: false,
    isAlreadyDelegate: false,
    openInvitations: 0,
    until: null,
    today: TODAY,
  }
  test.each<[string, Partial<InviteFacts>, string]>([
    ['somebody new', {}, 'accepted'],
    ['oneself', { isSelf: true }, 'delegates:own-code'],
    ['who is a delegate already', { isAlreadyDelegate: true }, 'delegates:already'],
    ['until today', { until: TODAY }, 'accepted'],
    ['until yesterday', { until: '2026-11-23' }, 'delegates:end-passed'],
    ['with four invitations waiting', { openInvitations: 4 }, 'accepted'],
    ['with five invitations waiting', { openInvitations: 5 }, 'delegates:too-many'],
  ])('%s', (_, change, expected) => {
    expect(outcome(judgeInvite({ ...facts, ...change }))).toBe(expected)
  })
})

describe('who may answer an invitation', () => {
  const facts: AcceptFacts = { state: 'open', isInvited: true, byIdentity: true, until: null, today: TODAY }
  test.each<[string, Partial<AcceptFacts>, string]>([
    ['the invited person, just recognised with SPID or CIE', {}, 'accepted'],
    ['somebody else with the link', { isInvited: false }, 'delegates:not-for-you'],
    [
      'somebody else learns nothing of an invitation that is over',
      { isInvited: false, state: 'accepted' },
      'delegates:not-for-you',
    ],
    ['who came in with a drawn sequence', { byIdentity: false }, 'delegates:needs-identity'],
    ['after it was taken back', { state: 'withdrawn' }, 'delegates:invitation-over'],
    ['after it expired', { state: 'expired' }, 'delegates:invitation-over'],
    ['a second time', { state: 'accepted' }, 'delegates:invitation-over'],
    ['on the last day of the delegation', { until: TODAY }, 'accepted'],
    ['after the last day of the delegation', { until: '2026-11-23' }, 'delegates:invitation-over'],
  ])('%s', (_, change, expected) => {
    expect(outcome(judgeAnswer({ ...facts, ...change }))).toBe(expected)
  })
})

describe('how an invitation stands', () => {
  const expiresAt = new Date('2026-12-08T08:00:00Z')
  test('it is open until the very instant at which it expires', () => {
    expect(invitationState({ outcome: null, expiresAt, now: new Date('2026-12-08T07:59:59.999Z') })).toBe(
      'open',
    )
    expect(invitationState({ outcome: null, expiresAt, now: expiresAt })).toBe('expired')
  })
  test('an answer stays its answer, also afterwards', () => {
    expect(invitationState({ outcome: 'declined', expiresAt, now: expiresAt })).toBe('declined')
  })
})

test('what holder and delegate read about the rights is the same list, said to each', () => {
  for (const rights of [DELEGATE_RIGHTS, OWN_RIGHTS])
    expect(rights.map(({ may }) => may)).toEqual([true, true, true, false, false, false, false, false])
  for (const { may, sentence } of [...DELEGATE_RIGHTS, ...OWN_RIGHTS])
    expect(sentence).toMatch(may ? /^Può / : /^Non può /)
  expect(DELEGATE_RIGHTS[4]).toEqual({ may: false, sentence: 'Non può ricaricare' })
})
