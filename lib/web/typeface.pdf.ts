import { join } from 'node:path'
import { Font } from '@react-pdf/renderer'

const LOOKS = [
  [400, 'normal'],
  [600, 'normal'],
  [700, 'normal'],
  [400, 'italic'],
  [600, 'italic'],
] as const

type Look = (typeof LOOKS)[number]

const ARABIC = 'Vazirmatn'

/** Where each letter of a document is looked for, in this order. Titillium has no Arabic letters, Vazirmatn no slanted ones. */
const TYPEFACES: Readonly<Record<string, (look: Look) => string>> = {
  'Titillium Web': ([weight, style]) => `titillium-web/files/titillium-web-latin-${weight}-${style}.woff`,
  'Titillium Web Extended': ([weight, style]) =>
    `titillium-web/files/titillium-web-latin-ext-${weight}-${style}.woff`,
  [ARABIC]: ([weight]) => `vazirmatn/files/vazirmatn-arabic-${weight}-normal.woff`,
}

export const PDF_TYPEFACES = Object.keys(TYPEFACES)

const FOLDER = join(process.cwd(), 'node_modules/@fontsource')

type Glyph = { readonly id: number; readonly codePoints: readonly number[] }
type GlyphRun = { glyphs: Glyph[]; positions: unknown[] }
type ArabicFont = {
  getGlyph(id: number, codePoints?: readonly number[]): Glyph
  layout(text: string, features?: unknown, script?: string, language?: string, direction?: string): GlyphRun
}

/**
 * Mends two things that fontkit and the PDF library do to Arabic.
 *
 * fontkit keeps one object for each glyph, with the letters of its first use. Embedding a letter that is drawn from two parts
 * reads the parts too, without letters: in the next document such a glyph counts as no letter and is not drawn.
 *
 * The library shapes each run from left to right and then turns it, and so a vowel mark stands beside its letter. Shaped from
 * right to left and handed over in the order of reading, it stands where it belongs after the turn.
 */
function mendArabic(font: ArabicFont): void {
  const glyphOf = font.getGlyph.bind(font)
  const layOut = font.layout.bind(font)
  font.getGlyph = (id, codePoints = []) => {
    const glyph = glyphOf(id, codePoints)
    return codePoints.length === 0 || `${glyph.codePoints}` === `${codePoints}`
      ? glyph
      : Object.create(glyph, { codePoints: { value: codePoints } })
  }
  font.layout = (text, features, script, language) => {
    const run = layOut(text, features, script, language, 'rtl')
    run.glyphs.reverse()
    run.positions.reverse()
    return run
  }
}

async function load(): Promise<void> {
  for (const [family, fileOf] of Object.entries(TYPEFACES))
    Font.register({
      family,
      fonts: LOOKS.map((look) => ({
        src: join(FOLDER, fileOf(look)),
        fontWeight: look[0],
        fontStyle: look[1],
      })),
    })
  Font.registerHyphenationCallback((word) => [word])
  for (const [fontWeight, fontStyle] of LOOKS) {
    const look = { fontFamily: ARABIC, fontWeight, fontStyle }
    await Font.load(look)
    mendArabic(Font.getFont(look).data as unknown as ArabicFont)
  }
}

let loaded: Promise<void> | undefined

/** The portal's typefaces, ready for a document. Words are never broken in two: names and addresses are among them. */
export function typefaces(): Promise<void> {
  loaded ??= load()
  return loaded
}

export const PDF_COLOURS = { ink: '#17324d', muted: '#455b71', line: '#c5c7c9', blue: '#004d99' } as const
