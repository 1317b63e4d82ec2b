import { describe, expect, test } from 'vitest'
import { freeSlug, SLUG, slugOf } from '#lib/kernel/slug.ts'
import fc from '#tests/support/random.ts'

describe('a slug', () => {
  test('comes from the title', () => {
    expect(slugOf('Chiusura per sciopero: venerdì 27')).toBe('chiusura-per-sciopero-venerdi-27')
    expect(slugOf('Perché? Così è già più bello…')).toBe('perche-cosi-e-gia-piu-bello')
    expect(slugOf('!!!')).toBe('senza-titolo')
    expect(slugOf('🍎', { otherwise: 'scuola' })).toBe('scuola')
  })

  test('is always well formed, and no longer than it may be', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'aZ09 -._/\\"<>éÈß\u0000🍎'), maxLength: 120 }),
        fc.integer({ min: 12, max: 80 }),
        (title, longest) => {
          const slug = slugOf(title, { longest })
          return SLUG.test(slug) && slug.length <= longest
        },
      ),
    )
  })

  test('gets the first free number when it is taken', () => {
    expect(freeSlug('orari', new Set(['orario']))).toBe('orari')
    expect(freeSlug('orari', new Set(['orari', 'orari-2', 'orari-4']))).toBe('orari-3')
  })
})
