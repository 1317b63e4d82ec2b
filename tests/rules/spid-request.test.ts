import { X509Certificate } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type AuthnRequest, newId, postOf, redirectOf } from '#bridge/spid/authn-request.ts'
import { daysUntilEnd, newCertificate, wrongInCertificate } from '#bridge/spid/certificate.ts'
import { type Entity, readEntities, subjectOf } from '#bridge/spid/entity.input.ts'
import { readIdentityProvider } from '#bridge/spid/identity-provider.ts'
import { metadataOf } from '#bridge/spid/metadata.ts'
import { readXml, writeXml } from '#bridge/spid/xml.ts'
import type { Level } from '#lib/identity/levels.ts'
import { metadataXml } from '#simulators/spid/provider.ts'
import { readPost, readRedirect, readService, valuesIn } from '#simulators/spid/requests.ts'
import { isSignedBy } from '#simulators/spid/signing.ts'
import {
  BORGO,
  COOP,
  keysOf,
  NOW,
  PRIVATE_FILE,
  PROVIDER,
  PUBLIC_FILE,
  SIGN_ON,
  SIGNING,
} from '#tests/support/spid.ts'

const LEVELS: readonly Level[] = [1, 2, 3]
const provider = readIdentityProvider(SIGNING.metadata)

function metadataFor(entity: Entity, ...more: string[]): string {
  const { key, certificate } = keysOf(entity)
  return metadataOf(entity, '_metadata', { key, certificates: [certificate, ...more] })
}
const serviceOf = (entity: Entity) => readService(metadataFor(entity))

describe.each([BORGO, COOP])('the metadata of $name', (entity) => {
  const xml = metadataFor(entity)

  test('are signed by the key that they publish, for other code than ours', () => {
    expect(isSignedBy(xml, keysOf(entity).certificate)).toBe(true)
    expect(isSignedBy(xml.replace('Mensa', 'Cassa'), keysOf(entity).certificate)).toBe(false)
    expect(isSignedBy(xml, SIGNING.other.certificate)).toBe(false)
  })

  test('say what the rules ask, and neither an end nor a term', () => {
    const read = valuesIn(xml, {
      entityId: '/md:EntityDescriptor/@entityID',
      method: '//ds:SignatureMethod/@Algorithm',
      signed: '//md:SPSSODescriptor/@AuthnRequestsSigned',
      wanted: '//md:SPSSODescriptor/@WantAssertionsSigned',
      nameId: '//md:NameIDFormat',
      consumer: '//md:AssertionConsumerService[@index="0"][@isDefault="true"]/@Location',
      logout: '//md:SingleLogoutService/@Location',
      name: '//md:OrganizationName[@xml:lang="it"]',
      display: '//md:OrganizationDisplayName',
      company: '//md:ContactPerson[@contactType="other"]/md:Company',
      telephone: '//md:ContactPerson[@contactType="other"]/md:TelephoneNumber',
    })
    expect(read).toEqual({
      entityId: entity.entityId,
      method: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
      signed: 'true',
      wanted: 'true',
      nameId: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient',
      consumer: entity.assertionConsumer,
      logout: entity.singleLogout,
      name: entity.organization.name,
      display: entity.organization.displayName,
      company: entity.organization.name,
      telephone: entity.contact.telephone,
    })
    expect(xml).toMatch(/^<md:EntityDescriptor [^>]+><ds:Signature /)
    expect(xml).not.toMatch(/validUntil|cacheDuration|use="encryption"/)
  })
})

describe('the kind of a body', () => {
  const extensionsOf = (entity: Entity) =>
    valuesIn(metadataFor(entity), {
      ipa: '//*[local-name()="IPACode"]',
      vat: '//*[local-name()="VATNumber"]',
      invoiced: '//md:ContactPerson[@contactType="billing"]//*[local-name()="Denominazione"]',
      seat: '//*[local-name()="Sede"]/*[local-name()="CAP"]',
      invoicing:
        '//*[namespace-uri()="https://spid.gov.it/invoicing-extensions"][local-name()="CessionarioCommittente"]//*[local-name()="IdCodice"]',
      email: '//md:RequestedAttribute[@Name="email"]/@Name',
    })

  test('public has the code of its index, no invoice, and asks for the e-mail', () => {
    const xml = metadataFor(BORGO)
    expect(extensionsOf(BORGO)).toMatchObject({ ipa: 'c_b123', vat: '', invoiced: '', email: 'email' })
    expect(xml.match(/<spid:Public [^>]*\/>/g)).toHaveLength(1)
    expect(xml).not.toContain('spid:Private')
  })

  test('private has its number, an invoiced body in AgID’s namespace, and no e-mail asked', () => {
    const xml = metadataFor(COOP)
    expect(extensionsOf(COOP)).toMatchObject({
      ipa: '',
      vat: 'IT00743110157',
      invoiced: 'Cooperativa Sole',
      seat: '20100',
      invoicing: '00743110157',
      email: '',
    })
    expect(xml.match(/<spid:Private [^>]*\/>/g)).toHaveLength(1)
    expect(xml).not.toContain('spid:Public')
  })

  test('publishes the next key beside the one that signs', () => {
    const xml = metadataFor(BORGO, SIGNING.own.certificate)
    expect(xml.match(/<md:KeyDescriptor use="signing">/g)).toHaveLength(2)
    expect(isSignedBy(xml, keysOf(BORGO).certificate)).toBe(true)
  })
})

