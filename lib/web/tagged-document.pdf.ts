import PDFDocument, { type StructureElement } from 'pdfkit'
import type { Direction } from './direction.pdf.ts'
import { linesOf, type Piece, type StyledRun, type TextLine } from './text-lines.pdf.ts'
import { type Look, PDF_COLOURS, type Typefaces } from './typeface.pdf.ts'

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
const escaped = (text: string): string => text.replace(/[&<>]/g, (sign) => ESCAPES[sign] as string)

/** The claim of PDF/UA, and the description of its property, which PDF/A asks for. */
const UNIVERSAL_ACCESS = `
<rdf:Description xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about=""><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#" rdf:about="">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category><pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>`

/** pdfkit puts title and author into the XML of the metadata as they are: a name with "&" would break it. */
class Pdf extends PDFDocument {
  override endMetadata(): void {
    for (const [name, value] of Object.entries(this.info))
      if (typeof value === 'string') this.info[name] = escaped(value)
    super.endMetadata()
  }
}

/** What a file says of itself. */
export type PdfFacts = { title: string; author: string; subject: string; language: string; madeAt: Date }

/** How a text is set: `leading` in multiples of its size. */
export type Type = {
  size: number
  leading: number
  look: Look
  colour: string
  align: 'start' | 'end' | 'center'
}

/** From the side where lines begin, in points. */
export type Box = { start: number; width: number }

/** What is drawn on. `pen.y`: where drawing goes on, from the top of the page; `bottom`: where a page ends. */
export type Sheet = {
  readonly pdf: Pdf
  readonly typefaces: Typefaces
  readonly direction: Direction
  readonly top: number
  readonly bottom: number
  readonly pen: { y: number }
}

/** An element of the structure: what is added to it is read in that order. */
export type Element = StructureElement

export const A4 = { width: 595.28, height: 841.89 } as const

/** Draws a whole document: PDF/A-2a and PDF/UA-1, each text an element of its structure, all else an artifact. */
export function drawDocument(
  { title, author, subject, language, madeAt }: PdfFacts,
  typefaces: Typefaces,
  draw: (pdf: Pdf, root: Element) => void,
): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const pdf = new Pdf({
    size: 'A4',
    margin: 0,
    pdfVersion: '1.7',
    subset: 'PDF/A-2a',
    lang: language,
    tagged: true,
    displayTitle: true,
    bufferPages: true,
    autoFirstPage: false,
    font: null,
    info: {
      Title: title,
      Author: author,
      Subject: subject,
      Creator: 'Refettorio',
      Producer: 'Refettorio',
      CreationDate: madeAt,
    },
  })
  const parts: Uint8Array[] = []
  pdf.on('data', (bytes) => parts.push(bytes)).on('end', () => resolve(Buffer.concat(parts)))
  for (const face of Object.values(typefaces).flat()) pdf.registerFont(face.name, face.font)
  try {
    const root = pdf.struct('Document')
    pdf.addStructure(root)
    draw(pdf, root)
    pdf.appendXML(UNIVERSAL_ACCESS)
    pdf.end()
  } catch (error) {
    reject(error)
  }
  return promise
}

/** Adds an element to another, in the order of reading. */
export function group(
  { pdf }: Pick<Sheet, 'pdf'>,
  parent: Element,
  tag: string,
  options: { lang?: string; scope?: 'Column' | 'Row'; actual?: string } = {},
): Element {
  const element = pdf.struct(tag, options)
  parent.add(element)
  return element
}

const leftOf = ({ direction, pdf }: Sheet, { start, width }: Box): number =>
  direction === 'rtl' ? pdf.page.width - start - width : start

/** Draws what says nothing: a line, a band, the ground of a box. */
export function fillBox(
  sheet: Sheet,
  box: Box & { y: number; height: number },
  colour: string = PDF_COLOURS.line,
): void {
  paint(sheet, leftOf(sheet, box), box, colour)
}

function paint(
  { pdf }: Sheet,
  x: number,
  { y, width, height }: { y: number; width: number; height: number },
  colour: string,
): void {
  pdf.markContent('Artifact', { type: 'Layout' })
  pdf.rect(x, y, width, height).fill(colour)
  pdf.endMarkedContent()
}

export function newPage(sheet: Sheet): void {
  sheet.pdf.addPage()
  sheet.pen.y = sheet.top
}

const asRuns = (text: string | readonly StyledRun[], look: Look): readonly StyledRun[] =>
  typeof text === 'string' ? [{ text, look }] : text

const linesIn = (
  sheet: Sheet,
  text: string | readonly StyledRun[],
  { size, look }: Type,
  { width }: Box,
): TextLine[] => linesOf(asRuns(text, look), sheet.typefaces, { direction: sheet.direction, size, width })

/** How high a text will be. */
export const heightOf = (sheet: Sheet, text: string | readonly StyledRun[], type: Type, box: Box): number =>
  linesIn(sheet, text, type, box).length * type.size * type.leading

