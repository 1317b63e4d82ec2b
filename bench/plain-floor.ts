import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { inOneWrite, named, openFloorPool } from './floor-pool.ts'
import type { Visitor } from './visitors.ts'

/**
 * The plain floor: what a Node process and PostgreSQL can do at most for a page of one family. Bare `node:http`, three
 * reads by key without row-level policies, 35 rows, and those as JSON.
 * Usage: node bench/plain-floor.ts <visitors.json> <port> <url of the owner>
 */
const [file = '', port = '0', url = ''] = process.argv.slice(2)

const ROWS = 35

const SESSION = 'select id, citizen_id, expires_at from session where token_hash = $1'
const PUPIL = 'select id, given_name, family_name from pupil where municipality_id = $1 and id = $2'
const DAYS = `select id, day, cutoff_at, status from service_day
  where municipality_id = $1 and service_id = $2 and school_id = $3 order by day limit ${ROWS - 2}`

const visitors = new Map(
  (JSON.parse(readFileSync(file, 'utf8')) as Visitor[]).map((visitor) => [visitor.cookie, visitor]),
)
const pool = openFloorPool(url)

async function rowsOf({ token, municipalityId, pupilId, serviceId, schoolId }: Visitor): Promise<string> {
  const results = await inOneWrite(pool, [
    named(SESSION, [createHash('sha256').update(token).digest()]),
    named(PUPIL, [municipalityId, pupilId]),
    named(DAYS, [municipalityId, serviceId, schoolId]),
  ])
  return JSON.stringify(results.flatMap(({ rows }) => rows))
}

createServer((request, response) => {
  const visitor = visitors.get(request.headers.cookie ?? '')
  if (!visitor) return void response.writeHead(401).end()
  rowsOf(visitor).then(
    (body) =>
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
        .end(body),
    () => response.writeHead(500).end(),
  )
}).listen(Number(port), '127.0.0.1', () => process.send?.('ready'))
