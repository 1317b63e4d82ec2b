import { createHash, createSign, createVerify, type KeyObject } from 'node:crypto'
import { type HashAlgorithm, type SignatureAlgorithm, SignedXml } from 'xml-crypto'
import { attributeOf, childrenNamed, elementsIn, textOf, writeXml, type XmlElement } from './xml.ts'

/**
 * XML signatures by `xml-crypto`, narrowed to what SPID allows. Keys come from our own registry: `KeyInfo` is never asked. What a
 * verification gives back are the bytes whose digest was signed, and callers read nothing else.
 */
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature'
const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'
const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256'
const LEAST_BITS = 2048

/** Neither SHA-1 nor HMAC, which would take a public key for a secret. */
const SIGNATURES = new Map([
  [RSA_SHA256, 'RSA-SHA256'],
  ['http://www.w3.org/2001/04/xmldsig-more#rsa-sha384', 'RSA-SHA384'],
  ['http://www.w3.org/2001/04/xmldsig-more#rsa-sha512', 'RSA-SHA512'],
])
const DIGESTS = new Map([
  [SHA256, 'sha256'],
  ['http://www.w3.org/2001/04/xmldsig-more#sha384', 'sha384'],
  ['http://www.w3.org/2001/04/xmlenc#sha512', 'sha512'],
])

/** The signature algorithm of the `Redirect` binding that we send, and its name for Node. */
export const REDIRECT_ALGORITHM = { uri: RSA_SHA256, name: 'RSA-SHA256' } as const

const signatureAlgorithm = (uri: string, name: string) =>
  class implements SignatureAlgorithm {
    getAlgorithmName = () => uri
    getSignature = ((material, key) =>
      createSign(name).update(material).sign(key, 'base64')) as SignatureAlgorithm['getSignature']
    verifySignature = ((material, key, value) =>
      createVerify(name)
        .update(material)
        .verify(key, value, 'base64')) as SignatureAlgorithm['verifySignature']
  }

const hashAlgorithm = (uri: string, name: string) =>
  class implements HashAlgorithm {
    getAlgorithmName = () => uri
    getHash = (text: string) => createHash(name).update(text, 'utf8').digest('base64')
  }

function narrowed(options: ConstructorParameters<typeof SignedXml>[0]): SignedXml {
  const signed = new SignedXml({ ...options, getCertFromKeyInfo: () => null })
  // One spelling instead of three: each is a walk through the document, and the reader has refused a doubled one in any spelling.
  signed.idAttributes = ['ID']
  const { CanonicalizationAlgorithms: known } = signed
  signed.CanonicalizationAlgorithms = {
    [EXCLUSIVE]: known[EXCLUSIVE],
    [ENVELOPED]: known[ENVELOPED],
  } as typeof known
  signed.SignatureAlgorithms = Object.fromEntries(
    [...SIGNATURES].map(([uri, name]) => [uri, signatureAlgorithm(uri, name)]),
  )
  signed.HashAlgorithms = Object.fromEntries(
    [...DIGESTS].map(([uri, name]) => [uri, hashAlgorithm(uri, name)]),
  )
  return signed
}

const algorithmOf = (parent: XmlElement, name: string): XmlElement | null => {
  const found = childrenNamed(parent, 'ds', name)
  return found.length === 1 ? (found[0] as XmlElement) : null
}
const isAlgorithm = (element: XmlElement | null | undefined, known: Iterable<string>): boolean =>
  !!element && [...known].includes(attributeOf(element, 'Algorithm') ?? '')
const isEmpty = (element: XmlElement | null | undefined): boolean => element?.children.length === 0

/** Exactly one reference to `id`, transformed exactly as SAML says: enveloped signature, exclusive canonical XML. */
function isPlainReference(reference: XmlElement, id: string): boolean {
  const [transforms, digest, value, ...others] = elementsIn(reference)
  if (!transforms || !digest || !value || others.length > 0) return false
  const [enveloped, exclusive, ...more] = elementsIn(transforms)
  const named = [transforms, digest, value].map(({ local }) => local).join()
  return (
    named === 'Transforms,DigestMethod,DigestValue' &&
    attributeOf(reference, 'URI') === `#${id}` &&
    more.length === 0 &&
    isAlgorithm(enveloped, [ENVELOPED]) &&
    isEmpty(enveloped) &&
    isAlgorithm(exclusive, [EXCLUSIVE]) &&
    isAlgorithm(digest, DIGESTS.keys()) &&
    isEmpty(digest)
  )
}

/** Whether a `Signature` has the one shape that we take: judged before the library sees it. */
function isPlainSignature(signature: XmlElement, id: string): boolean {
  const [info, value, keyInfo, ...others] = elementsIn(signature)
  if (info?.local !== 'SignedInfo' || value?.local !== 'SignatureValue' || others.length > 0) return false
  if (keyInfo && keyInfo.local !== 'KeyInfo') return false
  const canonicalization = algorithmOf(info, 'CanonicalizationMethod')
  const method = algorithmOf(info, 'SignatureMethod')
  const reference = algorithmOf(info, 'Reference')
  return (
    elementsIn(info).length === 3 &&
    isAlgorithm(canonicalization, [EXCLUSIVE]) &&
    isEmpty(canonicalization) &&
    isAlgorithm(method, SIGNATURES.keys()) &&
    isEmpty(method) &&
    reference !== null &&
    isPlainReference(reference, id) &&
    Boolean(textOf(value))
  )
}

const isStrong = (key: KeyObject): boolean =>
  key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= LEAST_BITS

function verifiedWith(text: string, signature: string, key: KeyObject): string | null {
  try {
    const signed = narrowed({ publicCert: key })
    signed.loadSignature(signature)
    const references = signed.checkSignature(text) ? signed.getSignedReferences() : []
    return references.length === 1 ? (references[0] as string) : null
  } catch {
    // The library throws for what it cannot read and for a wrong signature alike: neither is a defect of ours.
    return null
  }
}

/**
 * The canonical text that a signature of the document vouches for; null where no key made it.
 * @param text the whole document, which `readXml` has read
 * @param signature the `Signature` in it
 * @param id the `ID` of the element that it must sign
 */
export function verifiedText(
  text: string,
  signature: XmlElement,
  id: string,
  keys: readonly KeyObject[],
): string | null {
  if (!isPlainSignature(signature, id)) return null
  const written = writeXml(signature)
  for (const key of keys.filter(isStrong)) {
    const signed = verifiedWith(text, written, key)
    if (signed !== null) return signed
  }
  return null
}

/**
 * A document of ours, signed as SPID asks: enveloped, RSA with SHA-256, the certificate in `KeyInfo`.
 * @param where the place of the signature: before the first child, or after it
 */
export function signXml(
  document: XmlElement,
  where: 'first' | 'second',
  { key, certificate }: { key: KeyObject; certificate: string },
): string {
  const signing = narrowed({ privateKey: key, publicCert: certificate })
  signing.signatureAlgorithm = RSA_SHA256
  signing.canonicalizationAlgorithm = EXCLUSIVE
  signing.addReference({ xpath: '/*', transforms: [ENVELOPED, EXCLUSIVE], digestAlgorithm: SHA256 })
  signing.computeSignature(writeXml(document), {
    prefix: 'ds',
    location: { reference: '/*/*[1]', action: where === 'first' ? 'before' : 'after' },
  })
  return signing.getSignedXml()
}
