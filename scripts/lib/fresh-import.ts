import { globSync, statSync } from 'node:fs'
import { registerHooks } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT } from './run-script.ts'

const SOURCES = '{lib,db}/**/*.{ts,tsx}'
const OURS = ['lib', 'db'].map((folder) => pathToFileURL(`${path.join(ROOT, folder)}/`).href)
const VERSION = /\?v=[\d.]+$/

const lastChange = (): number =>
  globSync(SOURCES, { cwd: ROOT }).reduce(
    (last, file) => Math.max(last, statSync(path.join(ROOT, file)).mtimeMs),
    0,
  )

/**
 * For development: a function that imports a module, and all of `lib/` and `db/` behind it, as their files are now. Node
 * keeps each module for ever under its address, so the address carries the time of the last change.
 */
export function freshImport<T>(file: string): () => Promise<T> {
  registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context)
      const [version] = VERSION.exec(context.parentURL ?? '') ?? []
      const isOurs = version && OURS.some((folder) => found.url.startsWith(folder))
      return isOurs ? { ...found, url: found.url + version } : found
    },
  })
  const address = pathToFileURL(path.join(ROOT, file)).href
  return () => import(`${address}?v=${lastChange()}`) as Promise<T>
}
