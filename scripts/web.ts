import cluster from 'node:cluster'
import type { RequestListener, Server } from 'node:http'
import os from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import next from 'next'
import { closeDatabase } from '#db/client.ts'
import { isAutomatic, needsOnlyHeaders, pageHeaders, READY_HEADER } from '#lib/entry/page-headers.ts'
import { type Env, envAs, keepAlertsFromChildren } from '#lib/kernel/env.ts'
import { log } from '#lib/kernel/log.ts'
import { AUTOMATIC_HEADER } from '#lib/web/automatic-request.ts'
import { CLIENT_ADDRESS_HEADER, clientAddress } from '#lib/web/client-address.ts'
import { setWarm } from '#lib/web/warm-up.adapter.ts'
import { warmCatalogues } from '#lib/words/catalogues.adapter.ts'
import { freshImport } from './lib/fresh-import.ts'
import { ROOT } from './lib/run-script.ts'
import { checkRuntime, untilRuntimeIsGood } from './lib/runtime-check.ts'
import { logEverything } from './lib/service-log.ts'
import { passOverRestOf } from './lib/unread-body.ts'
import type { WarmUp } from './lib/warm-up.ts'
import { answerCalls, UNUSABLE, WARM_FIRST, WebProcesses } from './lib/web-processes.ts'

const DRAIN_MS = 20_000

/** In the demonstration and in development only this machine may call; the real service is behind its reverse proxy, on any machine. */
const hostOf = ({ DEMO }: Env, dev: boolean): string | undefined => (DEMO || dev ? '127.0.0.1' : undefined)

/**
 * One process per core (or WEB_CONCURRENCY) on one port. A dead or stuck one is replaced; SIGHUP replaces them one by one, SIGTERM
 * drains them all.
 * With `--dev` one process, which reloads the code as it changes.
 */
export async function main(args: readonly string[]): Promise<undefined> {
  const dev = args.includes('--dev')
  // In development Next tells a person what it does.
  if (!dev) logEverything('web')
  if (cluster.isPrimary && !dev) await lead(envAs('web'))
  else await serve(envAs('web'), dev)
}

