import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import { log } from '#lib/kernel/log.ts'
import { Explained } from './explain.ts'

/** Exit code of a process that would fail again in the same way: it is not replaced. */
export const UNUSABLE = 78
/** In the environment of a process that others serve beside: it listens when it is warm. */
export const WARM_FIRST = 'WARM_FIRST'

/** A process that dies this soon after its start fails at its start. */
const TOO_SOON_MS = 5_000
const MOST_EARLY_DEATHS = 5
/** After so many early deaths the next process starts later and later: a fault that passes must not cost a process for ever. */
const SHORTEST_WAIT_MS = 2_000
const LONGEST_WAIT_MS = 60_000

/**
 * Megabytes of young objects before V8 looks for those that are still used. A page leaves some megabytes behind, all of them
 * dead when it is sent: with the 16 of the default they are looked through in the middle of the next pages.
 */
const YOUNG_MB = 64

/** A process whose event loop answers nothing for so long is stuck: an expression, a loop. It serves no request any more. */
const MOST_SILENT_MS = 10_000
const LOOK_MS = 1_000
const CALL = 'web: are you there'
const REPLY = 'web: here'

/** What the processes say to the program that started them, for the person who reads its terminal. */
export type Alarm = { alarm: string }

/** Whether a message of a started process is an alarm. */
export const isAlarm = (message: unknown): message is Alarm =>
  typeof message === 'object' && message !== null && typeof (message as Alarm).alarm === 'string'

/** In a web process: answers the calls of `WebProcesses` as long as the event loop runs. */
export function answerCalls(): void {
  process.on('message', (message) => message === CALL && process.connected && process.send?.(REPLY))
}

/** The web processes that share a port. */
export class WebProcesses {
  readonly #size: number
  readonly #port: number
  readonly #bornAt = new Map<number, number>()
  /** Those that a renewal starts and ends: their end is no loss. */
  readonly #inRenewal = new Set<number>()
  readonly #ended: PromiseWithResolvers<void> = Promise.withResolvers()
  /** Process → how long it has not replied. Only those that have listened: starting may keep an event loop busy. */
  readonly #silentMs = new Map<number, number>()
  readonly #waiting = new Set<NodeJS.Timeout>()
  /** A process died at its start or was stuck since `takeTrouble` was asked last. */
  #hadTrouble = false
  #lookedAt = 0
  #stopping = false
  #earlyDeaths = 0
  #listening = 0
  /** A process has lived longer than a start takes: a site that fails now may work again. */
  #hasServed = false
  #renewal: Promise<void> | undefined

