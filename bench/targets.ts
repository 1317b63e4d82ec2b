import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { Explained } from '#scripts/lib/explain.ts'
import type { Bench, Server } from './bench.ts'
import type { Target } from './load.ts'
import { changeAt, lineOf } from './requests.ts'
import type { Visitor } from './visitors.ts'

/** Answers fetched one by one to know how long they are. */
const SAMPLES = 20
/** More changes than any server of the bench makes in a second: a slice never runs out of them. */
const MOST_CHANGES_PER_SECOND = 3_000

type Asked = { arm: string; server: Server; path: string; visitors: readonly Visitor[] }

let files = 0
const newFile = (bench: Bench, arm: string): string => {
  files += 1
  return path.join(bench.folder, `${arm}-${files}.requests`)
}

/** The body of a page as a signed-in visitor gets it. @throws Explained when the answer is another than a page */
export async function bodyFor(url: string, { cookie }: Pick<Visitor, 'cookie'>): Promise<string> {
  const response = await fetch(url, { headers: { cookie }, redirect: 'manual' })
  const body = await response.text()
  if (response.status !== 200)
    throw new Explained(`${url} risponde ${response.status}: ${body.slice(0, 200)}`)
  return body
}

/** Visitors who look: all of them in turn, so that a slice begins where the last one ended. */
export async function readingTarget(bench: Bench, asked: Asked): Promise<Target> {
  const { arm, server, visitors } = asked
  const url = `${server.origin}${asked.path}`
  const lengths: number[] = []
  for (const visitor of visitors.slice(0, SAMPLES))
    lengths.push(Buffer.byteLength(await bodyFor(url, visitor)))
  const file = newFile(bench, arm)
  const lines = visitors.map(({ cookie }) =>
    lineOf({ method: 'GET', path: asked.path, cookie, origin: '', body: '' }),
  )
  writeFileSync(file, `${lines.join('\n')}\n`)
  let from = 0
  return {
    arm,
    origin: server.origin,
    pid: server.pid,
    expectedBytes: Math.min(...lengths),
    prepare: () => ({ file, from, isOnce: false }),
    advance: ({ issued }) => {
      from = (from + issued) % lines.length
    },
  }
}

/** A target of changes, which knows how many of them were confirmed. */
export type ChangingTarget = Target & { confirmed(): number }

/** Visitors who change their meals: each request is prepared once and sent once. */
export function changingTarget(bench: Bench, { arm, server, path, visitors }: Asked): ChangingTarget {
  const file = newFile(bench, arm)
  let step = 0
  let confirmed = 0
  return {
    arm,
    origin: server.origin,
    pid: server.pid,
    expectedBytes: null,
    prepare: (seconds) => {
      const lines = Array.from({ length: Math.ceil(seconds * MOST_CHANGES_PER_SECOND) }, (_, index) =>
        lineOf({ method: 'POST', path, origin: server.origin, ...changeAt(step + index, visitors) }),
      )
      writeFileSync(file, `${lines.join('\n')}\n`)
      return { file, from: 0, isOnce: true }
    },
    advance: ({ issued, requests, failed }) => {
      step += issued
      confirmed += requests - failed
    },
    confirmed: () => confirmed,
  }
}

/** The two halves of the visitors, for two servers that change meals in one database. */
export function halvesOf(visitors: readonly Visitor[]): [readonly Visitor[], readonly Visitor[]] {
  const middle = Math.ceil(visitors.length / 2)
  return [visitors.slice(0, middle), visitors.slice(middle)]
}
