import { createPrivateKey, X509Certificate } from 'node:crypto'
import { type AnswerContext, type AnswerJudgement, judgeAnswer } from '#bridge/spid/answer.ts'
import type { AuthnRequest } from '#bridge/spid/authn-request.ts'
import { newCertificate } from '#bridge/spid/certificate.ts'
import { type Entity, readEntities, subjectOf } from '#bridge/spid/entity.input.ts'
import { readIdentityProvider } from '#bridge/spid/identity-provider.ts'
import type { Level } from '#lib/identity/levels.ts'
import type { AnswerValues } from '#simulators/spid/answers.ts'
import { answerOf, CASES, type Case, type Keys } from '#simulators/spid/cases.ts'
import { metadataXml, newSigningKey, valuesFor } from '#simulators/spid/provider.ts'

/** The moment of these tests: half a second past, as a clock is. */
export const NOW = new Date('2026-12-01T08:30:15.500Z')
export const PROVIDER = 'https://gestore.example'
export const SIGN_ON = `${PROVIDER}/sso`

const KEYS = [{ certificateFile: 'attuale.crt', privateKeyFile: 'attuale.key' }]
export const PUBLIC_FILE = {
  name: 'borgo',
  kind: 'public',
  entityId: 'https://accesso.example/spid/borgo',
  organization: {
    name: 'Comune di Borgo',
    displayName: 'Comune di Borgo & mense «Sole»',
    url: 'https://www.comune.borgo.example',
    locality: 'Borgo',
  },
  serviceName: 'Mensa scolastica',
  assertionConsumer: 'https://accesso.example/spid/borgo/acs',
  singleLogout: 'https://accesso.example/spid/borgo/slo',
  keys: KEYS,
  contact: { email: 'spid@comune.borgo.example', telephone: '+390212345678', ipaCode: 'c_b123' },
} as const
export const PRIVATE_FILE = {
  ...PUBLIC_FILE,
  name: 'coop',
  kind: 'private',
  entityId: 'https://accesso.example/spid/coop',
  assertionConsumer: 'https://accesso.example/spid/coop/acs',
  singleLogout: 'https://accesso.example/spid/coop/slo',
  contact: { email: 'spid@coop.example', telephone: '+390212345678', vatNumber: 'IT00743110157' },
  billing: {
    email: 'fatture@coop.example',
    company: 'Cooperativa Sole',
    vatNumber: 'IT00743110157',
    address: 'via Roma',
    streetNumber: '1',
    postCode: '20100',
    town: 'Milano',
    province: 'MI',
  },
} as const

/** The entities of a file that must be good. */
export function entitiesIn(...files: readonly object[]): Entity[] {
  const read = readEntities({ entities: files })
  if ('wrong' in read) throw new Error(read.wrong.join('; '))
  return read.entities
}
export const [BORGO, COOP] = entitiesIn(PUBLIC_FILE, PRIVATE_FILE) as [Entity, Entity]

const made = new Map<string, { certificate: string; privateKey: string }>()
/** The certificate and key of an entity: made once for a test process, because RSA keys take time. */
export function keysOf(entity: Entity) {
  const known =
    made.get(entity.name) ??
    newCertificate(entity.kind, subjectOf(entity), { now: NOW, days: 700, bits: 2048 })
  made.set(entity.name, known)
  return {
    ...known,
    key: createPrivateKey(known.privateKey),
    publicKey: new X509Certificate(known.certificate).publicKey,
  }
}

const own = newSigningKey(PROVIDER, NOW)
export const SIGNING: Keys = {
  own,
  other: newSigningKey('https://altro.example', NOW),
  metadata: metadataXml(PROVIDER, SIGN_ON, [own.certificate]),
}

/** A request of Borgo that waits for its answer. */
export function contextOf(level: Level = 2): AnswerContext {
  const request: AuthnRequest = {
    id: '_8f14e45fceea167a5a36dedd4bea2543',
    instant: new Date(NOW.getTime() - 700),
    level,
  }
  return {
    request,
    entityId: BORGO.entityId,
    assertionConsumer: BORGO.assertionConsumer,
    provider: readIdentityProvider(SIGNING.metadata),
    now: NOW,
  }
}

/** What the provider says when it answers that request by the rules. */
export function valuesOf({ request, entityId, assertionConsumer }: AnswerContext): AnswerValues {
  const service = { entityId, assertionConsumer, certificate: '' }
  const values = valuesFor(PROVIDER, service, request, NOW.getTime())
  return { ...values, responseId: '_response-1', assertionId: '_assertion-1' }
}

/** A case by its number. */
export const caseOf = (number: string): Case => {
  const found = CASES.find((one) => one.number === number)
  if (!found) throw new Error(`there is no case ${number}`)
  return found
}

export const encode = (xml: string): string => Buffer.from(xml).toString('base64')

/** What the bridge says of an answer in XML. */
export const judge = (xml: string, context: AnswerContext = contextOf()): AnswerJudgement =>
  judgeAnswer(encode(xml), context)

/** What the bridge says of a case, its own or a numbered one. */
export const judgeCase = (one: Case, context: AnswerContext = contextOf()): AnswerJudgement =>
  judge(answerOf(valuesOf(context), one, SIGNING), context)

/** An answer that is changed before the provider signs it, or after. */
export const tampered = (change: Omit<Case, 'number' | 'title' | 'expected'>): Case => ({
  number: 'x',
  title: 'x',
  expected: 'refused',
  ...change,
})

/** The good answer, signed. */
export const goodXml = (context: AnswerContext = contextOf()): string =>
  answerOf(valuesOf(context), caseOf('1'), SIGNING)
