import { closeDatabase } from '#db/client.ts'
import { migrate, TablesInUse, UnknownMigration } from '#db/migrate.ts'
import { WEB_ROLE } from '#db/role-settings.ts'
import { demoState, seedDemo, useOfDatabase } from '#db/seed.ts'
import { OWNER_ROLE } from '../postgres/server.ts'
import { withConnection } from './connection.ts'
import type { DatabaseServer } from './database-server.ts'
import { Explained, explain, explainDatabase, withoutPassword } from './explain.ts'
import { checkRuntime } from './runtime-check.ts'

type Tell = (words: string) => void

/** The sentence for a migration that does not get its tables. */
function inUse({ users }: TablesInUse, url: string): string {
  const place = withoutPassword(url)
  const [first] = users
  if (!first) return `Le tabelle di ${place} erano occupate da una transazione che ora è finita: riprova.`
  const each = users.map(
    ({ table, role, program, pid, seconds }) =>
      `  ${table}: ${role} (${program}), processo ${pid}${seconds === null ? '' : `, da ${seconds} s`}`,
  )
  return `Le tabelle di ${place} sono occupate, e lo schema non è cambiato:\n${each.join('\n')}\nRiprova fra poco, o chiudi quella sessione: select pg_terminate_backend(${first.pid})`
}

/** The sentence for a refusal of the database to the owner. */
async function asOwner<T>(server: DatabaseServer, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof TablesInUse) throw new Explained(inUse(error, server.ownerUrl), error)
    const words =
      explain(error) ?? explain(new Error(server.lastWords())) ?? explainDatabase(error, server.ownerUrl)
    throw words ? new Explained(words, error) : error
  }
}

/** On a database of their own, people give the runtime role its password; the demonstration uses the owner's. */
async function givePasswordToWebRole(server: DatabaseServer): Promise<void> {
  const { password } = new URL(server.webUrl)
  if (server.embedded || !password || process.env.DATABASE_WEB_URL !== server.webUrl) return
  await withConnection(server.ownerUrl, async (client) => {
    const literal = client.escapeLiteral(decodeURIComponent(password))
    await client.query(`alter role ${WEB_ROLE} login password ${literal}`)
  })
}

/**
 * Lets a command for demonstrations go on. The embedded database is one; another must be empty, or seeded by us.
 * @throws Explained before anything has changed
 */
export async function refuseUnlessDemonstration(server: DatabaseServer): Promise<void> {
  if (server.embedded || (await asOwner(server, () => useOfDatabase(server.ownerUrl))) !== 'service') return
  throw new Explained(
    `Il database ${withoutPassword(server.ownerUrl)} ha già dei Comuni e non è una dimostrazione: non lo tocco. La semina ferma l’orologio di tutti mentre lavora, e ciò che scrive non si toglie più. Per una dimostrazione indica in DATABASE_URL un database vuoto.`,
  )
}

/** Replaces the database by an empty one: the embedded one, or one that the person names. */
export async function emptyDatabase(server: DatabaseServer): Promise<void> {
  await closeDatabase()
  if (server.superuserUrl) {
    const name = new URL(server.ownerUrl).pathname.slice(1)
    await withConnection(server.superuserUrl, async (client) => {
      await client.query(`drop database if exists ${name} with (force)`)
      await client.query(`create database ${name} owner ${OWNER_ROLE}`)
    })
  } else {
    await withConnection(server.ownerUrl, (client) =>
      client.query('drop schema public cascade; create schema public'),
    )
  }
}

/**
 * Brings the schema to its newest form.
 * @param tell hears who uses the tables while it waits for them
 * @returns how many steps that took
 */
export const migrateDatabase = (server: DatabaseServer, tell?: Tell): Promise<number> =>
  asOwner(server, async () => {
    const wait = (waiting: TablesInUse) => tell?.(inUse(waiting, server.ownerUrl))
    return (await migrate(server.ownerUrl, { tell: wait })).length
  })

/** The same for the demonstration: one that an earlier version made is made again, because nothing in it must be kept. */
export async function migrateDemo(server: DatabaseServer, tell: Tell): Promise<number> {
  try {
    return (await migrate(server.ownerUrl)).length
  } catch (error) {
    if (!(error instanceof UnknownMigration)) throw error
    tell('La dimostrazione è di un’altra versione del progetto: la rifaccio da capo')
    await emptyDatabase(server)
    return (await migrate(server.ownerUrl)).length
  }
}

/** Whether the school year of the demonstration is over: no meal of it can be cancelled any more. */
async function isOutlived(server: DatabaseServer): Promise<boolean> {
  const { rows } = await withConnection(server.ownerUrl, (client) =>
    client.query<{ isCurrent: boolean }>(
      'select exists (select from service_day where day >= app_today()) as "isCurrent"',
    ),
  )
  return rows[0]?.isCurrent === false
}

/** Seeds the demonstration municipality if it is missing; seeds it again after an interrupted seed or a past school year. */
export async function seedDatabase(server: DatabaseServer, tell: Tell): Promise<void> {
  await asOwner(server, async () => {
    const state = await demoState(server.ownerUrl)
    if (state === 'ready' && !(server.embedded && (await isOutlived(server)))) return
    if (state !== 'absent') {
      if (!server.embedded) {
        throw new Explained(
          'La semina della dimostrazione è rimasta a metà: ricomincia con «npm run db:reset -- --cancella-tutto».',
        )
      }
      await emptyDatabase(server)
      await migrate(server.ownerUrl)
    }
    tell('Popolo il Comune di dimostrazione')
    await seedDemo(server.ownerUrl)
    await closeDatabase()
  })
}

/** Schema up to date and reachable by the runtime role; for the demonstration also its people. */
export async function prepareDatabase(
  server: DatabaseServer,
  { demo, tell }: { demo: boolean; tell: Tell },
): Promise<void> {
  const isOurDemo = demo && server.embedded
  if (demo) await refuseUnlessDemonstration(server)
  const steps = isOurDemo
    ? await asOwner(server, () => migrateDemo(server, tell))
    : await migrateDatabase(server, tell)
  if (steps > 0) tell(`Preparo il database (${steps} passi)`)
  if (demo) await asOwner(server, () => givePasswordToWebRole(server))
  await checkRuntime(process.env.DATABASE_WEB_URL || server.webUrl)
  if (demo) await seedDatabase(server, tell)
}
