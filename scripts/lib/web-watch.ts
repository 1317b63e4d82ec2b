import { setTimeout as pause } from 'node:timers/promises'
import { closeDatabase } from '#db/client.ts'
import { sendAlert, tellOperator, watchInstallation } from '#lib/health/alert.commands.ts'
import type { Judged } from '#lib/health/alert.ts'
import { checkHealth } from '#lib/health/health.commands.ts'
import type { Health } from '#lib/health/health.ts'
import { log } from '#lib/kernel/log.ts'

/** A start takes its time: processes that draw their pages, and a worker that begins after the site. */
const FIRST_LOOK_MS = 3 * 60_000
const LOOK_MS = 60_000
const AN_HOUR_MS = 60 * 60_000

/** What the primary web process knows of its processes. */
type Processes = { takeTrouble(): boolean }
/** What it asks; tests answer in its place. */
type Asked = { health?: () => Promise<Health>; now?: () => number }

/** What the primary web process tells the operator of: its processes, a database that does not answer, and what the database knows. */
export class WebWatch {
  readonly #processes: Processes
  readonly #health: () => Promise<Health>
  readonly #now: () => number
  /** Where nothing can be written, how often it was told is known to this process alone. */
  #toldAt: number | null = null
  #isAway = false

  constructor(processes: Processes, { health = checkHealth, now = () => performance.now() }: Asked = {}) {
    this.#processes = processes
    this.#health = health
    this.#now = now
  }

  /** Looks every minute until `signal` ends it. */
  async run(signal: AbortSignal): Promise<void> {
    await pause(FIRST_LOOK_MS, undefined, { ref: false, signal }).catch(() => undefined)
    while (!signal.aborted) {
      await this.look().catch((error) => log().error({ err: error }, 'web: could not tell the operator'))
      await pause(LOOK_MS, undefined, { ref: false, signal }).catch(() => undefined)
    }
    await closeDatabase()
  }

  async look(): Promise<void> {
    const { database } = await this.#health()
    await this.#tellOfDatabase({ kind: 'database', isWrong: !database })
    if (!database) return
    await tellOperator({ kind: 'web-process', isWrong: this.#processes.takeTrouble() })
    await watchInstallation('web')
  }

  async #tellOfDatabase(judged: Judged): Promise<void> {
    const now = this.#now()
    const isDue = judged.isWrong ? this.#toldAt === null || now - this.#toldAt >= AN_HOUR_MS : this.#isAway
    if (!isDue) return
    await sendAlert(judged)
    this.#isAway = judged.isWrong
    if (judged.isWrong) this.#toldAt = now
  }
}
