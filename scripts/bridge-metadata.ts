import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { type LoadedEntity, loadEntities, publishedMetadata } from '#bridge/spid/entities.adapter.ts'
import { Explained } from './lib/explain.ts'

const USAGE = `npm run bridge:metadata -- ENTI.json [--cartella CARTELLA]
  controlla ogni ente e, se è buono, scrive in CARTELLA i suoi metadata firmati (senza --cartella controlla soltanto)`

const MARKS = { good: '✓', doubt: '?', bad: '✗' } as const

function write(folder: string, { entity, keys }: LoadedEntity): void {
  if (!keys) return
  mkdirSync(folder, { recursive: true })
  const file = path.join(folder, `${entity.name}.xml`)
  writeFileSync(file, publishedMetadata(entity, keys))
  console.log(`  ${file}: da servire così com’è, byte per byte, a ${entity.entityId}`)
}

/** `npm run bridge:metadata`: judges the entities of the bridge and writes what is sent to AgID. */
export async function main(args: readonly string[], now = new Date()): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { cartella: { type: 'string' } },
  })
  const [file, ...others] = positionals
  if (!file || others.length > 0) throw new Explained(USAGE)
  const loaded = loadEntities(file, now)
  if ('wrong' in loaded) {
    for (const line of loaded.wrong) console.log(`${MARKS.bad} ${line}`)
    return 1
  }
  for (const one of loaded.entities) {
    const { entity, wrong, warnings } = one
    console.log(`${wrong.length > 0 ? MARKS.bad : MARKS.good} ${entity.name} (${entity.kind})`)
    for (const line of wrong) console.log(`  ${MARKS.bad} ${line}`)
    for (const line of warnings) console.log(`  ${MARKS.doubt} ${line}`)
    if (values.cartella) write(values.cartella, one)
  }
  return loaded.entities.every(({ wrong }) => wrong.length === 0) ? 0 : 1
}
