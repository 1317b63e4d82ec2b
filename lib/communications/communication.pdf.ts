import { fileSummary } from '#lib/files/file-type.ts'
import { type Block, blocksOf } from '#lib/publishing/blocks.ts'
import type { SafeHtml } from '#lib/publishing/safe-html.ts'
import { directionOfText } from '#lib/web/direction.pdf.ts'
import {
  A4,
  type Box,
  drawDocument,
  type Element,
  fillBox,
  group,
  heightOf,
  mark,
  newPage,
  onEachPage,
  type Sheet,
  type Type,
  write,
} from '#lib/web/tagged-document.pdf.ts'
import type { StyledRun } from '#lib/web/text-lines.pdf.ts'
import { PDF_COLOURS, typefaces } from '#lib/web/typeface.pdf.ts'
import { instantInWords } from '#lib/words/format-day.ts'
import { directionOf, italian, type Words } from '#lib/words/language.ts'
import { withoutIsolates, written } from '#lib/words/written.ts'
import { COMMUNICATION_KINDS, type CommunicationKind } from './communication.ts'

const { ink, muted, line, blue } = PDF_COLOURS

const TEXT: Type = { size: 11, leading: 1.5, look: 'plain', colour: ink, align: 'start' }
const STRONG: Type = { ...TEXT, look: 'strong' }
const SENDER: Type = { ...TEXT, size: 12, look: 'bold' }
const MUTED: Type = { ...TEXT, size: 10, colour: muted }
const TITLE: Type = { ...TEXT, size: 22, leading: 1.2, look: 'bold', colour: blue }
const FOOT: Type = { ...TEXT, size: 9, leading: 1.2, colour: muted }

const EDGE = 56
const WIDTH = A4.width - 2 * EDGE
const WHOLE: Box = { start: EDGE, width: WIDTH }
const INDENT = 20
const FOOT_Y = 796
/** A heading stays with at least so much of what it is about. */
const AFTER_HEADING = 40

const HEADINGS = {
  h2: { tag: 'H2', type: { ...TEXT, size: 15, look: 'bold' }, before: 10, after: 4 },
  h3: { tag: 'H3', type: { ...TEXT, size: 13, look: 'bold' }, before: 8, after: 3 },
  h4: { tag: 'H4', type: { ...TEXT, size: 13, look: 'bold' }, before: 8, after: 3 },
} as const satisfies Record<string, { tag: string; type: Type; before: number; after: number }>

const isHeading = (kind: Block['kind']): kind is keyof typeof HEADINGS => kind in HEADINGS

export type PrintedCommunication = {
  title: string
  kind: CommunicationKind
  publishedAt: Date
  body: SafeHtml
  files: readonly { id: string; title: string; mediaType: string; size: number }[]
  sender: string
  municipalityName: string
}

const WEB = /^(https?|mailto|tel):/

const LOOKS = { plain: ['plain', 'slanted'], strong: ['strong', 'strongSlanted'] } as const

/** A link that a browser would not follow is only text. */
const runsOf = ({ kind, runs }: Block): StyledRun[] =>
  runs.map(({ text, strong, em, href }) => {
    const look = LOOKS[strong ? 'strong' : 'plain'][em ? 1 : 0]
    const inHeading = isHeading(kind) && look === 'plain' ? 'bold' : look
    return href && WEB.test(href) ? { text, look: inHeading, href } : { text, look: inHeading }
  })

/** The sheet for a text that a person wrote: it runs as its own letters do, in the language of those who read. */
const forText = (sheet: Sheet, text: string): Sheet => ({ ...sheet, direction: directionOfText(text) })

/** Draws the blocks of the text; items that follow each other are one list. */
function body(sheet: Sheet, section: Element, blocks: readonly Block[]): void {
  let list: Element | null = null
  for (const block of blocks) {
    if (block.kind === 'li') list ??= group(sheet, section, 'L')
    else {
      list?.end()
      list = null
    }
    drawBlock(forText(sheet, block.runs.map(({ text }) => text).join('')), list ?? section, block)
  }
  list?.end()
}

function drawBlock(sheet: Sheet, parent: Element, block: Block): void {
  const runs = runsOf(block)
  if (isHeading(block.kind)) heading(sheet, parent, block.kind, runs)
  else if (block.kind === 'rule') rule(sheet)
  else if (block.kind === 'li') item(sheet, parent, block.mark, runs)
  else if (block.kind === 'quote') quote(sheet, parent, runs)
  else paragraph(sheet, parent, runs)
}

function paragraph(sheet: Sheet, parent: Element, runs: readonly StyledRun[]): void {
  write(sheet, parent, 'P', runs, TEXT, WHOLE)
  sheet.pen.y += 8
}

function rule(sheet: Sheet): void {
  fillBox(sheet, { ...WHOLE, y: sheet.pen.y + 10, height: 1 })
  sheet.pen.y += 21
}

