/**
 * Fetches the official schema of the electronic invoice from its origin, so that the tests can check against it.
 * It is not ours to redistribute, hence not in the repository. Usage: `node scripts/run.mjs fatturapa-schema [folder]`.
 */
import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'

const FILES = [
  {
    name: 'Schema_VFPR12_v1.2.3.xsd',
    url: 'https://www.fatturapa.gov.it/export/documenti/fatturapa/v1.4/Schema_VFPR12_v1.2.3.xsd',
    sha256: '152944f6eef9f5d69ef6e955ee173b32142b00a8c1c5222fc97dfab5910e8a8c',
  },
  {
    name: 'xmldsig-core-schema.xsd',
    url: 'https://www.w3.org/TR/2002/REC-xmldsig-core-20020212/xmldsig-core-schema.xsd',
    sha256: '35cf8197da812c85e40d57891b35c94187569ed474a2dac813ce5090dafcd35c',
  },
]
const PATIENCE_MS = 30_000

async function download({ name, url, sha256 }: (typeof FILES)[number]): Promise<Buffer> {
  const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) }).catch((error: Error) => {
    throw new Error(`${name}: ${url} non risponde (${error.message})`)
  })
  if (!response.ok) throw new Error(`${name}: ${url} ha risposto ${response.status}`)
  const bytes = Buffer.from(await response.arrayBuffer())
  const found = createHash('sha256').update(bytes).digest('hex')
  if (found !== sha256)
    throw new Error(`${name}: il file di ${url} è cambiato (sha256 ${found}): non ho salvato niente`)
  return bytes
}

/** @param args the folder to write into; `.data/fatturapa` when not given */
export async function main(args: readonly string[]): Promise<number> {
  const folder = resolve(args[0] ?? '.data/fatturapa')
  try {
    const files = await Promise.all(FILES.map(async (file) => ({ ...file, bytes: await download(file) })))
    await mkdir(folder, { recursive: true })
    for (const { name, bytes } of files) await writeFile(join(folder, name), bytes)
    console.log(`Lo schema ufficiale è in ${folder}.`)
    return 0
  } catch (error) {
    console.error(`Non è stato possibile scaricare lo schema. ${(error as Error).message}`)
    return 1
  }
}
