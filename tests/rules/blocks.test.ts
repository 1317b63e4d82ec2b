import { expect, test } from 'vitest'
import { blocksOf } from '#lib/publishing/blocks.ts'
import { cleanHtml } from '#lib/publishing/safe-html.ts'

const plain = (html: string) =>
  blocksOf(cleanHtml(html)).map(({ kind, mark, runs }) => [kind, mark, runs.map((run) => run.text).join('')])

test('headings, paragraphs, lists and quotes come in reading order', () => {
  expect(
    plain(
      '<h2>Orari</h2><p>Dal lunedì.</p><ul><li>primo</li><li>secondo</li></ul><blockquote><p>Detto.</p></blockquote>',
    ),
  ).toEqual([
    ['h2', '', 'Orari'],
    ['p', '', 'Dal lunedì.'],
    ['li', '•', 'primo'],
    ['li', '•', 'secondo'],
    ['quote', '', 'Detto.'],
  ])
})

test('a numbered list counts, from where it starts', () => {
  expect(plain('<ol start="3"><li>tre</li><li>quattro</li></ol>')).toEqual([
    ['li', '3.', 'tre'],
    ['li', '4.', 'quattro'],
  ])
})

test('the editor’s list items hold paragraphs: one item stays one block', () => {
  expect(plain('<ul><li><p>uno</p></li><li><p>due</p></li></ul><p>dopo</p>')).toEqual([
    ['li', '•', 'uno'],
    ['li', '•', 'due'],
    ['p', '', 'dopo'],
  ])
})

test('bold, italic and links keep their look; entities are letters again', () => {
  const [block] = blocksOf(
    cleanHtml('<p>a <strong>b</strong> <a href="https://example.it"><em>c</em></a> &amp; d</p>'),
  )
  expect(block?.runs).toEqual([
    { text: 'a ', strong: false, em: false, href: null },
    { text: 'b', strong: true, em: false, href: null },
    { text: ' ', strong: false, em: false, href: null },
    { text: 'c', strong: false, em: true, href: 'https://example.it' },
    { text: ' & d', strong: false, em: false, href: null },
  ])
})

test('a picture tells what it shows, an empty paragraph nothing', () => {
  const picture = '<img src="/x-y/allegati/019b0000-0000-7000-8000-000000000000/a.png" alt="L’orto" />'
  expect(plain(`<p></p>${picture}<p>testo</p>`)).toEqual([
    ['p', '', '[L’orto]'],
    ['p', '', 'testo'],
  ])
})
