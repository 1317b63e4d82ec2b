import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import { Explained } from './explain.ts'

/** Exit code of a process that would fail again in the same way: it is not replaced. */
export const UNUSABLE = 78
/** In the environment of a process that others serve beside: it listens when it is warm. */
export const WARM_FIRST = 'WARM_FIRST'

/** A process that dies this soon after its start fails at its start. */
const TOO_SOON_MS = 5_000
const MOST_EARLY_DEATHS = 5

/** The web processes that share a port. */
export class WebProcesses {
  readonly #size: number
  readonly #port: number
  readonly #bornAt = new Map<number, number>()
  /** Those that a renewal starts and ends: their end is no loss. */
  readonly #inRenewal = new Set<number>()
  readonly #ended: PromiseWithResolvers<void> = Promise.withResolvers()
  #stopping = false
  #earlyDeaths = 0
  #listening = 0
  #renewal: Promise<void> | undefined

  constructor(size: number, port: number) {
    this.#size = size
    this.#port = port
    cluster.on('listening', () => {
      this.#listening += 1
      if (this.#listening === size) process.send?.('ready')
    })
    cluster.on('exit', (worker, code, signal) => this.#lose(worker, code, signal))
  }

  /** Starts all of them. @returns when the last one has ended after `stop`; throws when none can live */
  run(): Promise<void> {
    if (!this.#stopping) for (let index = 0; index < this.#size; index += 1) this.#fork()
    return this.#ended.promise
  }

  /** Lets them finish what they do, and ends. */
  stop(): void {
    if (this.#stopping) return
    this.#stopping = true
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
      .then((words) => console.log(`web: ${words}`))
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
      if (this.#stopping) return 'il rinnovo è interrotto: il sito si ferma'
      if (!isListening) {
        // One that died in the meantime was to be replaced by the new one.
        if (!this.#inRenewal.delete(old.id)) this.#fork(this.#living().length > 0)
        return 'un processo nuovo non parte: il rinnovo è interrotto, quelli di prima restano'
      }
      this.#inRenewal.delete(fresh.id)
      if (old.isDead()) continue
      old.process.kill('SIGTERM')
      await once(old, 'exit')
    }
    return 'tutti i processi sono rinnovati'
  }

  #living(): Worker[] {
    return Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined)
  }

  #fork(isWarmFirst = false): Worker {
    const worker = cluster.fork(isWarmFirst ? { [WARM_FIRST]: '1' } : {})
    this.#bornAt.set(worker.id, performance.now())
    return worker
  }

  #lose(worker: Worker, code: number, signal: string): void {
    const left = this.#living().length
    const early = performance.now() - (this.#bornAt.get(worker.id) ?? 0) < TOO_SOON_MS
    this.#bornAt.delete(worker.id)
    if (this.#stopping) {
      if (left === 0) this.#ended.resolve()
      return
    }
    if (this.#inRenewal.delete(worker.id)) return
    this.#earlyDeaths = early ? this.#earlyDeaths + 1 : 0
    if (this.#earlyDeaths < MOST_EARLY_DEATHS && code !== UNUSABLE) {
      console.error(`web: un processo è finito (${signal ?? code}), lo sostituisco`)
      this.#fork(left > 0)
    } else if (left === 0) {
      this.#ended.reject(
        new Explained(
          `Il sito non riesce a restare acceso sulla porta ${this.#port}: guarda le righe qui sopra.`,
        ),
      )
    }
  }
}
