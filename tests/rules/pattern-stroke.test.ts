import { describe, expect, test } from 'vitest'
import { pointAt, pointsInWords, strokeThrough, trailOf, withPoint } from '#lib/devices/pattern-stroke.ts'

/** The pad is three cells wide and high: the middle of the first is 0.5, 0.5. */
const middle = (digit: number) => ({ x: ((digit - 1) % 3) + 0.5, y: Math.floor((digit - 1) / 3) + 0.5 })

describe('a finger', () => {
  test('means one of nine points, in rows from the top left', () => {
    for (let digit = 1; digit <= 9; digit += 1) expect(pointAt(middle(digit))).toBe(String(digit))
  })

  test('means a point also a little beside it, and no point in the corner between four', () => {
    expect(pointAt({ x: 0.5 + 0.36, y: 0.5 })).toBe('1')
    expect(pointAt({ x: 0.5 + 0.37, y: 0.5 })).toBe('')
    expect(pointAt({ x: 1, y: 1 })).toBe('')
    expect(pointAt({ x: 2.5, y: 0.5 - 0.3 })).toBe('3')
  })

  test.each([
    ['left of', { x: -0.2, y: 0.5 }],
    ['right of', { x: 3.2, y: 0.5 }],
    ['above', { x: 0.5, y: -0.2 }],
    ['below', { x: 0.5, y: 3.2 }],
  ])('%s the pad there is none', (_, place) => {
    expect(pointAt(place)).toBe('')
  })
})

describe('a line drawn with the finger', () => {
  test('takes the points that it crosses, in order, also those that the browser jumped over', () => {
    expect(strokeThrough('', middle(1), middle(3))).toBe('123')
    expect(strokeThrough('', middle(3), middle(1))).toBe('321')
    expect(strokeThrough('', middle(1), middle(9))).toBe('159')
    expect(strokeThrough('', middle(2), middle(8))).toBe('258')
  })

  test('counts each point once, where the finger touched it first', () => {
    expect(strokeThrough('12', middle(2), middle(1))).toBe('12')
    expect(strokeThrough('4', middle(1), middle(7))).toBe('417')
    expect(withPoint('123', '2')).toBe('123')
    expect(withPoint('123', '6')).toBe('1236')
  })

  test('is drawn through the middles of its points', () => {
    expect(trailOf('159')).toBe('0.5,0.5 1.5,1.5 2.5,2.5')
    expect(trailOf('37')).toBe('2.5,0.5 0.5,2.5')
  })

  test('says how many points it has', () => {
    expect([0, 1, 4].map((n) => pointsInWords(n))).toEqual([
      'Nessun punto scelto',
      '1 punto scelto',
      '4 punti scelti',
    ])
  })
})
