import { createPrivateKey, randomBytes } from 'node:crypto'
import { newCertificate } from '#bridge/spid/certificate.ts'
import { type SimulatedPerson, simulatedPeople } from '#simulators/identity/people.ts'
import type { AnswerValues } from './answers.ts'
import { answerOf, type Case, type Keys } from './cases.ts'
import type { Request, Service } from './requests.ts'
import { bare, type SigningKey } from './signing.ts'

const SAML = 'urn:oasis:names:tc:SAML:2.0'
const BINDINGS = ['HTTP-POST', 'HTTP-Redirect']

/** A key with a certificate, as an identity provider has one. */
export function newSigningKey(uri: string, now: Date): SigningKey {
  const subject = {
    commonName: 'Gestore di prova',
    organizationName: 'Gestore di prova',
    uri,
    organizationIdentifier: 'VATIT-00743110157',
    countryName: 'IT',
    localityName: 'Roma',
  } as const
  const { certificate, privateKey } = newCertificate('private', subject, { now, days: 30, bits: 2048 })
  return { certificate, privateKey: createPrivateKey(privateKey) }
}

/** The metadata of the simulated provider, with one key or, while it changes, two. */
export const metadataXml = (entityId: string, signOn: string, certificates: readonly string[]): string =>
  `<md:EntityDescriptor xmlns:md="${SAML}:metadata" entityID="${entityId}"><md:IDPSSODescriptor WantAuthnRequestsSigned="true" protocolSupportEnumeration="${SAML}:protocol">${certificates.map((one) => `<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>${bare(one)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`).join('')}<md:NameIDFormat>${SAML}:nameid-format:transient</md:NameIDFormat>${BINDINGS.map((binding) => `<md:SingleSignOnService Binding="${SAML}:bindings:${binding}" Location="${signOn}"/>`).join('')}</md:IDPSSODescriptor></md:EntityDescriptor>`

/** What the provider says of a person. */
export const attributesOf = (person: SimulatedPerson): Record<string, string> => ({
  spidCode: 'PROV0000000001',
  name: person.givenName,
  familyName: person.familyName,
  fiscalNumber: `TINIT-${person.fiscalCode}`,
  dateOfBirth: person.birthDay,
  email: person.email,
})

const newId = (): string => `_${randomBytes(16).toString('hex')}`

/** Everything that an answer to a request says, by the rules. */
export const valuesFor = (
  provider: string,
  service: Service,
  request: Pick<Request, 'id' | 'level'>,
  now: number,
  person = simulatedPeople[0] as SimulatedPerson,
): AnswerValues => ({
  provider,
  service: service.entityId,
  assertionConsumer: service.assertionConsumer,
  requestId: request.id,
  level: request.level,
  now,
  responseId: newId(),
  assertionId: newId(),
  attributes: attributesOf(person),
})

/** The `SAMLResponse` of a case. */
export const encodedAnswer = (values: AnswerValues, one: Case, keys: Keys): string =>
  Buffer.from(answerOf(values, one, keys)).toString('base64')
