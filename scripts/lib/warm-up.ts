import type { RequestListener, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { database } from '#db/client.ts'
import type { Env } from '#lib/kernel/env.ts'
import { log } from '#lib/kernel/log.ts'
import { readMonthPage } from '#lib/meals/month.queries.ts'
import { warmUpSession } from '#lib/session/warm-up.queries.ts'
import { drawForItself, setWarm } from '#lib/web/warm-up.adapter.ts'
import { LANGUAGES } from '#lib/words/language.ts'
import { LANGUAGE_COOKIE } from '#lib/words/language-cookie.ts'
import { askInMemory } from './ask-in-memory.ts'
import { checkRuntime } from './runtime-check.ts'

/** What a town opens first: the public pages, and those of a family. */
const PAGES = ['', '/menu', '/accesso', '/oggi', '/prenotazioni', '/pagamenti']
const LONGEST_PAUSE_MS = 30_000

/**
 * Draws the main pages of a process before people do: compiled code, parsed catalogues, open connections with their first
 * statements prepared. The process asks itself over connections that exist only in its memory, so no request from outside
 * is ever taken for one of these.
 */
export class WarmUp {
  readonly #own = new WeakSet<Duplex>()
  readonly #settings: Env

  constructor(settings: Env) {
    this.#settings = settings
  }

  /** A listener that knows the requests of the process itself. */
  listener(listener: RequestListener): RequestListener {
    return (request, response) => {
      if (!this.#own.has(request.socket)) return listener(request, response)
      void drawForItself(() => {
        const done = new Promise<void>((resolve) => response.once('close', resolve))
        listener(request, response)
        return done
      })
    }
  }

  /** Draws until everything was drawn once without a fault: a database that is away is waited for. */
  async run(server: Server): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await checkRuntime(this.#settings.DATABASE_WEB_URL)
        await this.#draw(server)
        setWarm()
        return
      } catch (error) {
        log().warn({ err: error }, 'web: could not draw the main pages, and tries again')
        await pause(Math.min(1_000 * 2 ** attempt, LONGEST_PAUSE_MS), undefined, { ref: false })
      }
    }
  }

  async #draw(server: Server): Promise<void> {
    const municipalitySlug = await this.#openConnections()
    const pages = municipalitySlug ? PAGES.map((page) => `/${municipalitySlug}${page}`) : []
    for (const language of LANGUAGES) {
      for (const page of ['/', ...pages]) await this.#ask(server, page, language)
    }
  }

  /** Opens the whole pool, each connection with the statements of a month. @returns a municipality to draw, if there is one */
  async #openConnections(): Promise<string | null> {
    const { rows } = await sql<{ slug: string }>`select slug from municipality order by slug limit 1`.execute(
      database(),
    )
    const slug = rows[0]?.slug
    if (!slug) return null
    const connection = async () => {
      const viewer = (await warmUpSession(slug))?.viewer
      if (viewer) await readMonthPage(viewer, null, null)
    }
    await Promise.all(Array.from({ length: this.#settings.DATABASE_POOL_SIZE }, connection))
    return slug
  }

  /** @throws when the answer is not a page */
  async #ask(server: Server, path: string, language: string): Promise<void> {
    const headers = {
      host: new URL(this.#settings.PUBLIC_ORIGIN).host,
      cookie: `${LANGUAGE_COOKIE}=${language}`,
      'accept-encoding': 'gzip',
    }
    const status = await askInMemory(server, path, headers, (socket) => this.#own.add(socket))
    if (status !== 200) throw new Error(`${path} answers ${status}`)
  }
}
