import { describe, expect, test } from 'vitest'
import { addressTyped } from '#components/office/editor/link-dialog.tsx'
import { fieldsIn } from '#lib/communications/communication.ts'
import { safeFileName } from '#lib/files/file-type.ts'
import { mergeForm } from '#lib/kernel/form-merge.ts'
import { trimEndOf } from '#lib/kernel/trim.ts'
import { accessibilityFindings } from '#lib/publishing/accessibility.ts'
import { cleanHtml } from '#lib/publishing/safe-html.ts'
import { clientAddress } from '#lib/web/client-address.ts'
import { piecesOf } from '#lib/words/written.ts'

/** A busy machine needs a tenth of it; what squares needs minutes, and what doubles never ends. */
const MOST_MS = 2_000
const MANY = 40_000
const longName = '0'.repeat(MANY)

describe('what people send takes time in proportion to its length', () => {
  test.each<[string, () => unknown]>([
    ['a paragraph that begins with no-break spaces', () => cleanHtml(`<p>${'\u00a0'.repeat(MANY)}x</p>`)],
    ['the same as a mail program writes them', () => cleanHtml(`<p>${'&nbsp;'.repeat(MANY / 2)}x</p>`)],
    ['a link of dots before a letter', () => linkFindings(`${'.'.repeat(MANY)}a`)],
    ['the name of a field made of digits', () => mergeForm(SAVED, { [longName]: 'x' }, 'Elena')],
    ['isolates that are opened and never closed', () => piecesOf('\u2068'.repeat(MANY))],
    ['tags that are opened and never closed', () => fieldsIn('<'.repeat(MANY))],
    ['a file name of dashes', () => safeFileName(`${'-'.repeat(MANY)}a.pdf`, 'pdf')],
    ['a network address of zones', () => clientAddress('127.0.0.1', '%'.repeat(MANY), 1)],
    ['an address of many at signs', () => addressTyped(`mailto:${'@:'.repeat(MANY)} `)],
    ['dots before the end of a reason', () => trimEndOf(`${'.'.repeat(MANY)}a`, '.')],
  ])('%s', (_what, read) => {
    const started = performance.now()
    read()
    expect(performance.now() - started).toBeLessThan(MOST_MS)
  })
})

const SAVED = { who: 'Paola', at: {}, fields: { a: '1' } }
const linkFindings = (words: string) =>
  accessibilityFindings({
    title: 'Titolo',
    summary: '',
    body: cleanHtml(`<p><a href="https://esempio.it">${words}</a></p>`),
    attachments: [],
  })
