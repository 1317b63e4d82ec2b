import { createHash, createSign, createVerify, type KeyObject, X509Certificate } from 'node:crypto'
import { XmlC14NMode, XmlDocument, XmlElement } from 'libxml2-wasm'

/**
 * XML signatures by libxml2: other code than the bridge’s, which is tried against it. Options make the wrong ones that an
 * attacker would send.
 */
const DS = 'http://www.w3.org/2000/09/xmldsig#'
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const ENVELOPED = `${DS}enveloped-signature`
const NAMESPACES = { ds: DS }

export type SigningKey = { privateKey: KeyObject; certificate: string }

export type SigningOptions = {
  /** Node’s name of the hash. */
  hash?: 'sha1' | 'sha256' | 'sha384' | 'sha512'
  canonicalization?: string
  transforms?: readonly string[]
  uri?: string
  /** More XML at the end of SignedInfo: a second Reference, say. */
  moreInfo?: string
  /** Prefixes that the canonical form keeps, as Shibboleth writes them for `xsi:type`. */
  inclusivePrefixes?: string
}

const SIGNATURE_URI = {
  sha1: `${DS}rsa-sha1`,
  sha256: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  sha384: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha384',
  sha512: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
}
const DIGEST_URI = {
  sha1: `${DS}sha1`,
  sha256: 'http://www.w3.org/2001/04/xmlenc#sha256',
  sha384: 'http://www.w3.org/2001/04/xmldsig-more#sha384',
  sha512: 'http://www.w3.org/2001/04/xmlenc#sha512',
}

/** What is done with a document of libxml2, whose memory is not the garbage collector’s. */
function withDocument<T>(xml: string, use: (document: XmlDocument) => T): T {
  const document = XmlDocument.fromString(xml)
  try {
    return use(document)
  } finally {
    document.dispose()
  }
}

function canonicalForm(document: XmlDocument, xpath: string, inclusivePrefixes = ''): string {
  const node = document.get(xpath, NAMESPACES)
  if (!node) throw new Error(`SPID simulator: ${xpath} is not in the document`)
  return node.canonicalizeToString({
    mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0,
    inclusiveNamespacePrefixes: inclusivePrefixes.split(' ').filter(Boolean),
  })
}

/** The certificate as it stands in a document. */
export const bare = (certificate: string): string => certificate.replace(/-----[A-Z ]+-----|\s/g, '')

function transformXml(algorithm: string, prefixes: string): string {
  const kept =
    algorithm === EXCLUSIVE && prefixes
      ? `<ec:InclusiveNamespaces xmlns:ec="${EXCLUSIVE}" PrefixList="${prefixes}"/>`
      : ''
  return `<ds:Transform Algorithm="${algorithm}">${kept}</ds:Transform>`
}

/**
 * Puts the signature of the element with this ID in place of `mark`.
 * @param mark a text that stands in the element where its signature belongs
 */
export function signAt(
  xml: string,
  mark: string,
  id: string,
  { privateKey, certificate }: SigningKey,
  options: SigningOptions = {},
): string {
  const { hash = 'sha256', canonicalization = EXCLUSIVE, inclusivePrefixes = '' } = options
  const { transforms = [ENVELOPED, EXCLUSIVE], uri = `#${id}`, moreInfo = '' } = options
  const signed = withDocument(xml.replace(mark, ''), (document) =>
    canonicalForm(document, `//*[@ID="${id}"]`, inclusivePrefixes),
  )
  const digest = createHash(hash).update(signed).digest('base64')
  const info = `<ds:SignedInfo><ds:CanonicalizationMethod Algorithm="${canonicalization}"/><ds:SignatureMethod Algorithm="${SIGNATURE_URI[hash]}"/><ds:Reference URI="${uri}"><ds:Transforms>${transforms.map((one) => transformXml(one, inclusivePrefixes)).join('')}</ds:Transforms><ds:DigestMethod Algorithm="${DIGEST_URI[hash]}"/><ds:DigestValue>${digest}</ds:DigestValue></ds:Reference>${moreInfo}</ds:SignedInfo>`
  const open = `<ds:Signature xmlns:ds="${DS}">`
  const canonical = withDocument(`${open}${info}</ds:Signature>`, (document) =>
    canonicalForm(document, '/*/ds:SignedInfo'),
  )
  const value = createSign(`RSA-${hash.toUpperCase()}`).update(canonical).sign(privateKey, 'base64')
  const keyInfo = `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${bare(certificate)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`
  return xml.replace(
    mark,
    () => `${open}${info}<ds:SignatureValue>${value}</ds:SignatureValue>${keyInfo}</ds:Signature>`,
  )
}

/** Whether the root of a document is signed by the key of a certificate: the bridge’s requests and metadata are tried with it. */
export function isSignedBy(xml: string, certificate: string): boolean {
  const { info, digest, signature, at } = withDocument(xml, (document) => {
    const value = (xpath: string) => document.get(xpath, NAMESPACES)?.content ?? ''
    const node = document.get('/*/ds:Signature', NAMESPACES)
    return {
      info: canonicalForm(document, '/*/ds:Signature/ds:SignedInfo'),
      digest: value('/*/ds:Signature/ds:SignedInfo/ds:Reference/ds:DigestValue'),
      signature: value('/*/ds:Signature/ds:SignatureValue'),
      at: node instanceof XmlElement ? node.toString({ format: false }) : '',
    }
  })
  const start = xml.indexOf('<ds:Signature')
  const end = xml.indexOf('</ds:Signature>') + '</ds:Signature>'.length
  if (!at || start < 0) return false
  const unsigned = withDocument(xml.slice(0, start) + xml.slice(end), (document) =>
    canonicalForm(document, '/*'),
  )
  const isWhole = createHash('sha256').update(unsigned).digest('base64') === digest
  const key = new X509Certificate(certificate).publicKey
  return isWhole && createVerify('RSA-SHA256').update(info).verify(key, signature, 'base64')
}
