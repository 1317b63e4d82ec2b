import { randomUUID } from 'node:crypto'

/** One request of a generator. Reads have no body and no origin. */
export type Request = { method: string; path: string; cookie: string; origin: string; body: string }

/** What a generator tells of one slice; `cpuMs` is its own processor time, null where the system does not tell. */
export type Outcome = {
  requests: number
  ms: number
  bytes: number
  failed: number
  p50: number
  p95: number
  p99: number
  /** Sent in all: those answered, and those that were in hand when the slice ended. */
  issued: number
  isExhausted: boolean
  cpuMs: number | null
}

/** A request as a line of the generators' file. No part of it holds a tab: JSON writes one as an escape. */
export const lineOf = ({ method, path, cookie, origin, body }: Request): string =>
  [method, path, cookie, origin, body].join('\t')

/** The request of a line of the generators' file. */
export function parseLine(line: string): Request {
  const [method = '', path = '', cookie = '', origin = '', body = ''] = line.split('\t')
  return { method, path, cookie, origin, body }
}

/** The result that a generator prints among other lines. @throws when there is none */
export function parseOutcome(printed: string): Outcome {
  const [, json] = /^RESULT (\{.*\})$/m.exec(printed) ?? []
  if (!json) throw new Error(`the generator printed no result: ${printed.slice(-400)}`)
  return JSON.parse(json) as Outcome
}

type Changer = { cookie: string; pupilId: string; days: readonly { day: string }[] }

/**
 * The change of one step of a long morning. Each visitor in turn takes a step: first they cancel their days one after the
 * other, then they restore them, so that every request changes one meal and none asks for what is so already.
 */
export function changeAt(step: number, visitors: readonly Changer[]): { cookie: string; body: string } {
  const visitor = visitors[step % visitors.length] as Changer
  const turn = Math.floor(step / visitors.length)
  const { day = '' } = visitor.days[turn % visitor.days.length] ?? {}
  const action = Math.floor(turn / visitor.days.length) % 2 === 0 ? 'cancel' : 'restore'
  const body = { action, pupilIds: [visitor.pupilId], days: [day], idempotencyKey: randomUUID() }
  return { cookie: visitor.cookie, body: JSON.stringify(body) }
}
