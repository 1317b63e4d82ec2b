import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Explained } from '#scripts/lib/explain.ts'
import { ROOT } from '#scripts/lib/run-script.ts'
import type { CloseResult } from './measures/close.ts'
import type { FirstResult } from './measures/first-hits.ts'
import type { ListSeconds } from './measures/list.ts'
import type { MemoryResult } from './measures/memory.ts'
import type { OfficeResult } from './measures/office.ts'
import type { ProcessesResult } from './measures/processes.ts'
import type { RowsResult } from './measures/rows.ts'
import type { SizesResult } from './measures/sizes.ts'
import type { SlopeResult } from './measures/slope.ts'
import type { TailResult } from './measures/tail.ts'
import type { TownsResult } from './measures/towns.ts'
import type { YearsResult } from './measures/years.ts'
import type { machine, Options } from './options.ts'

/** Everything that a run found out; a part that was not measured is missing. */
export type Results = {
  at: string
  commit: string
  against: string | null
  generator: 'wrk' | 'node'
  postgres: string
  machine: ReturnType<typeof machine>
  options: Options
  rows?: RowsResult
  sizes?: SizesResult
  processes?: ProcessesResult
  tail?: TailResult
  first?: FirstResult
  memory?: MemoryResult
  slope?: SlopeResult
  close?: CloseResult
  list?: ListSeconds
  towns?: TownsResult
  years?: YearsResult
  office?: OfficeResult
}

const FOLDER = path.join(ROOT, 'bench', 'results')

/** Writes a run's results beside those of earlier runs. @returns the file */
export function keepResults(results: Results): string {
  mkdirSync(FOLDER, { recursive: true })
  const file = path.join(FOLDER, `${results.at.replaceAll(':', '-').slice(0, 19)}.json`)
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`)
  return file
}

/** The results of the newest run. @throws Explained when there was none */
export function newestResults(): Results {
  const file = globSync('*.json', { cwd: FOLDER }).sort().at(-1)
  if (!file) throw new Explained('Non c’è ancora nessun risultato: prima «npm run bench».')
  return JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8')) as Results
}
