import 'server-only'
import { type RequestListener, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Env } from '#lib/kernel/env.ts'
import { plainPageInEach } from '#lib/web/plain-page.ts'
import { FILE_POLICY, securityHeaders } from '#lib/web/security-headers.ts'
import { wordsIn } from '#lib/words/catalogues.adapter.ts'
import { LANGUAGES, phrase } from '#lib/words/language.ts'
import { METHOD_UNKNOWN, type Refusal, TOO_LARGE } from './refused-request.http.ts'

const NOT_UNDERSTOOD: Refusal = {
  status: 400,
  title: phrase('Il portale non ha capito la richiesta'),
  body: phrase('Si è rovinata per strada, e niente è cambiato. Ricarica la pagina e riprova.'),
}
const LATE: Refusal = {
  status: 408,
  title: phrase('La richiesta non è arrivata in tempo'),
  body: phrase('Non l’abbiamo ricevuta per intero, e niente è cambiato. Controlla la connessione e riprova.'),
}
const LONG_HEAD: Refusal = {
  status: 431,
  title: phrase('La richiesta porta con sé troppi dati'),
  body: phrase('Di solito sono i cookie: cancella quelli di questo sito e riprova. Niente è cambiato.'),
}
const NO_PROMISE: Refusal = { ...NOT_UNDERSTOOD, status: 417 }

/** What Node's parser and its clock say of a request. */
const BY_CODE: Readonly<Record<string, Refusal>> = {
  ERR_HTTP_REQUEST_TIMEOUT: LATE,
  HPE_HEADER_OVERFLOW: LONG_HEAD,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: TOO_LARGE,
}

/** So long the connection stays after its answer: closed under a client that still sends, it would take the answer with it. */
const LINGER_MS = 1_000

/** The newest request of a connection, and the answer that is to be sent before its own. */
type Turn = { response: ServerResponse; before: ServerResponse | null }

/**
 * Makes a server answer in words what Node's own server answers with a bare status, or by hanging up: requests that it
 * cannot read, that come too slowly, without a host, with an expectation, or that ask for a tunnel. No request tells a
 * language there, so the page says it in each; and it says nothing of what was sent.
 * `listener` gets every other request. The server must be made with `requireHostHeader: false`.
 */
export function answerBroken(
  server: Server,
  listener: RequestListener,
  settings: Pick<Env, 'PUBLIC_ORIGIN'>,
): void {
  const answers = answersOf(settings)
  const turns = new WeakMap<Duplex, Turn>()
  const ending = new WeakSet<Duplex>()
  const refuse = (socket: Duplex, refusal: Refusal) => {
    // The parser says so again for each piece that follows.
    if (ending.has(socket)) return
    ending.add(socket)
    socket.on('error', () => undefined)
    void inTurn(socket, turns.get(socket), () => answers.raw(refusal))
  }
  server.on('clientError', ({ code = '' }: NodeJS.ErrnoException, socket) => {
    if (!socket.writable) socket.destroy()
    else refuse(socket, BY_CODE[code] ?? NOT_UNDERSTOOD)
  })
  server.on('connect', (_request, socket) => refuse(socket, METHOD_UNKNOWN))
  server.on('checkExpectation', (_request, response) => answers.send(response, NO_PROMISE))
  server.on('request', (request, response) => {
    const { socket, headers, httpVersion } = request
    const last = turns.get(socket)?.response
    turns.set(socket, { response, before: last && !last.closed ? last : null })
    if (headers.host === undefined && httpVersion === '1.1') answers.send(response, NOT_UNDERSTOOD)
    else listener(request, response)
  })
}

/**
 * Ends a connection with an answer, when those before it have left: a person whose request was good gets what was asked
 * for, and no other's refusal in its place. A request that broke in its body may have its answer already.
 */
async function inTurn(socket: Duplex, turn: Turn | undefined, answer: () => Buffer): Promise<void> {
  const broken = turn && !turn.response.req.complete ? turn.response : null
  const before = broken ? turn?.before : turn?.response
  if (before && !before.closed) await new Promise((resolve) => before.once('close', resolve))
  if (broken?.headersSent && !broken.writableFinished) {
    socket.destroy()
    return
  }
  if (socket.destroyed) return
  const patience = setTimeout(() => socket.destroy(), LINGER_MS)
  socket.once('close', () => clearTimeout(patience))
  if (broken?.headersSent) socket.end()
  else socket.end(answer())
}

type Answers = {
  /** The bytes of an answer that ends its connection. */
  raw(refusal: Refusal): Buffer
  /** The same where Node has read a request. */
  send(response: ServerResponse, refusal: Refusal): void
}

function answersOf({ PUBLIC_ORIGIN }: Pick<Env, 'PUBLIC_ORIGIN'>): Answers {
  const headersOf = (page: string): Record<string, string> => ({
    ...securityHeaders({ https: PUBLIC_ORIGIN.startsWith('https:') }),
    'Content-Security-Policy': FILE_POLICY,
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(page)),
    'Cache-Control': 'no-store',
    Connection: 'close',
  })
  return {
    raw: (refusal) => {
      const page = pageOf(refusal)
      const { status } = refusal
      const lines = Object.entries(headersOf(page)).map(([name, value]) => `${name}: ${value}`)
      const head = [
        `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
        `Date: ${new Date().toUTCString()}`,
        ...lines,
      ]
      return Buffer.from(`${head.join('\r\n')}\r\n\r\n${page}`)
    },
    send: (response, refusal) => {
      const page = pageOf(refusal)
      response.writeHead(refusal.status, headersOf(page)).end(page)
    },
  }
}

const pageOf = ({ title, body }: Refusal): string =>
  plainPageInEach(
    LANGUAGES.map(wordsIn).map((t) => [
      t,
      { title: t(title), body: t(body), link: { href: '/', text: t('Torna alla prima pagina') } },
    ]),
  )
