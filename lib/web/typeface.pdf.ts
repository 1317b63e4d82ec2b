import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { create, type Font } from 'fontkit'

/** How a stretch of text looks. */
export type Look = 'plain' | 'strong' | 'bold' | 'slanted' | 'strongSlanted'

const FILES: Readonly<Record<Look, readonly [weight: number, style: 'normal' | 'italic']>> = {
  plain: [400, 'normal'],
  strong: [600, 'normal'],
  bold: [700, 'normal'],
  slanted: [400, 'italic'],
  strongSlanted: [600, 'italic'],
}

/** A typeface of one look. `fromRight`: its letters are laid from right to left. */
export type Face = { name: string; font: Font; fromRight: boolean }

/** Where each letter of a look is searched, in this order. */
export type Typefaces = Readonly<Record<Look, readonly Face[]>>

const FOLDER = join(process.cwd(), 'node_modules/@fontsource')

/** Titillium has no Arabic letters, Vazirmatn no slanted ones. */
const filesOf = (look: Look) => {
  const [weight, style] = FILES[look]
  return [
    { path: `titillium-web/files/titillium-web-latin-${weight}-${style}.woff`, fromRight: false },
    { path: `titillium-web/files/titillium-web-latin-ext-${weight}-${style}.woff`, fromRight: false },
    { path: `vazirmatn/files/vazirmatn-arabic-${weight}-normal.woff`, fromRight: true },
  ]
}

const [WOFF_HEADER, WOFF_ENTRY, SFNT_HEADER, SFNT_ENTRY] = [44, 20, 12, 16]
const TABLES_AT = 12

/** The next multiple of four: where a table may begin. */
const aligned = (bytes: number): number => (bytes + 3) & ~3

/**
 * The same typeface without compression. fontkit reads WOFF too, and inflates all shapes again for each letter: nine tenths of
 * the time of an invoice.
 */
function uncompressed(woff: Buffer): Buffer {
  const count = woff.readUInt16BE(TABLES_AT)
  const entries = Array.from({ length: count }, (_, index) => {
    const at = WOFF_HEADER + index * WOFF_ENTRY
    const [offset, packed, length] = [4, 8, 12].map((field) => woff.readUInt32BE(at + field)) as [
      number,
      number,
      number,
    ]
    const bytes = woff.subarray(offset, offset + packed)
    return {
      tag: woff.subarray(at, at + 4),
      checksum: woff.subarray(at + 16, at + 20),
      table: packed < length ? inflateSync(bytes) : bytes,
    }
  })
  const size = entries.reduce((sum, { table }) => sum + aligned(table.length), 0)
  const start = SFNT_HEADER + count * SFNT_ENTRY
  const sfnt = Buffer.alloc(start + size)
  woff.copy(sfnt, 0, 4, 8)
  sfnt.writeUInt16BE(count, 4)
  let at = start
  for (const [index, { tag, checksum, table }] of entries.entries()) {
    const entry = SFNT_HEADER + index * SFNT_ENTRY
    tag.copy(sfnt, entry)
    checksum.copy(sfnt, entry + 4)
    sfnt.writeUInt32BE(at, entry + 8)
    sfnt.writeUInt32BE(table.length, entry + 12)
    table.copy(sfnt, at)
    at += aligned(table.length)
  }
  return sfnt
}

/**
 * fontkit keeps one object for each glyph, with the letters of its first use. Embedding a letter that is drawn from two parts
 * reads the parts too, without letters: in the next document such a glyph would say no letter to who copies or hears the text.
 */
function keepLetters(font: Font): void {
  const glyphOf = font.getGlyph.bind(font)
  font.getGlyph = (id, codePoints = []) => {
    const glyph = glyphOf(id, codePoints)
    return codePoints.length === 0 || `${glyph.codePoints}` === `${codePoints}`
      ? glyph
      : Object.create(glyph, { codePoints: { value: codePoints } })
  }
}

/** Lays Arabic from right to left beside any other letters: alone, its comma would go the other way. */
function layFromRight(font: Font): void {
  const layOut = font.layout.bind(font)
  font.layout = (text, features) => layOut(text, features, 'arab', undefined, 'rtl')
}

async function faceOf({ path, fromRight }: ReturnType<typeof filesOf>[number]): Promise<Face> {
  const font = create(uncompressed(await readFile(join(FOLDER, path))))
  keepLetters(font)
  if (fromRight) layFromRight(font)
  return { name: path, font, fromRight }
}

async function load(): Promise<Typefaces> {
  const facesOf = (look: Look) => Promise.all(filesOf(look).map(faceOf))
  const [plain, strong, bold, slanted, strongSlanted] = await Promise.all([
    facesOf('plain'),
    facesOf('strong'),
    facesOf('bold'),
    facesOf('slanted'),
    facesOf('strongSlanted'),
  ])
  return { plain, strong, bold, slanted, strongSlanted }
}

let loaded: Promise<Typefaces> | undefined

/** The portal's typefaces, read once in a process. */
export function typefaces(): Promise<Typefaces> {
  loaded ??= load()
  return loaded
}

export const PDF_COLOURS = { ink: '#17324d', muted: '#455b71', line: '#c5c7c9', blue: '#004d99' } as const