  constructor(size: number, port: number) {
    this.#size = size
    this.#port = port
    cluster.setupPrimary({ execArgv: [...process.execArgv, `--max-semi-space-size=${YOUNG_MB}`] })
    cluster.on('listening', (worker) => {
      this.#silentMs.set(worker.id, 0)
      this.#listening += 1
      if (this.#listening === size) process.send?.('ready')
    })
    cluster.on('message', (worker, message) => {
      if (message === REPLY && this.#silentMs.has(worker.id)) this.#silentMs.set(worker.id, 0)
    })
    cluster.on('exit', (worker, code, signal) => this.#lose(worker, code, signal))
  }

  /** Starts all of them. @returns when the last one has ended after `stop`; throws when none can live */
  async run(): Promise<void> {
    if (!this.#stopping) for (let index = 0; index < this.#size; index += 1) this.#fork()
    this.#lookedAt = performance.now()
    const watch = setInterval(() => this.#look(), LOOK_MS)
    try {
      await this.#ended.promise
    } finally {
      clearInterval(watch)
    }
  }

  /** Whether a process died at its start or was stuck since this was asked last, or one is missing now. */
  takeTrouble(): boolean {
    const hasTrouble = this.#hadTrouble || this.#silentMs.size < this.#size
    this.#hadTrouble = false
    return hasTrouble
  }

  /** Lets them finish what they do, and ends. */
  stop(): void {
    if (this.#stopping) return
    this.#stopping = true
    for (const timer of this.#waiting) clearTimeout(timer)
    for (const worker of this.#living()) worker.process.kill('SIGTERM')
    if (this.#living().length === 0) this.#ended.resolve()
  }

  /** Ends all of them because of `error`. */
  fail(error: unknown): void {
    this.#ended.reject(error)
    this.stop()
  }

  /**
   * Replaces them one at a time: the new one is warm and listens before the old one finishes its requests and ends. A new
   * one that fails ends the renewal, and the old ones go on.
   */
  renew(): void {
    if (this.#renewal || this.#stopping) return
    this.#renewal = this.#renewEach()
      .then((outcome) => log().info(`web: ${outcome}`))
      .finally(() => {
        this.#renewal = undefined
      })
  }

  async #renewEach(): Promise<string> {
    for (const old of this.#living()) {
      const fresh = this.#fork(true)
      this.#inRenewal.add(old.id).add(fresh.id)
      const [isListening] = await Promise.race([
        once(fresh, 'listening').then(() => [true]),
        once(fresh, 'exit').then(() => [false]),
      ])
      if (this.#stopping) return 'gave up the renewal, because the site stops'
      if (!isListening) {
        // One that died in the meantime was to be replaced by the new one.
        if (!this.#inRenewal.delete(old.id)) this.#fork(this.#living().length > 0)
        return 'gave up the renewal: a new process did not start, and those of before go on'
      }
      this.#inRenewal.delete(fresh.id)
      if (old.isDead()) continue
      old.process.kill('SIGTERM')
      await once(old, 'exit')
    }
    return 'renewed all processes'
  }

  #living(): Worker[] {
    return Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined)
  }

  #fork(isWarmFirst = false): Worker {
    const worker = cluster.fork(isWarmFirst ? { [WARM_FIRST]: '1' } : {})
    this.#bornAt.set(worker.id, performance.now())
    return worker
  }

  /** Calls each process, and kills one that has not replied for too long: an event loop that is stuck hears no other signal. */
  #look(): void {
    const now = performance.now()
    // Where this process itself was halted, the silence of the others is not theirs.
    const passedMs = Math.min(now - this.#lookedAt, 2 * LOOK_MS)
    this.#lookedAt = now
    for (const worker of this.#living()) {
      const silentMs = this.#silentMs.get(worker.id)
      if (silentMs === undefined) continue
      if (silentMs >= MOST_SILENT_MS) {
        this.#silentMs.delete(worker.id)
        this.#tell(
          `process ${worker.process.pid} did not answer for ${MOST_SILENT_MS / 1_000} s: it is replaced`,
        )
        worker.process.kill('SIGKILL')
      } else {
        this.#silentMs.set(worker.id, silentMs + passedMs)
        if (worker.isConnected()) worker.send(CALL)
      }
    }
  }

  #lose(worker: Worker, code: number, signal: string): void {
    const left = this.#living().length
    const early = performance.now() - (this.#bornAt.get(worker.id) ?? 0) < TOO_SOON_MS
    this.#bornAt.delete(worker.id)
    this.#silentMs.delete(worker.id)
    this.#hasServed ||= !early
    if (this.#stopping) {
      if (left === 0) this.#ended.resolve()
      return
    }
    if (this.#inRenewal.delete(worker.id)) return
    this.#earlyDeaths = early ? this.#earlyDeaths + 1 : 0
    if (this.#earlyDeaths < MOST_EARLY_DEATHS && code !== UNUSABLE) {
      log().warn({ pid: worker.process.pid, ended: signal ?? code }, 'web: replaced a process that ended')
      this.#fork(left > 0)
    } else if (left === 0 && !this.#hasServed) {
      this.#ended.reject(
        new Explained(
          `Il sito non riesce a restare acceso sulla porta ${this.#port}: guarda le righe qui sopra.`,
        ),
      )
    } else {
      this.#forkLater(`process ${worker.process.pid} ended soon after its start (${signal ?? code})`)
    }
  }

  /** Starts a process in place of one that fails at its start: not immediately, and with a word to the person who watches. */
  #forkLater(what: string): void {
    const waitMs = Math.min(
      SHORTEST_WAIT_MS * 2 ** Math.max(0, this.#earlyDeaths - MOST_EARLY_DEATHS),
      LONGEST_WAIT_MS,
    )
    this.#tell(
      `${what}, death ${this.#earlyDeaths} in a row: ${this.#living().length} of ${this.#size} processes serve, the next start is in ${waitMs / 1_000} s`,
    )
    const timer = setTimeout(() => {
      this.#waiting.delete(timer)
      this.#fork(this.#living().length > 0)
    }, waitMs)
    this.#waiting.add(timer)
  }

  /** Writes a line to the log, and tells the program that started the site. */
  #tell(words: string): void {
    this.#hadTrouble = true
    const alarm = `web: ${words}`
    log().error(alarm)
    process.send?.({ alarm } satisfies Alarm)
  }
}
