import { describe, expect, test } from 'vitest'
import {
  endsBeforeItBegins,
  hasChanges,
  hasEnded,
  LIFECYCLE,
  type Life,
  mayHappen,
  opensFrom,
  type PublicationState,
  type PublishedKind,
  pendingOf,
  stateAt,
} from '#lib/publishing/lifecycle.ts'
import { publicationStateInWords, publicationStates } from '#lib/publishing/lifecycle.words.ts'
import fc from '#tests/support/random.ts'

const HOUR = 3_600_000
const NOON = new Date('2026-11-24T12:00:00+01:00')
const later = (ms: number) => new Date(NOON.getTime() + ms)

const life = (given: Partial<Life> = {}): Life => ({
  latestVersion: 1,
  publishedVersion: 1,
  opensAt: NOON,
  closesAt: null,
  submittedVersion: null,
  withdrawnAt: null,
  ...given,
})
const communication = (given: Partial<Life> = {}): Life => ({
  latestVersion: 1,
  submittedVersion: null,
  dueAt: null,
  publishedVersion: null,
  closesAt: null,
  withdrawnAt: null,
  ...given,
})

describe('the state of what has a window', () => {
  test('is public from its first instant, exactly', () => {
    expect(stateAt(life(), later(-1))).toBe('scheduled')
    expect(stateAt(life(), NOON)).toBe('published')
  })

  test('is expired from its last instant, exactly', () => {
    const ending = life({ closesAt: later(HOUR) })
    expect(stateAt(ending, later(HOUR - 1))).toBe('published')
    expect(stateAt(ending, later(HOUR))).toBe('expired')
  })

  test('a draft is a draft until a person asks for a review of that very version', () => {
    const draft = life({ publishedVersion: null, opensAt: null, latestVersion: 3 })
    expect(stateAt(draft, NOON)).toBe('draft')
    expect(stateAt({ ...draft, submittedVersion: 2 }, NOON)).toBe('draft')
    expect(stateAt({ ...draft, submittedVersion: 3 }, NOON)).toBe('submitted')
  })

  test('withdrawn wins over everything, at any instant', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e9, max: 1e9 }),
        fc.option(fc.integer({ min: 1, max: 1e9 })),
        (shift, end) => {
          const withdrawn = life({ withdrawnAt: NOON, closesAt: end === null ? null : later(end) })
          return stateAt(withdrawn, later(shift)) === 'withdrawn'
        },
      ),
    )
  })

  test('time only moves forward: scheduled, then published, then expired, never back', () => {
    const order = ['scheduled', 'published', 'expired']
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e9 }),
        fc.array(fc.integer({ min: -1e9, max: 2e9 }), { minLength: 2 }),
        (lasting, shifts) => {
          const item = life({ closesAt: later(lasting) })
          const seen = shifts.sort((a, b) => a - b).map((shift) => order.indexOf(stateAt(item, later(shift))))
          return seen.every(
            (place, index) => place >= 0 && (index === 0 || place >= (seen[index - 1] as number)),
          )
        },
      ),
    )
  })

  test('newer words waiting never change what the public sees', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: -1e8, max: 1e8 }), (extra, shift) => {
        const item = life({ closesAt: later(5e7) })
        return stateAt(item, later(shift)) === stateAt({ ...item, latestVersion: 1 + extra }, later(shift))
      }),
    )
  })
})

describe('the state of what waits for an approval', () => {
  test.each([
    ['draft', communication()],
    ['draft', communication({ submittedVersion: 1, latestVersion: 2 })],
    ['submitted', communication({ submittedVersion: 1 })],
    ['scheduled', communication({ dueAt: later(HOUR) })],
    ['published', communication({ publishedVersion: 1 })],
    ['published', communication({ publishedVersion: 1, closesAt: later(HOUR) })],
    ['expired', communication({ publishedVersion: 1, closesAt: NOON })],
    ['withdrawn', communication({ publishedVersion: 1, withdrawnAt: NOON, closesAt: NOON })],
  ] as const)('%s', (state, facts) => expect(stateAt(facts, NOON)).toBe(state))

  test('a newer text behind what is out is a correction that waits', () => {
    expect(hasChanges(communication({ publishedVersion: 1, latestVersion: 2 }))).toBe(true)
    expect(hasChanges(communication({ publishedVersion: 2, latestVersion: 2 }))).toBe(false)
    expect(hasChanges(communication({ latestVersion: 2 }))).toBe(false)
  })
})

