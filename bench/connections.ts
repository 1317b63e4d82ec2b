import { connect, type Socket } from 'node:net'
import type { Request } from './requests.ts'

/** What came back for one request. */
export type Answer = { isGood: boolean; bytes: number }

const HEAD_END = '\r\n\r\n'
const LAST_CHUNK = '0\r\n\r\n'
/** A server that is silent for so long has failed. */
const PATIENCE_MS = 30_000
const GOOD = 'HTTP/1.1 200'

/** The request as it goes on the wire, ready to be sent many times. */
export function wireOf({ method, path, cookie, origin, body }: Request, host: string): Buffer {
  const head = [`${method} ${path} HTTP/1.1`, `Host: ${host}`, `Cookie: ${cookie}`]
  if (body)
    head.push(
      `Origin: ${origin}`,
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
    )
  return Buffer.from(`${head.join('\r\n')}${HEAD_END}${body}`)
}

/**
 * One connection that is kept, for one request at a time. It reads just enough of HTTP to know when an answer is whole:
 * Node's own client takes as much of the machine as a twentieth of the answers that it would measure.
 */
class Connection {
  readonly #socket: Socket
  #resolve: ((answer: Answer) => void) | undefined
  #isGood = false
  #bytes = 0
  #tail = ''
  /** Bytes of the whole answer; null before its head is read, and while it comes in chunks. */
  #whole: number | null = null
  isLost = false

  constructor(host: string, port: number) {
    this.#socket = connect({ host, port, noDelay: true })
    this.#socket.on('data', (data) => this.#read(data))
    this.#socket.setTimeout(PATIENCE_MS, () => this.#socket.destroy())
    this.#socket.on('error', () => this.#lose())
    this.#socket.on('close', () => this.#lose())
  }

  ask(wire: Buffer): Promise<Answer> {
    this.#bytes = 0
    this.#tail = ''
    this.#whole = null
    return new Promise((resolve) => {
      this.#resolve = resolve
      this.#socket.write(wire)
    })
  }

  end(): void {
    this.#socket.destroy()
  }

  #read(data: Buffer): void {
    if (this.#bytes === 0) this.#readHead(data)
    this.#bytes += data.length
    // One request at a time, and no page of ours holds these bytes: they can only end the answer.
    const end = data.toString('latin1', Math.max(0, data.length - LAST_CHUNK.length))
    this.#tail = (this.#tail + end).slice(-LAST_CHUNK.length)
    const isWhole = this.#whole === null ? this.#tail === LAST_CHUNK : this.#bytes >= this.#whole
    if (isWhole) this.#settle({ isGood: this.#isGood, bytes: this.#bytes })
  }

  #readHead(data: Buffer): void {
    const end = data.indexOf(HEAD_END) + HEAD_END.length
    const head = data.toString('latin1', 0, end)
    const [, length] = /\r\ncontent-length: (\d+)/i.exec(head) ?? []
    this.#isGood = head.startsWith(GOOD)
    this.#whole = length === undefined ? null : end + Number(length)
  }

  #lose(): void {
    this.isLost = true
    this.#settle({ isGood: false, bytes: this.#bytes })
  }

  #settle(answer: Answer): void {
    this.#resolve?.(answer)
    this.#resolve = undefined
  }
}

/** Connections to one server: a request takes a free one, or opens another. */
export class Connections {
  readonly #open = new Set<Connection>()
  readonly #free: Connection[] = []
  readonly #address: { host: string; port: number }

  constructor(address: { host: string; port: number }) {
    this.#address = address
  }

  async ask(wire: Buffer): Promise<Answer> {
    const connection = this.#take()
    const answer = await connection.ask(wire)
    if (!connection.isLost) this.#free.push(connection)
    return answer
  }

  end(): void {
    for (const connection of this.#open) connection.end()
  }

  #take(): Connection {
    for (let free = this.#free.pop(); free; free = this.#free.pop()) if (!free.isLost) return free
    const connection = new Connection(this.#address.host, this.#address.port)
    this.#open.add(connection)
    return connection
  }
}
