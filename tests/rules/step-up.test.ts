import { describe, expect, test } from 'vitest'
import { resumePath, wayBack } from '#lib/auth/step-up.ts'

describe('whoever does not confirm goes back', () => {
  test('to the very page of the form that was interrupted', () => {
    const page = '/admin/mozzecane/famiglie/7'
    expect(wayBack(resumePath(page, 'abc'))).toBe(page)
  })

  test('to the room before a page that asks at its door: it would ask again for ever', () => {
    expect(wayBack('/admin/mozzecane/registro?dal=2026-11-01')).toBe('/admin/mozzecane')
    expect(wayBack('/mozzecane/profilo/dati')).toBe('/mozzecane/profilo')
  })

  test('nowhere, when nobody said where from', () => {
    expect(wayBack(null)).toBeNull()
  })
})
