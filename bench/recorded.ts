import { writeFileSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import pg from 'pg'
import { closeDatabase } from '#db/client.ts'
import { LOAD_SLUG } from '#db/load.ts'
import type { Viewer } from '#lib/access/viewer.ts'
import { moneyOverview } from '#lib/ledger/statement.queries.ts'
import { readMonthPage } from '#lib/meals/month.queries.ts'
import { readingSessionOf, sessionOf } from '#lib/session/session.queries.ts'
import type { Visitor } from './visitors.ts'

/** A statement as it went to the database: which of the texts, and its values. */
export type Statement = { text: number; values: unknown[] }

/** A visitor with the very statements that the product sends: of a change the session, of each page all of them. */
export type FloorVisitor = Visitor & { session: Statement[]; calendar: Statement[]; balance: Statement[] }

/** What the floor replays. The few texts stand apart: thousands of visitors share them. */
export type Recording = { texts: string[]; visitors: FloorVisitor[] }

type Sent = { text: string; values: unknown[] }
type Query = (this: pg.Client, ...args: unknown[]) => unknown

async function recorded(work: () => Promise<unknown>): Promise<Sent[]> {
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
    await work()
    // A reading ends by itself, once nothing more is read.
    while (isOpen(sent)) await nextTurn()
    return sent
  } finally {
    prototype.query = original
  }
}

const isOpen = (sent: readonly Sent[]): boolean =>
  sent.some(({ text }) => text === 'begin') && sent.at(-1)?.text !== 'commit'

/** What a request that reads asks: who it is and what they see, in one transaction. */
const recordedReading = (visitor: Visitor, read: (viewer: Viewer) => Promise<unknown>): Promise<Sent[]> =>
  recorded(async () => {
    const session = await readingSessionOf(visitor.token, LOAD_SLUG)
    if (!session?.viewer) throw new Error('the session of a visitor does not open')
    await read(session.viewer)
  })

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
    const calendar = await recordedReading(visitor, (viewer) => readMonthPage(viewer, null, null))
    const balance = await recordedReading(visitor, moneyOverview)
    return {
      ...visitor,
      session: session.map(interned),
      calendar: calendar.map(interned),
      balance: balance.map(interned),
    }
  }
  const known: FloorVisitor[] = []
  for (const visitor of visitors) known.push(await ofVisitor(visitor))
  await closeDatabase()
  writeFileSync(file, JSON.stringify({ texts: [...texts.keys()], visitors: known } satisfies Recording))
}
