import { gzipSync } from 'node:zlib'
import { Parser } from 'htmlparser2'

export type Sizes = { html: number; flight: number; elements: number; gzip: number }

/** Next writes what the browser needs to hydrate into scripts of this beginning. */
const FLIGHT = 'self.__next_f.push('

/** Bytes of a page, of the flight payload within it, its elements, and its bytes when compressed. */
export function sizesOf(html: string): Sizes {
  let elements = 0
  let flight = 0
  let script: string | null = null
  const parser = new Parser({
    onopentag(name) {
      elements += 1
      if (name === 'script') script = ''
    },
    ontext(text) {
      if (script !== null) script += text
    },
    onclosetag() {
      if (script?.includes(FLIGHT)) flight += Buffer.byteLength(script)
      script = null
    },
  })
  parser.end(html)
  return { html: Buffer.byteLength(html), flight, elements, gzip: gzipSync(html).length }
}
