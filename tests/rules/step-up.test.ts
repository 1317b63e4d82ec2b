import { describe, expect, test } from 'vitest'
import { isFresh, resumePath, stepUpPath, wayBack } from '#lib/session/step-up.ts'

describe('a person who does not confirm goes back', () => {
  test('to the very page of the form that was interrupted', () => {
    const page = '/admin/mozzecane/famiglie/7'
    expect(wayBack(resumePath(page, 'abc'))).toBe(page)
  })

  test('to the page above a page that asks before it is shown: it would ask again for ever', () => {
    expect(wayBack('/admin/mozzecane/registro?dal=2026-11-01')).toBe('/admin/mozzecane')
    expect(wayBack('/mozzecane/profilo/dati')).toBe('/mozzecane/profilo')
  })

  test('to no page without a return path', () => {
    expect(wayBack(null)).toBeNull()
  })
})

describe('a fresh recognition', () => {
  test.each([
    ['five minutes ago', 'identity', 300, true],
    ['a second longer ago', 'identity', 301, false],
    ['behind a drawn sequence, however recent', 'sequence', 0, false],
    ['behind a passkey, however recent', 'passkey', 0, false],
  ] as const)('is judged by age and method: %s', (_, openedWith, secondsSinceIdentity, fresh) => {
    expect(isFresh({ openedWith, secondsSinceIdentity })).toBe(fresh)
  })

  test('is asked for by a page that knows the way back', () => {
    expect(stepUpPath('mozzecane', '/mozzecane/profilo?a=1&b=2')).toBe(
      '/mozzecane/accesso/conferma?ritorno=%2Fmozzecane%2Fprofilo%3Fa%3D1%26b%3D2',
    )
  })
})
