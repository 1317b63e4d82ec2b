import { describe, expect, it } from 'vitest'
import { MIN_POINTS } from '#lib/devices/pattern-stroke.ts'
import { COMMON_COUNT, isCommon, parseNewSequence, parseSequence, SYMMETRIES } from '#lib/devices/sequence.ts'
import fc from '#tests/support/random.ts'

const aSequence = fc
  .shuffledSubarray([...'123456789'], { minLength: MIN_POINTS, maxLength: 9 })
  .map((points) => points.join(''))
const turned = (sequence: string, symmetry: string) =>
  [...sequence].map((digit) => symmetry[Number(digit) - 1]).join('')

describe('a sequence', () => {
  it('is six to nine different points', () => {
    fc.assert(
      fc.property(aSequence, (text) => {
        expect(parseSequence(text)).toEqual({ sequence: text })
      }),
    )
  })

  it.each([
    ['of five points', '12579', 'too-short'],
    ['of nothing', '', 'too-short'],
    ['that passes a point twice', '1257951', 'repeated'],
    ['with a zero', '1250796', 'not-digits'],
    ['with letters', 'abcdef', 'not-digits'],
    ['of ten points', '1234567891', 'repeated'],
  ])('%s is refused', (_, text, fault) => {
    expect(parseSequence(text)).toEqual({ fault })
  })

  it('may be typed with spaces or dashes between the digits', () => {
    expect(parseSequence(' 7-2 9,4.1;6 ')).toEqual({ sequence: '729416' })
  })

  it('is read from any text, or the text is said to be wrong', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (text) => {
        const parsed = parseSequence(text)
        if ('sequence' in parsed) expect(parsed.sequence).toMatch(/^[1-9]{6,9}$/)
        else expect(['not-digits', 'too-short', 'repeated']).toContain(parsed.fault)
      }),
    )
  })
})

describe('a new sequence', () => {
  it.each([
    ['the digits in order', '123456789'],
    ['the first six digits', '123456'],
    ['the digits backwards', '987654321'],
    ['a telephone column by column', '147258369'],
    ['the letter L, long', '1478963'],
    ['the letter L with its foot', '147896'],
    ['the letter Z', '1235789'],
    ['the letter N', '7415963'],
    ['the letter U', '1478963'],
    ['the letter C', '3214789'],
    ['the letter S', '321456987'],
    ['the letter O', '12369874'],
    ['the letter O from another corner', '98741236'],
    ['the letter M', '7415369'],
    ['the letter G', '321478965'],
    ['the letter P', '7412365'],
    ['a spiral inwards', '123698745'],
    ['a spiral outwards', '547896321'],
    ['saw teeth', '142536'],
    ['the four corners and the sides', '13972684'],
  ])('cannot be %s', (_, text) => {
    expect(parseNewSequence(text)).toEqual({ fault: 'too-common' })
  })

  it('is refused also when a refused shape is turned, mirrored or drawn backwards', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('123456', '1235789', '7415369', '123698745', '321456987', '124753'),
        fc.constantFrom(...SYMMETRIES),
        (shape, symmetry) => {
          const drawing = turned(shape, symmetry)
          expect(isCommon(drawing)).toBe(true)
          expect(isCommon([...drawing].reverse().join(''))).toBe(true)
        },
      ),
    )
  })

  it('has eight symmetries, those of a square: every point keeps its neighbours', () => {
    const at = (digit: string) => [Math.floor((Number(digit) - 1) / 3), (Number(digit) - 1) % 3] as const
    const distance = (a: string, b: string) => (at(a)[0] - at(b)[0]) ** 2 + (at(a)[1] - at(b)[1]) ** 2
    expect(new Set(SYMMETRIES).size).toBe(8)
    for (const symmetry of SYMMETRIES)
      for (const a of '123456789')
        for (const b of '123456789')
          expect(distance(turned(a, symmetry), turned(b, symmetry))).toBe(distance(a, b))
  })

  it('is accepted in nearly every other shape', () => {
    const all = 60_480 + 181_440 + 362_880 + 362_880
    expect(COMMON_COUNT).toBeGreaterThan(400)
    expect(COMMON_COUNT / all).toBeLessThan(0.001)
    expect(parseNewSequence('729416')).toEqual({ sequence: '729416' })
  })

  it('is accepted unless it is a common shape or malformed', () => {
    fc.assert(
      fc.property(aSequence, (text) => {
        const parsed = parseNewSequence(text)
        expect(parsed).toEqual(isCommon(text) ? { fault: 'too-common' } : { sequence: text })
      }),
    )
    expect(parseNewSequence('12345')).toEqual({ fault: 'too-short' })
  })
})
