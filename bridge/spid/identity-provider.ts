import { type KeyObject, X509Certificate } from 'node:crypto'
import { BINDING_POST, BINDING_REDIRECT } from './names.ts'
import { allIn, attributeOf, childrenNamed, isNamed, readXml, textOf, type XmlElement } from './xml.ts'

/** An identity provider, as the registry describes it. */
export type IdentityProvider = {
  entityId: string
  /** Where a request goes, by binding. */
  signOn: { post: string | null; redirect: string | null }
  /** Every signing key that it has now: the answer may be signed by any, while a provider changes its key. */
  keys: readonly KeyObject[]
}

const locationOf = (descriptor: XmlElement, binding: string): string | null => {
  const service = childrenNamed(descriptor, 'md', 'SingleSignOnService').find(
    (one) => attributeOf(one, 'Binding') === binding,
  )
  return service ? attributeOf(service, 'Location') : null
}

function keyIn(certificate: XmlElement): KeyObject {
  const base64 = (textOf(certificate) ?? '').replace(/\s/g, '')
  return new X509Certificate(Buffer.from(base64, 'base64')).publicKey
}

/**
 * Reads the metadata of one identity provider. Its keys are those for signing inside its role; the certificate of the document's
 * own signature is another, and trusting that one is a known mistake.
 * @throws Error where the document is no metadata of an identity provider, or has no signing key
 */
export function readIdentityProvider(text: string): IdentityProvider {
  const root = readXml(text)
  const [role, ...others] = childrenNamed(root, 'md', 'IDPSSODescriptor')
  const entityId = attributeOf(root, 'entityID')
  if (!isNamed(root, 'md', 'EntityDescriptor') || !entityId || !role || others.length > 0)
    throw new Error('SPID: the text is not the metadata of one identity provider')
  const keys = childrenNamed(role, 'md', 'KeyDescriptor')
    .filter((descriptor) => (attributeOf(descriptor, 'use') ?? 'signing') === 'signing')
    .flatMap(allIn)
    .filter((node) => isNamed(node, 'ds', 'X509Certificate'))
    .map(keyIn)
  if (keys.length === 0) throw new Error('SPID: the identity provider has no signing key')
  return {
    entityId,
    signOn: { post: locationOf(role, BINDING_POST), redirect: locationOf(role, BINDING_REDIRECT) },
    keys,
  }
}
