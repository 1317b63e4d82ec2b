import { createSign, type KeyObject, randomBytes } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import { acrOfLevel, type Level } from '#lib/identity/levels.ts'
import type { Entity } from './entity.input.ts'
import type { IdentityProvider } from './identity-provider.ts'
import { writeInstant } from './instant.ts'
import { FORMAT_ENTITY, FORMAT_TRANSIENT } from './names.ts'
import { REDIRECT_ALGORITHM, signXml } from './signature.adapter.ts'
import { element, writeXml, type XmlElement } from './xml.ts'

/** A question to an identity provider; the answer is judged against exactly this. */
export type AuthnRequest = { id: string; instant: Date; level: Level }

const ID_BYTES = 20

/** An identifier that XML allows and that cannot be guessed. */
export const newId = (): string => `_${randomBytes(ID_BYTES).toString('hex')}`

/**
 * The request by the rules: no `IsPassive`, `AllowCreate`, `Scoping` or address of our own; the level as a minimum, because a
 * provider that identifies above it must not be refused.
 */
const documentOf = (entity: Entity, destination: string, { id, instant, level }: AuthnRequest): XmlElement =>
  element(
    'samlp:AuthnRequest',
    {
      ID: id,
      Version: '2.0',
      IssueInstant: writeInstant(instant),
      Destination: destination,
      ForceAuthn: 'true',
      AssertionConsumerServiceIndex: '0',
      AttributeConsumingServiceIndex: '0',
    },
    [
      element('saml:Issuer', { Format: FORMAT_ENTITY, NameQualifier: entity.entityId }, [entity.entityId]),
      element('samlp:NameIDPolicy', { Format: FORMAT_TRANSIENT }),
      element('samlp:RequestedAuthnContext', { Comparison: 'minimum' }, [
        element('saml:AuthnContextClassRef', {}, [acrOfLevel(level)]),
      ]),
    ],
  )

/** What a form posts to the identity provider; null where it takes no `POST`. */
export function postOf(
  entity: Entity,
  provider: IdentityProvider,
  request: AuthnRequest,
  { relayState, key, certificate }: { relayState: string; key: KeyObject; certificate: string },
): { action: string; fields: { SAMLRequest: string; RelayState: string } } | null {
  const action = provider.signOn.post
  if (!action) return null
  const xml = signXml(documentOf(entity, action, request), 'second', { key, certificate })
  return { action, fields: { SAMLRequest: Buffer.from(xml).toString('base64'), RelayState: relayState } }
}

/** The address of a request by `Redirect`: the signature is over the very characters of the query; null where it takes none. */
export function redirectOf(
  entity: Entity,
  provider: IdentityProvider,
  request: AuthnRequest,
  { relayState, key }: { relayState: string; key: KeyObject },
): string | null {
  const location = provider.signOn.redirect
  if (!location) return null
  const deflated = deflateRawSync(writeXml(documentOf(entity, location, request))).toString('base64')
  const query = [
    `SAMLRequest=${encodeURIComponent(deflated)}`,
    `RelayState=${encodeURIComponent(relayState)}`,
    `SigAlg=${encodeURIComponent(REDIRECT_ALGORITHM.uri)}`,
  ].join('&')
  const signature = createSign(REDIRECT_ALGORITHM.name).update(query).sign(key, 'base64')
  const separator = location.includes('?') ? '&' : '?'
  return `${location}${separator}${query}&Signature=${encodeURIComponent(signature)}`
}
