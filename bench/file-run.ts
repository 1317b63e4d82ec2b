import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { closeDatabase, openDatabase } from '#db/client.ts'
import { recipientsToDownload } from '#lib/communications/office/recipient.queries.ts'
import { listCsv } from '#lib/lists/list.csv.ts'
import { type DownloadedList, shownColumns } from '#lib/lists/list.ts'
import { householdsToDownload } from '#lib/people/office/household-list.queries.ts'
import { pupilsToDownload } from '#lib/people/office/pupil-list.queries.ts'
import type { Held } from './measures/office.ts'

/**
 * What this process holds while it makes files of the office's lists, in the environment of a portal: after a few lines, and after very
 * many. Garbage is collected before each look. The arguments are the owner's address, a manager and a communication to all families.
 */
const [ownerUrl = '', personId = '', communicationId = ''] = process.argv.slice(2)
const LINES = { few: 5_000, many: 40_000 }

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

async function municipalityOf(): Promise<string> {
  const owner = openDatabase(ownerUrl, { poolSize: 1 })
  try {
    const { municipality_id } = await owner
      .selectFrom('person')
      .select('municipality_id')
      .where('id', '=', personId)
      .executeTakeFirstOrThrow()
    return municipality_id
  } finally {
    await owner.destroy()
  }
}

const viewer = {
  ...{ municipalityId: await municipalityOf(), personId, citizenId: personId, sessionId: personId },
  ...{ name: 'Prova', memberships: [], staffRoles: ['manager' as const] },
}

async function heldBy(list: string, file: DownloadedList | null): Promise<Held> {
  if (!file) throw new Error(`the file ${list} was refused`)
  const most = { few: 0, many: 0 }
  let lines = 0
  let fewLines = 0
  for await (const piece of listCsv(shownColumns(file.list, file.state), file.batches)) {
    lines += piece.split('\r\n').length - 1
    collect()
    const { heapUsed, external } = process.memoryUsage()
    const held = (heapUsed + external) / 1e6
    if (lines <= LINES.few) {
      most.few = Math.max(most.few, held)
      fewLines = lines
    }
    most.many = Math.max(most.many, held)
    if (lines > LINES.many) break
  }
  return { list, ...most, fewLines, manyLines: lines }
}

const held = [
  await heldBy('alunni', await pupilsToDownload(viewer, {})),
  await heldBy('famiglie', await householdsToDownload(viewer, {})),
  await heldBy('destinatari', await recipientsToDownload(viewer, communicationId, {})),
]
await closeDatabase()
process.stdout.write(`\n${JSON.stringify(held)}`)
