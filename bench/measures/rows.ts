import { writeFileSync } from 'node:fs'
import path from 'node:path'
import {
  ANY_PORT,
  type Bench,
  type Server,
  startEmptyPage,
  startFloor,
  startPortal,
  stopAll,
} from '../bench.ts'
import type { Target } from '../load.ts'
import { ROWS, type Row, type RowName } from '../rows.ts'
import { changingTarget, halvesOf, readingTarget } from '../targets.ts'
import { faultsAfter, receiptsIn } from './faults.ts'
import { type Compared, inTurns } from './in-turns.ts'

export type RowResult = Compared & { name: RowName }
export type RowsResult = { rows: RowResult[]; faults: string[] }

type Servers = { here: Server; against: Server | null; floor: Server; plain: Server; empty: Server }

async function startServers(bench: Bench): Promise<Servers> {
  const recording = path.join(bench.folder, 'recording.json')
  const visitors = path.join(bench.folder, 'visitors.json')
  // The product's reads want the portal's environment before their modules are loaded.
  Object.assign(process.env, await bench.here.environment(ANY_PORT))
  const { recordReads } = await import('../recorded.ts')
  await recordReads(bench.here.visitors, recording)
  writeFileSync(visitors, JSON.stringify(bench.here.visitors))
  return {
    here: await startPortal(bench, bench.here, 1),
    against: bench.against && (await startPortal(bench, bench.against, 1)),
    floor: await startFloor(bench, 'floor.ts', { file: recording, url: bench.here.webUrl }),
    plain: await startFloor(bench, 'plain-floor.ts', { file: visitors, url: bench.here.ownerUrl }),
    empty: await startEmptyPage(bench),
  }
}

/** What a row that reads is compared with: the portal first. */
async function readingTargets(bench: Bench, row: Row, servers: Servers): Promise<Target[]> {
  const { visitors } = bench.here
  const reading = (arm: string, server: Server, at: string, by = visitors) =>
    readingTarget(bench, { arm, server, path: at, visitors: by })
  const targets = [await reading('here', servers.here, row.path)]
  if (bench.against && servers.against)
    targets.push(await reading('against', servers.against, row.path, bench.against.visitors))
  if (row.floorPath) targets.push(await reading('floor', servers.floor, row.floorPath))
  targets.push(await reading('plain floor', servers.plain, '/'))
  if (row.kind === 'page') targets.push(await reading('empty page', servers.empty, '/'))
  return targets
}

async function measureReading(bench: Bench, row: Row, servers: Servers): Promise<RowResult> {
  const targets = await readingTargets(bench, row, servers)
  const contenders = targets.map((target) => ({ target, kind: row.kind }))
  return { name: row.name, ...(await inTurns(bench, contenders)) }
}

/** The row of changes, then whether every confirmed one was written. */
async function measureChanging(bench: Bench, row: Row, servers: Servers) {
  const [first, second] = halvesOf(bench.here.visitors)
  const changing = (arm: string, server: Server, at: string, visitors: typeof first) =>
    changingTarget(bench, { arm, server, path: at, visitors })
  const here = changing('here', servers.here, row.path, first)
  const floor = changing('floor', servers.floor, row.floorPath ?? '', second)
  const against =
    bench.against && servers.against
      ? [changing('against', servers.against, row.path, bench.against.visitors)]
      : []
  const before = await receiptsIn(bench.here.ownerUrl)
  const contenders = [here, ...against, floor].map((target) => ({ target, kind: row.kind }))
  const result: RowResult = { name: row.name, ...(await inTurns(bench, contenders)) }
  const faults = await faultsAfter(bench.here.ownerUrl, before, here.confirmed() + floor.confirmed())
  return { result, faults }
}

/** Each row in turns with everything that it is compared with. */
export async function measureRows(bench: Bench): Promise<RowsResult> {
  const servers = await startServers(bench)
  const rows: RowResult[] = []
  const faults: string[] = []
  for (const row of ROWS) {
    console.log(`Misuro a turno: ${row.name}…`)
    if (row.kind === 'change') {
      const changed = await measureChanging(bench, row, servers)
      rows.push(changed.result)
      faults.push(...changed.faults)
    } else rows.push(await measureReading(bench, row, servers))
  }
  await stopAll(Object.values(servers).filter((server) => server !== null))
  return { rows, faults }
}
