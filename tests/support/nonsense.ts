import { anyText } from './any-text.ts'
import fc from './random.ts'

/** What people, scripts and attackers type into fields that ask for something else. */
export const NONSENSE = [
  '',
  ' ',
  '0',
  '-1',
  '-5,40',
  '1e9',
  '1.5',
  '5,401',
  'NaN',
  'null',
  'undefined',
  '2026-02-31',
  '2026-13-01',
  '0000-00-00',
  '1999-01-01',
  '9999-12-31',
  '2026-02-31T00:00:00Z',
  '2026-13',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'; drop table entry; --",
  "' or 1=1 --",
  '{{7*7}}',
  '../../../etc/passwd',
  '%00',
  '\u0000',
  '\ud800',
  '😀👨‍👩‍👧',
  '\u202etxet',
  '00000000-0000-0000-0000-000000000000',
  '00000000-0000-7000-8000-00000000000g',
  'constructor',
  '__proto__',
  'toString',
  'a'.repeat(5_000),
  '9'.repeat(400),
  'https://altrove.example/',
  '//altrove.example',
  '\r\nSet-Cookie: a=b',
] as const

/** One of the known ones, or anything at all. */
export const nonsense = (): fc.Arbitrary<string> =>
  fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...NONSENSE) }, { weight: 1, arbitrary: anyText(300) })
