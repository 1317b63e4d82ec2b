import { createHash } from 'node:crypto'
import { strToU8, Zip, ZipDeflate } from 'fflate'
import { italianCsv, italianCsvLines } from '#lib/kernel/csv.ts'
import {
  EXPORT_TABLES,
  type ExportFile,
  type ExportSum,
  type ExportValue,
  exportGuide,
  headersOf,
  lineOf,
  MANIFEST_FILE,
  MANIFEST_HEADERS,
  summedColumn,
} from './town-export.ts'

/** A ZIP that is made piece by piece: what is packed is taken out before more goes in. */
class StreamedZip {
  #pieces: Uint8Array[] = []
  readonly #zip = new Zip((error, piece) => {
    if (error) throw error
    this.#pieces.push(piece)
  })

  file(name: string): ZipDeflate {
    const file = new ZipDeflate(name, { level: 6 })
    this.#zip.add(file)
    return file
  }

  end(): void {
    this.#zip.end()
  }

  *packed(): Generator<Uint8Array> {
    const made = this.#pieces
    this.#pieces = []
    yield* made
  }
}

/** Counts what a file is made of, while it is made. */
class Counted {
  readonly #hash = createHash('sha256')
  readonly #file: ZipDeflate
  #bytes = 0

  constructor(file: ZipDeflate) {
    this.#file = file
  }

  push(text: string, isLast = false): void {
    const bytes = strToU8(text)
    this.#hash.update(bytes)
    this.#bytes += bytes.length
    this.#file.push(bytes, isLast)
  }

  sum(): Pick<ExportSum, 'bytes' | 'sha256'> {
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') }
  }
}

/**
 * Everything that a municipality has, as one ZIP of CSV files with a guide to their columns and a last file with their counts, sums and
 * hashes. It is made while it is taken: no more than a batch of rows is held.
 * @param rowsOf the rows of a file, some at a time
 */
export async function* townZip(
  rowsOf: (file: ExportFile) => AsyncIterable<readonly Readonly<Record<string, ExportValue>>[]>,
): AsyncGenerator<Uint8Array> {
  const zip = new StreamedZip()
  const sums: ExportSum[] = []
  for (const table of EXPORT_TABLES) {
    const file = new Counted(zip.file(table.file))
    const summed = summedColumn(table)
    let [rows, cents] = [0, 0]
    file.push(italianCsv([headersOf(table)]))
    for await (const batch of rowsOf(table.file)) {
      if (batch.length > 0) file.push(italianCsvLines(batch.map((row) => lineOf(table, row))))
      rows += batch.length
      if (summed) cents += batch.reduce((sum, row) => sum + Number(row[summed] ?? 0), 0)
      yield* zip.packed()
    }
    file.push('', true)
    sums.push({ file: table.file, rows, cents: summed ? cents : null, ...file.sum() })
    yield* zip.packed()
  }
  new Counted(zip.file('leggimi.md')).push(exportGuide(), true)
  const lines = sums.map((one) => [one.file, one.rows, one.bytes, one.sha256, one.cents ?? ''])
  new Counted(zip.file(MANIFEST_FILE)).push(italianCsv([MANIFEST_HEADERS, ...lines]), true)
  zip.end()
  yield* zip.packed()
}
