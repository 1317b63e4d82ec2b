import pg from 'pg'
import { closeDatabase } from '#db/client.ts'
import { DUTIES } from '#scripts/worker.ts'
import { cpuOfTrees } from './cpu.ts'
import type { IdleRound } from './measures/towns.ts'

/**
 * Runs every duty of the worker some times with nothing due, in the environment of a portal, and writes on its standard
 * output what a round of each takes. The argument is the process of the database server.
 */
const ROUNDS = 10
const postgresPid = Number(process.argv[2])

let transactions = 0
let statements = 0
const prototype = pg.Client.prototype as unknown as { query: (...args: unknown[]) => unknown }
const original = prototype.query
prototype.query = function (...args) {
  const text = typeof args[0] === 'string' ? args[0] : (args[0] as { text?: string }).text
  if (text === 'begin') transactions += 1
  statements += 1
  return original.apply(this, args)
}

const rounds: IdleRound[] = []
const isStopping = () => false
for (const { name, run } of DUTIES) {
  // The first prepares statements, and does what has fallen due since the database was made.
  while ((await run(isStopping)) > 0);
  ;[transactions, statements] = [0, 0]
  const cpu = process.cpuUsage()
  const before = cpuOfTrees([postgresPid])
  const startedAt = performance.now()
  for (let round = 0; round < ROUNDS; round += 1) await run(isStopping)
  const ms = performance.now() - startedAt
  const after = cpuOfTrees([postgresPid])
  const { user, system } = process.cpuUsage(cpu)
  rounds.push({
    duty: name,
    transactions: transactions / ROUNDS,
    statements: statements / ROUNDS,
    ms: ms / ROUNDS,
    workerMs: (user + system) / 1_000 / ROUNDS,
    pgMs: before && after ? ((after[0] ?? 0) - (before[0] ?? 0)) / ROUNDS : null,
  })
}
await closeDatabase()
process.stdout.write(JSON.stringify(rounds))
