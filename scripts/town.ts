import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { sql } from 'kysely'
import { closeDatabase, type Db, openDatabase } from '#db/client.ts'
import { databaseUse } from '#db/demonstration.ts'
import { createTown, TownRefused } from '#db/town/create-town.ts'
import type { NamedPerson, TownPlan } from '#db/town/make-town.ts'
import { readTown } from '#db/town/town-file.ts'
import { hashFiscalCode } from '#lib/identity/fiscal-code-hash.ts'
import { dayInRome } from '#lib/kernel/day.ts'
import { type DatabaseServer, openServer } from './lib/database-server.ts'
import { Explained, explainDatabase } from './lib/explain.ts'
import { EXAMPLE_NAME, exampleTown } from './lib/town-example.ts'
import { type Ask, askForTown } from './lib/town-questions.ts'
import { problemsInWords, reportInWords } from './lib/town-report.ts'

const USAGE = `Uso:
  npm run town:create                              crea un Comune chiedendo ogni cosa
  npm run town:create -- --example comune.json     scrive un esempio da compilare
  npm run town:create -- --file comune.json        crea il Comune del file; se c’è già, dice com’è e non cambia niente`

const say = (words: string): void => console.log(words)

function writeExample(file: string): void {
  if (existsSync(file)) throw new Explained(`${file} c’è già: scegli un altro nome.`)
  writeFileSync(file, `${JSON.stringify(exampleTown(dayInRome(new Date())), null, 2)}\n`)
  say(`Scritto ${file}: compilalo, poi «npm run town:create -- --file ${file}».`)
}

function readJson(file: string): unknown {
  if (!existsSync(file))
    throw new Explained(`${file} non c’è. Un esempio: npm run town:create -- --example ${file}`)
  try {
    return JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''))
  } catch (error) {
    throw new Explained(`${file} non è un file JSON: ${(error as Error).message}`)
  }
}

/** The lines that a person types, also where a program types them; the end of the input ends the command. */
function terminal(): { ask: Ask; close: () => void } {
  const lines = createInterface({ input: process.stdin })
  const typed = lines[Symbol.asyncIterator]()
  return {
    ask: async (question) => {
      process.stdout.write(question)
      const { value, done } = await typed.next()
      if (done) throw new Explained('\nInterrotto: non ho scritto niente.')
      return value.trim()
    },
    close: () => lines.close(),
  }
}

type Wanted = { plan: TownPlan; manager: NamedPerson }

function understand(written: unknown): Wanted {
  const read = readTown(written)
  if ('problems' in read) throw new Explained(problemsInWords(read.problems))
  if (read.plan.municipality.name === EXAMPLE_NAME)
    throw new Explained(`È ancora l’esempio (${EXAMPLE_NAME}): scrivi i dati del tuo Comune.`)
  return read
}

/** What was typed is not lost when it contradicts itself: it is in a file that can be put right. */
function understandAnswers(answers: object): Wanted {
  try {
    return understand(answers)
  } catch (error) {
    const file = 'comune.json'
    if (!(error instanceof Explained) || existsSync(file)) throw error
    writeFileSync(file, `${JSON.stringify(answers, null, 2)}\n`, { mode: 0o600 })
    throw new Explained(
      `${error.message}\nLe risposte sono in ${file}: correggile, poi npm run town:create -- --file ${file}`,
    )
  }
}

async function askAll(): Promise<Wanted> {
  const { ask, close } = terminal()
  try {
    const wanted = understandAnswers(await askForTown(ask, say, dayInRome(new Date())))
    const answer = await ask(`Creo il Comune di ${wanted.plan.municipality.name}? (sì/no) `)
    if (!/^s/i.test(answer)) throw new Explained('Va bene: non ho scritto niente.')
    return wanted
  } finally {
    close()
  }
}

/** The key by which a sign-in meets its person: the same that web and worker have. */
function fiscalCodeKey(): string {
  const key = process.env.FISCAL_CODE_KEY ?? ''
  if (Buffer.from(key, 'base64').length >= 32) return key
  throw new Explained(
    'Manca FISCAL_CODE_KEY, la stessa del sito: senza, il responsabile non potrebbe entrare. Sta in .env.',
  )
}

const NO_SUCH_TABLE_OR_COLUMN = ['42P01', '42703', '42883']

/** What a person can act on, as its sentence. */
function explained(error: unknown, url: string): unknown {
  if (error instanceof Explained) return error
  if (error instanceof TownRefused) return new Explained(error.message, error)
  if (NO_SUCH_TABLE_OR_COLUMN.includes((error as { code?: string }).code ?? ''))
    return new Explained(
      'Il database non ha lo schema di questa versione: prima «npm run db:migrate».',
      error,
    )
  const words = explainDatabase(error, url)
  return words ? new Explained(words, error) : error
}

async function onTowns<T>(server: DatabaseServer, work: (owner: Db) => Promise<T>): Promise<T> {
  const owner = openDatabase(server.ownerUrl, { poolSize: 1, queryTimeoutMs: 0 })
  try {
    return await work(owner)
  } catch (error) {
    throw explained(error, server.ownerUrl)
  } finally {
    await owner.destroy()
    await closeDatabase()
  }
}

/** Before a person is asked for everything: may a municipality be made here? */
const refuseDemonstration = (server: DatabaseServer): Promise<void> =>
  onTowns(server, async (owner) => {
    if (server.embedded || (await databaseUse(owner)) === 'demonstration')
      throw new Explained(
        'Questo è il database della dimostrazione: un Comune vero vuole il suo. Indica in DATABASE_URL un database vuoto, e prima «npm run db:migrate».',
      )
    await sql`select opens_on from municipality limit 1`.execute(owner)
  })

export async function main([command = '', ...args]: readonly string[]): Promise<undefined> {
  if (command !== 'create') throw new Explained(USAGE)
  const { values } = parseArgs({
    args: [...args],
    options: { file: { type: 'string' }, example: { type: 'string' } },
    strict: true,
  })
  if (values.example !== undefined) return writeExample(values.example) as undefined
  const written = values.file === undefined ? null : understand(readJson(values.file))
  const key = fiscalCodeKey()
  const server = await openServer('npm run town:create')
  try {
    await refuseDemonstration(server)
    const { plan, manager } = written ?? (await askAll())
    const report = await onTowns(server, (owner) =>
      createTown(owner, plan, manager, (code) => hashFiscalCode(code, key)),
    )
    say(reportInWords(report, plan))
  } finally {
    await server.stop()
  }
}
