import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseAst } from 'vitest/node'

type Node = { type: string; [key: string]: unknown }

/** A sentence as the source says it. */
export type Spoken = {
  /** Its name in the catalogues: the sentence, after its context where it has one; of one and many, the one. */
  key: string
  context?: string
  sentence: string
  /** How Italian says more than one. */
  many?: string
}

export type Source = {
  file: string
  isClient: boolean
  /** Actions that run on the server: a component of the browser that imports them gets their addresses only. */
  isServer: boolean
  /** It makes what people are told: a notice or a letter. */
  tellsPeople: boolean
  /** The part of the site to whose components it gives their words: the folder that it stands in. */
  givesWordsTo: string | null
  /** Of `bare`, what stands where `notify` is told what to say. */
  inSay: string[]
  imports: string[]
  /** Sentences given to `t(…)` or marked with `says(…)`, `phrase(…)`, `plural(…)`, `inContext(…)`. */
  sentences: Spoken[]
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

/** The texts of a constant expression: both sides of a condition, the parts of a sum put together. */
function texts(node: unknown): string[] {
  if (!isNode(node)) return []
  if (node.type === 'Literal' && typeof node.value === 'string') return [node.value]
  if (node.type === 'TemplateLiteral' && (node.expressions as unknown[]).length === 0)
    return [(node.quasis as { value: { cooked: string } }[])[0]?.value.cooked ?? '']
  if (node.type === 'ConditionalExpression') return [...texts(node.consequent), ...texts(node.alternate)]
  if (node.type === 'BinaryExpression' && node.operator === '+')
    return texts(node.left).flatMap((start) => texts(node.right).map((end) => start + end))
  return []
}

/** The name of what is called; `(await readWords())('…')` is `t` without a name. */
function calleeOf({ callee }: Node): string {
  if (!isNode(callee)) return ''
  const inner = callee.type === 'ParenthesizedExpression' ? callee.expression : callee
  if (isNode(inner) && inner.type === 'AwaitExpression' && isNode(inner.argument))
    return calleeOf(inner.argument) === 'readWords' ? 't' : ''
  return String(callee.name ?? '')
}

const plain = (sentence: string): Spoken => ({ key: sentence, sentence })

/** What a call says by itself: nothing where its words come from elsewhere. */
function spokenBy(node: Node): Spoken[] {
  const [first, second] = (node.arguments as unknown[]).map((argument) => texts(argument))
  switch (calleeOf(node)) {
    case 't':
    case 'phrase':
    case 'says':
      return (first ?? []).map(plain)
    case 'plural':
      return first?.[0] && second?.[0] ? [{ ...plain(first[0]), many: second[0] }] : []
    case 'inContext':
      return (second ?? []).map((sentence) => ({
        key: `${first?.[0]}\u0004${sentence}`,
        context: first?.[0] ?? '',
        sentence,
      }))
    default:
      return []
  }
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
      // SQL is read by no one.
      if (isNode(node.tag) && node.tag.name === 'sql') {
        walk((node.quasi as Node).expressions, source)
        return
      }
      break
    case 'CallExpression':
      if (walkSpoken(node, source)) return
      break
    case 'BinaryExpression':
      walkCalls([node.left, node.right], source)
      return
    case 'Property':
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
    if (key === 'type' || key === 'typeAnnotation' || typeof value !== 'object') continue
    if (key === 'test') walkCalls(value, source)
    else walk(value, source)
  }
}

/**
 * Takes the sentences that a call says by itself, and walks what it is given besides.
 * @returns whether it says any
 */
function walkSpoken(call: Node, source: Source): boolean {
  const spoken = spokenBy(call)
  if (spoken.length === 0) return false
  source.sentences.push(...spoken)
  const [said, ...values] = call.arguments as unknown[]
  walkCalls(said, source)
  if (['t', 'says'].includes(calleeOf(call))) walk(values, source)
  return true
}

/** Walks what is compared, added or decided on: its constants are no text for people, and yet a call in it says its sentence. */
function walkCalls(node: unknown, source: Source): void {
  walk(node, { ...source, bare: [], inSay: [] })
}

const GIVES_WORDS = /<AreaWords area="([^"]+)"/