/** Draws a text as an element of the structure, and goes on below it; on the next page, when this one is full. */
export function write(
  sheet: Sheet,
  parent: Element,
  tag: string,
  text: string | readonly StyledRun[],
  type: Type,
  box: Box,
): void {
  const element = group(sheet, parent, tag)
  const links = new Map<StyledRun, Element>()
  for (const line of linesIn(sheet, text, type, box)) {
    const height = type.size * type.leading
    if (sheet.pen.y + height > sheet.bottom) newPage(sheet)
    drawLine(sheet, { element, links }, line, type, box)
    sheet.pen.y += height
  }
  for (const link of links.values()) link.end()
  element.end()
}

type Target = { element: Element; links: Map<StyledRun, Element> }

/** Where the line begins, from the left. */
function leftOfLine(sheet: Sheet, { width }: TextLine, { align }: Type, box: Box): number {
  const rest = box.width - width
  const before = { start: 0, center: rest / 2, end: rest }[align]
  return leftOf(sheet, box) + (sheet.direction === 'rtl' ? rest - before : before)
}

/** The distance from the top of a line to the foot of its letters: that of Titillium, also where other letters stand. */
function baselineOf({ typefaces }: Sheet, { size, leading, look }: Type): number {
  const font = typefaces[look][0]?.font
  if (!font) return size
  const [ascent, descent] = [font.ascent, font.descent].map((units) => (units * size) / font.unitsPerEm)
  return (size * leading + (ascent ?? 0) + (descent ?? 0)) / 2
}

function drawLine(sheet: Sheet, target: Target, line: TextLine, type: Type, box: Box): void {
  const left = leftOfLine(sheet, line, type, box)
  const y = sheet.pen.y + baselineOf(sheet, type)
  for (const stretch of stretchesOf(line.pieces)) {
    const { run } = stretch[0] as Piece
    const parent = run.href === undefined ? target.element : linkOf(sheet, target, run)
    const colour = run.href === undefined ? type.colour : PDF_COLOURS.blue
    const element = stretch.some(saysOtherwise)
      ? group(sheet, parent, 'Span', { actual: saidBy(stretch) })
      : parent
    element.add(() => {
      for (const piece of stretch) drawPiece(sheet, piece, { ...type, colour }, { x: left + piece.x, y })
    })
    if (element !== parent) element.end()
    if (run.href !== undefined)
      for (const piece of stretch) link(sheet, parent, piece, type, { x: left + piece.x, y })
  }
}

/** Whether two pieces are of the same link, or both of none. */
const leadTogether = (one: StyledRun, other: StyledRun): boolean =>
  one === other || (one.href === undefined && other.href === undefined)

function stretchesOf(pieces: readonly Piece[]): Piece[][] {
  const stretches: Piece[][] = []
  for (const piece of pieces) {
    const last = stretches.at(-1)
    if (last?.[0] && leadTogether(last[0].run, piece.run)) last.push(piece)
    else stretches.push([piece])
  }
  return stretches
}

/** Whether the letters alone would say another thing: from right to left, or for want of a sign. */
const saysOtherwise = ({ face, drawn, said }: Piece): boolean => face.fromRight || drawn !== said

const saidBy = (pieces: readonly Piece[]): string => pieces.map(({ said }) => said).join('')

function linkOf(sheet: Sheet, { element, links }: Target, run: StyledRun): Element {
  const known = links.get(run) ?? group(sheet, element, 'Link')
  links.set(run, known)
  return known
}

/** Where a click on letters leads, and the line below them. */
function link(
  sheet: Sheet,
  element: Element,
  { run, width }: Piece,
  { size, leading }: Type,
  at: Place,
): void {
  const { href = '' } = run
  paint(sheet, at.x, { y: at.y + 1.5, width, height: 0.6 }, PDF_COLOURS.blue)
  sheet.pdf.link(at.x, at.y - size, width, size * leading, href, {
    structParent: element,
    Contents: new String(href),
  })
}

type Place = { x: number; y: number }

function drawPiece({ pdf }: Sheet, { face, drawn }: Piece, { size, colour }: Type, at: Place): void {
  pdf.font(face.name, size).fillColor(colour)
  pdf.text(drawn, at.x, at.y, { lineBreak: false, baseline: 'alphabetic' })
}

/** Draws what stands on each page and belongs to none: how many they are is known when all are drawn. */
export function onEachPage(sheet: Sheet, draw: (page: number, pages: number) => void): void {
  const { start, count } = sheet.pdf.bufferedPageRange()
  for (let page = 0; page < count; page++) {
    sheet.pdf.switchToPage(start + page)
    draw(page + 1, count)
  }
}

/** Draws a line of letters that is no part of the text: the number of a page. */
export function mark(sheet: Sheet, text: string, type: Type, box: Box, y: number): void {
  const [line] = linesIn(sheet, text, type, box)
  if (!line) return
  const left = leftOfLine(sheet, line, type, box)
  sheet.pdf.markContent('Artifact', { type: 'Pagination' })
  for (const piece of line.pieces)
    drawPiece(sheet, piece, type, { x: left + piece.x, y: y + baselineOf(sheet, type) })
  sheet.pdf.endMarkedContent()
}
