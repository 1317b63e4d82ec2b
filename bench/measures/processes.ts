import os from 'node:os'
import { type Bench, startPortal, stopAll } from '../bench.ts'
import { type RowName, rowOf } from '../rows.ts'
import { readingTarget } from '../targets.ts'
import { type Compared, inTurns } from './in-turns.ts'

export type ProcessesResult = (Compared & {
  name: RowName
  /** What the cores allow: all of them ÷ those that one process, its database and the generator kept busy. */
  most: number
})[]

const ONE_OR_TWO: readonly RowName[] = ['calendar', 'calendar.json']

/** Enough connections that two processes both have work. */
const CONNECTIONS = 16

/** Two web processes and one, both running, both warm, in turns. */
export async function measureProcesses(bench: Bench): Promise<ProcessesResult> {
  const two = await startPortal(bench, bench.here, 2)
  const one = await startPortal(bench, bench.here, 1)
  const { visitors } = bench.here
  const results: ProcessesResult = []
  for (const name of ONE_OR_TWO) {
    console.log(`Misuro due processi e uno: ${name}…`)
    const { path, kind } = rowOf(name)
    const compared = await inTurns(
      bench,
      [
        {
          target: await readingTarget(bench, { arm: 'two', server: two, path, visitors }),
          kind,
          processes: 2,
        },
        { target: await readingTarget(bench, { arm: 'one', server: one, path, visitors }), kind },
      ],
      CONNECTIONS,
    )
    const busyCores = compared.arms.find(({ arm }) => arm === 'one')?.busyCores ?? Number.NaN
    results.push({ name, ...compared, most: os.availableParallelism() / busyCores })
  }
  await stopAll([two, one])
  return results
}
