import { writeFileSync } from 'node:fs'
import pg from 'pg'
import { closeDatabase } from '#db/client.ts'
import { LOAD_SLUG } from '#db/load.ts'
import { moneyOverview } from '#lib/ledger/statement.queries.ts'
import { readMonthPage } from '#lib/meals/meal.queries.ts'
import { sessionOf } from '#lib/session/viewer.queries.ts'
import type { Visitor } from './visitors.ts'

/** A statement as it went to the database: which of the texts, and its values. */
export type Statement = { text: number; values: unknown[] }

/** A visitor with the very statements that the product sends to the database for each page. */
export type FloorVisitor = Visitor & { session: Statement[]; calendar: Statement[]; balance: Statement[] }

/** What the floor replays. The few texts stand apart: thousands of visitors share them. */
export type Recording = { texts: string[]; visitors: FloorVisitor[] }

type Sent = { text: string; values: unknown[] }
type Query = (this: pg.Client, ...args: unknown[]) => unknown

async function recorded<T>(work: () => Promise<T>): Promise<{ result: T; sent: Sent[] }> {
  const prototype = pg.Client.prototype as unknown as { query: Query }
  const original = prototype.query
  const sent: Sent[] = []
  prototype.query = function (...args) {
    const [first, second] = args
    const text = typeof first === 'string' ? first : (first as { text: string }).text
    const values = (Array.isArray(second) ? second : (first as { values?: unknown[] }).values) ?? []
    sent.push({ text, values })
    return original.apply(this, args)
  }
  try {
    return { result: await work(), sent }
  } finally {
    prototype.query = original
  }
}

/**
 * Runs the product's own reads once for each visitor, in this process, and writes down what they asked of the database.
 * The environment must be that of the portal.
 */
export async function recordReads(visitors: readonly Visitor[], file: string): Promise<void> {
  const texts = new Map<string, number>()
  const interned = ({ text, values }: Sent): Statement => {
    if (!texts.has(text)) texts.set(text, texts.size)
    return { text: texts.get(text) as number, values }
  }
  const ofVisitor = async (visitor: Visitor): Promise<FloorVisitor> => {
    const session = await recorded(() => sessionOf(visitor.token, LOAD_SLUG))
    const viewer = session.result?.viewer
    if (!viewer) throw new Error('the session of a visitor does not open')
    const calendar = await recorded(() => readMonthPage(viewer, null, null))
    const balance = await recorded(() => moneyOverview(viewer))
    return {
      ...visitor,
      session: session.sent.map(interned),
      calendar: calendar.sent.map(interned),
      balance: balance.sent.map(interned),
    }
  }
  const known: FloorVisitor[] = []
  for (const visitor of visitors) known.push(await ofVisitor(visitor))
  await closeDatabase()
  writeFileSync(file, JSON.stringify({ texts: [...texts.keys()], visitors: known } satisfies Recording))
}
