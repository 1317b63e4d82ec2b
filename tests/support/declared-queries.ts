import { globSync } from 'node:fs'
import path from 'node:path'
import type { Node, TaggedTemplateExpression } from 'typescript/unstable/ast'
import {
  isIdentifier,
  isNoSubstitutionTemplateLiteral,
  isPropertyAccessExpression,
  isTaggedTemplateExpression,
} from 'typescript/unstable/ast/is'
import { API, type Checker, type Project, type Type, TypeFlags } from 'typescript/unstable/sync'
import { templateOf } from './query-recorder.ts'

/** A type as a value from the database can be compared with it: any of its forms. */
export type Kind = { forms: Form[] }
export type Form =
  | 'null'
  | 'number'
  | 'boolean'
  | 'Date'
  | 'Buffer'
  | 'unknown'
  /** A text, and if it is one of a few, which. */
  | { texts: string[] | null }
  | { list: Kind }
  | { fields: Record<string, Kind>; optional: string[] }
  | { each: Kind }

/** One `sql<T>` of the sources. */
export type DeclaredQuery = {
  /** File and line. */
  place: string
  template: string
  kind: Kind
  /** Whether it gets a name in a query that kysely builds. */
  isNamed: boolean
}

/** Where raw SQL stands. */
export const QUERY_SOURCES = '{app,db,lib}/**/*.{ts,tsx}'

const DEEPEST = 8

/** Reads types by the compiler's own API, which typescript calls unstable: its version is pinned. */
class KindReader {
  readonly #checker: Checker

  constructor(checker: Checker) {
    this.#checker = checker
  }

  read(type: Type | undefined, depth = 0): Kind {
    if (!type || depth > DEEPEST) return { forms: ['unknown'] }
    if (type.isUnionType()) return merge(type.getTypes().flatMap((one) => this.read(one, depth).forms))
    return { forms: [this.#form(type, depth)] }
  }

  #form(type: Type, depth: number): Form {
    const { flags } = type
    if (flags & (TypeFlags.Null | TypeFlags.Undefined)) return 'null'
    if (type.isStringLiteralType()) return { texts: [type.value] }
    if (flags & (TypeFlags.String | TypeFlags.TemplateLiteral)) return { texts: null }
    if (flags & (TypeFlags.Number | TypeFlags.NumberLiteral)) return 'number'
    if (flags & (TypeFlags.Boolean | TypeFlags.BooleanLiteral)) return 'boolean'
    if (flags & (TypeFlags.Object | TypeFlags.Intersection)) return this.#object(type, depth)
    return 'unknown'
  }

  #object(type: Type, depth: number): Form {
    const name = type.getSymbol()?.name
    if (name === 'Date') return 'Date'
    if (name === 'Buffer' || name === 'Uint8Array') return 'Buffer'
    // A branded primitive is the primitive.
    if (type.isIntersectionType()) {
      const primitive = type.getTypes().find((one) => !(one.flags & TypeFlags.Object))
      if (primitive) return this.#form(primitive, depth)
    }
    if (type.isTypeReference() && (this.#checker.isArrayType(type) || this.#checker.isTupleType(type)))
      return {
        list: merge(this.#checker.getTypeArguments(type).flatMap((one) => this.read(one, depth + 1).forms)),
      }
    const [index] = this.#checker.getIndexInfosOfType(type)
    if (index) return { each: this.read(index.valueType, depth + 1) }
    const properties = this.#checker.getPropertiesOfType(type)
    const types = this.#checker.getTypeOfSymbol(properties)
    const kinds = types.map((one) => this.read(one, depth + 1))
    return {
      fields: Object.fromEntries(properties.map((property, at) => [property.name, kinds[at] as Kind])),
      optional: properties.filter((_, at) => includesUndefined(types[at])).map((property) => property.name),
    }
  }
}

const includesUndefined = (type: Type | undefined): boolean =>
  type?.isUnionType() === true && type.getTypes().some(({ flags }) => flags & TypeFlags.Undefined)

function merge(forms: readonly Form[]): Kind {
  const texts = forms.filter((form) => typeof form === 'object' && 'texts' in form)
  const others = forms.filter((form) => !(typeof form === 'object' && 'texts' in form))
  if (texts.length === 0) return { forms: others }
  const all = texts.some((one) => one.texts === null) ? null : texts.flatMap((one) => one.texts ?? [])
  return { forms: [...others, { texts: all }] }
}

function partsOf({ template }: TaggedTemplateExpression): string[] {
  if (isNoSubstitutionTemplateLiteral(template)) return [template.text]
  return [template.head.text, ...template.templateSpans.map((span) => span.literal.text)]
}

function* typedTemplates(node: Node): Generator<TaggedTemplateExpression> {
  if (
    isTaggedTemplateExpression(node) &&
    isIdentifier(node.tag) &&
    node.tag.text === 'sql' &&
    node.typeArguments
  )
    yield node
  const children: Node[] = []
  node.forEachChild((child) => {
    children.push(child)
    return undefined
  })
  for (const child of children) yield* typedTemplates(child)
}

function* queriesIn(project: Project, reader: KindReader, file: string): Generator<DeclaredQuery> {
  const source = project.program.getSourceFile(path.resolve(file))
  if (!source?.text.includes('sql<')) return
  for (const node of typedTemplates(source)) {
    const [written] = node.typeArguments ?? []
    const line = source.text.slice(0, node.tag.end).split('\n').length
    yield {
      place: `${file}:${line}`,
      template: templateOf(partsOf(node)),
      kind: reader.read(written && project.checker.getTypeFromTypeNode(written)),
      isNamed: isPropertyAccessExpression(node.parent) && node.parent.name.text === 'as',
    }
  }
}

/** Every statement or expression of raw SQL in the product, with the type that the code gives it. */
export function readDeclaredQueries(): DeclaredQuery[] {
  const api = new API({ cwd: process.cwd() })
  try {
    const snapshot = api.updateSnapshot({ openProjects: [path.resolve('tsconfig.json')] })
    const project = snapshot.getProjects()[0]
    if (!project) throw new Error('tsconfig.json opens no project')
    const reader = new KindReader(project.checker)
    return globSync(QUERY_SOURCES)
      .sort()
      .flatMap((file) => [...queriesIn(project, reader, file)])
  } finally {
    api.close()
  }
}
