import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'
import { type Inbox, openInbox } from './inbox.ts'
import { listPage, messagePage, notFoundPage } from './pages.ts'
import { openSmsInbox, type SmsInbox } from './sms.ts'

export type MailSimulator = {
  smtpPort: number
  pagePort: number
  inbox: Inbox
  texts: SmsInbox
  close(): Promise<void>
}

const LARGEST_MESSAGE = 10_000_000

const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; form-action 'self'; base-uri 'none'"
/** A mail is shown as a mail program would: nothing in it runs, and nothing is fetched. */
const LETTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'"

type Received = { inbox: Inbox; texts: SmsInbox }

function answer({ inbox, texts }: Received, request: IncomingMessage, response: ServerResponse): void {
  const path = new URL(request.url ?? '/', 'http://mail').pathname
  if (path === '/sms') return void texts.receive(request, response)
  const send = (status: number, body: string, type = 'text/html; charset=utf-8', policy = PAGE_POLICY) =>
    response
      .writeHead(status, {
        'content-type': type,
        'cache-control': 'no-store',
        'content-security-policy': policy,
        'x-content-type-options': 'nosniff',
      })
      .end(body)
  if (request.method === 'POST' && path === '/svuota') {
    inbox.clear()
    texts.clear()
    response.writeHead(303, { location: '/' }).end()
    return
  }
  if (request.method === 'POST' && path === '/sms/guasto') {
    void texts.change(request).then((known) => response.writeHead(known ? 303 : 400, { location: '/' }).end())
    return
  }
  if (path === '/') return void send(200, listPage(inbox.all(), texts.all(), texts.fault()))
  if (path === '/sms.json') return void send(200, JSON.stringify(texts.all()), 'application/json')
  if (path === '/messaggi.json') return void send(200, JSON.stringify(inbox.all()), 'application/json')
  const [, id, part] = /^\/messaggi\/(\d+)(\/pagina)?$/.exec(path) ?? []
  const message = inbox.find(Number(id))
  if (part && message?.html) return void send(200, message.html, undefined, LETTER_POLICY)
  return void (message ? send(200, messagePage(message)) : send(404, notFoundPage()))
}

async function listening(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return (server.address() as AddressInfo).port
}

/**
 * An SMTP server and, at `/sms`, a gateway for text messages: they deliver nothing and show what they got on a page.
 * @param ports 0 lets the system choose
 * @param options.smsToken what the portal proves itself to the gateway with
 */
export async function startMailSimulator(
  ports: { smtp: number; page: number; host: string },
  options: { smsToken: string },
): Promise<MailSimulator> {
  const inbox = openInbox()
  const texts = openSmsInbox(options.smsToken)
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    size: LARGEST_MESSAGE,
    onData: (stream, _session, done) => {
      buffer(stream)
        .then((raw) => inbox.receive(raw))
        .then(() => done(), done)
    },
  })
  smtp.on('error', () => undefined)
  const pages = createServer((request, response) => answer({ inbox, texts }, request, response))
  return {
    smtpPort: await listening(smtp.server, ports.smtp, ports.host),
    pagePort: await listening(pages, ports.page, ports.host),
    inbox,
    texts,
    close: async () => {
      pages.closeAllConnections()
      await Promise.all([
        new Promise<void>((resolve) => smtp.close(() => resolve())),
        new Promise<void>((resolve) => pages.close(() => resolve())),
      ])
    },
  }
}