/** What a file says. */
export function readSource(file: string, text: string): Source {
  const source: Source = {
    file,
    isClient: /^['"]use client['"]/m.test(text),
    isServer: /^['"]use server['"]/m.test(text),
    tellsPeople: /: Said\b|: MailText\b(?! &)/.test(text),
    givesWordsTo: GIVES_WORDS.exec(text)?.[1] ?? null,
    inSay: [],
    imports: [],
    sentences: [],
    bare: [],
  }
  const lang = file.endsWith('x') ? 'tsx' : 'ts'
  walk(parseAst(text, { lang }), source)
  return source
}

/** Every source that may speak: pages, components and the library, each with what it says. */
export const readSources = (): Source[] =>
  globSync('{app,components,lib}/**/*.{ts,tsx}')
    .sort()
    .map((file) => readSource(file, readFileSync(file, 'utf8')))

function resolved(from: string, specifier: string): string | null {
  if (specifier === '#words') return 'components/language/use-words.ts'
  const file = specifier.startsWith('#drawn/')
    ? specifier.replace('#drawn', 'components')
    : specifier.startsWith('#')
      ? specifier.slice(1)
      : specifier.startsWith('.')
        ? path.join(path.dirname(from), specifier)
        : null
  return file && existsSync(file) ? file : null
}

/** These files and all that they import. */
function reachedFrom(
  sources: readonly Source[],
  starts: readonly string[],
  isEnd: (source: Source) => boolean = () => false,
): Set<string> {
  const byFile = new Map(sources.map((source) => [source.file, source]))
  const reached = new Set<string>()
  const open = [...starts]
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    const source = byFile.get(file)
    if (reached.has(file) || !source || isEnd(source)) continue
    reached.add(file)
    for (const specifier of source.imports) {
      const next = resolved(file, specifier)
      if (next) open.push(next)
    }
  }
  return reached
}

const filesOf = (sources: readonly Source[]): string[] => sources.map(({ file }) => file)

/** What families and visitors read: their pages, what answers them before a page does, and all that these import. */
export const publicFiles = (sources: readonly Source[]): Set<string> =>
  reachedFrom(
    sources,
    filesOf(sources).filter(
      (file) => file.endsWith('.http.ts') || (file.startsWith('app/') && !isOffice(file)),
    ),
  )

const WRITES_TO_PEOPLE = ['lib/notifications/notification.commands.ts', 'lib/outbox/message.commands.ts']

/** What writes to people: each module that calls `notify` or `enqueueMail`. The office may be the one who does it; its reader is a family. */
export const messageFiles = (sources: readonly Source[]): Set<string> =>
  new Set(
    filesOf(
      sources.filter(({ file, imports }) =>
        imports.some((specifier) => WRITES_TO_PEOPLE.includes(resolved(file, specifier) ?? '')),
      ),
    ),
  )

/** Of what these files draw, what a browser may run: the components marked so, and all that they import. */
function browserFiles(sources: readonly Source[], files: readonly string[]): Set<string> {
  const drawn = reachedFrom(sources, files)
  const marked = sources.filter(({ isClient, file }) => isClient && drawn.has(file))
  return reachedFrom(sources, filesOf(marked), ({ isServer }) => isServer)
}

/** The office speaks Italian. */
export const isOffice = (file: string): boolean => /^(app\/admin|components\/office)\//.test(file)

const isWithin = (folder: string, file: string): boolean => file.startsWith(`${folder}/`)

/**
 * What the browser needs in each part of the site, beyond what the parts around it have: the sentences of the components
 * that its pages run there.
 * @returns the folder of each layout that gives words → keys
 */
export function browserSentences(sources: readonly Source[]): Record<string, string[]> {
  const areas = sources
    .flatMap(({ givesWordsTo }) => givesWordsTo ?? [])
    .sort((one, other) => one.length - other.length)
  const given = new Map<string, Set<string>>()
  for (const area of areas) {
    const around = areas.filter((other) => isWithin(other, area))
    const inside = areas.filter((other) => isWithin(area, other))
    const own = filesOf(sources).filter(
      (file) => isWithin(area, file) && !isOffice(file) && !inside.some((other) => isWithin(other, file)),
    )
    const run = browserFiles(sources, own)
    const said = sources.filter(({ file }) => run.has(file)).flatMap(({ sentences }) => sentences)
    const known = (key: string) => around.some((other) => given.get(other)?.has(key))
    given.set(area, new Set(said.map(({ key }) => key).filter((key) => !known(key))))
  }
  return Object.fromEntries([...given].map(([area, keys]) => [area, [...keys].sort()]))
}

/** A sentence with the files that say it. */
export type Found = Spoken & { files: string[] }

/** What only the office and the kitchen are told: it stays Italian. */
const isOfOffice = (file: string): boolean =>
  /^lib\/(kitchen|\w+\/office)\/[\w-]+\.(refusals|words)\.ts$/.test(file)

/** Every sentence that a family or a visitor may read, by its key. */
export function saysOf(sources: readonly Source[]): Map<string, Found> {
  const read = new Set([...publicFiles(sources), ...reachedFrom(sources, [...messageFiles(sources)])])
  const said = new Map<string, Found>()
  for (const { file, sentences } of sources) {
    if (!read.has(file) || isOfOffice(file)) continue
    for (const spoken of sentences) {
      const known = said.get(spoken.key)
      if (known && !known.files.includes(file)) known.files.push(file)
      said.set(spoken.key, { ...spoken, ...known, files: known?.files ?? [file] })
    }
  }
  return said
}
