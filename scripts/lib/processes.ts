import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { readableLine } from '#lib/kernel/log-line.ts'
import { Explained } from './explain.ts'
import { ROOT } from './run-script.ts'
import { isAlarm } from './web-processes.ts'

export type ChildPlan = {
  name: string
  /** Arguments of Node: options, script, its arguments. */
  command: readonly string[]
  env: Readonly<Record<string, string | undefined>>
  /** The checkout that it works in; this one, unless the bench compares another. */
  cwd?: string
  /** Where what it prints goes; undefined: to this terminal. */
  logFile?: string | undefined
  /** Ports that it listens on when it is ready. */
  ports?: readonly number[]
  /** It says `ready` over its channel when it is. */
  announces?: boolean
}

export type Child = {
  name: string
  /** Undefined when the system refused to start it. */
  pid: number | undefined
  /** Settles when the process ends, for any reason. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  /** Asks it to end and waits; kills it after `patienceMs`. */
  stop(patienceMs: number): Promise<void>
  /** The last lines that it printed to its log file. */
  lastWords(): string
}

/** Loaded first into each child: ends it when its parent is gone, also after kill -9. */
const DIE_WITH_PARENT = path.join(import.meta.dirname, 'die-with-parent.ts')
/** A slow machine, or one with much to do, took two minutes to its first answer; a process that ends is noticed immediately. */
const READY_DEADLINE_MS = 10 * 60_000

/**
 * Starts a Node process that ends with its parent, and waits until it is ready.
 * It is in a group of its own, so that Ctrl+C reaches only us and we end the processes in order.
 * @param started called before the process is ready, so that a caller that gives up can stop it
 * @throws Explained with its last words when it ends before it is ready.
 */
export async function startChild(plan: ChildPlan, started: (child: Child) => void): Promise<Child> {
  const output = plan.logFile ? openLog(plan.logFile) : 'inherit'
  const child = spawnTied(plan.command, plan.env, ['ignore', output, output, 'ipc'], plan.cwd)
  if (typeof output === 'number') closeSync(output)
  const lastWords = () =>
    plan.logFile
      ? readFileSync(plan.logFile, 'utf8').trim().split('\n').slice(-12).map(readableLine).join('\n')
      : ''
  const ended = endOf(child)
  const running: Child = {
    name: plan.name,
    pid: child.pid,
    ended,
    lastWords,
    stop: (patienceMs) => stop(child, ended, patienceMs),
  }
  // What it says goes to a file: a person at this terminal must not have to look there to know that something is wrong.
  if (plan.logFile) child.on('message', (message) => isAlarm(message) && console.error(message.alarm))
  started(running)
  const first = await Promise.race([ready(child, plan), ended])
  if (first === 'ready') return running
  await running.stop(0)
  throw new Explained(
    first === 'late'
      ? `«${plan.name}» non è partito entro ${READY_DEADLINE_MS / 60_000} minuti.\n${lastWords()}`
      : `«${plan.name}» non è partito:\n${lastWords() || `codice ${first.code ?? first.signal}`}`,
  )
}

/** A Node process that ends when this one ends, also by kill -9; `stdio` must keep the channel (`ipc`) that tells it. */
export function spawnTied(
  command: readonly string[],
  env: ChildPlan['env'],
  stdio: StdioOptions,
  cwd = ROOT,
): ChildProcess {
  return spawn(process.execPath, ['--import', DIE_WITH_PARENT, ...command], {
    cwd,
    detached: true,
    env: { ...env, TIED_TO_PID: String(process.pid) } as unknown as NodeJS.ProcessEnv,
    stdio,
  })
}

function openLog(file: string): number {
  mkdirSync(path.dirname(file), { recursive: true })
  return openSync(file, 'w')
}

function endOf(child: ChildProcess): Child['ended'] {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
    child.once('error', () => resolve({ code: 1, signal: null }))
  })
}

async function ready(child: ChildProcess, plan: ChildPlan): Promise<'ready' | 'late'> {
  const deadline = performance.now() + READY_DEADLINE_MS
  const announced = plan.announces
    ? new Promise<void>((resolve) => child.on('message', (message) => message === 'ready' && resolve()))
    : Promise.resolve()
  const listening = (async () => {
    for (const port of plan.ports ?? []) {
      while (performance.now() < deadline && !(await accepts(port))) await pause(40)
    }
  })()
  const late = pause(READY_DEADLINE_MS, 'late' as const, { ref: false })
  return Promise.race([Promise.all([announced, listening]).then(() => 'ready' as const), late])
}

async function stop(child: ChildProcess, ended: Child['ended'], patienceMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  if (patienceMs > 0) {
    child.kill('SIGTERM')
    await Promise.race([ended, pause(patienceMs, undefined, { ref: false })])
  }
  // The whole group: a cluster that does not end takes its workers with it.
  if (child.exitCode === null && child.signalCode === null) killGroup(child.pid)
  await ended
}

/** Kills a tied process and all that it started. */
export function killGroup(pid: number | undefined): void {
  if (!pid) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {}
}

/** Whether something accepts connections on a loopback port. */
export function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: 'localhost', autoSelectFamily: true })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

const isFree = (port: number, host?: string): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = net.createServer()
    probe.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT'),
    )
    probe.listen({ port, ...(host ? { host } : {}), exclusive: true }, () => probe.close(() => resolve(true)))
  })

/**
 * Waits until these ports are free: the processes of a start that was just killed need a moment to close them.
 * @throws Explained naming the first one that stays taken.
 */
export async function claimPorts(ports: readonly number[], waitMs: number): Promise<void> {
  const deadline = performance.now() + waitMs
  for (const port of ports) {
    for (;;) {
      if ((await isFree(port, '127.0.0.1')) && (await isFree(port, '::1')) && !(await accepts(port))) break
      if (performance.now() > deadline) {
        throw new Explained(
          `La porta ${port} è occupata da un altro programma (servono ${ports[0]}–${ports.at(-1)}). Chiudilo, oppure scegli altre porte: PORT=${(ports[0] as number) + 100} npm start`,
        )
      }
      await pause(150)
    }
  }
}

/** A free loopback port with `count - 1` free ones after it. */
export async function freePorts(count: number): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const first = 20_000 + Math.floor(Math.random() * 12_000)
    const ports = Array.from({ length: count }, (_, index) => first + index)
    const free = await Promise.all(ports.map((port) => isFree(port, '127.0.0.1')))
    if (free.every(Boolean)) return first
  }
  throw new Explained('Non trovo porte libere su questa macchina.')
}
