import { execFile } from 'node:child_process'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { LOAD_SLUG } from '#db/load.ts'
import { withConnection } from '#scripts/lib/connection.ts'
import { Explained } from '#scripts/lib/explain.ts'
import { ANY_PORT, type Bench, type Server, type Side, sideOn, startPortal } from '../bench.ts'
import { cpuOfTrees, machineWorkedMs } from '../cpu.ts'
import { officeDatabaseOf } from '../databases.ts'
import { filesOf, holdingOne, type OfficePage, officePages, type Places, SEARCHES } from '../office-pages.ts'
import { rowOf } from '../rows.ts'
import { median, percentile } from '../statistics.ts'
import { signInVisitors, type Visitor } from '../visitors.ts'

/** Milliseconds, one request at a time, after others of the same. */
export type Times = { p50: number; p95: number }
/** What a process holds while it makes a file, in megabytes after a few lines and after very many. */
export type Held = { list: string; few: number; many: number; fewLines: number; manyLines: number }

export type OfficeResult = {
  pupils: number
  rounds: number
  calendar: Times
  /** `refused` is how the portal refused a page; its times are those until then. */
  pages: (OfficePage & Times & { refused: string | null })[]
  searches: ({ text: string } & Times)[]
  /** Until the first byte of a file. */
  files: ({ file: string } & Times)[]
  held: Held[]
  /** Share of the machine that was neither the portal's, nor the database's, nor this process's. */
  othersShare: number | null
}

const ROUNDS = 20
const WARM = 2
const FILE_ROUNDS = 5
/** One pupil in so many visitors is enough for the calendar page. */
const VISITORS = 20

const run = promisify(execFile)

const placesOf = (ownerUrl: string): Promise<Places> =>
  withConnection(ownerUrl, async (client) => {
    const { rows } = await client.query<Places>(`
      select (select id from school order by name limit 1) as "schoolId", (select id from school_class order by name, id limit 1) as "classId",
        (select id from service limit 1) as "serviceId",
        (select communication_id from communication_version where acknowledgement = 'household' order by 1 limit 1) as "communicationId"`)
    return rows[0] as Places
  })

async function timed(work: () => Promise<unknown>, rounds: number): Promise<Times> {
  for (let n = 0; n < WARM; n += 1) await work()
  const times: number[] = []
  for (let n = 0; n < rounds; n += 1) {
    const from = performance.now()
    await work()
    times.push(performance.now() - from)
  }
  const sorted = times.toSorted((a, b) => a - b)
  return { p50: median(sorted), p95: percentile(sorted, 0.95) }
}

type Reader = { origin: string; cookie: string }

/** The answer of an address. @throws Explained when it is not what was asked for */
async function answerOf({ origin, cookie }: Reader, address: string): Promise<Response> {
  const response = await fetch(`${origin}/${address}`, { headers: { cookie }, redirect: 'manual' })
  if (response.status !== 200) throw new Explained(`/${address} risponde ${response.status}`)
  return response
}

/** @returns how many bytes there were */
const whole = async (reader: Reader, address: string): Promise<number> =>
  (await (await answerOf(reader, address)).arrayBuffer()).byteLength

/** The first bytes of a file; the rest of it is not taken. */
async function firstBytes(reader: Reader, address: string): Promise<void> {
  const taken = (await answerOf(reader, address)).body?.getReader()
  await taken?.read()
  await taken?.cancel()
}

/** Shows the milliseconds of an address, at the median and at the 95th percentile, as soon as they are known. */
const tell = ({ p50, p95 }: Times, what: string): void =>
  console.log(`${[p50, p95].map((ms) => ms.toFixed(0).padStart(6)).join('')} ms  ${what}`)

async function measurePages(reader: Reader, pages: readonly OfficePage[]): Promise<OfficeResult['pages']> {
  const found: OfficeResult['pages'] = []
  for (const page of pages) {
    const address = `admin/${LOAD_SLUG}/${page.list}${page.query && `?${page.query}`}`
    const started = performance.now()
    let bytes = 0
    try {
      const times = await timed(async () => (bytes = await whole(reader, address)), ROUNDS)
      found.push({ ...page, ...times, refused: null })
    } catch (error) {
      if (!(error instanceof Explained)) throw error
      const ms = performance.now() - started
      found.push({ ...page, p50: ms, p95: ms, refused: error.message })
    }
    tell(found.at(-1) as Times, `${address}  ${(bytes / 1_000).toFixed(0)} kB`)
  }
  return found
}

