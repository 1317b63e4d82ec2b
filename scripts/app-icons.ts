import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { chromium } from 'playwright-core'
import { findChromium } from '#tests/support/chromium.ts'

/** The drawing of `app/icon.svg` without its frame: each launcher cuts its own. */
const SHAPES = /<path[^>]*\/>/

const drawing = (shapes: string, { round, scale }: { round: boolean; scale: number }): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="100%" height="100%">${
    round ? '<circle cx="16" cy="16" r="16" fill="#06c"/>' : '<rect width="32" height="32" fill="#06c"/>'
  }<g transform="translate(16 16) scale(${scale}) translate(-16 -16)">${shapes}</g></svg>`

const ICONS = [
  { file: 'public/icone/app-192.png', size: 192, round: true, scale: 1 },
  { file: 'public/icone/app-512.png', size: 512, round: true, scale: 1 },
  // A launcher may cut to the inner four fifths; iOS rounds the corners of a full square.
  { file: 'public/icone/app-maskable-512.png', size: 512, round: false, scale: 0.8 },
  { file: 'app/apple-icon.png', size: 180, round: false, scale: 0.9 },
] as const

/** Draws the app's icons from our own SVG for app/ and public/icone: `node scripts/run.mjs app-icons`, when the drawing changes. */
export async function main(): Promise<undefined> {
  const shapes = SHAPES.exec(await readFile('app/icon.svg', 'utf8'))?.[0]
  if (!shapes) throw new Error('app/icon.svg is not of the shape we know')
  const { program, env } = await findChromium()
  const browser = await chromium.launch({
    executablePath: program,
    args: ['--headless', '--no-sandbox', '--disable-gpu'],
    env: { ...process.env, ...env } as Record<string, string>,
  })
  await mkdir('public/icone', { recursive: true })
  try {
    const page = await browser.newPage()
    for (const { file, size, ...shape } of ICONS) {
      await page.setViewportSize({ width: size, height: size })
      await page.setContent(`<style>*{margin:0;background:transparent}</style>${drawing(shapes, shape)}`)
      await writeFile(file, await page.screenshot({ omitBackground: true }))
    }
  } finally {
    await browser.close()
  }
}
