import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { closeDatabase } from '#db/client.ts'
import { migrate } from '#db/migrate.ts'
import { WEB_ROLE } from '#db/role-settings.ts'
import { seedLoad } from '#db/seed.ts'
import { withConnection } from '#scripts/lib/connection.ts'
import { demoEnvironment } from '#scripts/lib/demo-environment.ts'
import { OWNER_ROLE, type Postgres, startPostgres } from '#scripts/postgres/server.ts'
import { ANY_PORT } from './bench.ts'
import type { Database } from './databases.ts'
import { percentile } from './statistics.ts'

/**
 * How long each order and each filter of the office's lists takes in a municipality of 150,000 pupils, or of as many as the first
 * argument says, from the query of an address to the rows of its page; and the first line and the last of a file.
 */
const PUPILS = Number(process.argv[2] ?? 150_000)
const ROUNDS = 25
/** A file must hold as little of forty thousand lines as of five thousand. */
const FILE_LINES = [5_000, 40_000] as const
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
    { cerca: 'rossi' },
    { cerca: 'nessunosichiamacosi' },
    { dieta: 'STD' },
    { dieta: 'D01' },
    { dieta: 'D01', ordina: ['scuola', 'classe', 'nome'] },
    { dieta: 'D99' },
    { fascia: 'intero' },
    { fascia: 'F1' },
    { classe: '3A' },
    { classe: '3A', pagina: '20' },
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
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  for (const wanted of FILE_LINES) {
    const from = performance.now()
    const file = await pupilsToDownload(viewer, {})
    if (!file) throw new Error('bench: the file of the pupils was refused')
    let [first, lines, most] = [0, 0, 0]
    for await (const piece of listCsv(shownColumns(file.list, file.state), file.batches)) {
      first ||= performance.now() - from
      lines += piece.split('\r\n').length - 1
      collect()
      const { heapUsed, external } = process.memoryUsage()
      most = Math.max(most, heapUsed + external)
      if (lines > wanted) break
    }
    const whole = performance.now() - from
    console.log(
      `file: first byte ${first.toFixed(0)} ms, ${lines} lines in ${whole.toFixed(0)} ms, ${Math.round(most / 1e6)} MB held at most`,
    )
  }
}

const DATABASE = 'bench_lists'

/** What tells people apart, which the load test needs not: 1,000 surnames, 40 given names, telephones, fares of every tenth pupil. */
const PEOPLE = [
  `update pupil set family_name = (array['Rossi', 'Bianchi', 'D''Angelo', 'De Luca', 'Ferrari', 'Conti', 'Müller', 'Greco', 'Villa', 'Zorzi'])
      [1 + (('x' || left(md5(id::text), 7))::bit(28)::int & 7)] || ' ' || chr(65 + ('x' || left(md5(id::text), 6))::bit(24)::int % 26) ||
      chr(97 + ('x' || right(md5(id::text), 6))::bit(24)::int % 26),
    given_name = (array['Anna', 'Ugo', 'Èva', 'Luca', 'Greta', 'Tommaso', 'Sara', 'Leo'])[1 + (('x' || right(md5(id::text), 7))::bit(28)::int & 7)]`,
  `update person set phone = '+39333' || lpad((('x' || left(md5(id::text), 7))::bit(28)::int % 10000000)::text, 7, '0')`,
  `update household h set name = p.family_name from pupil p where p.municipality_id = h.municipality_id and p.household_id = h.id`,
  `update account set balance_cents = -540 where kind = 'household' and ('x' || left(md5(id::text), 6))::bit(24)::int % 20 = 0`,
  `insert into fare_band (municipality_id, service_id, code, name) select municipality_id, id, 'F1', 'Fascia 1' from service`,
  `insert into fare_assignment (municipality_id, pupil_id, service_id, band_code, valid_from, valid_to, given_by)
    select e.municipality_id, e.pupil_id, e.service_id, 'F1', e.valid_from, e.valid_to,
      (select id from person p where p.municipality_id = e.municipality_id limit 1)
    from enrolment e where ('x' || left(md5(e.pupil_id::text), 6))::bit(24)::int % 10 = 0`,
]

/** A database of the large municipality's people. */
async function seedPeople(server: Postgres): Promise<Database> {
  await withConnection(server.superuserUrl, async (client) => {
    await client.query(`drop database if exists ${DATABASE} with (force)`)
    await client.query(`create database ${DATABASE} owner ${OWNER_ROLE}`)
  })
  const ownerUrl = server.url(OWNER_ROLE, DATABASE)
  await migrate(ownerUrl)
  await seedLoad(ownerUrl, PUPILS, { hasMoney: false, report: console.log })
  await withConnection(server.url('postgres', DATABASE), async (client) => {
    // Balances are the ledger's alone; here they are only numbers to sort by.
    await client.query('set session_replication_role = replica')
    for (const statement of PEOPLE) await client.query(statement)
    await client.query('vacuum (analyze)')
  })
  return { ownerUrl, webUrl: server.url(WEB_ROLE, DATABASE) }
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'refettorio-lists-'))
const postgres = await startPostgres(path.join(folder, 'postgres'))
try {
  const database = await seedPeople(postgres)
  Object.assign(process.env, demoEnvironment(folder, ANY_PORT, database))
  const reader = await aReader(database.ownerUrl)
  await measurePages(reader)
  await measureFile(reader)
  await closeDatabase()
} finally {
  await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
}