describe('the file of entities', () => {
  const wrongWith = (file: object): string[] => {
    const read = readEntities({ entities: [file] })
    return 'wrong' in read ? read.wrong : []
  }

  test.each([
    ['an entityID with a port', { entityId: 'https://accesso.example:8443/a' }, 'entities.0.entityId'],
    ['an entityID without https', { entityId: 'http://accesso.example/a' }, 'entities.0.entityId'],
    [
      'an address with a query',
      { assertionConsumer: 'https://a.example/acs?x=1' },
      'entities.0.assertionConsumer',
    ],
    [
      'a telephone with blanks',
      { contact: { ...PUBLIC_FILE.contact, telephone: '+39 02 1234567' } },
      'entities.0.contact.telephone',
    ],
    ['no key', { keys: [] }, 'entities.0.keys'],
    ['a field that does not exist', { colour: 'blue' }, 'entities.0'],
    ['an invoice of a public body', { billing: PRIVATE_FILE.billing }, 'entities.0'],
    ['no code of the index', { contact: PRIVATE_FILE.contact }, 'entities.0.contact.ipaCode'],
  ])('with %s is refused, and says where', (_, change, place) => {
    const wrong = wrongWith({ ...PUBLIC_FILE, ...change })
    expect(wrong.map((line) => line.split(': ')[0])).toContain(place)
  })

  test('of a private body needs one of its numbers and the invoiced body, and takes no code of the index', () => {
    const { vatNumber: _, ...nameless } = PRIVATE_FILE.contact
    expect(wrongWith({ ...PRIVATE_FILE, contact: nameless })).toHaveLength(1)
    expect(
      wrongWith({ ...PRIVATE_FILE, contact: { ...PRIVATE_FILE.contact, ipaCode: 'c_b123' } }),
    ).toHaveLength(1)
    expect(wrongWith({ ...PRIVATE_FILE, billing: undefined })).toHaveLength(1)
    for (const address of ['via Łódź', 'x'.repeat(61)])
      expect(wrongWith({ ...PRIVATE_FILE, billing: { ...PRIVATE_FILE.billing, address } })).toHaveLength(1)
    expect(wrongWith({ ...PRIVATE_FILE, contact: { ...nameless, fiscalCode: '00743110157' } })).toEqual([])
  })

  test('has each name and each entityID once', () => {
    const named = (other: object) => readEntities({ entities: [PUBLIC_FILE, { ...PRIVATE_FILE, ...other }] })
    expect(named({})).toHaveProperty('entities')
    expect(named({ name: PUBLIC_FILE.name })).toHaveProperty('wrong')
    expect(named({ entityId: PUBLIC_FILE.entityId })).toHaveProperty('wrong')
    expect(readEntities('nonsense')).toHaveProperty('wrong')
  })
})

describe('the certificate of a body', () => {
  const { commonName: _, ...expected } = subjectOf(BORGO)

  test('is by the rules as the command makes it, and Node reads it', () => {
    const { certificate } = keysOf(BORGO)
    expect(wrongInCertificate(certificate, 'public', expected)).toEqual([])
    const read = new X509Certificate(certificate)
    expect([read.verify(read.publicKey), read.ca, read.serialNumber.length]).toEqual([true, false, 32])
    expect(read.subject).toContain('O=Comune di Borgo')
    expect([daysUntilEnd(certificate, NOW), daysUntilEnd(certificate, new Date('2030-01-01'))]).toEqual([
      699,
      expect.any(Number),
    ])
    expect(daysUntilEnd(certificate, new Date('2030-01-01'))).toBeLessThan(0)
  })

  test.each([
    ['another entityID', { uri: 'https://altro.example' }, 'uri è'],
    ['another name', { organizationName: 'Comune di Altrove' }, 'organizationName è'],
    ['another code', { organizationIdentifier: 'PA:IT-altro' }, 'organizationIdentifier è'],
  ])('of %s is refused', (_name, change, words) => {
    const wrong = wrongInCertificate(keysOf(BORGO).certificate, 'public', { ...expected, ...change })
    expect(wrong).toEqual([expect.stringContaining(words)])
  })

  test('of another kind, or of the web, is refused', () => {
    const { certificate } = keysOf(BORGO)
    expect(wrongInCertificate(certificate, 'private', expected)).toEqual([
      'certificatePolicies non ha 1.3.76.16.4.3.1',
    ])
    const subject = { ...subjectOf(COOP), commonName: 'x' }
    const made = newCertificate('private', subject, { now: NOW, days: 10, bits: 2048 })
    expect(wrongInCertificate(made.certificate, 'private', subject)).toEqual([])
    expect(subject.organizationIdentifier).toBe('VATIT-00743110157')
  })
})

