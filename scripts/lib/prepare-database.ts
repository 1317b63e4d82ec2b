import { migrate } from '#db/migrate.ts'
import { WEB_ROLE } from '../postgres.ts'
import { withConnection } from './connection.ts'
import { checkDatabase, type DatabaseServer } from './database-server.ts'
import { Explained, explain, explainDatabase } from './explain.ts'

type Options = { demo: boolean; tell: (words: string) => void }

/** A sentence for whatever the database refuses to the owner. */
async function asOwner<T>(server: DatabaseServer, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const words = explain(error) ?? explainDatabase(error, server.ownerUrl)
    throw words ? new Explained(words, error) : error
  }
}

/** On a database of their own, people give the runtime role its password; the demonstration uses the owner's. */
async function givePasswordToWebRole(server: DatabaseServer): Promise<void> {
  const { password } = new URL(server.webUrl)
  if (server.embedded || !password || process.env.DATABASE_WEB_URL) return
  await withConnection(server.ownerUrl, async (client) => {
    const literal = client.escapeLiteral(decodeURIComponent(password))
    await client.query(`alter role ${WEB_ROLE} login password ${literal}`)
  })
}

/** Schema up to date; for the demonstration also its people, and a calendar that contains today. */
export async function prepareDatabase(server: DatabaseServer, { demo, tell }: Options): Promise<void> {
  await asOwner(server, async () => {
    const applied = await migrate(server.ownerUrl)
    if (applied.length > 0) tell(`Preparo il database (${applied.length} passi)`)
    if (demo) await givePasswordToWebRole(server)
  })
  await checkDatabase(process.env.DATABASE_WEB_URL || server.webUrl)
}
