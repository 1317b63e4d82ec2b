import { expect, test } from 'vitest'
import { dated } from '#lib/words/dated.ts'
import { longDate, numericDay } from '#lib/words/format-day.ts'
import { italian, withArticles } from '#lib/words/language.ts'

test.each([
  ['il 11 dicembre 2026', 'l’11 dicembre 2026'],
  ['Il 8 marzo', 'L’8 marzo'],
  ['dal 08/12/2026 al 11/12/2026', 'dall’08/12/2026 all’11/12/2026'],
  ['Dal 8 gennaio fino al 1 marzo', 'Dall’8 gennaio fino al 1 marzo'],
  [
    'la Delibera del 11 novembre, nel 8 maggio, sul 11/11',
    'la Delibera dell’11 novembre, nell’8 maggio, sull’11/11',
  ],
  ['il 18 dicembre, il 1 e il 10 marzo', 'il 18 dicembre, il 1 e il 10 marzo'],
  ['dal 8 al 11 di pomeriggio, al 118, del 80 %', 'dall’8 all’11 di pomeriggio, al 118, del 80 %'],
  ['il martedì 8 dicembre', 'il martedì 8 dicembre'],
])('“%s” reads “%s”', (sentence, expected) => {
  expect(withArticles(sentence)).toBe(expected)
})

test('the sentences of the office and of families elide by the same rule', () => {
  expect(dated`È il ${longDate('2026-12-11')}.`).toBe('È l’11 dicembre 2026.')
  expect(italian('entro il {day}', { day: numericDay('2026-12-08') })).toBe('entro l’08/12/2026')
})
