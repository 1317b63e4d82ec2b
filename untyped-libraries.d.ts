/** The little of `fontkit` 2 that documents use; the package carries no types. */
declare module 'fontkit' {
  export type Glyph = { readonly id: number; readonly codePoints: readonly number[] }
  export type GlyphRun = { glyphs: Glyph[]; positions: { xAdvance: number }[] }
  export type Font = {
    readonly unitsPerEm: number
    readonly ascent: number
    readonly descent: number
    hasGlyphForCodePoint(codePoint: number): boolean
    getGlyph(id: number, codePoints?: readonly number[]): Glyph
    layout(
      text: string,
      features?: unknown,
      script?: string,
      language?: string,
      direction?: 'ltr' | 'rtl',
    ): GlyphRun
  }
  export function create(file: Uint8Array): Font
}

/** The little of `pdfkit` 0.20 that documents use; the package carries no types. */
declare module 'pdfkit' {
  import type { Font } from 'fontkit'

  export type StructureElement = {
    add(child: StructureElement | (() => void)): StructureElement
    end(): void
  }

  export type DocumentOptions = {
    size: string
    margin: number
    pdfVersion: string
    subset: string
    lang: string
    tagged: boolean
    displayTitle: boolean
    bufferPages: boolean
    autoFirstPage: boolean
    font: null
    info: Record<string, string | Date>
  }

  export default class PDFDocument {
    constructor(options: DocumentOptions)
    readonly info: Record<string, string | Date>
    readonly page: { readonly width: number; readonly height: number }
    on(event: 'data', listener: (bytes: Uint8Array) => void): this
    on(event: 'end', listener: () => void): this
    end(): void
    addPage(): this
    bufferedPageRange(): { start: number; count: number }
    switchToPage(page: number): unknown
    registerFont(name: string, font: Font): this
    font(name: string, size: number): this
    fillColor(colour: string): this
    rect(x: number, y: number, width: number, height: number): this
    fill(colour: string): this
    text(text: string, x: number, y: number, options: { lineBreak: false; baseline: 'alphabetic' }): this
    link(
      x: number,
      y: number,
      width: number,
      height: number,
      url: string,
      options: { structParent: StructureElement; Contents: unknown },
    ): this
    struct(
      type: string,
      options?: { lang?: string; scope?: 'Column' | 'Row'; actual?: string },
    ): StructureElement
    addStructure(element: StructureElement): this
    markContent(tag: string, options: Record<string, string>): this
    endMarkedContent(): this
    appendXML(xml: string): void
    endMetadata(): void
  }
}
