import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { gzipSync } from 'node:zlib'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Frame,
  type Page,
} from 'playwright-core'
import { expect } from 'vitest'
import { atEnd } from './at-end.ts'
import { findChromium } from './chromium.ts'
import { recordTracesOf } from './traces.ts'

/** No sandbox (tests also run as root) and no calls home: every such call would hang on a closed network. */
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--font-render-hinting=none',
  // A page lives for seconds here: what is compiled for its later speed costs more than it saves.
  '--js-flags=--no-opt,--no-maglev',
]

export const PHONE = { width: 390, height: 844 } as const
export const DESKTOP = { width: 1440, height: 900 } as const

async function launch(): Promise<Browser> {
  const { program, env } = await findChromium()
  return chromium.launch({
    executablePath: program,
    args: FLAGS,
    env: { ...process.env, ...env } as Record<string, string>,
  })
}

/** One for all the files of a worker, which ends with it: a person's browser is a context, and no context sees another. */
let shared: Promise<Browser> | undefined

/** The browser of this worker. What the test file opened in it is closed when the file is done. */
export async function openBrowser(): Promise<Browser> {
  shared ??= launch()
  const browser = await shared
  atEnd(() => Promise.all(browser.contexts().map((context) => context.close())))
  return browser
}

/** A person's browser: Italian, in Italy, with nothing remembered. A phone unless told otherwise. */
export async function openContext(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({
    // A page that the service worker answers is not the page under test; whoever tests it asks for it.
    serviceWorkers: 'block',
    locale: 'it-IT',
    timezoneId: 'Europe/Rome',
    viewport: PHONE,
    reducedMotion: 'reduce',
    ...options,
  })
  context.setDefaultTimeout(15_000)
  recordTracesOf(context)
  return context
}

/**
 * Collects what the browser complains about on a page: errors, warnings, broken scripts, CSP violations.
 * A status that the test asks for (404…) is reported by the browser as a console error too: `expected` names those.
 */
export function complaintsOf(page: Page, expected: readonly RegExp[] = []): string[] {
  const complaints: string[] = []
  const note = (words: string) => {
    const ours = /Service Worker registration blocked by Playwright/.test(words)
    if (!ours && !expected.some((pattern) => pattern.test(words))) complaints.push(words)
  }
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      note(`${message.type()}: ${message.text()} (${page.url()})`)
  })
  page.on('pageerror', (error) => note(`exception: ${error.message} (${page.url()})`))
  return complaints
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

type AxeResults = {
  violations: { id: string; help: string; nodes: { target: unknown[]; failureSummary?: string }[] }[]
}

/**
 * What `look` finds on the page. Once more when the page was replaced meanwhile, after a click that leads away: what was
 * found belongs to neither of the two, and what was thrown is no fault of either.
 */
async function onOneDocument<T>(page: Page, look: () => Promise<T>): Promise<T> {
  let isReplaced = false
  const note = (frame: Frame) => {
    isReplaced ||= frame === page.mainFrame()
  }
  page.on('framenavigated', note)
  try {
    while (true) {
      isReplaced = false
      const found = await look().then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      )
      // An answer from the page comes after what the browser has to say of its replacement.
      await page.evaluate(() => document.readyState).catch(() => undefined)
      if (isReplaced) await page.waitForLoadState()
      else if ('error' in found) throw found.error
      else return found.value
    }
  } finally {
    page.off('framenavigated', note)
  }
}

/** What WCAG 2.2 AA rules find on the page as it is now; empty when nothing. One line per rule, with where it fails and how. */
async function axeViolations(page: Page): Promise<string[]> {
  const violations = await onOneDocument(page, async () => {
    await page.evaluate(AXE)
    return page.evaluate(async (tags) => {
      const { axe } = globalThis as unknown as {
        axe: { run: (root: unknown, options: unknown) => Promise<AxeResults> }
      }
      const options = { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] }
      // From its top: whatever a scrolled page has half under its fixed bar would count as too small to be touched.
      const [left, top] = [scrollX, scrollY]
      scrollTo(0, 0)
      const { violations } = await axe.run(document, options)
      scrollTo(left, top)
      return violations
    }, WCAG)
  })
  const twice = await onOneDocument(page, () => page.evaluate(idsOfTwoFields))
  return [
    ...twice.map((id) => `two fields have the id ${id}: the label of one leads to the other`),
    ...violations.map(inWords),
  ]
}

function inWords(violation: AxeResults['violations'][number]): string {
  const places = violation.nodes.map((node) => `${node.target.join(' ')} — ${node.failureSummary ?? ''}`)
  return `${violation.id}: ${violation.help}\n  ${places.join('\n  ')}`
}

/** In the browser: what axe leaves to a person since version 4.8. */
function idsOfTwoFields(): string[] {
  const ids = [...document.querySelectorAll('input[id], select[id], textarea[id]')].map(({ id }) => id)
  return ids.filter((id, at) => ids.indexOf(id) !== at)
}

/** By how many pixels the page is wider than its window: 0 when nothing has to be moved sideways to be read. */
const sidewaysOf = (page: Page): Promise<number> =>
  onOneDocument(page, () =>
    page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - innerWidth)),
  )

/** Expects that the page breaks no rule of WCAG 2.2 AA, when all of it has come. */
export const expectAccessible = (page: Page, message = page.url()): Promise<void> =>
  expect.poll(() => axeViolations(page), { message }).toEqual([])

/** Expects that the page fits in its window, when all of it has come. */
export const expectFits = (page: Page, message = page.url()): Promise<void> =>
  expect.poll(() => sidewaysOf(page), { message }).toBe(0)

/** Expects that the page breaks no rule of WCAG 2.2 AA, fits in its window and has one main heading. */
export async function expectSound(page: Page): Promise<void> {
  await expectAccessible(page)
  await expectFits(page)
  await expect.poll(() => page.getByRole('heading', { level: 1 }).count(), { message: page.url() }).toBe(1)
}

/**
 * What the browser downloads to run a page, bytes after gzip.
 * @param load goes to the page and waits until all of it has come
 */
export async function scriptBytes(page: Page, load: () => Promise<unknown>): Promise<number> {
  const sizes: Promise<number>[] = []
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') {
      sizes.push(response.body().then((body) => gzipSync(body, { level: 9 }).length))
    }
  })
  await load()
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
  expect(bytes, page.url()).toBeGreaterThan(0)
  return bytes
}
