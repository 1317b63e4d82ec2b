import { createHash, randomBytes } from 'node:crypto'
import { encode } from 'next-auth/jwt'
import type pg from 'pg'
import { LOAD_SLUG } from '#db/load.ts'
import { authCookies } from '#lib/session/cookies.ts'
import { withConnection } from '#scripts/lib/connection.ts'

/** A signed-in holder of the large municipality. */
export type Visitor = {
  cookie: string
  /** The secret within the cookie. */
  token: string
  municipalityId: string
  personId: string
  householdId: string
  pupilId: string
  schoolId: string
  serviceId: string
  /** Days on which the first child's meal can still change, with the id of each service day. */
  days: { day: string; serviceDayId: string }[]
}

type Holder = {
  municipalityId: string
  personId: string
  householdId: string
  pupilId: string
  schoolId: string
  serviceId: string
  hash: Buffer
}

const SESSION_HOURS = 8
/** Days that a visitor may change during a run; a whole morning of visitors takes two or three steps each. */
const MOST_DAYS = 20

/**
 * Opens a session for many holders spread over the whole municipality, each with no absence to come: an earlier run may
 * have left some. The statements fit every commit that the bench compares, so they name few columns.
 * @param secret that of the portal's cookies
 */
export const signInVisitors = (ownerUrl: string, secret: string, many: number): Promise<Visitor[]> =>
  withConnection(ownerUrl, async (client) => {
    await forgetEarlierRuns(client)
    const holders = await holdersOf(client, many)
    const tokens = holders.map(() => randomBytes(32).toString('base64url'))
    await openSessions(client, holders, tokens)
    const days = await openDays(client)
    await client.query('analyze session')
    return Promise.all(
      holders.map(async ({ hash: _, ...holder }, index) => {
        const token = tokens[index] as string
        const sealed = await encode({ token: { sid: token }, secret, maxAge: SESSION_HOURS * 3_600 })
        return {
          ...holder,
          token,
          cookie: `${authCookies.sessionToken.name}=${sealed}`,
          days: days.get(holder.schoolId) ?? [],
        }
      }),
    )
  })

/** Makes each session as good as just used: between two parts of a long run a visitor may have been away for too long. */
export const refreshSessions = (ownerUrl: string): Promise<void> =>
  withConnection(ownerUrl, async (client) => {
    await client.query('update session set last_seen_at = app_now() where ended_at is null')
  })

async function forgetEarlierRuns(client: pg.Client): Promise<void> {
  await client.query('delete from session')
  await client.query(`
    delete from absence a using service_day d
    where d.municipality_id = a.municipality_id and d.id = a.service_day_id and d.status = 'open'`)
}

/** One holder of each household, in an order that has nothing to do with their schools. */
async function holdersOf(client: pg.Client, many: number): Promise<Holder[]> {
  const { rows } = await client.query<Holder>(
    `select * from (
       select distinct on (h.household_id) h.municipality_id as "municipalityId", h.person_id as "personId",
         h.household_id as "householdId", p.id as "pupilId", e.school_id as "schoolId", e.service_id as "serviceId",
         person.fiscal_code_hash as hash
       from household_member h
       join municipality m on m.id = h.municipality_id and m.slug = $1 and h.role = 'holder'
       join person on person.municipality_id = h.municipality_id and person.id = h.person_id
       join pupil p on p.municipality_id = h.municipality_id and p.household_id = h.household_id
       join enrolment e on e.municipality_id = p.municipality_id and e.pupil_id = p.id
       order by h.household_id, p.id) holder
     order by md5("householdId"::text) limit $2`,
    [LOAD_SLUG, many],
  )
  return rows
}

async function openSessions(
  client: pg.Client,
  holders: readonly Holder[],
  tokens: readonly string[],
): Promise<void> {
  await client.query(
    `with known as (
       insert into citizen (fiscal_code_hash, given_name, family_name, birth_date)
       select hash, 'Prova', 'Prova', '1985-01-01' from unnest($1::bytea[]) hash
       on conflict (fiscal_code_hash) do update set given_name = excluded.given_name
       returning id, fiscal_code_hash
     )
     insert into session (token_hash, citizen_id, method, level, authenticated_at, expires_at)
     select token, known.id, 'spid', 2, app_now(), app_now() + $3::interval
     from unnest($1::bytea[], $2::bytea[]) as opened (hash, token) join known on known.fiscal_code_hash = opened.hash`,
    [
      holders.map(({ hash }) => hash),
      tokens.map((token) => createHash('sha256').update(token).digest()),
      `${SESSION_HOURS} hours`,
    ],
  )
}

/** The next days of each school whose cutoff is not near. */
async function openDays(client: pg.Client): Promise<Map<string, Visitor['days']>> {
  const { rows } = await client.query<{ school: string; days: Visitor['days'] }>(
    `select school_id as school,
       (array_agg(json_build_object('day', day, 'serviceDayId', id) order by day))[1:${MOST_DAYS}] as days
     from service_day where status = 'open' and cutoff_at > app_now() + interval '2 hours' group by school_id`,
  )
  return new Map(rows.map(({ school, days }) => [school, days]))
}
