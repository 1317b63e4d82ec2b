import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { withConnection } from '#scripts/lib/connection.ts'
import { DATA_DIR } from '#scripts/lib/database-server.ts'
import { demoEnvironment } from '#scripts/lib/demo-environment.ts'
import { ROOT } from '#scripts/lib/run-script.ts'
import { startPostgres } from '#scripts/postgres/server.ts'
import { ANY_PORT } from './bench.ts'
import { databaseOf } from './databases.ts'
import { percentile } from './statistics.ts'

/**
 * How long each order and each filter of the office's lists takes in a municipality of 150,000 pupils, or of as many as the first
 * argument says, from the query of an address to the rows of its page; and the first line and the last of a file.
 */
const PUPILS = Number(process.argv[2] ?? 150_000)
const ROUNDS = 25
const WARM = 3

type Asked = Readonly<Record<string, string | string[]>>

const PAGES: Readonly<Record<'alunni' | 'famiglie', readonly Asked[]>> = {
  alunni: [
    {},
    { stato: '' },
    { pagina: '200' },
    { ordina: '-nome' },
    { cerca: 'a' },
    { cerca: 'bian ro' },
    { cerca: 'nessunosichiamacosi' },
    { dieta: 'STD' },
    { dieta: 'D01' },
    { dieta: 'D01', ordina: ['scuola', 'classe', 'nome'] },
    { dieta: 'D99' },
    { fascia: 'intero' },
    { fascia: 'F1' },
    { classe: '3A' },
    { classe: '9Z' },
    { classe: '3A', dieta: 'E02' },
    { stato: 'futuro' },
    { stato: 'finito', ordina: '-al' },
  ],
  famiglie: [
    {},
    { pagina: '200' },
    { ordina: '-famiglia' },
    { cerca: 'ro' },
    { cerca: 'rossi' },
    { cerca: 'nessunosichiamacosi' },
    { cerca: '33312' },
    { saldo: 'sotto-zero', ordina: 'saldo' },
    { iscritti: 'si' },
    { iscritti: 'no' },
  ],
}
/** Of one school, which a page of 150,000 rows is narrowed to: every order there is. */
const ORDERS = [
  'scuola',
  'classe',
  'servizio',
  'dieta',
  'fascia',
  'dal',
  'al',
  'famiglia',
  'nascita',
] as const

async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now()
  await work()
  return performance.now() - from
}

async function measure(name: string, work: () => Promise<number>): Promise<void> {
  for (let n = 0; n < WARM; n += 1) await work()
  const times: number[] = []
  let rows = 0
  for (let n = 0; n < ROUNDS; n += 1)
    times.push(
      await timed(async () => {
        rows = await work()
      }),
    )
  console.log(
    `${percentile(
      times.toSorted((a, b) => a - b),
      0.95,
    )
      .toFixed(0)
      .padStart(6)} ms p95  ${String(rows).padStart(6)}  ${name}`,
  )
}

/** A manager of the large municipality, and one of its schools. */
const aReader = (ownerUrl: string) =>
  withConnection(ownerUrl, async (client) => {
    const { rows } = await client.query<{ municipalityId: string; personId: string; schoolId: string }>(`
      select m.id as "municipalityId", s.id as "schoolId",
        (select p.id from person p where p.municipality_id = m.id order by p.id limit 1) as "personId"
      from municipality m join school s on s.municipality_id = m.id where m.slug = 'carico' order by s.name limit 1`)
    const [found] = rows
    if (!found) throw new Error('bench: the large municipality is missing')
    await client.query(
      `insert into staff_member (municipality_id, person_id, role, valid_from) select $1, $2, 'manager', '2020-09-01'
       where not exists (select from staff_member where municipality_id = $1 and person_id = $2)`,
      [found.municipalityId, found.personId],
    )
    const { schoolId, ...person } = found
    const viewer = {
      ...{ ...person, citizenId: person.personId, sessionId: person.personId, name: 'Prova' },
      ...{ memberships: [], staffRoles: ['manager' as const] },
    }
    return { viewer, schoolId }
  })

type Reader = Awaited<ReturnType<typeof aReader>>

async function measurePages({ viewer, schoolId }: Reader): Promise<void> {
  const { pupilList } = await import('#lib/people/office/pupil-list.queries.ts')
  const { householdList } = await import('#lib/people/office/household-list.queries.ts')
  const lists = { alunni: pupilList, famiglie: householdList }
  for (const key of ['alunni', 'famiglie'] as const)
    for (const asked of PAGES[key])
      await measure(
        `${key} ${JSON.stringify(asked)}`,
        async () => (await lists[key](viewer, asked))?.page.total ?? 0,
      )
  for (const ordina of ORDERS.flatMap((column) => [column, `-${column}`]))
    await measure(
      `alunni, one school, by ${ordina}`,
      async () => (await pupilList(viewer, { scuola: schoolId, ordina }))?.page.total ?? 0,
    )
}

async function measureFile({ viewer }: Reader): Promise<void> {
  const { pupilsToDownload } = await import('#lib/people/office/pupil-list.queries.ts')
  const { listCsv } = await import('#lib/lists/list.csv.ts')
  const { shownColumns } = await import('#lib/lists/list.ts')
  const from = performance.now()
  const file = await pupilsToDownload(viewer, {})
  if (!file) throw new Error('bench: the file of the pupils was refused')
  let [first, lines, most] = [0, 0, 0]
  for await (const piece of listCsv(shownColumns(file.list, file.state), file.batches)) {
    first ||= performance.now() - from
    lines += piece.split('\r\n').length - 1
    most = Math.max(most, process.memoryUsage.rss())
  }
  const whole = performance.now() - from
  console.log(
    `file: first byte ${first.toFixed(0)} ms, ${lines} lines in ${whole.toFixed(0)} ms, ${Math.round(most / 1e6)} MB at most`,
  )
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'refettorio-lists-'))
const postgres = await startPostgres(path.join(DATA_DIR, 'bench-postgres'))
try {
  const checkout = { root: ROOT, commit: 'di questa cartella' }
  const database = await databaseOf(postgres, checkout, { pupils: PUPILS, years: 1 }, folder)
  Object.assign(process.env, demoEnvironment(folder, ANY_PORT, database))
  const reader = await aReader(database.ownerUrl)
  await measurePages(reader)
  await measureFile(reader)
  const { closeDatabase } = await import('#db/client.ts')
  await closeDatabase()
} finally {
  await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
}
