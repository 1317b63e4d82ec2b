import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseAst } from 'vitest/node'

/** One import, or one export from elsewhere: of a file of the checkout (its path) or of a package (its name as written). */
export type Import = { to: string; isOwn: boolean }
/** `exports`: the names that the file gives itself, not those that it hands on. */
export type Module = { file: string; imports: Import[]; exports: string[] }

type Node = { type: string } & Record<string, unknown>

/** What Next and the build of the words put in place of a name. */
const CONDITIONAL: Readonly<Record<string, string>> = { '#words': 'components/language/use-words.ts' }

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'

function importOf(from: string, specifier: string): Import {
  const conditional = CONDITIONAL[specifier]
  if (conditional) return { to: conditional, isOwn: true }
  if (specifier.startsWith('#drawn/')) return { to: specifier.replace('#drawn', 'components'), isOwn: true }
  if (specifier.startsWith('#')) return { to: specifier.slice(1), isOwn: true }
  if (specifier.startsWith('.')) return { to: path.join(path.dirname(from), specifier), isOwn: true }
  return { to: specifier, isOwn: false }
}

const sourceOf = (node: Node): string[] =>
  isNode(node.source) && typeof node.source.value === 'string' ? [node.source.value] : []

/** `import(…)` and `import('…').Type` may stand anywhere in a file. */
function* nestedImports(value: unknown): Generator<string> {
  if (Array.isArray(value)) for (const one of value) yield* nestedImports(one)
  if (!isNode(value)) return
  if (value.type === 'ImportExpression' || value.type === 'TSImportType') yield* sourceOf(value)
  for (const child of Object.values(value)) if (typeof child === 'object') yield* nestedImports(child)
}

const nameOf = (node: unknown): string[] => (isNode(node) && typeof node.name === 'string' ? [node.name] : [])

function exportsOf(node: Node): string[] {
  if (node.type !== 'ExportNamedDeclaration') return []
  const { declaration, specifiers, source } = node
  if (source) return []
  if (!isNode(declaration)) return (specifiers as Node[]).flatMap(({ exported }) => nameOf(exported))
  if (declaration.type !== 'VariableDeclaration') return nameOf(declaration.id)
  return (declaration.declarations as Node[]).flatMap(({ id }) => nameOf(id))
}

/** What one file imports and exports, types included: a type ties two rooms together as much as a function does. */
export function readModule(file: string, text: string): Module {
  const { body } = parseAst(text, { lang: file.endsWith('x') ? 'tsx' : 'ts' }) as unknown as { body: Node[] }
  const written = [...body.flatMap(sourceOf), ...(text.includes('import(') ? nestedImports(body) : [])]
  return {
    file,
    imports: written.map((specifier) => importOf(file, specifier)),
    exports: body.flatMap(exportsOf),
  }
}

export const readModules = (pattern: string): Module[] =>
  globSync(pattern).map((file) => readModule(file, readFileSync(file, 'utf8')))
