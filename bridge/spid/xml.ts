import { NAMESPACES, type Prefix } from './names.ts'

/**
 * A reader of the little of XML that SAML needs. What it does not know it refuses: no DTD, comment, processing instruction or
 * CDATA section exists for it, so none can make two readers see two documents.
 */
export type XmlAttribute = { namespace: string; prefix: string; local: string; value: string }
export type XmlElement = {
  namespace: string
  prefix: string
  local: string
  attributes: readonly XmlAttribute[]
  /** Elements and the text between them, in order; no empty text. */
  children: readonly (XmlElement | string)[]
}

/** The text is no XML, or more of XML than we read. */
export class XmlRefused extends Error {}

const MOST_DEPTH = 32
const MOST_ELEMENTS = 500
const MOST_ATTRIBUTES = 32
const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace'
const XMLNS_NAMESPACE = 'http://www.w3.org/2000/xmlns/'
const DECLARATION =
  /^<\?xml version=(?:"1\.0"|'1\.0')(?: encoding=(?:"utf-8"|'utf-8'))?(?: standalone=(?:"yes"|'yes'|"no"|'no'))?\?>/i
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
/** The longest reference that XML has, `&#x10FFFF;`, with room for leading zeros. */
const MOST_OF_REFERENCE = 12

const refuse = (why: string): never => {
  throw new XmlRefused(why)
}

