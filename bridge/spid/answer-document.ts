import type { AnswerCheck } from './answer-checks.ts'
import { NAMESPACES, type Prefix } from './names.ts'
import { allIn, elementsIn, isNamed, readXml, type XmlElement, XmlRefused } from './xml.ts'

/** An answer that is not believed: the check that it failed, and SPID's number of the anomaly where the provider told one. */
export class AnswerRefused extends Error {
  readonly check: AnswerCheck
  readonly anomaly: string | null

  constructor(check: AnswerCheck, anomaly: string | null = null) {
    super(check)
    this.check = check
    this.anomaly = anomaly
  }
}

export const refuse = (check: AnswerCheck): never => {
  throw new AnswerRefused(check)
}

/** Refuses unless a check holds. */
export function expectThat(check: AnswerCheck, holds: boolean): asserts holds {
  if (!holds) refuse(check)
}

const MOST_BYTES = 256 * 1024
const ONLY_BASE64 = /^[A-Za-z0-9+/]+={0,2}$/
const XSI = 'http://www.w3.org/2001/XMLSchema-instance'

/** The elements that each element may hold, and how often: what is not here has no place in an answer. `*` is any number. */
const PLACES: Readonly<Record<string, readonly string[]>> = {
  'samlp:Response': ['saml:Issuer', 'ds:Signature', 'samlp:Status', 'saml:Assertion'],
  'samlp:Status': ['samlp:StatusCode', 'samlp:StatusMessage', 'samlp:StatusDetail'],
  'samlp:StatusCode': ['samlp:StatusCode'],
  'saml:Assertion': [
    'saml:Issuer',
    'ds:Signature',
    'saml:Subject',
    'saml:Conditions',
    'saml:AuthnStatement',
    'saml:AttributeStatement',
  ],
  'saml:Subject': ['saml:NameID', 'saml:SubjectConfirmation'],
  'saml:SubjectConfirmation': ['saml:SubjectConfirmationData'],
  'saml:Conditions': ['saml:AudienceRestriction', 'saml:OneTimeUse'],
  'saml:AudienceRestriction': ['saml:Audience'],
  'saml:AuthnStatement': ['saml:SubjectLocality', 'saml:AuthnContext'],
  'saml:AuthnContext': ['saml:AuthnContextClassRef', 'saml:AuthenticatingAuthority*'],
  'saml:AttributeStatement': ['saml:Attribute*'],
  'saml:Attribute': ['saml:AttributeValue*'],
  'ds:Signature': ['ds:SignedInfo', 'ds:SignatureValue', 'ds:KeyInfo'],
  'ds:SignedInfo': ['ds:CanonicalizationMethod', 'ds:SignatureMethod', 'ds:Reference'],
  'ds:Reference': ['ds:Transforms', 'ds:DigestMethod', 'ds:DigestValue'],
  'ds:Transforms': ['ds:Transform*'],
  'ds:Transform': ['ec:InclusiveNamespaces'],
  'ds:KeyInfo': ['ds:KeyName*', 'ds:X509Data*', 'ds:KeyValue*'],
  'ds:X509Data': [
    'ds:X509Certificate*',
    'ds:X509IssuerSerial*',
    'ds:X509SubjectName*',
    'ds:X509SKI*',
    'ds:X509Digest*',
  ],
  'ds:X509IssuerSerial': ['ds:X509IssuerName', 'ds:X509SerialNumber'],
  'ds:KeyValue': ['ds:RSAKeyValue'],
  'ds:RSAKeyValue': ['ds:Modulus', 'ds:Exponent'],
}

const PREFIX_OF = new Map(Object.entries(NAMESPACES).map(([prefix, uri]) => [uri as string, prefix]))
const nameOf = ({ namespace, local }: XmlElement): string => `${PREFIX_OF.get(namespace) ?? '?'}:${local}`

function isInPlace(element: XmlElement): boolean {
  const places = PLACES[nameOf(element)] ?? []
  const found = elementsIn(element).map(nameOf)
  const isAllowed = (name: string) =>
    places.includes(`${name}*`) || (places.includes(name) && found.filter((one) => one === name).length === 1)
  // Text beside elements says nothing that a reader may read.
  const hasLooseText =
    found.length > 0 && element.children.some((child) => typeof child === 'string' && child.trim() !== '')
  return found.every(isAllowed) && !hasLooseText
}

/** A type that the document gives an element would be another element to who believes it; values of attributes carry one by right. */
const hasForeignType = (element: XmlElement): boolean =>
  element.attributes.some(({ namespace }) => namespace === XSI) && !isNamed(element, 'saml', 'AttributeValue')

/** Nothing but the Issuer of what it signs stands before a signature, as the schema has it. */
const hasSignatureInPlace = (element: XmlElement): boolean => {
  const elements = elementsIn(element)
  const at = elements.findIndex((child) => isNamed(child, 'ds', 'Signature'))
  return elements.slice(0, Math.max(at, 0)).every((child) => isNamed(child, 'saml', 'Issuer'))
}

/** Every spelling that a reader of signatures may take for an identifier. */
const idsOf = ({ attributes }: XmlElement): string[] =>
  attributes.filter(({ local }) => local.toLowerCase() === 'id').map(({ value }) => value)

/** The one child of a name; null where it is missing. More than one is refused before. */
export const childOf = (element: XmlElement | null, prefix: Prefix, local: string): XmlElement | null =>
  (element && elementsIn(element).find((child) => isNamed(child, prefix, local))) ?? null

/** The value of the form field, as text. Base64 is taken in lines, and with nothing else in it. */
function decode(encoded: string): string {
  const lines = encoded.length > MOST_BYTES * 2 ? '' : encoded.replaceAll('\r', '').replaceAll('\n', '')
  expectThat('encoding', lines.length % 4 === 0 && ONLY_BASE64.test(lines))
  const bytes = Buffer.from(lines, 'base64')
  expectThat('encoding', bytes.length <= MOST_BYTES && bytes.toString('base64') === lines)
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return refuse('encoding')
  }
}

function read(text: string): XmlElement {
  try {
    return readXml(text)
  } catch (error) {
    if (error instanceof XmlRefused) return refuse('xml')
    throw error
  }
}

/** The root of a text whose every element has its place: a whole answer, or the signed part of one. */
function readInPlace(text: string, prefix: Prefix, local: string): XmlElement {
  const root = read(text)
  const all = allIn(root)
  expectThat('structure', isNamed(root, prefix, local) && all.every(isInPlace))
  expectThat('structure', all.every(hasSignatureInPlace) && !all.some(hasForeignType))
  const ids = all.flatMap(idsOf).filter((id) => id !== '')
  expectThat('identifiers', new Set(ids).size === ids.length)
  return root
}

/** The answer as it came: its text, for the signatures, and its elements. */
export function readAnswer(encoded: string): { text: string; response: XmlElement } {
  const text = decode(encoded)
  return { text, response: readInPlace(text, 'samlp', 'Response') }
}

/** The elements of what a signature vouched for. */
export const readSigned = (text: string, local: 'Response' | 'Assertion'): XmlElement =>
  readInPlace(text, local === 'Response' ? 'samlp' : 'saml', local)
