import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contentFilterQuery, isContentFiltered, readContentFilter } from '#lib/content/content.address.ts'
import { type Life, publicationStart, scheduleRefusal, stateAt } from '#lib/content/content.ts'

const at = (text: string) => new Date(text)
const NOON = at('2026-11-24T12:00:00+01:00')
const later = (ms: number) => new Date(NOON.getTime() + ms)
const HOUR = 3_600_000

const life = (given: Partial<Life> = {}): Life => ({
  latestVersion: 1,
  publishedVersion: 1,
  publishAt: NOON,
  expireAt: null,
  reviewVersion: null,
  withdrawnAt: null,
  ...given,
})

describe('the state of an item', () => {
  test('is public from its first instant, exactly', () => {
    expect(stateAt(life(), later(-1))).toBe('scheduled')
    expect(stateAt(life(), NOON)).toBe('published')
  })

  test('is expired from its last instant, exactly', () => {
    const ending = life({ expireAt: later(HOUR) })
    expect(stateAt(ending, later(HOUR - 1))).toBe('published')
    expect(stateAt(ending, later(HOUR))).toBe('expired')
  })

  test('a draft is a draft until somebody asks for a review of that very version', () => {
    const draft = life({ publishedVersion: null, publishAt: null, latestVersion: 3 })
    expect(stateAt(draft, NOON)).toBe('draft')
    expect(stateAt({ ...draft, reviewVersion: 2 }, NOON)).toBe('draft')
    expect(stateAt({ ...draft, reviewVersion: 3 }, NOON)).toBe('review')
  })

  test('withdrawn wins over everything, at any instant', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e9, max: 1e9 }),
        fc.option(fc.integer({ min: 1, max: 1e9 })),
        (shift, end) => {
          const withdrawn = life({ withdrawnAt: NOON, expireAt: end === null ? null : later(end) })
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
          const item = life({ expireAt: later(lasting) })
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
        const item = life({ expireAt: later(5e7) })
        return stateAt(item, later(shift)) === stateAt({ ...item, latestVersion: 1 + extra }, later(shift))
      }),
    )
  })
})

describe('a schedule', () => {
  const draft = life({ publishedVersion: null, publishAt: null })

  test('must end after it begins, and not in the past', () => {
    expect(scheduleRefusal({ publishAt: later(HOUR), expireAt: later(HOUR) }, draft, NOON)).toBe(
      'content:expires-first',
    )
    expect(scheduleRefusal({ publishAt: null, expireAt: NOON }, draft, NOON)).toBe(
      'content:expires-in-the-past',
    )
    expect(scheduleRefusal({ publishAt: later(HOUR), expireAt: later(2 * HOUR) }, draft, NOON)).toBeNull()
    expect(scheduleRefusal({ publishAt: null, expireAt: null }, draft, NOON)).toBeNull()
  })

  test('cannot make what is public disappear until a later moment', () => {
    const live = life({ publishAt: later(-HOUR), latestVersion: 2 })
    expect(scheduleRefusal({ publishAt: later(HOUR), expireAt: null }, live, NOON)).toBe(
      'content:already-live',
    )
    expect(scheduleRefusal({ publishAt: null, expireAt: null }, live, NOON)).toBeNull()
  })

  test('keeps the first day of what is public, and starts anew what was withdrawn or had expired', () => {
    const first = later(-10 * HOUR)
    const now = { publishAt: null, expireAt: null }
    expect(publicationStart(now, life({ publishAt: first }), NOON)).toEqual(first)
    expect(publicationStart(now, life({ publishAt: first, withdrawnAt: later(-HOUR) }), NOON)).toEqual(NOON)
    expect(publicationStart(now, life({ publishAt: first, expireAt: later(-HOUR) }), NOON)).toEqual(NOON)
  })

  test('a moment in the past means now', () => {
    expect(publicationStart({ publishAt: later(-HOUR), expireAt: null }, draft, NOON)).toEqual(NOON)
    expect(publicationStart({ publishAt: later(HOUR), expireAt: null }, draft, NOON)).toEqual(later(HOUR))
  })
})

describe('what a reader looks for', () => {
  test('is in the address, and nothing else is', () => {
    const filter = readContentFilter('news', {
      cerca: ' sciopero  mensa ',
      categoria: 'avvisi',
      dal: '2026-11-01',
      pagina: '2',
    })
    expect(filter).toEqual({
      text: 'sciopero mensa',
      category: 'avvisi',
      from: '2026-11-01',
      to: null,
      page: 2,
    })
    expect(contentFilterQuery(filter)).toBe('?cerca=sciopero+mensa&categoria=avvisi&dal=2026-11-01&pagina=2')
    expect(
      readContentFilter('news', Object.fromEntries(new URLSearchParams(contentFilterQuery(filter)))),
    ).toEqual(filter)
  })

  test('counts as not said when it makes no sense', () => {
    const filter = readContentFilter('news', {
      categoria: 'constructor',
      dal: '2026-02-30',
      pagina: '-3',
      cerca: ['a', 'b'],
    })
    expect(filter).toEqual({ text: '', category: '', from: null, to: null, page: 1 })
    expect(isContentFiltered(filter)).toBe(false)
    expect(contentFilterQuery(filter)).toBe('')
  })

  test('a category of documents is none of news', () => {
    expect(readContentFilter('news', { categoria: 'moduli' }).category).toBe('')
    expect(readContentFilter('document', { categoria: 'moduli' }).category).toBe('moduli')
  })
})
