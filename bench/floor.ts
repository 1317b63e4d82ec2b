import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import pg from 'pg'
import type { Statement, Visitor } from './visitors.ts'

/**
 * The floor: the least that a Node process can do to answer the same requests. Plain `node:http`, one pool, the product's own
 * statements replayed on the wire, strings for pages. No framework, no validation, no rendering library.
 * Usage: node bench/floor.ts <visitors.json> <port> <database url>
 */
const [file = '', port = '0', url = ''] = process.argv.slice(2)

type Reviver = { type?: string; data?: number[] } | unknown
const revive = (_key: string, value: Reviver) => {
  const buffer = value as { type?: string; data?: number[] } | null
  return buffer?.type === 'Buffer' && buffer.data ? Buffer.from(buffer.data) : value
}

const visitors = new Map<string, Visitor>()
for (const visitor of JSON.parse(readFileSync(file, 'utf8'), revive) as Visitor[])
  visitors.set(visitor.cookie, visitor)

const pool = new pg.Pool({ connectionString: url, max: 6, pipeline: true } as pg.PoolConfig)

const names = new Map<string, string>()

/** Named, as the product's own statements are: planned once per connection. */
function named({ text, values }: Statement): pg.QueryConfig {
  if (values.length === 0) return { text }
  const name = names.get(text) ?? `f${names.size}`
  names.set(text, name)
  return { name, text, values }
}

async function replay(statements: readonly Statement[]): Promise<pg.QueryResult[]> {
  const client = await pool.connect()
  try {
    return await Promise.all(statements.map((statement) => client.query(named(statement))))
  } finally {
    client.release()
  }
}

async function cancel(
  visitor: Visitor,
  { days, azione, chiave }: { days: string; azione: string; chiave: string },
): Promise<string> {
  const { municipalityId: m, personId, householdId, pupilId } = visitor
  const serviceDay = visitor.days.find(({ day }) => day === days)?.serviceDayId
  const client = await pool.connect()
  try {
    const receipt = randomUUID()
    const kind = azione === 'cancel' ? 'cancelled' : 'restored'
    await Promise.all([
      client.query('begin'),
      client.query(
        named({
          text: `select enter_scope($1, 'family', $2)`,
          values: [m, personId],
        }),
      ),
      client.query(
        named({
          text: 'select id from pupil where municipality_id = $1 and id = $2 for no key update',
          values: [m, pupilId],
        }),
      ),
      client.query(
        named({
          text: `select id from service_day where municipality_id = $1 and id = $2 and status = 'open' and cutoff_at > app_now() for share`,
          values: [m, serviceDay],
        }),
      ),
      client.query(
        named({
          text: `insert into absence_receipt (municipality_id, id, number, household_id, person_id, action, channel, idempotency_key, request_hash)
         values ($1, $2, $3, $4, $5, $6, 'web', $7, $8)`,
          values: [
            m,
            receipt,
            `F-${randomBytes(8).toString('hex').toUpperCase()}`,
            householdId,
            personId,
            azione,
            chiave,
            createHash('sha256').update(days).digest(),
          ],
        }),
      ),
      azione === 'cancel'
        ? client.query(
            named({
              text: 'insert into absence (municipality_id, service_day_id, pupil_id, receipt_id) values ($1, $2, $3, $4) on conflict do nothing',
              values: [m, serviceDay, pupilId, receipt],
            }),
          )
        : client.query(
            named({
              text: 'delete from absence where municipality_id = $1 and service_day_id = $2 and pupil_id = $3',
              values: [m, serviceDay, pupilId],
            }),
          ),
      client.query(
        named({
          text: 'insert into absence_event (municipality_id, receipt_id, service_day_id, pupil_id, kind) values ($1, $2, $3, $4, $5)',
          values: [m, receipt, serviceDay, pupilId, kind],
        }),
      ),
      client.query(
        named({
          text: `insert into audit_event (municipality_id, person_id, action, object_type, object_id) values ($1, $2, $3, 'receipt', $4)`,
          values: [m, personId, `meals.${azione}`, receipt],
        }),
      ),
      client.query('commit'),
    ])
    return JSON.stringify({ ok: true, receiptId: receipt })
  } finally {
    client.release()
  }
}

const escaped = (value: unknown) => String(value).replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`)

const table = (results: readonly pg.QueryResult[]) =>
  results
    .filter(({ rows }) => rows.length > 0)
    .map(
      ({ rows }) =>
        `<table>${rows
          .map(
            (row) =>
              `<tr>${Object.values(row)
                .map((cell) => `<td>${escaped(cell)}</td>`)
                .join('')}</tr>`,
          )
          .join('')}</table>`,
    )
    .join('')

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const visitor = visitors.get(request.headers.cookie ?? '')
  if (!visitor) {
    response.writeHead(401).end()
    return
  }
  await replay(visitor.session)
  const send = (type: string, body: string) =>
    response.writeHead(200, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body)
  const page = (results: readonly pg.QueryResult[]) =>
    send(
      'text/html',
      `<!doctype html><html lang="it"><title>Pavimento</title><body>${table(results)}</body></html>`,
    )
  if (request.method === 'POST') {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    return void send('application/json', await cancel(visitor, JSON.parse(Buffer.concat(chunks).toString())))
  }
  if (request.url === '/calendar.json')
    return void send(
      'application/json',
      JSON.stringify((await replay(visitor.calendar)).map(({ rows }) => rows)),
    )
  page(await replay(request.url === '/balance' ? visitor.balance : visitor.calendar))
}

const server = createServer((request, response) => {
  answer(request, response).catch(() => response.writeHead(500).end())
})
server.listen(Number(port), '127.0.0.1', () => process.send?.('ready'))
process.on('SIGTERM', () => server.close(() => pool.end().then(() => process.exit(0))))
