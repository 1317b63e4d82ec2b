import { anyText } from './any-text.ts'
import { NONSENSE } from './nonsense.ts'
import fc from './random.ts'

/** Pieces that expressions and parsers look for: repeated without an end, they are what makes a bad one slow. */
const PIECES = [
  ' ',
  '\u00a0',
  '&nbsp;',
  '\t',
  '\n',
  '\r\n',
  '<',
  '>',
  '<p>',
  '</p>',
  '<br />',
  '<strong>',
  '<ul><li>',
  '<a href="',
  '<a href="https://esempio.it">',
  '<!--',
  '-->',
  '"',
  "'",
  '’',
  '.',
  '-',
  '–',
  '_',
  '/',
  '\\',
  '%',
  '%20',
  '@',
  ':',
  ';',
  ',',
  '=',
  '&',
  '?',
  '+',
  '*',
  '|',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '{{',
  '{nome}',
  '0',
  '9',
  '39',
  '+39',
  '00',
  'a',
  'A',
  'à',
  'e\u0301',
  'é',
  '\u2068',
  '\u2069',
  '\u200b',
  '\u202e',
  '😀',
  'javascript:',
  'https://',
  '&amp;',
  '&#x',
  '2026-11-24',
  'RSSMRA80A01H501U',
  'settimana;giorno;portata;piatto\n',
] as const

const LONGEST = 6_000

const run = fc
  .tuple(
    fc.constantFrom(...PIECES),
    fc.oneof(
      { weight: 4, arbitrary: fc.integer({ min: 1, max: 20 }) },
      { weight: 1, arbitrary: fc.integer({ min: 500, max: 4_000 }) },
    ),
  )
  .map(([piece, times]) => piece.repeat(times))

/** A text as an attack or a bad clipboard has it: long runs of what parsers look for, mixed with anything. */
export const hostileText = (): fc.Arbitrary<string> =>
  fc
    .array(
      fc.oneof(
        { weight: 6, arbitrary: run },
        { weight: 1, arbitrary: fc.constantFrom(...NONSENSE) },
        { weight: 1, arbitrary: anyText(40) },
      ),
      { minLength: 1, maxLength: 5 },
    )
    .map((parts) => parts.join('').slice(0, LONGEST))
