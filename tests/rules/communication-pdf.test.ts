import { expect, test } from 'vitest'
import { communicationPdf } from '#lib/communications/communication.pdf.tsx'
import { cleanHtml } from '#lib/publishing/safe-html.ts'

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
