import { expect, test } from 'vitest'
import { communicationPdf } from '#lib/communications/communication.pdf.ts'
import { cleanHtml } from '#lib/publishing/safe-html.ts'
import { elementsOf, type ReadElement, readStructure } from '#tests/support/pdf.ts'

const pages = (pdf: Buffer): number => pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length ?? 0

const print = (html: string) =>
  communicationPdf({
    title: 'Patto per una mensa serena',
    kind: 'information',
    publishedAt: new Date('2026-11-24T09:05:00+01:00'),
    body: cleanHtml(html),
    files: [{ id: 'f', title: 'Patto firmato', mediaType: 'application/pdf', size: 2048 }],
    sender: 'Tangram Cooperativa Sociale',
    municipalityName: 'Mozzecane',
  })

test('a communication is a document to keep, with its own typeface inside', async () => {
  const pdf = await print(
    '<h2>Che cosa facciamo</h2><p>Cuciniamo <strong>ogni</strong> <em>giorno</em>.</p><hr /><ol><li>uno</li></ol>',
  )
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
  expect(pages(pdf)).toBe(1)
  expect(pdf.toString('latin1')).toMatch(/TitilliumWeb/)
})

test('a long one takes as many pages as it needs', async () => {
  expect(
    pages(await print('<p>Una riga che continua, con un po’ di parole.</p>'.repeat(120))),
  ).toBeGreaterThan(2)
})

test('a link that a browser would not follow is only text', async () => {
  const pdf = (
    await print('<p><a href="/mozzecane/moduli">Moduli</a> <a href="https://example.it/">sito</a></p>')
  ).toString('latin1')
  expect(pdf).toContain('https://example.it/')
  expect(pdf).not.toContain('/mozzecane/moduli')
})

test('its structure is that of its text: headings, lists, quotations and where links lead', async () => {
  const [page] = (await readStructure(
    await print(
      '<h2>Che cosa</h2><ol><li>uno</li><li>due <a href="https://example.it/">sito</a></li></ol><blockquote><p>detto</p></blockquote><p>🍝</p>',
    ),
  )) as [ReadElement]
  const texts = (role: string) => elementsOf(page, role).map(({ text }) => text)
  expect(texts('H1')).toEqual(['Patto per una mensa serena'])
  expect(texts('H2')).toEqual(['Che cosa'])
  expect(elementsOf(page, 'L').map((list) => list.children.map(({ text }) => text))).toEqual([
    ['1. uno', '2. due sito'],
  ])
  expect(texts('Link')).toEqual(['sito'])
  expect(texts('BlockQuote')).toEqual(['detto'])
  expect(texts('P')).toContain('🍝')
})

test('a word that is wider than a line goes on in the next', async () => {
  const [page] = (await readStructure(await print(`<p>${'a'.repeat(900)} fine</p>`))) as [ReadElement]
  const word = elementsOf(page, 'P').find(({ text }) => text.startsWith('aaa'))
  const lines = (word?.text ?? '').split(' ')
  expect(lines.length).toBeGreaterThan(5)
  expect(lines.join('')).toBe(`${'a'.repeat(900)}fine`)
})

test('a very long word costs no more than its length', async () => {
  await print('<p>a</p>')
  const before = process.cpuUsage()
  await print(`<p>${'a'.repeat(20_000)}</p>`)
  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(5_000)
})
