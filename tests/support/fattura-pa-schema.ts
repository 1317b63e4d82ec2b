import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { XmlBufferInputProvider, XmlDocument, XsdValidator, xmlRegisterInputProvider } from 'libxml2-wasm'

/** Where the official schema may be: it is not ours to ship, so a checkout may lack it. */
const PLACES = [
  process.env.FATTURAPA_XSD_DIR,
  resolve(import.meta.dirname, '../../../shared/data/fatturapa'),
  resolve(import.meta.dirname, '../../.data/fatturapa'),
]

const SCHEMA = {
  file: 'Schema_VFPR12_v1.2.3.xsd',
  sha256: '152944f6eef9f5d69ef6e955ee173b32142b00a8c1c5222fc97dfab5910e8a8c',
}
const SIGNATURE = {
  file: 'xmldsig-core-schema.xsd',
  sha256: '35cf8197da812c85e40d57891b35c94187569ed474a2dac813ce5090dafcd35c',
}
const SIGNATURE_ORIGIN = 'http://www.w3.org/TR/2002/REC-xmldsig-core-20020212/xmldsig-core-schema.xsd'

function read(folder: string, { file, sha256 }: typeof SCHEMA): Buffer {
  const bytes = readFileSync(join(folder, file))
  if (createHash('sha256').update(bytes).digest('hex') !== sha256)
    throw new Error(`${file} in ${folder} is not the official one`)
  return bytes
}

function findSchema(): { schema: Buffer; signature: Buffer } | null {
  for (const folder of PLACES) {
    if (!folder) continue
    try {
      return {
        schema: read(folder, SCHEMA),
        signature: read(folder, SIGNATURE),
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
  return null
}

/**
 * The official schema as a function that lists the violations of an electronic invoice, or null where it is absent.
 * The schema imports the signature's one over HTTP: here it is served from memory, nothing reaches the network.
 */
export function officialSchema(): ((xml: string) => string[]) | null {
  const found = findSchema()
  if (!found) return null
  xmlRegisterInputProvider(new XmlBufferInputProvider({ [SIGNATURE_ORIGIN]: found.signature }))
  const validator = XsdValidator.fromDoc(XmlDocument.fromBuffer(found.schema))
  return (xml) => {
    const document = XmlDocument.fromString(xml)
    try {
      validator.validate(document)
      return []
    } catch (error) {
      return [(error as Error).message]
    } finally {
      document.dispose()
    }
  }
}
