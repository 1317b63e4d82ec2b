import { globSync, readFileSync } from 'node:fs'

/** Classes and properties that name a side of the screen instead of a side of the text. */
const PHYSICAL_CLASS = new RegExp(
  [
    String.raw`(?:m[lr]|p[lr]|left|right|scroll-[mp][lr]|translate-x)-(?:\[|\(|\d|px|auto|full)`,
    String.raw`(?:border|rounded)-(?:[lr]|[tb][lr])(?:-[\w[]|(?![\w-]))`,
    String.raw`(?:text|float|clear|origin|object|bg)-(?:left|right)(?![\w-])`,
    String.raw`bg-(?:gradient|linear)-to-[tb]?[lr](?![\w-])`,
  ]
    .map((side) => String.raw`(?<![\w-])-?${side}`)
    .join('|'),
  'g',
)
const PHYSICAL_PROPERTY =
  /(?<![\w-])(?:(?:margin|padding|border)-(?:left|right)(?:-\w+)?|left|right|border-(?:top|bottom)-(?:left|right)-radius)\s*:|(?:text-align|float|clear)\s*:\s*(?:left|right)/g

/** Where a screen or a style sheet names left or right. */
export const physicalDirections = (
  files: readonly string[] = globSync('{app,components}/**/*.{tsx,css}'),
  read = (file: string) => readFileSync(file, 'utf8'),
): string[] =>
  files.flatMap((file) => {
    const found = read(file).match(file.endsWith('.css') ? PHYSICAL_PROPERTY : PHYSICAL_CLASS) ?? []
    return found.map((what) => `${file}: ${what}`)
  })
