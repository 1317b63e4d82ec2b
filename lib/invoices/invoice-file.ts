import { createHash } from 'node:crypto'
import { fatturaPaXml } from './fattura-pa.ts'
import { checkStructure } from './fattura-pa-structure.ts'
import { type InvoiceDocument, type InvoiceGap, invoiceGaps } from './invoice.ts'

/** The XML with its hash, or what it lacks. */
type InvoiceFile = { xml: string | null; xml_sha256: Buffer | null; gaps: InvoiceGap[] }

/** The XML, or what keeps it from being written. An XML that fails our own checks is not kept: a person must look at it. */
export function fileOf(document: InvoiceDocument): InvoiceFile {
  const gaps = invoiceGaps(document)
  if (gaps.length > 0) return { xml: null, xml_sha256: null, gaps }
  const xml = fatturaPaXml(document)
  if (checkStructure(xml).length > 0) return { xml: null, xml_sha256: null, gaps: ['structure'] }
  return { xml, xml_sha256: createHash('sha256').update(xml).digest(), gaps: [] }
}
