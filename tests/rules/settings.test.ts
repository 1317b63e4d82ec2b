import { describe, expect, test } from 'vitest'
import {
  contrast,
  isReadableColour,
  LEAST_CONTRAST,
  missingStatutory,
  NO_SETTINGS,
  paletteOf,
  paletteStyle,
  weakestContrast,
} from '#lib/school/settings.ts'
import fc from '#tests/support/random.ts'

describe('the colour of a municipality', () => {
  test('contrast is WCAG’s', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5)
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
  })

  test('is taken when everybody can read on it, and in it', () => {
    for (const colour of ['#0059b3', '#8a1538', '#00573f', '#000000'])
      expect(isReadableColour(colour), colour).toBe(true)
    for (const colour of ['#ffcc00', '#66b2ff', '#ff0000', '#ffffff'])
      expect(isReadableColour(colour), colour).toBe(false)
  })

  test('every pair that is drawn in a colour taken reaches AA', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffff }), (number) => {
        const colour = `#${number.toString(16).padStart(6, '0')}`
        fc.pre(isReadableColour(colour))
        const { primary, dark, deep, light } = paletteOf(colour)
        return (
          weakestContrast(colour) >= LEAST_CONTRAST &&
          contrast(primary, '#ffffff') >= 4.5 &&
          contrast(dark, '#ffffff') >= contrast(primary, '#ffffff') - 1e-9 &&
          contrast(deep, light) >= 4.5
        )
      }),
    )
  })

  test('nothing but a colour reaches the style sheet', () => {
    expect(() => paletteStyle('#000000}body{display:none')).toThrow()
    expect(paletteStyle('#8a1538')).toMatch(/^:root\{(--it-color-blue-\d\d:#[0-9a-f]{6};?){4}\}$/)
  })
})

test('what the law wants is listed until it is given', () => {
  expect(missingStatutory(NO_SETTINGS)).toContain('Amministrazione trasparente')
  expect(missingStatutory({ ...NO_SETTINGS, transparencyUrl: 'https://a.it' })).not.toContain(
    'Amministrazione trasparente',
  )
})
