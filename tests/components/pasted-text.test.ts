import { expect, test } from 'vitest'
import { cleanPasted } from '#components/office/editor/paste.ts'

/** A busy machine needs a tenth of it; what squares needs as long again for each paragraph. */
const MOST_MS = 2_000
const MANY = 40_000

test.each([
  ['comments that never end', '<!--'.repeat(MANY)],
  ['marks of Word that never end', '<![if'.repeat(MANY)],
  ['office tags that never end', '<o:p '.repeat(MANY)],
  ['styles that never end', '<style'.repeat(MANY)],
  ['office data that never ends', '<xml'.repeat(MANY)],
  ['a paragraph of no-break spaces', `<p>${'\u00a0'.repeat(MANY)}x</p>`],
  ['a tag of styles', `<p ${'style '.repeat(MANY)}>x</p>`],
])('S11 a paste of %s holds its browser for no longer than its length', (_what, html) => {
  const started = performance.now()
  cleanPasted(html)
  expect(performance.now() - started).toBeLessThan(MOST_MS)
})

test('a paste from Word keeps its words, and none of its noise', () => {
  const pasted =
    '<!--[if gte mso 9]><xml><o:x>1</o:x></xml><![endif]--><style>p { mso-x: y }</style><p class=MsoNormal style="margin:0">Gentili <span style="font-weight:bold">famiglie</span><o:p></o:p></p>'
  expect(cleanPasted(pasted)).toBe('<p>Gentili <strong>famiglie</strong></p>')
})
