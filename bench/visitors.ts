import { createHash, randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { encode } from 'next-auth/jwt'
import pg from 'pg'
import { openDatabase } from '#db/client.ts'
import { LOAD_SLUG } from '#db/load.ts'
import { env } from '#lib/kernel/env.ts'
import { moneyOverview } from '#lib/ledger/statement.queries.ts'
import { readMonthPage } from '#lib/meals/meal.queries.ts'
import { authCookies } from '#lib/session/cookies.ts'
import { sessionOf } from '#lib/session/viewer.queries.ts'

export type Statement = { text: string; values: unknown[] }

/** A signed-in holder of the large municipality, and the very statements that the product sends to the database for each page. */
export type Visitor = {
  cookie: string
  municipalityId: string
  personId: string
  householdId: string
  pupilId: string
  /** Days on which the first child's meal can still change, with the id of each service day. */
  days: { day: string; serviceDayId: string }[]
  session: Statement[]
  calendar: Statement[]
  balance: Statement[]
}

type HolderRow = { m: string; person: string; household: string; pupil: string; school: string; hash: Buffer }

/** Opens a session for some holders spread over the whole municipality. */
export async function signInVisitors(ownerUrl: string, many: number): Promise<Visitor[]> {
  const owner = openDatabase(ownerUrl, { poolSize: 1, statementTimeoutMs: 0 })
  try {
    const { rows } = await sql<HolderRow>`
      select distinct on (h.household_id) h.municipality_id as m, h.person_id as person, h.household_id as household,
        p.id as pupil, e.school_id as school, person.fiscal_code_hash as hash
      from household_member h
      join municipality m on m.id = h.municipality_id and m.slug = ${LOAD_SLUG}
      join person on person.municipality_id = h.municipality_id and person.id = h.person_id
      join pupil p on p.municipality_id = h.municipality_id and p.household_id = h.household_id
      join enrolment e on e.municipality_id = p.municipality_id and e.pupil_id = p.id
      where hashtext(h.household_id::text) % (select greatest(1, count(*)::int / ${many * 2}) from household) = 0
      order by h.household_id, p.id limit ${many}`.execute(owner)
    const visitors: Visitor[] = []
    for (const row of rows) {
      const token = randomBytes(32).toString('base64url')
      await sql`
        with someone as (
          insert into citizen (fiscal_code_hash, given_name, family_name, birth_date)
          values (${row.hash}, 'Prova', 'Prova', '1985-01-01')
          on conflict (fiscal_code_hash) do update set given_name = excluded.given_name returning id
        )
        insert into session (token_hash, citizen_id, method, level, authenticated_at, expires_at)
        select ${createHash('sha256').update(token).digest()}, id, 'spid', 2, now(), now() + interval '8 hours' from someone`.execute(
        owner,
      )
      const days = await sql<{ day: string; serviceDayId: string }>`
        select day, id as "serviceDayId" from service_day
        where municipality_id = ${row.m} and school_id = ${row.school} and status = 'open' and cutoff_at > now() + interval '1 hour'
        order by day limit 100`.execute(owner)
      // An earlier run may have left meals cancelled: every run starts without absences.
      await sql`
        delete from absence where municipality_id = ${row.m} and pupil_id = ${row.pupil}
          and service_day_id = any(${days.rows.map(({ serviceDayId }) => serviceDayId)}::uuid[])`.execute(
        owner,
      )
      visitors.push(await observed(token, row, days.rows))
    }
    return visitors
  } finally {
    await owner.destroy()
  }
}

/** Runs the product's own reads once for this visitor and writes down what they asked of the database. */
async function observed(token: string, row: HolderRow, days: Visitor['days']): Promise<Visitor> {
  const sealed = await encode({ token: { sid: token }, secret: env().NEXTAUTH_SECRET, maxAge: 8 * 3_600 })
  const session = await recorded(() => sessionOf(token, LOAD_SLUG))
  const viewer = session.result?.viewer
  if (!viewer) throw new Error('the session of a visitor does not open')
  return {
    cookie: `${authCookies.sessionToken.name}=${sealed}`,
    municipalityId: row.m,
    personId: row.person,
    householdId: row.household,
    pupilId: row.pupil,
    days,
    session: session.statements,
    calendar: (await recorded(() => readMonthPage(viewer, null, null))).statements,
    balance: [...(await recorded(() => moneyOverview(viewer))).statements],
  }
}

type Query = (this: pg.Client, ...args: unknown[]) => unknown

async function recorded<T>(work: () => Promise<T>): Promise<{ result: T; statements: Statement[] }> {
  const prototype = pg.Client.prototype as unknown as { query: Query }
  const original = prototype.query
  const statements: Statement[] = []
  prototype.query = function (...args) {
    const [first, second] = args
    const text = typeof first === 'string' ? first : (first as { text: string }).text
    const values = (Array.isArray(second) ? second : (first as { values?: unknown[] }).values) ?? []
    statements.push({ text, values })
    return original.apply(this, args)
  }
  try {
    return { result: await work(), statements }
  } finally {
    prototype.query = original
  }
}