describe.each(LEVELS)('a request of level %i', (level) => {
  const request: AuthnRequest = { id: newId(), instant: NOW, level }
  const keys = keysOf(BORGO)

  test('by POST is signed and by the rules', () => {
    const post = postOf(BORGO, provider, request, { ...keys, relayState: 'abc' })
    const form = new URLSearchParams(post?.fields)
    expect(post?.action).toBe(SIGN_ON)
    expect(readPost(form, serviceOf(BORGO), SIGN_ON)).toEqual({ id: request.id, level, relayState: 'abc' })
    const xml = Buffer.from(form.get('SAMLRequest') ?? '', 'base64').toString()
    expect(xml).toMatch(/IssueInstant="2026-12-01T08:30:15Z"/)
    expect(xml).toContain('<samlp:RequestedAuthnContext Comparison="minimum">')
    expect(xml).not.toMatch(/AllowCreate|IsPassive|Scoping|AssertionConsumerServiceURL|ProtocolBinding/)
    expect(xml).toMatch(/<\/saml:Issuer><ds:Signature /)
  })

  test('by Redirect is signed over the characters that are sent', () => {
    const address = new URL(redirectOf(BORGO, provider, request, { ...keys, relayState: 'a b/c' }) ?? '')
    const query = address.search.slice(1)
    expect(`${address.origin}${address.pathname}`).toBe(SIGN_ON)
    expect(readRedirect(query, serviceOf(BORGO), SIGN_ON)).toEqual({
      id: request.id,
      level,
      relayState: 'a b/c',
    })
    for (const changed of [query.replace('a%20b', 'a+b'), query.replace('RelayState=', 'RelayState=x')])
      expect(readRedirect(changed, serviceOf(BORGO), SIGN_ON)).toEqual({ wrong: ['Signature'] })
  })
})

describe('a request', () => {
  test('has an ID that XML allows and that no other has', () => {
    const ids = Array.from({ length: 100 }, newId)
    expect(ids.every((id) => /^_[0-9a-f]{40}$/.test(id))).toBe(true)
    expect(new Set(ids).size).toBe(100)
  })

  test('of another body is refused by the provider', () => {
    const request: AuthnRequest = { id: newId(), instant: NOW, level: 2 }
    const post = postOf(COOP, provider, request, { ...keysOf(COOP), relayState: 'x' })
    expect(readPost(new URLSearchParams(post?.fields), serviceOf(BORGO), SIGN_ON)).toHaveProperty('wrong')
  })

  test('is not made for a binding that the provider does not have', () => {
    const none = { ...provider, signOn: { post: null, redirect: null } }
    const request: AuthnRequest = { id: newId(), instant: NOW, level: 2 }
    const keys = { ...keysOf(BORGO), relayState: 'x' }
    expect([postOf(BORGO, none, request, keys), redirectOf(BORGO, none, request, keys)]).toEqual([null, null])
  })
})

describe('the metadata of a provider', () => {
  test('give its addresses and the keys of its role', () => {
    expect(provider).toMatchObject({ entityId: PROVIDER, signOn: { post: SIGN_ON, redirect: SIGN_ON } })
    const two = metadataXml(PROVIDER, SIGN_ON, [SIGNING.own.certificate, SIGNING.other.certificate])
    expect(readIdentityProvider(two).keys).toHaveLength(2)
    const onlyEncryption = SIGNING.metadata.replace('use="signing"', 'use="encryption"')
    expect(() => readIdentityProvider(onlyEncryption)).toThrow('no signing key')
    expect(() => readIdentityProvider(metadataFor(BORGO))).toThrow('not the metadata')
    expect(() => readIdentityProvider('<html></html>')).toThrow('not the metadata')
    expect(() => readIdentityProvider('nonsense')).toThrow()
  })
})

describe('XML that is written', () => {
  test('is read again as it was, with every character', () => {
    const xml = '<a xmlns="urn:a" b="1&#x9;&quot;&lt;"><c:d xmlns:c="urn:c">&amp;&lt;&gt;&#xD;é</c:d></a>'
    expect(writeXml(readXml(xml))).toBe(xml)
  })

  test('has its attributes in order, and each namespace where it is first used', () => {
    const read = readXml('<p:a xmlns:p="urn:p" xmlns:q="urn:q"><b z="1" a="2" q:c="3"/></p:a>')
    expect(writeXml(read)).toBe('<p:a xmlns:p="urn:p"><b xmlns:q="urn:q" a="2" z="1" q:c="3"></b></p:a>')
  })
})
