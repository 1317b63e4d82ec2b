import { atLeast, type Level, levelFromAcr } from '#lib/identity/levels.ts'
import { codeOfProviderError, type SignInErrorCode } from '#lib/identity/sign-in-errors.ts'
import { personIn, type SpidPerson } from './answer-attributes.ts'
import type { AnswerCheck } from './answer-checks.ts'
import { AnswerRefused, childOf, expectThat, readAnswer, readSigned, refuse } from './answer-document.ts'
import type { AuthnRequest } from './authn-request.ts'
import type { IdentityProvider } from './identity-provider.ts'
import { readInstant } from './instant.ts'
import { FORMAT_ENTITY, FORMAT_TRANSIENT, METHOD_BEARER, STATUS_SUCCESS } from './names.ts'
import { verifiedText } from './signature.adapter.ts'
import { attributeOf, textOf, type XmlElement } from './xml.ts'

/**
 * The checks of an identity provider's answer (spid-regole-tecniche, single-sign-on; AgID's list of cases). What is believed is
 * read from the bytes that a signature vouches for, and from nothing else; an unsigned Response can only be refused.
 */
export type AnswerContext = {
  request: AuthnRequest
  entityId: string
  assertionConsumer: string
  /** The provider that was asked: no other may answer. */
  provider: IdentityProvider
  now: Date
}

export type SignedIn = {
  person: SpidPerson
  level: Level
  authenticatedAt: Date
  responseId: string
  assertionId: string
  /** For the logout that level 1 asks for. */
  nameId: string
  nameQualifier: string
  sessionIndex: string | null
}

export type AnswerJudgement =
  | { ok: true; value: SignedIn }
  | { ok: false; check: AnswerCheck; code: SignInErrorCode }

/** How far our clock and the provider's may be apart. */
const SKEW_MS = 60_000
const SECOND_MS = 1_000

/** What the person is told, where it is not that the answer could not be verified. */
const CODES: Partial<Record<AnswerCheck, SignInErrorCode>> = {
  level: 'livello-insufficiente',
  'attribute-missing': 'dati-incompleti',
  'fiscal-number': 'codice-fiscale-non-valido',
  'legal-person': 'identita-professionale',
}

const value = (element: XmlElement | null, name: string): string =>
  (element && attributeOf(element, name)) ?? ''
const content = (element: XmlElement | null): string => (element && textOf(element)) ?? ''

/** A moment at which something was made: not before the question, and not in the future. */
function expectMadeInTime(check: AnswerCheck, written: string, { request, now }: AnswerContext): void {
  const instant = readInstant(written)
  // A provider that answers in whole seconds may seem earlier than a question asked with a fraction of one.
  const earliest = Math.floor(request.instant.getTime() / SECOND_MS) * SECOND_MS
  expectThat(check, instant !== null && instant >= earliest && instant <= now.getTime() + SKEW_MS)
}

function expectNotOver(check: AnswerCheck, written: string, now: Date): void {
  const end = readInstant(written)
  expectThat(check, end !== null && now.getTime() - SKEW_MS < end)
}

function expectIssuer(check: AnswerCheck, parent: XmlElement, entityId: string, needsFormat: boolean): void {
  const issuer = childOf(parent, 'saml', 'Issuer')
  const format = issuer && attributeOf(issuer, 'Format')
  const isFormatGood = format === null ? !needsFormat : format === FORMAT_ENTITY
  expectThat(check, issuer !== null && content(issuer) === entityId && isFormatGood)
}

/** Cases 8–21, 27–31. */
function expectResponse(response: XmlElement, context: AnswerContext): void {
  expectThat('response-version', value(response, 'Version') === '2.0')
  expectMadeInTime('response-instant', value(response, 'IssueInstant'), context)
  expectThat('response-request', value(response, 'InResponseTo') === context.request.id)
  expectThat('response-destination', value(response, 'Destination') === context.assertionConsumer)
  expectIssuer('response-issuer', response, context.provider.entityId, false)
}

/**
 * Cases 22–26 and the anomalies. The second code of a failure is not read: the rules themselves misspell its name. The message
 * is read for the number of the anomaly only, and never shown.
 */
function expectSuccess(response: XmlElement): void {
  const status = childOf(response, 'samlp', 'Status')
  const code = value(childOf(status, 'samlp', 'StatusCode'), 'Value')
  expectThat('status', code !== '')
  if (code === STATUS_SUCCESS) return
  throw new AnswerRefused('status-failure', content(childOf(status, 'samlp', 'StatusMessage')))
}