const isSpace = (code: number): boolean => code === 32 || code === 10 || code === 9 || code === 13
const isLetter = (code: number): boolean =>
  (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95
const isNameCode = (code: number): boolean =>
  isLetter(code) || (code >= 48 && code <= 57) || code === 45 || code === 46

/** Whether XML 1.0 has this character; half of a pair is refused where the bytes are decoded. */
const isXmlCharacter = (code: number): boolean =>
  code === 9 || code === 10 || code === 13 || (code >= 32 && code !== 0xfffe && code !== 0xffff)

type Name = { prefix: string; local: string }
type Scope = ReadonlyMap<string, string>

/** What a reference stands for; only the five that XML itself knows, and numbers. */
function referenced(name: string): string {
  if (Object.hasOwn(ENTITIES, name)) return ENTITIES[name] as string
  const digits = /^#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,8}))$/.exec(name)
  const code = digits ? Number.parseInt(digits[1] ?? (digits[2] as string), digits[1] ? 16 : 10) : 0
  const isHalf = code >= 0xd800 && code <= 0xdfff
  return isXmlCharacter(code) && !isHalf && code <= 0x10_ffff
    ? String.fromCodePoint(code)
    : refuse('a reference to an unknown entity or character')
}

class Reader {
  readonly #text: string
  #at = 0
  #elements = 0

  constructor(text: string) {
    this.#text = text
  }

  document(): XmlElement {
    this.#at = DECLARATION.exec(this.#text)?.[0].length ?? 0
    this.#space()
    const root = this.#element(new Map([['xml', XML_NAMESPACE]]), 1)
    this.#space()
    return this.#at === this.#text.length ? root : refuse('text after the document')
  }

  #takes(mark: string): boolean {
    if (!this.#text.startsWith(mark, this.#at)) return false
    this.#at += mark.length
    return true
  }

  #expect(mark: string): void {
    if (!this.#takes(mark)) refuse(`${mark} is missing`)
  }

  #space(): boolean {
    const from = this.#at
    while (isSpace(this.#text.charCodeAt(this.#at))) this.#at += 1
    return this.#at > from
  }

  #part(): string {
    const from = this.#at
    if (!isLetter(this.#text.charCodeAt(from))) refuse('a name of other letters than ours')
    while (isNameCode(this.#text.charCodeAt(this.#at))) this.#at += 1
    return this.#text.slice(from, this.#at)
  }

  #name(): Name {
    const first = this.#part()
    return this.#takes(':') ? { prefix: first, local: this.#part() } : { prefix: '', local: first }
  }

  /** The text up to a mark, which is read too; references are resolved. */
  #until(mark: string, isAttribute: boolean): string {
    const end = this.#text.indexOf(mark, this.#at)
    if (end < 0) refuse(`${mark} is missing`)
    const raw = this.#text.slice(this.#at, end)
    this.#at = end
    return this.#resolved(raw, isAttribute)
  }

  #resolved(raw: string, isAttribute: boolean): string {
    if (raw.includes('<')) refuse('a < in a value')
    if (!isAttribute && raw.includes(']]>')) refuse(']]> in a text')
    const lines = raw.replaceAll('\r\n', '\n').replaceAll('\r', '\n')
    const plain = isAttribute ? lines.replaceAll('\n', ' ').replaceAll('\t', ' ') : lines
    const [first = '', ...rest] = plain.split('&')
    const parts = rest.map((part) => {
      const end = part.slice(0, MOST_OF_REFERENCE).indexOf(';')
      if (end < 0) refuse('an & that refers to nothing')
      return referenced(part.slice(0, end)) + part.slice(end + 1)
    })
    return [first, ...parts].join('')
  }

  #attributes(): { written: (Name & { value: string })[]; isEmpty: boolean } {
    const written: (Name & { value: string })[] = []
    for (;;) {
      const hasSpace = this.#space()
      if (this.#takes('/>')) return { written, isEmpty: true }
      if (this.#takes('>')) return { written, isEmpty: false }
      if (!hasSpace || written.length >= MOST_ATTRIBUTES) refuse('an attribute too close, or one too many')
      const name = this.#name()
      this.#space()
      this.#expect('=')
      this.#space()
      const quote = this.#takes('"') ? '"' : this.#takes("'") ? "'" : refuse('a value without quotes')
      written.push({ ...name, value: this.#until(quote, true) })
      this.#expect(quote)
    }
  }

  #element(outer: Scope, depth: number): XmlElement {
    this.#elements += 1
    if (depth > MOST_DEPTH || this.#elements > MOST_ELEMENTS) refuse('too deep, or too many elements')
    this.#expect('<')
    const name = this.#name()
    const { written, isEmpty } = this.#attributes()
    const scope = scopeWith(outer, written)
    const namespace = namespaceOf(name, scope)
    const attributes = attributesOf(written, scope)
    const children = isEmpty ? [] : this.#children(scope, depth, name)
    return { namespace, ...name, attributes, children }
  }

  #children(scope: Scope, depth: number, name: Name): (XmlElement | string)[] {
    const children: (XmlElement | string)[] = []
    for (;;) {
      const text = this.#until('<', false)
      if (text) children.push(text)
      if (this.#takes('</')) break
      children.push(this.#element(scope, depth + 1))
    }
    const closing = this.#name()
    this.#space()
    this.#expect('>')
    if (closing.prefix !== name.prefix || closing.local !== name.local) refuse('an element closed by another')
    return children
  }
}

const isDeclaration = ({ prefix, local }: Name): boolean =>
  prefix === 'xmlns' || (prefix === '' && local === 'xmlns')

function scopeWith(outer: Scope, written: readonly (Name & { value: string })[]): Scope {
  const declared = written.filter(isDeclaration)
  if (declared.length === 0) return outer
  const scope = new Map(outer)
  for (const { prefix, local, value } of declared) {
    const bound = prefix === '' ? '' : local
    const isReserved =
      bound === 'xml' || bound === 'xmlns' || value === XML_NAMESPACE || value === XMLNS_NAMESPACE
    if (isReserved || (value === '' && bound !== '')) refuse('a namespace that cannot be declared')
    scope.set(bound, value)
  }
  return scope
}

const namespaceOf = ({ prefix }: Name, scope: Scope): string =>
  scope.get(prefix) ?? (prefix === '' ? '' : refuse('a prefix without a namespace'))

function attributesOf(written: readonly (Name & { value: string })[], scope: Scope): XmlAttribute[] {
  const names = written.map(({ prefix, local }) => `${prefix}:${local}`)
  const attributes = written
    .filter((one) => !isDeclaration(one))
    .map((one) => ({ ...one, namespace: one.prefix === '' ? '' : namespaceOf(one, scope) }))
  const expanded = attributes.map(({ namespace, local }) => `${namespace} ${local}`)
  if (new Set(names).size < names.length || new Set(expanded).size < expanded.length)
    refuse('an attribute twice')
  return attributes
}

/**
 * The root of a document of the subset.
 * @throws XmlRefused for anything else
 */
export function readXml(text: string): XmlElement {
  // Well-formed XML has `<!` only where a comment, a CDATA section or a DOCTYPE begins, and `<?` only at an instruction.
  const body = text.replace(DECLARATION, '')
  if (body.includes('<!') || body.includes('<?')) refuse('a DOCTYPE, comment, CDATA section or instruction')
  for (let index = 0; index < text.length; index += 1)
    if (!isXmlCharacter(text.charCodeAt(index))) refuse('a character that XML does not have')
  return new Reader(text).document()
}

/** Whether an element has this name, wherever its prefix comes from. */
export const isNamed = (node: XmlElement | string, prefix: Prefix, local: string): node is XmlElement =>
  typeof node !== 'string' && node.namespace === NAMESPACES[prefix] && node.local === local

/** The elements among the children. */
export const elementsIn = ({ children }: XmlElement): XmlElement[] =>
  children.filter((child): child is XmlElement => typeof child !== 'string')

/** The children of a name. */
export const childrenNamed = (element: XmlElement, prefix: Prefix, local: string): XmlElement[] =>
  elementsIn(element).filter((child) => isNamed(child, prefix, local))

/** An attribute without a namespace; null where there is none. */
export const attributeOf = ({ attributes }: XmlElement, name: string): string | null =>
  attributes.find(({ namespace, local }) => namespace === '' && local === name)?.value ?? null

/** The text of an element without the blanks around it; null where it holds elements. */
export const textOf = ({ children }: XmlElement): string | null =>
  children.every((child) => typeof child === 'string') ? children.join('').trim() : null

/** An element and all below it. */
export const allIn = (element: XmlElement): XmlElement[] => [element, ...elementsIn(element).flatMap(allIn)]

/**
 * An element of our own documents: `element('saml:Issuer', { Format: '…' }, ['https://…'])`.
 * An attribute that is null is left out; `xml:lang` is the only one with a prefix, besides those of our namespaces.
 */
export function element(
  name: `${Prefix}:${string}`,
  attributes: Readonly<Record<string, string | null>> = {},
  children: readonly (XmlElement | string)[] = [],
): XmlElement {
  const split = (written: string): Name & { namespace: string } => {
    const [local = '', prefix = ''] = written.split(':').toReversed()
    const namespace = prefix === 'xml' ? XML_NAMESPACE : prefix === '' ? '' : NAMESPACES[prefix as Prefix]
    return { prefix, local, namespace }
  }
  const given = Object.entries(attributes).filter((pair): pair is [string, string] => pair[1] !== null)
  return {
    ...split(name),
    attributes: given.map(([key, value]) => ({ ...split(key), value })),
    children: children.filter((child) => child !== ''),
  }
}

const inText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#xD;')
const inAttribute = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\t', '&#x9;')
    .replaceAll('\n', '&#xA;')
    .replaceAll('\r', '&#xD;')

const byCode = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

/** An element as text, in the form of exclusive canonical XML: a namespace is declared where it is first used. */
export function writeXml(node: XmlElement, outer: Scope = new Map([['', '']])): string {
  const used = [node, ...node.attributes.filter(({ prefix }) => prefix !== '')].filter(
    ({ prefix }) => prefix !== 'xml',
  )
  const declared = [...new Map(used.map(({ prefix, namespace }) => [prefix, namespace]))]
    .filter(([prefix, namespace]) => outer.get(prefix) !== namespace)
    .sort(([one], [other]) => byCode(one, other))
  const attributes = node.attributes.toSorted(
    (one, other) => byCode(one.namespace, other.namespace) || byCode(one.local, other.local),
  )
  const scope = declared.length > 0 ? new Map([...outer, ...declared]) : outer
  const qualified = ({ prefix, local }: Name) => (prefix ? `${prefix}:${local}` : local)
  const tag = qualified(node)
  const written = [
    ...declared.map(([prefix, uri]) => ` ${prefix ? `xmlns:${prefix}` : 'xmlns'}="${inAttribute(uri)}"`),
    ...attributes.map((attribute) => ` ${qualified(attribute)}="${inAttribute(attribute.value)}"`),
  ].join('')
  const inside = node.children.map((child) =>
    typeof child === 'string' ? inText(child) : writeXml(child, scope),
  )
  return `<${tag}${written}>${inside.join('')}</${tag}>`
}
