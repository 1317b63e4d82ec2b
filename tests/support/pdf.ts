import { inflateSync } from 'node:zlib'
import { getDocumentProxy } from 'unpdf'

/** Enough of a PDF to see what a reader sees: the letters in the order in which they stand on the page, left to right. */
export type ReadPdf = {
  /** What is drawn, each line from left to right. */
  drawn: string
  /** The same by page, each stretch with its place: from the top down, from left to right. */
  pages: readonly (readonly Stretch[])[]
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

const objectsOf = (pdf: Buffer): Map<string, string> =>
  new Map(
    [...pdf.toString('latin1').matchAll(OBJECT)].map((found) => [found[1] as string, found[2] as string]),
  )

const reference = (object: string, name: string) => new RegExp(`/${name} \\[?(\\d+) 0 R`).exec(object)?.[1]

const pagesOf = (objects: ReadonlyMap<string, string>): string[] =>
  [...objects.values()].filter((object) => object.includes('/Type /Page\n'))

const contentOfPage = (objects: ReadonlyMap<string, string>, page: string): string =>
  contentOf(objects.get(reference(page, 'Contents') as string) as string)

/** The operations that draw each page. */
export function operationsOf(pdf: Buffer): string[] {
  const objects = objectsOf(pdf)
  return pagesOf(objects).map((page) => contentOfPage(objects, page))
}

/** Letters that are drawn in one go, from the left edge and from the foot of their page. */
type Stretch = { letters: string; x: number; y: number }

const inSight = (one: Stretch, other: Stretch): number => other.y - one.y || one.x - other.x

/** Reads a document of ours. A glyph that draws no letter, or a typeface that is not in the file, is an error. */
export function readPdf(pdf: Buffer): ReadPdf {
  const objects = objectsOf(pdf)
  const typefaces = new Set<string>()
  const glyphs = new Map<string, Set<string>>()
  const pages: Stretch[][] = []
  const fontOf = (page: string, name: string) => {
    const font = objects.get(new RegExp(`/${name} (\\d+) 0 R`).exec(page)?.[1] ?? '') ?? ''
    const typeface = /\/BaseFont \/(?:[A-Z]+\+)?(\S+)/.exec(font)?.[1] ?? name
    const cmap = reference(font, 'ToUnicode')
    if (!cmap) throw new Error(`${typeface} is not in the document`)
    return { typeface, letters: toUnicode(contentOf(objects.get(cmap) as string)) }
  }
  for (const page of pagesOf(objects)) {
    const resources = objects.get(reference(page, 'Resources') ?? '') ?? page
    const operations = contentOfPage(objects, page)
    const stretches: Stretch[] = []
    for (const [, text = ''] of operations.matchAll(/\nBT\n([\s\S]*?)\nET\n/g)) {
      const [, x, y] = /1 0 0 1 (\S+) (\S+) Tm/.exec(text) ?? []
      const font = fontOf(resources, /\/(F\d+) /.exec(text)?.[1] ?? '')
      let letters = ''
      for (const code of text.match(/[0-9a-f]{4}(?=[0-9a-f]*>)/g) ?? []) {
        const number = Number.parseInt(code, 16)
        const drawn = font.letters[number] ?? ''
        if (number === 0 || drawn === '')
          throw new Error(`${font.typeface} draws glyph ${number}, which has no letter, after “${letters}”`)
        glyphs.set(drawn, (glyphs.get(drawn) ?? new Set()).add(`${font.typeface}#${number}`))
        typefaces.add(font.typeface)
        letters += drawn.length > 1 ? [...drawn].reverse().join('') : drawn
      }
      stretches.push({ letters, x: Number(x), y: Number(y) })
    }
    pages.push(stretches.toSorted(inSight))
  }
  return {
    drawn: pages
      .map((page) => `${page.map(({ letters }) => letters).join('')}\n`)
      .join('')
      .replace(/[ \u00a0]+/g, ' '),
    pages,
    glyphs,
    typefaces: [...typefaces],
  }
}

/** An element of a document as another program reads it: what a screen reader hears, in its order. */
export type ReadElement = { role: string; text: string; children: ReadElement[] }

type Node = {
  role?: string
  /** What the element says in the place of its letters. */
  alt?: string
  type?: string
  id?: string
  children?: Node[]
}

/** All elements of a kind, in the order of reading. */
export const elementsOf = (element: ReadElement, role: string): ReadElement[] =>
  element.children.flatMap((child) => [...(child.role === role ? [child] : []), ...elementsOf(child, role)])

/** The structure of each page, read by pdf.js. */
export async function readStructure(pdf: Buffer): Promise<ReadElement[]> {
  const document = await getDocumentProxy(new Uint8Array(pdf))
  const pages: ReadElement[] = []
  for (let number = 1; number <= document.numPages; number++) {
    const page = await document.getPage(number)
    const { items } = await page.getTextContent({ includeMarkedContent: true })
    const texts = new Map<string, string>()
    let open: (string | undefined)[] = []
    for (const item of items) {
      if ('str' in item) {
        const id = open.findLast((known) => known !== undefined)
        if (id) texts.set(id, `${texts.get(id) ?? ''}${item.str}${item.hasEOL ? ' ' : ''}`)
      } else if (item.type === 'endMarkedContent') open = open.slice(0, -1)
      else open = [...open, item.id]
    }
    const heard = ({ alt, id, children = [] }: Node): string =>
      alt ?? (id ? (texts.get(id) ?? '') : children.map(heard).join(''))
    const read = (node: Node): ReadElement => ({
      role: node.role ?? '',
      text: heard(node).replace(/\s+/g, ' ').trim(),
      children: (node.children ?? []).filter((child) => child.role !== undefined).map(read),
    })
    pages.push(read((await page.getStructTree()) as Node))
  }
  await document.cleanup()
  return pages
}
