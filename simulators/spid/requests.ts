import { createVerify, X509Certificate } from 'node:crypto'
import { inflateRawSync } from 'node:zlib'
import { XmlDocument } from 'libxml2-wasm'
import { levelFromAcr } from '#lib/identity/levels.ts'
import { isSignedBy } from './signing.ts'

const NAMESPACES = {
  ds: 'http://www.w3.org/2000/09/xmldsig#',
  md: 'urn:oasis:names:tc:SAML:2.0:metadata',
  saml: 'urn:oasis:names:tc:SAML:2.0:assertion',
  samlp: 'urn:oasis:names:tc:SAML:2.0:protocol',
}
const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'

/** The values that these XPath expressions have in a document; '' where there is none. */
export function valuesIn<Name extends string>(
  xml: string,
  expressions: Readonly<Record<Name, string>>,
): Record<Name, string> {
  const document = XmlDocument.fromString(xml)
  try {
    const read = Object.entries<string>(expressions).map(([name, xpath]) => [
      name,
      document.get(xpath, NAMESPACES)?.content ?? '',
    ])
    return Object.fromEntries(read) as Record<Name, string>
  } finally {
    document.dispose()
  }
}

/** What the provider knows of a service: its metadata, as AgID distributes them. */
export type Service = { entityId: string; assertionConsumer: string; certificate: string }

/**
 * Reads the metadata of a service.
 * @throws Error where they are not signed by the key that they publish
 */
export function readService(metadata: string): Service {
  const { entityId, assertionConsumer, key } = valuesIn(metadata, {
    entityId: '/md:EntityDescriptor/@entityID',
    assertionConsumer: '//md:AssertionConsumerService[@index="0"]/@Location',
    key: '//md:KeyDescriptor[@use="signing"][1]//ds:X509Certificate',
  })
  const certificate = `-----BEGIN CERTIFICATE-----\n${key}\n-----END CERTIFICATE-----\n`
  if (!isSignedBy(metadata, certificate)) throw new Error('SPID simulator: the metadata are not signed')
  return { entityId, assertionConsumer, certificate }
}

export type Request = { id: string; level: 1 | 2 | 3; relayState: string }

const EXPECTED = {
  '/samlp:AuthnRequest/@Version': '2.0',
  '/samlp:AuthnRequest/@ForceAuthn': 'true',
  '/samlp:AuthnRequest/@AssertionConsumerServiceIndex': '0',
  '/samlp:AuthnRequest/saml:Issuer/@Format': 'urn:oasis:names:tc:SAML:2.0:nameid-format:entity',
  '/samlp:AuthnRequest/samlp:NameIDPolicy/@Format': 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient',
}

/** What the provider answers to a request that is not by the rules, one line each; the signature is judged elsewhere. */
function wrongIn(xml: string, service: Service, destination: string): string[] {
  const expected: Record<string, string> = {
    ...EXPECTED,
    '/samlp:AuthnRequest/@Destination': destination,
    '/samlp:AuthnRequest/saml:Issuer': service.entityId,
    '/samlp:AuthnRequest/saml:Issuer/@NameQualifier': service.entityId,
  }
  const found = valuesIn(xml, Object.fromEntries(Object.keys(expected).map((xpath) => [xpath, xpath])))
  return Object.keys(expected).filter((xpath) => found[xpath] !== expected[xpath])
}

function judged(
  xml: string,
  relayState: string,
  wrong: readonly string[],
): Request | { wrong: readonly string[] } {
  const { id, reference } = valuesIn(xml, {
    id: '/samlp:AuthnRequest/@ID',
    reference: '//saml:AuthnContextClassRef',
  })
  const level = levelFromAcr(reference)
  if (wrong.length > 0 || !level) return { wrong: level ? wrong : [...wrong, 'AuthnContextClassRef'] }
  return { id, level, relayState }
}

/** A request by `POST`, signed in its XML. */
export function readPost(form: URLSearchParams, service: Service, destination: string) {
  const xml = Buffer.from(form.get('SAMLRequest') ?? '', 'base64').toString('utf8')
  const signature = isSignedBy(xml, service.certificate) ? [] : ['Signature']
  return judged(xml, form.get('RelayState') ?? '', [...signature, ...wrongIn(xml, service, destination)])
}

/** A request by `Redirect`, signed over the characters of its query. */
export function readRedirect(query: string, service: Service, destination: string) {
  const parameters = new URLSearchParams(query)
  const xml = inflateRawSync(Buffer.from(parameters.get('SAMLRequest') ?? '', 'base64')).toString('utf8')
  const signed = query.slice(0, query.lastIndexOf('&Signature='))
  const isSigned =
    parameters.get('SigAlg') === RSA_SHA256 &&
    createVerify('RSA-SHA256')
      .update(signed)
      .verify(new X509Certificate(service.certificate).publicKey, parameters.get('Signature') ?? '', 'base64')
  const signature = isSigned && !xml.includes('Signature') ? [] : ['Signature']
  return judged(xml, parameters.get('RelayState') ?? '', [
    ...signature,
    ...wrongIn(xml, service, destination),
  ])
}
