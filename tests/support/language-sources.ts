import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseAst } from 'vitest/node'

/** Tables whose every sentence is said through the catalogue: long ones, to which everybody adds. */
const TABLES = new Set([
  'lib/refusals/refusals.ts',
  'lib/payments/top-up.refusals.ts',
  'lib/audit/audit-event.words.ts',
  'lib/people/contact.ts',
  'lib/people/invitation.input.ts',
  'lib/invoices/postal-address.input.ts',
  'lib/notifications/choices.input.ts',
])

/** Refusals that only the office can meet: they stay Italian. */
const OFFICE_REFUSAL =
  /^(content|settings|calendar|households|menus|questionnaires|forms|communications|notifications|leftovers|tariffs):/

type Node = { type: string; [key: string]: unknown }
export type Source = {
  file: string
  isClient: boolean
  /** It makes what people are told: a notice or a letter. */
  isLetter: boolean
  /** Of `bare`, what stands where `notify` is told what to say. */
  inSay: string[]
  imports: string[]
  /** Sentences given to `t(…)` or marked with `phrase(…)`. */
  sentences: string[]
  /** Sentences of a table that only the office can meet: they may stay Italian. */
  ofOffice: string[]
  /** What looks like Italian for people and is neither. */
  bare: string[]
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'

/** Attributes that people read or hear. */
const READ = new Set(
  'aria-label title label placeholder hint alt description lead over caption legend heading text pendingLabel previous next ask consequence confirm term unit'.split(
    ' ',
  ),
)
const WORDS = /\p{L}{2,}/u
/** A sentence or a label rather than a code, a class or an address. */
const SENTENCE = /^\p{Lu}[\p{L}’]+[ ,.…?!:]*(\s|$)|\p{Ll}{2,} \p{Ll}{2,}/u
const CODE = /^[a-z0-9:\-[\]/.%_!()#&>=,* ]+$|^(Arrow|Page|Home|End|Shift|Escape|Enter|Space)|^[A-Z]{2,}/

/** The texts of a constant expression: both sides of a condition. */
function texts(node: unknown): string[] {
  if (!isNode(node)) return []
  if (node.type === 'Literal' && typeof node.value === 'string') return [node.value]
  if (node.type === 'TemplateLiteral' && (node.expressions as unknown[]).length === 0)
    return [(node.quasis as { value: { cooked: string } }[])[0]?.value.cooked ?? '']
  if (node.type === 'ConditionalExpression') return [...texts(node.consequent), ...texts(node.alternate)]
  return []
}

/** The name of what is called; `(await words())('…')` is `t` without a name. */
function calleeOf({ callee }: Node): string {
  if (!isNode(callee)) return ''
  const inner = callee.type === 'ParenthesizedExpression' ? callee.expression : callee
  if (isNode(inner) && inner.type === 'AwaitExpression' && isNode(inner.argument))
    return calleeOf(inner.argument) === 'words' ? 't' : ''
  return String(callee.name ?? '')
}

function walk(node: unknown, source: Source): void {
  if (Array.isArray(node)) {
    for (const one of node) walk(one, source)
    return
  }
  if (!isNode(node)) return
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      if (isNode(node.source) && node.importKind !== 'type' && node.exportKind !== 'type')
        source.imports.push(String(node.source.value))
      if (node.type !== 'ExportNamedDeclaration') return
      walk(node.declaration, source)
      return
    case 'TaggedTemplateExpression':
      // The language of the database is nobody's.
      if (isNode(node.tag) && node.tag.name === 'sql') {
        walk((node.quasi as Node).expressions, source)
        return
      }
      break
    case 'CallExpression':
      if (['t', 'phrase'].includes(calleeOf(node))) {
        const [sentence, ...rest] = node.arguments as unknown[]
        const found = texts(sentence)
        source.sentences.push(...found)
        walk(found.length > 0 ? rest : node.arguments, source)
        return
      }
      break
    case 'Property':
      if (TABLES.has(source.file) && OFFICE_REFUSAL.test(String((node.key as Node).value)))
        source.ofOffice.push(...texts(node.value))
      if (isNode(node.key) && node.key.name === 'say') {
        const before = source.bare.length
        walk(node.value, source)
        source.inSay.push(...source.bare.slice(before))
        return
      }
      break
    case 'JSXText':
      if (WORDS.test(String(node.value))) source.bare.push(String(node.value).replace(/\s+/g, ' ').trim())
      return
    case 'JSXAttribute': {
      const name = String((node.name as Node).name)
      const value = node.value
      if (isNode(value) && value.type === 'Literal') {
        if (READ.has(name) && WORDS.test(String(value.value))) source.bare.push(String(value.value))
        return
      }
      if (name === 'className') return
      break
    }
    case 'Literal':
      if (typeof node.value === 'string' && SENTENCE.test(node.value) && !CODE.test(node.value))
        source.bare.push(node.value)
      return
    case 'TemplateLiteral': {
      const text = (node.quasis as { value: { cooked: string } }[]).map((part) => part.value.cooked).join('…')
      if (
        /\p{Ll}{2,} \p{Ll}{2,}|^\p{Lu}\p{Ll}+ |^… \p{Ll}{4,}$/u.test(text) &&
        !CODE.test(text.replaceAll('…', ''))
      )
        source.bare.push(text)
      break
    }
  }
  for (const [key, value] of Object.entries(node)) {
    if (key === 'type' || key === 'typeAnnotation' || key === 'test') continue
    if (node.type === 'BinaryExpression') continue
    if (typeof value === 'object') walk(value, source)
  }
}

/** What a file says. */
export function readSource(file: string, text: string): Source {
  const source: Source = {
    file,
    isClient: /^['"]use client['"]/m.test(text),
    isLetter: /: Said\b|: MailText\b(?! &)/.test(text),
    inSay: [],
    imports: [],
    sentences: [],
    ofOffice: [],
    bare: [],
  }
  const lang = file.endsWith('x') ? 'tsx' : 'ts'
  walk(parseAst(text, { lang }), source)
  if (TABLES.has(file)) source.sentences.push(...source.bare.splice(0))
  return source
}

/** Every source that may speak: pages, components and the library, each with what it says. */
export const readSources = (): Source[] =>
  globSync('{app,components,lib}/**/*.{ts,tsx}').map((file) => readSource(file, readFileSync(file, 'utf8')))

function resolved(from: string, specifier: string): string | null {
  if (specifier === '#words') return 'components/language/use-words.ts'
  const file = specifier.startsWith('#')
    ? specifier.slice(1)
    : specifier.startsWith('.')
      ? path.join(path.dirname(from), specifier)
      : null
  return file && existsSync(file) ? file : null
}

/** These files and all that they import. */
function reachedFrom(sources: readonly Source[], starts: readonly string[]): Set<string> {
  const byFile = new Map(sources.map((source) => [source.file, source]))
  const reached = new Set<string>()
  const open = [...starts]
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (reached.has(file)) continue
    reached.add(file)
    for (const specifier of byFile.get(file)?.imports ?? []) {
      const next = resolved(file, specifier)
      if (next) open.push(next)
    }
  }
  return reached
}

/** What is drawn for families and for anybody: their pages and all that these import. */
export const publicFiles = (sources: readonly Source[]): Set<string> =>
  reachedFrom(
    sources,
    sources.map(({ file }) => file).filter((file) => file.startsWith('app/') && !isOffice(file)),
  )

const WRITES_TO_PEOPLE = ['lib/notifications/notification.commands.ts', 'lib/outbox/message.commands.ts']

/** What writes to people: whatever calls `notify` or `enqueueMail`. The office may be the one who does it; its reader is a family. */
export const messageFiles = (sources: readonly Source[]): Set<string> =>
  new Set(
    sources
      .filter(({ file, imports }) =>
        imports.some((specifier) => WRITES_TO_PEOPLE.includes(resolved(file, specifier) ?? '')),
      )
      .map(({ file }) => file),
  )

/** Of those, the files that a browser may run: those marked so, and all that they import. */
export function clientFiles(sources: readonly Source[]): Set<string> {
  const drawn = publicFiles(sources)
  const marked = sources.filter(({ isClient, file }) => isClient && drawn.has(file))
  return reachedFrom(
    sources,
    marked.map(({ file }) => file),
  )
}

/** The office speaks Italian. */
export const isOffice = (file: string): boolean => /^(app\/admin|components\/office)\//.test(file)

/** The placeholders of a sentence, in order of name. */
export const placeholdersOf = (sentence: string): string =>
  [...sentence.matchAll(/\{\w+\}/g)]
    .map(([name]) => name)
    .sort()
    .join(' ')

/** Every sentence that a family or anybody may read, and those that only the office does. */
export function saysOf(sources: readonly Source[]): { said: Set<string>; ofOffice: Set<string> } {
  const read = new Set([...publicFiles(sources), ...reachedFrom(sources, [...messageFiles(sources)])])
  const all = sources.filter(({ file }) => read.has(file))
  const ofOffice = new Set(all.flatMap((source) => source.ofOffice))
  const said = all.flatMap(({ sentences }) => sentences).filter((sentence) => !ofOffice.has(sentence))
  return { said: new Set(said), ofOffice }
}

export const missingIn = (said: ReadonlySet<string>, catalogue: Readonly<Record<string, string>>): string[] =>
  [...said].filter((sentence) => !Object.hasOwn(catalogue, sentence))

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
