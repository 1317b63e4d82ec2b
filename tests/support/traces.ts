import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { BrowserContext } from 'playwright-core'
import { inject } from 'vitest'
import type { TestProject } from 'vitest/node'
import { leaksIn, type Trace } from './leaks.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of this run: its files write down here what they leave behind, and its applications keep theirs below. */
    tracesFolder: string
  }
}

const WRITTEN = '.jsonl'

/** Writes down what was seen, for the check at the end of the run; nothing where no such check is made. */
export function recordTraces(...traces: Trace[]): void {
  const folder = inject('tracesFolder')
  if (!folder) return
  const lines = traces.map((trace) => `${JSON.stringify(trace)}\n`).join('')
  appendFileSync(path.join(folder, `${process.pid}${WRITTEN}`), lines)
}

/** Records everything that a browser asks for and is given: addresses, cookies, pages. */
export function recordTracesOf(context: BrowserContext): void {
  context.on('request', (request) => recordTraces({ kind: 'address', where: 'browser', text: request.url() }))
  context.on('response', async (response) => {
    const where = response.url()
    const headers = await response.headersArray().catch(() => [])
    for (const { name, value } of headers)
      if (name.toLowerCase() === 'set-cookie') recordTraces({ kind: 'cookie', where, text: value })
    const type = response.headers()['content-type'] ?? ''
    if (!/html|x-component|json/.test(type)) return
    const text = await response.text().catch(() => '')
    if (text) recordTraces({ kind: 'page', where, text })
  })
}

/** Before the run a folder to write into; after it the search, which fails the run. */
export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'refettorio-traces-'))
  project.provide('tracesFolder', folder)
  return () => {
    const written = readdirSync(folder).filter((name) => name.endsWith(WRITTEN))
    const traces = written.flatMap((file) =>
      readFileSync(path.join(folder, file), 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Trace),
    )
    rmSync(folder, { recursive: true, force: true })
    const leaks = leaksIn(traces)
    if (leaks.length === 0) return
    process.exitCode = 1
    throw new Error(`The run left behind what it must not:\n  ${leaks.join('\n  ')}`)
  }
}
