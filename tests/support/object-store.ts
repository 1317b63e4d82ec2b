import { createHash, createHmac } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { type Listening, listen } from './http.ts'

const REGION = 'eu-south-1'
const KEY_ID = 'AKIATEST'
const SECRET = 'segreto-di-prova'
const BUCKET = 'refettorio'

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()
const hex = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex')

/** The signature that AWS Signature Version 4 asks for, worked out from its specification and not with the client's library. */
function expectedSignature(message: IncomingMessage, signedHeaders: string[], date: string): string {
  const url = new URL(message.url ?? '/', `http://${message.headers.host}`)
  const day = date.slice(0, 8)
  const canonical = [
    message.method,
    url.pathname,
    url.searchParams.toString(),
    ...signedHeaders.map((name) => `${name}:${String(message.headers[name] ?? '').trim()}`),
    '',
    signedHeaders.join(';'),
    String(message.headers['x-amz-content-sha256']),
  ].join('\n')
  const scope = `${day}/${REGION}/s3/aws4_request`
  const text = ['AWS4-HMAC-SHA256', date, scope, hex(canonical)].join('\n')
  const key = ['s3', 'aws4_request'].reduce(hmac, hmac(hmac(`AWS4${SECRET}`, day), REGION))
  return hmac(key, text).toString('hex')
}

function isSigned(message: IncomingMessage): boolean {
  const [, credential, headers, signature] =
    /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      message.headers.authorization ?? '',
    ) ?? []
  const date = String(message.headers['x-amz-date'] ?? '')
  if (!headers || !credential?.startsWith(`${KEY_ID}/${date.slice(0, 8)}/`)) return false
  return signature === expectedSignature(message, headers.split(';'), date)
}

export type ObjectStore = Listening & {
  /** Path → what was put there. */
  objects: Map<string, { bytes: Buffer; mediaType: string }>
  /** Statuses that the next requests get instead of an answer. */
  failures: number[]
  requests: string[]
  /** What the portal must be told to use it. */
  environment: Record<string, string>
}

/** A small S3: signed PUT and GET of objects of one bucket, over real HTTP, with failures to order. */
export async function anObjectStore(): Promise<ObjectStore> {
  const objects: ObjectStore['objects'] = new Map()
  const failures: number[] = []
  const requests: string[] = []
  const server = createServer(async (message, response) => {
    const bytes = await buffer(message)
    const path = message.url ?? '/'
    requests.push(`${message.method} ${path}`)
    const answer = (status: number, body: Buffer | string = '') => response.writeHead(status).end(body)
    const failure = failures.shift()
    if (failure) return answer(failure)
    if (!isSigned(message)) return answer(403, '<Error><Code>SignatureDoesNotMatch</Code></Error>')
    if (!path.startsWith(`/${BUCKET}/`)) return answer(404)
    if (message.method === 'PUT') {
      objects.set(path, { bytes, mediaType: message.headers['content-type'] ?? '' })
      return answer(200)
    }
    const found = objects.get(path)
    return found ? answer(200, found.bytes) : answer(404)
  })
  const listening = await listen(server)
  return {
    ...listening,
    objects,
    failures,
    requests,
    environment: {
      FILES_STORE: 's3',
      FILES_S3_ENDPOINT: listening.origin,
      FILES_S3_BUCKET: BUCKET,
      FILES_S3_REGION: REGION,
      FILES_S3_ACCESS_KEY_ID: KEY_ID,
      FILES_S3_SECRET_ACCESS_KEY: SECRET,
    },
  }
}