/** Cases 33–40 and 67–72. */
function expectAssertion(assertion: XmlElement, context: AnswerContext): void {
  expectThat('assertion-version', value(assertion, 'Version') === '2.0')
  expectMadeInTime('assertion-instant', value(assertion, 'IssueInstant'), context)
  expectIssuer('assertion-issuer', assertion, context.provider.entityId, true)
}

/** Cases 41–66. */
function subjectIn(assertion: XmlElement, context: AnswerContext) {
  const subject = childOf(assertion, 'saml', 'Subject')
  expectThat('subject', subject !== null && subject.children.length > 0)
  const nameId = childOf(subject, 'saml', 'NameID')
  const nameQualifier = value(nameId, 'NameQualifier')
  expectThat('name-id', content(nameId) !== '' && value(nameId, 'Format') === FORMAT_TRANSIENT)
  expectThat('name-id', nameQualifier !== '')
  const confirmation = childOf(subject, 'saml', 'SubjectConfirmation')
  const data = childOf(confirmation, 'saml', 'SubjectConfirmationData')
  expectThat('confirmation', value(confirmation, 'Method') === METHOD_BEARER && data !== null)
  expectThat('recipient', value(data, 'Recipient') === context.assertionConsumer)
  expectThat('confirmation-request', value(data, 'InResponseTo') === context.request.id)
  expectNotOver('confirmation-end', value(data, 'NotOnOrAfter'), context.now)
  return { nameId: content(nameId), nameQualifier }
}

/** Cases 73–87. */
function expectConditions(assertion: XmlElement, { entityId, now }: AnswerContext): void {
  const conditions = childOf(assertion, 'saml', 'Conditions')
  expectThat('conditions', conditions !== null && conditions.attributes.length > 0)
  const begin = readInstant(value(conditions, 'NotBefore'))
  expectThat('conditions-begin', begin !== null && begin <= now.getTime() + SKEW_MS)
  expectNotOver('conditions-end', value(conditions, 'NotOnOrAfter'), now)
  const audience = childOf(childOf(conditions, 'saml', 'AudienceRestriction'), 'saml', 'Audience')
  expectThat('audience', content(audience) === entityId)
}

/** Cases 88–97. */
function authenticationIn(assertion: XmlElement, { request, now }: AnswerContext) {
  const statement = childOf(assertion, 'saml', 'AuthnStatement')
  const reached = childOf(childOf(statement, 'saml', 'AuthnContext'), 'saml', 'AuthnContextClassRef')
  const level = levelFromAcr(content(reached)) ?? refuse('authentication')
  const instant = readInstant(value(statement, 'AuthnInstant')) ?? refuse('authentication')
  expectThat('authentication', instant <= now.getTime() + SKEW_MS)
  expectThat('level', atLeast(level, request.level))
  return {
    level,
    authenticatedAt: new Date(instant),
    sessionIndex: value(statement, 'SessionIndex') || null,
  }
}

function accept(encoded: string, context: AnswerContext): SignedIn {
  const { text, response: came } = readAnswer(encoded)
  const { keys } = context.provider
  expectThat('response-id', value(came, 'ID') !== '')
  const signature = childOf(came, 'ds', 'Signature')
  const signed =
    signature && (verifiedText(text, signature, value(came, 'ID'), keys) ?? refuse('response-signature'))
  const response = signed === null ? came : readSigned(signed, 'Response')
  expectResponse(response, context)
  expectSuccess(response)
  const arrived = childOf(came, 'saml', 'Assertion') ?? refuse('assertion-missing')
  const id = value(arrived, 'ID')
  expectThat('assertion-id', id !== '')
  const own = childOf(arrived, 'ds', 'Signature') ?? refuse('assertion-signature')
  const assertion = readSigned(
    verifiedText(text, own, id, keys) ?? refuse('assertion-signature'),
    'Assertion',
  )
  expectThat('assertion-signature', value(assertion, 'ID') === id)
  expectAssertion(assertion, context)
  const subject = subjectIn(assertion, context)
  expectConditions(assertion, context)
  const authentication = authenticationIn(assertion, context)
  return {
    person: personIn(assertion),
    ...authentication,
    ...subject,
    responseId: value(response, 'ID'),
    assertionId: id,
  }
}

/**
 * Judges the `SAMLResponse` of a form against the question that it must answer. That the question is still open, and that this
 * browser asked it, is for the caller to know.
 */
export function judgeAnswer(encoded: string, context: AnswerContext): AnswerJudgement {
  try {
    return { ok: true, value: accept(encoded, context) }
  } catch (error) {
    if (!(error instanceof AnswerRefused)) throw error
    const { check, anomaly } = error
    const code =
      check === 'status-failure' ? codeOfProviderError('', anomaly) : (CODES[check] ?? 'risposta-non-valida')
    return { ok: false, check, code }
  }
}