function heading(
  sheet: Sheet,
  parent: Element,
  kind: keyof typeof HEADINGS,
  runs: readonly StyledRun[],
): void {
  const { tag, type, before, after } = HEADINGS[kind]
  sheet.pen.y += before
  if (sheet.pen.y + heightOf(sheet, runs, type, WHOLE) + AFTER_HEADING > sheet.bottom) newPage(sheet)
  write(sheet, parent, tag, runs, type, WHOLE)
  sheet.pen.y += after
}

function item(sheet: Sheet, list: Element, label: string, runs: readonly StyledRun[]): void {
  const element = group(sheet, list, 'LI')
  if (sheet.pen.y + TEXT.size * TEXT.leading > sheet.bottom) newPage(sheet)
  const { y } = sheet.pen
  write(sheet, element, 'Lbl', label, TEXT, { start: EDGE, width: INDENT })
  sheet.pen.y = y
  write(sheet, element, 'LBody', runs, TEXT, { start: EDGE + INDENT, width: WIDTH - INDENT })
  element.end()
  sheet.pen.y += 4
}

/** A quotation, with a bar beside it. */
function quote(sheet: Sheet, parent: Element, runs: readonly StyledRun[]): void {
  const box = { start: EDGE + 15, width: WIDTH - 15 }
  const bar = { start: EDGE, width: 3 }
  const element = group(sheet, parent, 'BlockQuote')
  const { y } = sheet.pen
  const height = heightOf(sheet, runs, TEXT, box)
  fillBox(sheet, { ...bar, y, height: Math.min(height, sheet.bottom - y) })
  write(sheet, element, 'P', runs, TEXT, box)
  if (y + height > sheet.bottom) fillBox(sheet, { ...bar, y: sheet.top, height: sheet.pen.y - sheet.top })
  element.end()
  sheet.pen.y += 8
}

function head(
  sheet: Sheet,
  section: Element,
  { sender, kind, publishedAt }: PrintedCommunication,
  place: string,
  t: Words,
): void {
  const kindInWords = t(COMMUNICATION_KINDS[kind].one)
  const when = t('{kind}, {when}', { kind: kindInWords, when: instantInWords(publishedAt, t) })
  write(sheet, section, 'P', written(sender), SENDER, WHOLE)
  write(sheet, section, 'P', place, MUTED, WHOLE)
  sheet.pen.y += 28
  write(sheet, section, 'P', when, MUTED, WHOLE)
}

function heading1(sheet: Sheet, section: Element, title: string): void {
  sheet.pen.y += 4
  write(forText(sheet, title), section, 'H1', title, TITLE, WHOLE)
  fillBox(sheet, { ...WHOLE, y: sheet.pen.y + 12, height: 1 })
  sheet.pen.y += 29
}

function attachments(sheet: Sheet, section: Element, files: PrintedCommunication['files'], t: Words): void {
  if (files.length === 0) return
  sheet.pen.y += 16
  write(sheet, section, 'P', t('Allegati, da scaricare nel portale'), STRONG, WHOLE)
  for (const file of files) {
    const text = t('{title} ({summary})', { title: written(file.title), summary: fileSummary(file, t) })
    write(sheet, section, 'P', text, TEXT, WHOLE)
  }
}

function eachPage(sheet: Sheet, sender: string, t: Words): void {
  onEachPage(sheet, (page, pages) => {
    fillBox(sheet, { start: 0, width: A4.width, y: 0, height: 8 }, blue)
    fillBox(sheet, { ...WHOLE, y: FOOT_Y, height: 1 }, line)
    const text = t('{sender}. Pagina {page} di {pages}', { sender: written(sender), page, pages })
    mark(sheet, text, FOOT, WHOLE, FOOT_Y + 9)
  })
}

/**
 * A communication as a document to keep: A4, PDF/A-2a and PDF/UA-1, the reader's own values in it, the names of its attachments. The
 * office's words stay as they were written; what the portal says around them is in the language of the reader.
 */
export async function communicationPdf(item: PrintedCommunication, t: Words = italian): Promise<Buffer> {
  const faces = await typefaces()
  const { sender, municipalityName, title, publishedAt } = item
  const place = t('Mensa scolastica, Comune di {name}', { name: written(municipalityName) })
  const about = {
    title,
    author: sender,
    subject: withoutIsolates(place),
    language: 'it-IT',
    madeAt: publishedAt,
  }
  return drawDocument(about, faces, (pdf, root) => {
    const sheet: Sheet = {
      pdf,
      typefaces: faces,
      direction: directionOf(t.language),
      top: 44,
      bottom: A4.height - 72,
      pen: { y: 0 },
    }
    newPage(sheet)
    const around = () => group(sheet, root, 'Sect', { lang: t.language })
    const before = around()
    head(sheet, before, item, place, t)
    before.end()
    const text = group(sheet, root, 'Sect')
    heading1(sheet, text, title)
    body(sheet, text, blocksOf(item.body))
    text.end()
    const after = around()
    attachments(sheet, after, item.files, t)
    after.end()
    eachPage(sheet, sender, t)
    root.end()
  })
}
