import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type pg from 'pg'
import { inOneWrite, named, openFloorPool } from './floor-pool.ts'
import type { FloorVisitor, Recording, Statement } from './recorded.ts'

/**
 * The floor: the least that a Node process can do with the product's own statements. Plain `node:http`, one pool, the
 * statements replayed on the wire, strings for pages. No framework, no validation, no rendering library.
 * Usage: node bench/floor.ts <recording.json> <port> <database url>
 */
const [file = '', port = '0', url = ''] = process.argv.slice(2)

function revive(_key: string, value: unknown): unknown {
  const buffer = value as { type?: string; data?: number[] } | null
  return buffer?.type === 'Buffer' && buffer.data ? Buffer.from(buffer.data) : value
}

const recording = JSON.parse(readFileSync(file, 'utf8'), revive) as Recording
const visitors = new Map(recording.visitors.map((visitor) => [visitor.cookie, visitor]))
const pool = openFloorPool(url)

const replay = (statements: readonly Statement[]): Promise<pg.QueryResult[]> =>
  inOneWrite(
    pool,
    statements.map(({ text, values }) => named(recording.texts[text] as string, values)),
  )

const SCOPE = `select enter_scope($1, 'family', $2)`
const LOCK_PUPIL = 'select id from pupil where municipality_id = $1 and id = $2 for no key update'
const LOCK_DAY = `select id from service_day where municipality_id = $1 and id = $2 and status = 'open' and cutoff_at > app_now() for share`
const RECEIPT = `insert into absence_receipt (municipality_id, id, number, household_id, person_id, action, channel, idempotency_key, request_hash,
    first_day, last_day)
  values ($1, $2, $3, $4, $5, $6, 'web', $7, $8, $9, $9)`
const ABSENCE = `insert into absence (municipality_id, service_day_id, pupil_id, receipt_id) values ($1, $2, $3, $4) on conflict do nothing`
const PRESENCE = 'delete from absence where municipality_id = $1 and service_day_id = $2 and pupil_id = $3'
const EVENT =
  'insert into absence_event (municipality_id, receipt_id, service_day_id, pupil_id, kind, day) values ($1, $2, $3, $4, $5, $6)'
const AUDIT = `insert into audit_event (municipality_id, person_id, action, object_type, object_id) values ($1, $2, $3, 'receipt', $4)`

type Change = { action: 'cancel' | 'restore'; days: [string]; idempotencyKey: string }

/** The bare statements of a change: the same locks and rows as the product's, and no question asked. */
async function change(visitor: FloorVisitor, { action, days, idempotencyKey }: Change): Promise<string> {
  const { municipalityId: m, personId, householdId, pupilId } = visitor
  const serviceDay = visitor.days.find(({ day }) => day === days[0])?.serviceDayId
  const receipt = randomUUID()
  const number = `F-${randomBytes(8).toString('hex').toUpperCase()}`
  const hash = createHash('sha256').update(days[0]).digest()
  const isCancel = action === 'cancel'
  await inOneWrite(pool, [
    { text: 'begin' },
    named(SCOPE, [m, personId]),
    named(LOCK_PUPIL, [m, pupilId]),
    named(LOCK_DAY, [m, serviceDay]),
    named(RECEIPT, [m, receipt, number, householdId, personId, action, idempotencyKey, hash, days[0]]),
    isCancel ? named(ABSENCE, [m, serviceDay, pupilId, receipt]) : named(PRESENCE, [m, serviceDay, pupilId]),
    named(EVENT, [m, receipt, serviceDay, pupilId, isCancel ? 'cancelled' : 'restored', days[0]]),
    named(AUDIT, [m, personId, `meals.${action}`, receipt]),
    { text: 'commit' },
  ])
  return JSON.stringify({ ok: true, receiptId: receipt })
}

const escaped = (value: unknown) => String(value).replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`)

const rowOf = (row: Record<string, unknown>): string =>
  `<tr>${Object.values(row)
    .map((cell) => `<td>${escaped(cell)}</td>`)
    .join('')}</tr>`

const tableOf = ({ rows }: pg.QueryResult): string =>
  rows.length === 0 ? '' : `<table>${rows.map(rowOf).join('')}</table>`

const pageOf = (results: readonly pg.QueryResult[]): string =>
  `<!doctype html><html lang="it"><title>Pavimento</title><body>${results.map(tableOf).join('')}</body></html>`

async function bodyOf(request: IncomingMessage): Promise<Change> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return JSON.parse(Buffer.concat(chunks).toString()) as Change
}

function send(response: ServerResponse, type: string, body: string): void {
  response.writeHead(200, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body)
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const visitor = visitors.get(request.headers.cookie ?? '')
  if (!visitor) return void response.writeHead(401).end()
  if (request.method === 'POST') {
    await replay(visitor.session)
    return send(response, 'application/json', await change(visitor, await bodyOf(request)))
  }
  if (request.url === '/balance') return send(response, 'text/html', pageOf(await replay(visitor.balance)))
  const month = await replay(visitor.calendar)
  if (request.url === '/calendar') return send(response, 'text/html', pageOf(month))
  send(response, 'application/json', JSON.stringify(month.map(({ rows }) => rows)))
}

createServer((request, response) => {
  answer(request, response).catch(() => response.writeHead(500).end())
}).listen(Number(port), '127.0.0.1', () => process.send?.('ready'))
