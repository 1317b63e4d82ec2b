import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { closeDatabase } from '#db/client.ts'
import { migrate } from '#db/migrate.ts'
import { type Rekeyed, rekey } from '#db/rekey.ts'
import { reseal } from '#db/reseal.ts'
import { seedLoad } from '#db/seed.ts'
import { dataKeys, envAs, hashKeys } from '#lib/kernel/env.ts'
import { columnTypes } from './lib/column-types.ts'
import { withConnection } from './lib/connection.ts'
import { DATA_DIR, type DatabaseServer, openServer } from './lib/database-server.ts'
import { demoEnvironment } from './lib/demo-environment.ts'
import { Explained } from './lib/explain.ts'
import {
  emptyDatabase,
  migrateDatabase,
  refuseUnlessDemonstration,
  seedDatabase,
} from './lib/prepare-database.ts'
import { printRelease } from './lib/release.ts'
import { printStructure } from './lib/structure.ts'
import { startThrowawayPostgres } from './postgres/server.ts'

const USAGE = `Uso:
  npm run db:migrate                     porta lo schema all'ultima versione
  npm run db:seed                        popola il Comune di dimostrazione, se non c'è: solo in un database vuoto o che è già una dimostrazione
  npm run db:seed -- --pupils 150000     aggiunge una città grande, per le prove di carico; --years 5: con cinque anni di storia
  npm run db:reset                       ricomincia dal Comune di dimostrazione appena nato
  npm run db:reseal                      porta alle chiavi di adesso (DATA_KEY, FISCAL_CODE_KEY) ciò che è scritto con quelle di prima
  npm run db:types                       riscrive db/schema.ts e db/structure.sql a partire da migrazioni e definizioni
  npm run db:release -- 0.4.0            scrive lo schema di un rilascio, con qualche riga, per le prove che lo portano avanti`

type Options = { pupils: number | null; years: number; eraseAll: boolean }

/** Runs a command on the database, which is stopped afterwards when it is the embedded one. */
async function onDatabase(command: string, work: (server: DatabaseServer) => Promise<void>): Promise<void> {
  const server = await openServer(`npm run db:${command}`)
  try {
    await work(server)
  } finally {
    await closeDatabase()
    await server.stop()
  }
}

/** Sets the environment that the product's own commands read: the seed calls them. */
function completeEnvironment(server: DatabaseServer): void {
  for (const [name, value] of Object.entries(demoEnvironment(DATA_DIR, 3000, server)))
    process.env[name] ||= value
}

async function seed(server: DatabaseServer, { pupils, years }: Options): Promise<void> {
  await refuseUnlessDemonstration(server)
  completeEnvironment(server)
  await migrateDatabase(server)
  if (pupils === null) await seedDatabase(server, say)
  else await seedLoad(server.ownerUrl, pupils, { report: say, years })
}

async function reset(server: DatabaseServer, { eraseAll }: Options): Promise<void> {
  if (!server.embedded && !eraseAll) {
    throw new Explained(
      'Questo cancella tutto ciò che c’è nel database di DATABASE_URL. Se lo vuoi davvero: npm run db:reset -- --cancella-tutto',
    )
  }
  await refuseUnlessDemonstration(server)
  completeEnvironment(server)
  await emptyDatabase(server)
  await migrateDatabase(server)
  await seedDatabase(server, say)
}

/** After a new DATA_KEY or FISCAL_CODE_KEY. Keys are never invented here: only the demonstration's are completed. */
async function sealAgain(server: DatabaseServer): Promise<void> {
  if (server.embedded) completeEnvironment(server)
  envAs('reseal')
  const { sealed, unopened } = await reseal(server.ownerUrl, dataKeys())
  say(`${sealed} valori cifrati di nuovo con la chiave di adesso`)
  if (unopened > 0)
    say(
      `${unopened} non si aprono con le chiavi di DATA_KEY e DATA_KEY_ALSO: se una chiave di prima esiste ancora, aggiungila e riprova`,
    )
  const rings = { codes: hashKeys(), data: dataKeys() }
  const rekeyed = await rekey(server.ownerUrl, rings, (seen, of) =>
    say(`Codici fiscali: ${seen} persone di ${of}`),
  )
  for (const line of rekeyedInWords(rekeyed, rings.codes.earlier.length > 0)) say(line)
}

/** How the move of fiscal codes ended, and whether the key of before may go. */
export function rekeyedInWords({ moved, unknown, strangers }: Rekeyed, hasEarlier: boolean): string[] {
  const lines = [`${moved} codici fiscali portati alla chiave di adesso`]
  if (unknown > 0) {
    return [
      ...lines,
      `${unknown} non sono scritti con nessuna chiave di FISCAL_CODE_KEY e FISCAL_CODE_KEY_ALSO: queste persone non possono entrare. Aggiungi la chiave che manca e riprova`,
    ]
  }
  if (!hasEarlier) return lines
  return [
    ...lines,
    'Nessun codice è più scritto con una chiave di prima: FISCAL_CODE_KEY_ALSO si può svuotare',
    `${strangers} persone sono entrate senza che un Comune le conosca: il loro codice non è scritto da nessuna parte, e passa alla chiave di adesso al prossimo accesso. Dopo che la chiave di prima è tolta, per loro è come la prima volta`,
  ]
}

