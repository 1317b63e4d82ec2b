import type { ControlledTransaction } from 'kysely'
import { asFamily, database, isStalePlan, pipelined, type Trx } from './client.ts'
import type { DB } from './schema.ts'

/**
 * One transaction for everything that a request reads. It begins with the statement that recognises the person, the
 * readings of layout and page join it, and it ends when the last of them has its answer: one connection and one scope
 * where each reading would take its own.
 */
type Reading = {
  transaction: ControlledTransaction<DB>
  /** The same, for statements. */
  trx: Trx
  /** How many are reading now. */
  readers: number
  /** A failed statement ends it for all: PostgreSQL answers nothing more in that transaction. */
  state: 'open' | 'failed' | 'ended'
}

/** The reading that was opened with a viewer; another request has another viewer. */
const readings = new WeakMap<object, Reading>()

/**
 * Opens a reading with its first statement, which must enter the scope of the person that it recognises.
 * @param viewerIn the viewer in what was read: with that same object other readings join
 */
export async function openReading<T>(
  recognise: (trx: Trx) => Promise<T>,
  viewerIn: (recognised: T) => object | null,
): Promise<T> {
  try {
    return await begun(recognise, viewerIn)
  } catch (error) {
    if (isStalePlan(error)) return begun(recognise, viewerIn)
    throw error
  }
}

async function begun<T>(
  recognise: (trx: Trx) => Promise<T>,
  viewerIn: (recognised: T) => object | null,
): Promise<T> {
  const transaction = await database().startTransaction().execute()
  const reading: Reading = { transaction, trx: await pipelined(transaction), readers: 0, state: 'open' }
  return joined(reading, async (trx) => {
    const recognised = await recognise(trx)
    const viewer = viewerIn(recognised)
    if (viewer) readings.set(viewer, reading)
    return recognised
  })
}

/** Reads for a family, in the reading of its request while that is open. What reads with a trace (`recordAudit`) has a transaction of its own. */
export async function readAsFamily<T>(
  viewer: { municipalityId: string; personId: string; look?: { id: string } },
  read: (trx: Trx) => Promise<T>,
): Promise<T> {
  const reading = readings.get(viewer)
  if (reading?.state !== 'open') return asFamily(viewer, read)
  try {
    return await joined(reading, read)
  } catch (error) {
    if (isStalePlan(error)) return asFamily(viewer, read)
    throw error
  }
}

async function joined<T>(reading: Reading, read: (trx: Trx) => Promise<T>): Promise<T> {
  reading.readers += 1
  try {
    return await read(reading.trx)
  } catch (error) {
    reading.state = 'failed'
    throw error
  } finally {
    reading.readers -= 1
    if (reading.readers === 0) endSoon(reading)
  }
}

/** After the readings that this answer leads to: they join before the event loop comes round. */
function endSoon(reading: Reading): void {
  setImmediate(() => {
    if (reading.readers > 0 || reading.state === 'ended') return
    const { transaction, state } = reading
    reading.state = 'ended'
    void giveBack(transaction, state === 'open')
  })
}

/**
 * Ends a reading and gives its connection back to the pool. Everything was read, so a failure here is of no matter to the request;
 * but Kysely keeps the connection of a commit that fails: only a rollback, itself failed or not, releases it. A connection that is
 * kept would be missing from the pool for ever, and a few of them stop the process.
 */
async function giveBack(transaction: ControlledTransaction<DB>, commits: boolean): Promise<void> {
  try {
    if (commits) return await transaction.commit().execute()
  } catch {
    // The server is away: the rollback below fails too, and gives the connection back.
  }
  await transaction
    .rollback()
    .execute()
    .catch(() => undefined)
}
