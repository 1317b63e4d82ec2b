import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ICON_NAMES } from '#components/ui/icon-names.ts'

const SHAPES = /<svg[^>]*>([\s\S]*)<\/svg>/

async function symbolOf(root: string, name: string): Promise<string> {
  const file = await readFile(join(root, 'node_modules/lucide-static/icons', `${name}.svg`), 'utf8')
  const shapes = SHAPES.exec(file)?.[1]
  if (!shapes) throw new Error(`lucide-static/icons/${name}.svg is not an SVG of the shape we know`)
  const lines = shapes.replace(/\s*\n\s*/g, '').trim()
  // Presentation lives on the symbol: a <use> of another document takes no style from ours except through currentColor.
  return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${lines}</symbol>`
}

/** Writes `public/icons.svg` with the icons of `components/ui/icon-names.ts`. Fails on a name that lucide does not have. */
export async function writeIconSprite(root: string): Promise<void> {
  const symbols = await Promise.all(ICON_NAMES.map((name) => symbolOf(root, name)))
  await mkdir(join(root, 'public'), { recursive: true })
  await writeFile(
    join(root, 'public/icons.svg'),
    `<svg xmlns="http://www.w3.org/2000/svg"><!-- lucide-static, ISC licence -->${symbols.join('')}</svg>\n`,
  )
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await writeIconSprite(process.cwd())
