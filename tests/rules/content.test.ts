import { describe, expect, test } from 'vitest'
import { contentFilterQuery, isContentFiltered, readContentFilter } from '#lib/content/content.address.ts'
import { publicationStart, scheduleRefusal } from '#lib/content/content.ts'
import type { Life } from '#lib/publishing/lifecycle.ts'

const at = (text: string) => new Date(text)
const NOON = at('2026-11-24T12:00:00+01:00')
const later = (ms: number) => new Date(NOON.getTime() + ms)
const HOUR = 3_600_000

const life = (given: Partial<Life> = {}): Life => ({
  latestVersion: 1,
  publishedVersion: 1,
  opensAt: NOON,
  closesAt: null,
  submittedVersion: null,
  withdrawnAt: null,
  ...given,
})

describe('a schedule', () => {
  const draft = life({ publishedVersion: null, opensAt: null })

  test('must end after it begins, and not in the past', () => {
    expect(scheduleRefusal({ opensAt: later(HOUR), closesAt: later(HOUR) }, draft, NOON)).toBe(
      'content:expires-first',
    )
    expect(scheduleRefusal({ opensAt: null, closesAt: NOON }, draft, NOON)).toBe(
      'content:expires-in-the-past',
    )
    expect(scheduleRefusal({ opensAt: later(HOUR), closesAt: later(2 * HOUR) }, draft, NOON)).toBeNull()
    expect(scheduleRefusal({ opensAt: null, closesAt: null }, draft, NOON)).toBeNull()
  })

  test('cannot make what is public disappear until a later moment', () => {
    const live = life({ opensAt: later(-HOUR), latestVersion: 2 })
    expect(scheduleRefusal({ opensAt: later(HOUR), closesAt: null }, live, NOON)).toBe('content:already-live')
    expect(scheduleRefusal({ opensAt: null, closesAt: null }, live, NOON)).toBeNull()
  })

  test('keeps the first day of what is public, and starts again what was withdrawn or had expired', () => {
    const first = later(-10 * HOUR)
    const now = { opensAt: null, closesAt: null }
    expect(publicationStart(now, life({ opensAt: first }), NOON)).toEqual(first)
    expect(publicationStart(now, life({ opensAt: first, withdrawnAt: later(-HOUR) }), NOON)).toEqual(NOON)
    expect(publicationStart(now, life({ opensAt: first, closesAt: later(-HOUR) }), NOON)).toEqual(NOON)
  })

  test('a moment in the past means now', () => {
    expect(publicationStart({ opensAt: later(-HOUR), closesAt: null }, draft, NOON)).toEqual(NOON)
    expect(publicationStart({ opensAt: later(HOUR), closesAt: null }, draft, NOON)).toEqual(later(HOUR))
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
