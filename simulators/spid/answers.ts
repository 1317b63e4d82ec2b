import type { Level } from '#lib/identity/levels.ts'

/** What an answer of the simulated provider says; dates as SAML writes them. */
export type AnswerValues = {
  provider: string
  service: string
  assertionConsumer: string
  requestId: string
  level: Level
  /** Now, in milliseconds. */
  now: number
  responseId: string
  assertionId: string
  attributes: Readonly<Record<string, string>>
}

/** Where the signatures go; without one, the mark is taken away. */
export const RESPONSE_MARK = '{{response signature}}'
export const ASSERTION_MARK = '{{assertion signature}}'

const SAML = 'urn:oasis:names:tc:SAML:2.0'
export const TRANSIENT = `${SAML}:nameid-format:transient`
const ENTITY = `${SAML}:nameid-format:entity`
const MINUTES = 60_000

/** A moment as SAML writes it, in whole seconds. */
export const saml = (instant: number): string => `${new Date(instant).toISOString().slice(0, 19)}Z`

export const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)

const attributeXml = ([name, value]: [string, string]): string =>
  `<saml:Attribute Name="${name}" NameFormat="${SAML}:attrname-format:basic"><saml:AttributeValue xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="xs:string">${escaped(value)}</saml:AttributeValue></saml:Attribute>`

/** The assertion by the rules, unsigned. The text of a NameID may have blanks around it, as AgID’s own tester sends. */
export const assertionXml = (it: AnswerValues): string =>
  `<saml:Assertion xmlns:saml="${SAML}:assertion" ID="${it.assertionId}" Version="2.0" IssueInstant="${saml(it.now)}"><saml:Issuer Format="${ENTITY}">${it.provider}</saml:Issuer>${ASSERTION_MARK}<saml:Subject><saml:NameID Format="${TRANSIENT}" NameQualifier="${it.provider}">\n  _transient-${it.assertionId}\n</saml:NameID><saml:SubjectConfirmation Method="${SAML}:cm:bearer"><saml:SubjectConfirmationData Recipient="${it.assertionConsumer}" InResponseTo="${it.requestId}" NotOnOrAfter="${saml(it.now + 5 * MINUTES)}"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="${saml(it.now)}" NotOnOrAfter="${saml(it.now + 5 * MINUTES)}"><saml:AudienceRestriction><saml:Audience>${it.service}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="${saml(it.now)}" SessionIndex="_session-${it.assertionId}"><saml:AuthnContext><saml:AuthnContextClassRef>https://www.spid.gov.it/SpidL${it.level}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>${Object.entries(it.attributes).map(attributeXml).join('')}</saml:AttributeStatement></saml:Assertion>`

/** The whole answer by the rules, unsigned, around this assertion or none. */
export const responseXml = (it: AnswerValues, inside = assertionXml(it)): string =>
  `<samlp:Response xmlns:samlp="${SAML}:protocol" xmlns:saml="${SAML}:assertion" ID="${it.responseId}" Version="2.0" IssueInstant="${saml(it.now)}" InResponseTo="${it.requestId}" Destination="${it.assertionConsumer}"><saml:Issuer Format="${ENTITY}">${it.provider}</saml:Issuer>${RESPONSE_MARK}<samlp:Status><samlp:StatusCode Value="${SAML}:status:Success"/></samlp:Status>${inside}</samlp:Response>`

/** The status of an access that did not succeed, as SPID’s table has it. */
export const failedStatus = (message: string): string =>
  `<samlp:Status><samlp:StatusCode Value="${SAML}:status:Responder"><samlp:StatusCode Value="${SAML}:status:AuthnFailed"/></samlp:StatusCode><samlp:StatusMessage>${escaped(message)}</samlp:StatusMessage></samlp:Status>`
