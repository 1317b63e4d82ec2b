import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { log } from '#lib/kernel/log.ts'
import { type Answer, API_PATH, answerApi } from './api.ts'
import { controlInterface } from './control.ts'
import { hostedPages, type PageAnswer } from './hosted.ts'
import { notifier } from './notifications.ts'
import { openStore } from './orders.ts'

import { settle } from './payment.ts'

export type SimulatorOptions = {
  /** 0 lets the system choose. */
  port: number
  host?: string
  apiKey: string
  /** How browsers reach the hosted pages; the server's own address when missing. */
  publicUrl?: string
  /** Keeps orders across restarts. */
  stateFile?: string
  /** Answers a repeated order id with a new page while the order has no payment attempt. What Nexi does is not published. */
  reopenDuplicates?: boolean
  /** Pauses before each new delivery of a notification that was not answered 200. */
  retryMs?: readonly number[]
  /** How late a "late" notification is. */
  lateMs?: number
  /** How long a bank waits for a payer who does not answer. */
  bankSessionMs?: number
}

const RETRY_MS = [2_000, 10_000, 60_000, 300_000]
const BANK_SESSION_MS = 15 * 60_000
const TICK_MS = 100
const MAX_BODY = 64_000

/**
 * A payment provider to try the portal against: Nexi's merchant interface, its hosted pages and its notifications,
 * with switches for everything that goes wrong. No money moves and no real card is accepted.
 */
export async function startPaymentsSimulator(options: SimulatorOptions) {
  const store = openStore(options.stateFile)
  const outgoing = notifier(store, {
    retryMs: options.retryMs ?? RETRY_MS,
    ...(options.lateMs === undefined ? {} : { lateMs: options.lateMs }),
  })
  const money = { store, notifier: outgoing }
  const context = {
    ...money,
    apiKey: options.apiKey,
    publicUrl: '',
    reopenDuplicates: options.reopenDuplicates ?? false,
  }
  const pages = hostedPages({ ...money, bankSessionMs: options.bankSessionMs ?? BANK_SESSION_MS })
  const control = controlInterface(money)
  const hanging = new Set<ServerResponse>()

  const server = createServer((request, response) => {
    handle(request, response).catch((error) => {
      log().error({ err: error }, 'payments simulator: could not answer')
      if (!response.headersSent) response.writeHead(500)
      response.end()
    })
  })

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://simulator')
    const body = await readBody(request)
    if (body === null) return send(response, { status: 413 })
    if (url.pathname.startsWith('/__control/')) {
      const isAllowed = request.headers['x-api-key'] === options.apiKey
      const input = isAllowed && body ? JSON.parse(body) : {}
      return send(response, isAllowed ? control.answer(url.pathname, input) : { status: 401 })
    }
    if (control.isDown()) return send(response, { status: 500 })
    if (url.pathname.startsWith(`${API_PATH}/`)) {
      const answer = await answerApi(
        context,
        request,
        url.pathname.slice(API_PATH.length),
        url.searchParams,
        body,
      )
      if (answer !== 'hang') return send(response, answer)
      hanging.add(response)
      return
    }
    sendPage(response, pages(request.method, url.pathname, new URLSearchParams(body)))
  }

  const tick = setInterval(() => {
    for (const job of store.takeDueJobs(Date.now())) {
      const order = store.order(job.orderId)
      if (!order) continue
      if (job.kind === 'result') settle(money, order, job.operationId, job.result)
      else void outgoing.attempt(order, job.body, job.attempt)
    }
  }, TICK_MS)

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host ?? '127.0.0.1', resolve)
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  context.publicUrl = (options.publicUrl ?? url).replace(/\/+$/, '')

  return {
    url,
    apiUrl: `${url}${API_PATH}`,
    async close(): Promise<void> {
      clearInterval(tick)
      for (const response of hanging) response.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export type PaymentsSimulator = Awaited<ReturnType<typeof startPaymentsSimulator>>

async function readBody(request: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request) {
    size += part.length
    if (size > MAX_BODY) return null
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

function send(response: ServerResponse, answer: Exclude<Answer, 'hang'>): void {
  response.writeHead(answer.status, {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
  })
  response.end(answer.raw ?? (answer.body === undefined ? '' : JSON.stringify(answer.body)))
}

const PAGE_HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
}

function sendPage(response: ServerResponse, answer: PageAnswer): void {
  if ('location' in answer) {
    response.writeHead(303, { ...PAGE_HEADERS, Location: answer.location }).end()
  } else {
    response
      .writeHead(answer.status, { ...PAGE_HEADERS, 'Content-Type': 'text/html; charset=utf-8' })
      .end(answer.html)
  }
}