describe('a window', () => {
  test('that ends at an instant has ended at that instant', () => {
    expect(hasEnded({ closesAt: NOON }, NOON)).toBe(true)
    expect(hasEnded({ closesAt: later(1) }, NOON)).toBe(false)
    expect(hasEnded({ closesAt: null }, NOON)).toBe(false)
  })

  test('lasts some time, unless it has no beginning or no end', () => {
    expect(endsBeforeItBegins({ opensAt: NOON, closesAt: NOON })).toBe(true)
    expect(endsBeforeItBegins({ opensAt: NOON, closesAt: later(1) })).toBe(false)
    expect(endsBeforeItBegins({ opensAt: null, closesAt: NOON })).toBe(false)
    expect(endsBeforeItBegins({ opensAt: NOON, closesAt: null })).toBe(false)
  })

  test('begins now where its moment has passed', () => {
    expect(opensFrom({ opensAt: later(-1) }, NOON)).toEqual(NOON)
    expect(opensFrom({ opensAt: null }, NOON)).toEqual(NOON)
    expect(opensFrom({ opensAt: later(1) }, NOON)).toEqual(later(1))
  })
})

const KINDS = Object.keys(LIFECYCLE) as PublishedKind[]
const BY_TIME: Partial<Record<PublicationState, PublicationState>> = {
  scheduled: 'published',
  published: 'expired',
}

/** Every state that a kind gets into from a draft, by acts and by time. */
function reached(kind: PublishedKind): Set<PublicationState> {
  const found = new Set<PublicationState>(['draft'])
  const acts = Object.values(LIFECYCLE[kind]) as Partial<Record<PublicationState, PublicationState[]>>[]
  for (const state of found) {
    for (const leads of acts) for (const next of leads[state] ?? []) found.add(next)
    const next = BY_TIME[state]
    if (next && publicationStates(kind).includes(next)) found.add(next)
  }
  return found
}

describe('the table of what may happen', () => {
  test.each(KINDS)('a %s gets into exactly the states that have words', (kind) => {
    expect([...reached(kind)].sort()).toEqual(publicationStates(kind).sort())
  })

  test('a state that a kind never has is a fault, not a word', () => {
    expect(publicationStateInWords('document', 'published')).toBe('Pubblicato')
    expect(() => publicationStateInWords('menu', 'expired')).toThrow('a menu is never expired')
  })

  test('what was withdrawn for good, or answered, cannot be written again', () => {
    expect(mayHappen('communication', 'save', 'withdrawn')).toBe(false)
    expect(mayHappen('communication', 'publish', 'withdrawn')).toBe(false)
    expect(mayHappen('questionnaire', 'save', 'published')).toBe(false)
    expect(mayHappen('menu', 'publish', 'withdrawn')).toBe(true)
  })

  test('newer words wait only where they can still go out', () => {
    const changed = life({ latestVersion: 2 })
    expect(pendingOf('news', changed, NOON)).toBe('changes')
    expect(pendingOf('news', { ...changed, submittedVersion: 2 }, NOON)).toBe('submitted')
    expect(pendingOf('news', { ...changed, withdrawnAt: NOON }, NOON)).toBe('changes')
    expect(pendingOf('communication', { ...changed, withdrawnAt: NOON }, NOON)).toBe('none')
    expect(pendingOf('news', life(), NOON)).toBe('none')
  })
})
