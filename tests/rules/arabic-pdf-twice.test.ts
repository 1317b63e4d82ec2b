import { expect, test } from 'vitest'
import { communicationPdf } from '#lib/communications/communication.pdf.ts'
import { cleanHtml } from '#lib/publishing/safe-html.ts'
import { readPdf } from '#tests/support/pdf.ts'

const drawn = async (line: string): Promise<string> => {
  const item = {
    title: 'Patto',
    kind: 'information' as const,
    publishedAt: new Date('2026-11-24T09:05:00+01:00'),
    body: cleanHtml(`<p>${line}</p>`),
    files: [],
    sender: 'Tangram',
    municipalityName: 'Mozzecane',
  }
  return readPdf(await communicationPdf(item)).drawn
}

// Alone in its file: what a process drew before decides what it finds in the typeface's memory.
test('a later document has all its Arabic letters, parts of letters of an earlier one among them', async () => {
  await drawn('نطبخ كل يوم من أجلكم، في الساعة، وجبة واحدة، شكرًا جزيلًا')
  for (const line of ['بلدية للضريبة الرمز', 'عملية شحن المبلغ أمل إرساله', 'بلدية للضريبة الرمز'])
    expect(await drawn(line)).toContain([...line].reverse().join(''))
})