const TYPES = 'db/schema.ts'
/** A table of the application is named as a whole, and its partitions by the database alone. */
const PARTITIONS = '*_20[0-9][0-9]'
const STRUCTURE = 'db/structure.sql'

/** Writes the types of the schema, or says whether the file has them already. */
async function generateTypes(url: string, verify: boolean): Promise<boolean> {
  const program = path.join(createRequire(import.meta.url).resolve('kysely-codegen'), '../cli/bin.js')
  const columns = await withConnection(url, columnTypes)
  const options = [
    ['--dialect', 'postgres'],
    ['--exclude-pattern', `public.{schema_source,${PARTITIONS}}`],
    ['--date-parser', 'string'],
    ['--type-mapping', '{"int8":"number"}'],
    ['--overrides', JSON.stringify({ columns })],
    ['--url', url, '--out-file', TYPES, ...(verify ? ['--verify'] : [])],
  ]
  const { status, stderr } = spawnSync(process.execPath, [program, ...options.flat()], { encoding: 'utf8' })
  if (status !== 0 && !verify) throw new Error(stderr)
  return status === 0
}

/** Writes the schema as people read it, or says whether the file has it already. */
async function generateStructure(url: string, verify: boolean): Promise<boolean> {
  const structure = await withConnection(url, printStructure)
  if (!verify) writeFileSync(STRUCTURE, structure)
  return readFileSync(STRUCTURE, 'utf8') === structure
}

/**
 * Writes what is generated from the schema, or verifies that it is up to date. The schema is that of a server of its own,
 * freshly migrated: the state of a person's database does not matter.
 */
export async function describeSchema({ verify }: { verify: boolean }): Promise<boolean> {
  const server = await startThrowawayPostgres()
  try {
    await migrate(server.ownerUrl)
    const isPrinted = await generateStructure(server.ownerUrl, verify)
    return (await generateTypes(server.ownerUrl, verify)) && isPrinted
  } finally {
    await server.stop()
  }
}

const RELEASES = 'tests/releases'
const VERSION = /^\d+\.\d+\.\d+$/

/** Writes the schema of now as a release, with rows of a demonstration that is seeded for it. A release is written once. */
async function keepRelease(version: string): Promise<void> {
  if (!VERSION.test(version)) throw new Explained(USAGE)
  const file = `${RELEASES}/${version}.sql`
  if (existsSync(file)) throw new Explained(`${file} c’è già: un rilascio non si riscrive.`)
  const folder = mkdtempSync(path.join(os.tmpdir(), 'refettorio-rilascio-'))
  const postgres = await startThrowawayPostgres()
  try {
    const server = { ...postgres, embedded: true, onLost: () => undefined }
    for (const [name, value] of Object.entries(demoEnvironment(folder, 3000, server)))
      process.env[name] = value
    await migrate(postgres.ownerUrl)
    await seedDatabase(server, say)
    writeFileSync(file, await withConnection(postgres.ownerUrl, printRelease))
  } finally {
    await closeDatabase()
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  say(`Scritto ${file}`)
}

const say = (words: string): void => console.log(words)

function optionsIn(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: { pupils: { type: 'string' }, years: { type: 'string' }, 'cancella-tutto': { type: 'boolean' } },
  })
  const pupils = values.pupils === undefined ? null : Number(values.pupils)
  if (pupils !== null && !(Number.isInteger(pupils) && pupils > 0)) throw new Explained(USAGE)
  const years = Number(values.years ?? 1)
  if (!(Number.isInteger(years) && years > 0)) throw new Explained(USAGE)
  return { pupils, years, eraseAll: values['cancella-tutto'] ?? false }
}

export async function main([command = '', ...args]: readonly string[]): Promise<undefined> {
  const commands: Record<string, () => Promise<unknown>> = {
    migrate: () =>
      onDatabase('migrate', async (server) => say(`${await migrateDatabase(server, say)} passi applicati`)),
    seed: () => onDatabase('seed', (server) => seed(server, optionsIn(args))),
    reset: () => onDatabase('reset', (server) => reset(server, optionsIn(args))),
    reseal: () => onDatabase('reseal', sealAgain),
    types: () => describeSchema({ verify: false }),
    release: () => keepRelease(args[0] ?? ''),
  }
  const run = commands[command]
  if (!run) throw new Explained(USAGE)
  await run()
}