/** What a process of its own holds while it makes files. */
async function measureHeld(side: Side, managerId: string, communicationId: string): Promise<Held[]> {
  const script = path.join(import.meta.dirname, '..', 'file-run.ts')
  const args = ['--conditions=react-server', script, side.ownerUrl, managerId, communicationId]
  const env = {
    PATH: process.env.PATH,
    NODE_ENV: 'production' as const,
    ...(await side.environment(ANY_PORT)),
  }
  const { stdout } = await run(process.execPath, args, { cwd: side.root, env })
  return JSON.parse(stdout.slice(stdout.lastIndexOf('\n[') + 1)) as Held[]
}

async function measureServer(
  server: Server,
  [manager, family]: readonly Visitor[],
  places: Places,
  only: readonly string[],
) {
  if (!manager || !family) throw new Error('no visitor is signed in')
  const office = { origin: server.origin, cookie: manager.cookie }
  const calendarOf = () =>
    timed(() => whole({ ...office, cookie: family.cookie }, rowOf('calendar').path.slice(1)), ROUNDS)
  const before = await calendarOf()
  const pages = await measurePages(
    office,
    holdingOne(officePages(places), only, ({ list, query }) => `${list}?${query}`),
  )
  const searches: OfficeResult['searches'] = []
  const addressOf = (text: string) => `cerca/trovati?${new URLSearchParams({ q: text })}`
  for (const text of holdingOne(SEARCHES, only, addressOf)) {
    const address = `admin/${LOAD_SLUG}/${addressOf(text)}`
    const times = await timed(() => whole(office, address), ROUNDS)
    searches.push({ text, ...times })
    tell(times, address)
  }
  const files: OfficeResult['files'] = []
  for (const file of holdingOne(filesOf(places), only, (file) => file)) {
    const times = await timed(() => firstBytes(office, `admin/${LOAD_SLUG}/${file}`), FILE_ROUNDS)
    files.push({ file, ...times })
    tell(times, file)
  }
  const after = await calendarOf()
  // The faster of the two: what the lists may take is judged by it.
  const calendar = before.p95 < after.p95 ? before : after
  tell(calendar, 'the calendar page of a family')
  return { calendar, pages, searches, files }
}

/** The lists of the office of a large municipality, by the portal as it runs in service. */
export async function measureOffice(bench: Bench): Promise<OfficeResult> {
  const [first] = bench.here.visitors
  if (!first) throw new Error('no visitor is signed in')
  const database = await officeDatabaseOf(bench.postgres, bench.here, first.personId)
  const side = sideOn(bench, 'office', database)
  const { NEXTAUTH_SECRET = '' } = await side.environment(ANY_PORT)
  const visitors = await signInVisitors(database.ownerUrl, NEXTAUTH_SECRET, VISITORS)
  const places = await placesOf(database.ownerUrl)
  const server = await startPortal(bench, side, 1)
  const roots = [server.pid, bench.postgresPid, process.pid]
  const [started, cpuBefore, workedBefore] = [performance.now(), cpuOfTrees(roots), machineWorkedMs()]
  const measured = await measureServer(server, visitors, places, bench.options.only)
  const [elapsed, cpuAfter, workedAfter] = [performance.now() - started, cpuOfTrees(roots), machineWorkedMs()]
  await server.stop()
  const ours = (cpuAfter ?? []).reduce((sum, value, at) => sum + value - (cpuBefore?.[at] ?? 0), 0)
  return {
    pupils: bench.options.pupils,
    rounds: ROUNDS,
    ...measured,
    held:
      bench.options.only.length === 0 ? await measureHeld(side, first.personId, places.communicationId) : [],
    othersShare:
      cpuAfter === null
        ? null
        : Math.max(0, workedAfter - workedBefore - ours) / (elapsed * os.availableParallelism()),
  }
}