async function lead({ DATABASE_WEB_URL, PORT, WEB_CONCURRENCY, ALERTS_TO }: Env): Promise<void> {
  const processes = new WebProcesses(WEB_CONCURRENCY ?? os.availableParallelism(), PORT)
  const stopping = new AbortController()
  const stop = () => {
    stopping.abort()
    processes.stop()
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  // A terminal that is closed sends it too, and there it ends the site.
  if (!process.stdin.isTTY) process.on('SIGHUP', () => processes.renew())

  // A database that is away does not keep the site from starting; one that answers otherwise than it must does.
  await new Promise<void>((resolve) => {
    const tell = (words: string) => {
      log().error({ words }, 'web: could not check the database, and waits for it')
      resolve()
    }
    untilRuntimeIsGood(DATABASE_WEB_URL, stopping.signal, tell)
      .catch((error) => processes.fail(error))
      .finally(resolve)
  })
  if (ALERTS_TO) void watch(processes, stopping.signal)
  keepAlertsFromChildren()
  try {
    await processes.run()
  } finally {
    stopping.abort()
    process.channel?.unref()
  }
}

/** The primary process answers no request: it is the one that still lives when the others die. */
async function watch(processes: WebProcesses, signal: AbortSignal): Promise<void> {
  try {
    await import('./lib/server-only.ts')
    const { WebWatch } = await import('./lib/web-watch.ts')
    await new WebWatch(processes).run(signal)
  } catch (error) {
    log().error({ err: error }, 'web: could not watch the installation')
  }
}

async function serve(settings: Env, dev: boolean): Promise<void> {
  const { PORT } = settings
  const hostname = hostOf(settings, dev)
  if (!dev) answerCalls()
  warmCatalogues()
  if (dev) await checkRuntime(settings.DATABASE_WEB_URL)
  // Next would print each error once more, as a block of lines that no machine can read; instrumentation.ts logs it.
  const app = next({ dev, dir: ROOT, port: PORT, quiet: !dev, ...(hostname ? { hostname } : {}) })
  await app.prepare()
  await import('./lib/server-only.ts')
  const warmUp = await warmUpOf(settings, dev)
  const { keepHeartbeat } = await import('./lib/web-heartbeat.ts')
  const listener = await listenerOf(app.getRequestHandler(), settings, dev)
  const { webServer } = await import('./lib/web-server.ts')
  const server = webServer(warmUp?.listener(listener) ?? listener, settings, { dev })
  const draining = new AbortController()
  process.on('SIGTERM', () => {
    draining.abort()
    void drain(server, app)
  })
  // These reach the whole group; the primary asks us to end.
  process.on('SIGINT', () => undefined)
  if (!process.stdin.isTTY) process.on('SIGHUP', () => undefined)
  server.once('error', (error: NodeJS.ErrnoException) => {
    const words =
      error.code === 'EADDRINUSE'
        ? `La porta ${PORT} è occupata da un altro programma: chiudilo o cambia PORT.`
        : `Non posso ascoltare sulla porta ${PORT}: ${error.message}`
    log().error({ words }, 'web: could not listen')
    process.exit(UNUSABLE)
  })
  const warm = warmUp?.run(server)
  // Beside others that serve, a process waits until it is warm; alone, a slow answer is better than none.
  if (process.env[WARM_FIRST]) await warm
  server.listen({ port: PORT, ...(hostname ? { host: hostname } : {}) }, () => {
    if (dev) process.send?.('ready')
    void keepHeartbeat(server, new URL(settings.PUBLIC_ORIGIN).host, draining.signal)
  })
}

/** In development pages are compiled when they are asked for: the process is as warm as it gets. */
async function warmUpOf(settings: Env, dev: boolean): Promise<WarmUp | null> {
  if (!dev) return new (await import('./lib/warm-up.ts')).WarmUp(settings)
  setWarm()
  return null
}

type Meals = typeof import('#lib/meals/meal-change.http.ts')

/** The listener of the server: the calendar's address first, then what no page has to read, then Next. */
async function listenerOf(handle: RequestListener, settings: Env, dev: boolean): Promise<RequestListener> {
  const { refusedBefore } = await import('#lib/entry/refused-request.http.ts')
  const { failuresInWords } = await import('#lib/entry/failed-answer.http.ts')
  // In development Next shows what failed, and where.
  const answer = dev ? handle : failuresInWords(handle)
  const byNext = refusedBefore(nextListener(answer, settings), settings)
  if (!dev) return (await import('#lib/meals/meal-change.http.ts')).mealsBefore(byNext, settings)
  const newest = freshImport<Meals>('lib/meals/meal-change.http.ts')
  return async (request, response) => {
    if (!request.url?.startsWith('/api/')) return byNext(request, response)
    try {
      ;(await newest()).mealsBefore(byNext, settings)(request, response)
    } catch (error) {
      log().error({ err: error }, 'web: could not load the code that answers the calendar')
      byNext(request, response)
    }
  }
}

/** Next, behind two decisions that belong to no page: which address a request comes from, and its headers. */
const nextListener =
  (handle: RequestListener, settings: Env): RequestListener =>
  (request, response) => {
    const { socket, headers, method = '', url: path = '' } = request
    passOverRestOf(request, response)
    const forwarded = headers['x-forwarded-for']
    headers[CLIENT_ADDRESS_HEADER] = clientAddress(
      socket.remoteAddress ?? '',
      Array.isArray(forwarded) ? forwarded.join(',') : forwarded,
      settings.TRUSTED_PROXIES,
    )
    delete headers[READY_HEADER]
    if (isAutomatic({ method, rsc: headers.rsc })) headers[AUTOMATIC_HEADER] = '1'
    // Next compares an action's origin with this host, which a caller may forge, and logs a stack where they differ. Ours is checked already.
    if (headers.origin === settings.PUBLIC_ORIGIN)
      headers['x-forwarded-host'] = new URL(settings.PUBLIC_ORIGIN).host
    if (needsOnlyHeaders({ host: headers.host, path }, settings)) {
      const { asked, answered } = pageHeaders(path, settings)
      Object.assign(headers, asked, { [READY_HEADER]: '1' })
      response.setHeaders(new Headers(answered))
    }
    void handle(request, response)
  }

/** Refuses new connections, lets the requests in hand finish, ends. */
async function drain(server: Server, app: { close(): Promise<void> }): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  const idle = setInterval(() => server.closeIdleConnections(), 50)
  await Promise.race([closed, pause(DRAIN_MS)])
  clearInterval(idle)
  await app.close()
  await closeDatabase()
  process.exit(0)
}
