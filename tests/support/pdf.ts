import { inflateSync } from 'node:zlib'

/** Enough of a PDF to see what a reader sees: the letters in the order in which they stand on the page, left to right. */
export type ReadPdf = {
  /** What is drawn, each line from left to right. */
  drawn: string
  /** Letters → the glyphs that draw them, as `typeface#number`. */
  glyphs: ReadonlyMap<string, ReadonlySet<string>>
  /** The typefaces, without their subset's tag. */
  typefaces: readonly string[]
}

const OBJECT = /(?:^|\n)(\d+) 0 obj\n([\s\S]*?)\nendobj/g
const STREAM = /^([\s\S]*?)\nstream\r?\n([\s\S]*)\nendstream$/

function contentOf(object: string): string {
  const [, head = '', body = ''] = STREAM.exec(object) ?? []
  return head.includes('/FlateDecode') ? inflateSync(Buffer.from(body, 'latin1')).toString('latin1') : body
}

const lettersOf = (hex: string): string =>
  String.fromCodePoint(...(hex.match(/[0-9a-f]{4}/gi) ?? []).map((code) => Number.parseInt(code, 16)))

/** Glyph → letters. */
function toUnicode(cmap: string): string[] {
  const list = /beginbfrange\n<0000> <[0-9a-f]{4}> \[(.*)\]/.exec(cmap)?.[1] ?? ''
  return [...list.matchAll(/<([^>]*)>/g)].map((entry) => lettersOf(entry[1] as string))
}

/** Reads a document of ours. A glyph that draws no letter, or a typeface that is not in the file, is an error. */
export function readPdf(pdf: Buffer): ReadPdf {
  const objects = new Map(
    [...pdf.toString('latin1').matchAll(OBJECT)].map((found) => [found[1] as string, found[2] as string]),
  )
  const reference = (object: string, name: string) => new RegExp(`/${name} \\[?(\\d+) 0 R`).exec(object)?.[1]
  const typefaces = new Set<string>()
  const glyphs = new Map<string, Set<string>>()
  let drawn = ''
  const fontOf = (page: string, name: string) => {
    const font = objects.get(new RegExp(`/${name} (\\d+) 0 R`).exec(page)?.[1] ?? '') ?? ''
    const typeface = /\/BaseFont \/(?:[A-Z]+\+)?(\S+)/.exec(font)?.[1] ?? name
    const cmap = reference(font, 'ToUnicode')
    if (!cmap) throw new Error(`${typeface} is not in the document`)
    return { typeface, letters: toUnicode(contentOf(objects.get(cmap) as string)) }
  }
  for (const page of [...objects.values()].filter((object) => object.includes('/Type /Page\n'))) {
    const resources = objects.get(reference(page, 'Resources') ?? '') ?? page
    const operations = contentOf(objects.get(reference(page, 'Contents') as string) as string)
    let font = { typeface: '', letters: [] as string[] }
    for (const [, name, shown] of operations.matchAll(/\/(F\d+) \S+ Tf|\[(.*)\] TJ/g)) {
      if (name) font = fontOf(resources, name)
      for (const code of (shown ?? '').match(/[0-9a-f]{4}(?=[0-9a-f]*>)/g) ?? []) {
        const number = Number.parseInt(code, 16)
        const letters = font.letters[number] ?? ''
        if (number === 0 || letters === '')
          throw new Error(`${font.typeface} draws glyph ${number}, which has no letter, after “${drawn}”`)
        glyphs.set(letters, (glyphs.get(letters) ?? new Set()).add(`${font.typeface}#${number}`))
        typefaces.add(font.typeface)
        drawn += letters.length > 1 ? [...letters].reverse().join('') : letters
      }
    }
    drawn += '\n'
  }
  return {
    drawn: drawn.replace(/\u200e/g, '').replace(/[ \u00a0]+/g, ' '),
    glyphs,
    typefaces: [...typefaces],
  }
}
