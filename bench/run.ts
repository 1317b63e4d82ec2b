import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { withConnection } from '#scripts/lib/connection.ts'
import { explain } from '#scripts/lib/explain.ts'
import { ROOT } from '#scripts/lib/run-script.ts'
import { type Bench, closeBench, openBench } from './bench.ts'
import { hasWrk } from './load.ts'
import { measureClose } from './measures/close.ts'
import { measureFirstHits } from './measures/first-hits.ts'
import { measureList } from './measures/list.ts'
import { measureMemory } from './measures/memory.ts'
import { measureOffice } from './measures/office.ts'
import { measureProcesses } from './measures/processes.ts'
import { measureRows } from './measures/rows.ts'
import { measureSizes } from './measures/sizes.ts'
import { measureSlope } from './measures/slope.ts'
import { measureTail } from './measures/tail.ts'
import { measureTowns } from './measures/towns.ts'
import { measureYears } from './measures/years.ts'
import { machine, type Options, type Part, parseOptions } from './options.ts'
import { pageWith } from './report.ts'
import { keepResults, newestResults, type Results } from './results.ts'
import { refreshSessions } from './visitors.ts'

const MEASURES: { [P in Part]: (bench: Bench) => Promise<Results[P]> } = {
  rows: measureRows,
  sizes: measureSizes,
  processes: measureProcesses,
  tail: measureTail,
  first: measureFirstHits,
  memory: measureMemory,
  slope: measureSlope,
  close: measureClose,
  list: measureList,
  towns: measureTowns,
  years: measureYears,
  office: measureOffice,
}

/** The part of a bench that its results begin with. */
async function headOf({ options, here, against, postgres }: Bench): Promise<Results> {
  const version = await withConnection(postgres.superuserUrl, async (client) => {
    const { rows } = await client.query<{ server_version: string }>('show server_version')
    return rows[0]?.server_version ?? ''
  })
  return {
    at: new Date().toISOString(),
    commit: here.commit,
    against: against?.commit ?? null,
    generator: hasWrk() ? 'wrk' : 'node',
    postgres: version,
    machine: machine(),
    options,
  }
}

async function measure(options: Options): Promise<Results> {
  if (!hasWrk())
    console.warn('Manca wrk (Debian: apt install wrk): al suo posto genera Node, e le cifre non varranno.')
  const bench = await openBench(options)
  try {
    const results = await headOf(bench)
    const sides = bench.against ? [bench.here, bench.against] : [bench.here]
    for (const part of options.parts) {
      for (const { ownerUrl } of sides) await refreshSessions(ownerUrl)
      Object.assign(results, { [part]: await MEASURES[part](bench) })
      // After each part: an hour's figures outlive a fault in the last one.
      if (options.only.length === 0) keepResults(results)
    }
    return results
  } finally {
    await closeBench(bench)
  }
}

async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args)
  if (options.isReport) {
    const page = path.join(ROOT, 'docs', 'speed.md')
    writeFileSync(page, pageWith(readFileSync(page, 'utf8'), newestResults()))
    console.log('Scritto docs/speed.md')
    return 0
  }
  const results = await measure(options)
  // What was measured stands on the terminal already.
  if (options.only.length > 0) return 0
  console.log(pageWith('', results))
  console.log(`Scritto ${path.relative(ROOT, keepResults(results))}`)
  return results.rows && results.rows.faults.length > 0 ? 1 : 0
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  console.error(explain(error) ?? error)
  process.exitCode = 1
}
