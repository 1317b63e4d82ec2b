import { describe, expect, test } from 'vitest'
import type { AnswerContext } from '#bridge/spid/answer.ts'
import { judgeAnswer } from '#bridge/spid/answer.ts'
import { readIdentityProvider } from '#bridge/spid/identity-provider.ts'
import { ASSERTION_MARK, RESPONSE_MARK, responseXml, saml } from '#simulators/spid/answers.ts'
import { answerOf } from '#simulators/spid/cases.ts'
import { attribute, content, text, without } from '#simulators/spid/edits.ts'
import { metadataXml, newSigningKey } from '#simulators/spid/provider.ts'
import { type SigningOptions, signAt } from '#simulators/spid/signing.ts'
import {
  BORGO,
  COOP,
  caseOf,
  contextOf,
  encode,
  goodXml,
  judge,
  judgeCase,
  NOW,
  PROVIDER,
  SIGN_ON,
  SIGNING,
  tampered,
  valuesOf,
} from '#tests/support/spid.ts'

const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const DS = 'http://www.w3.org/2000/09/xmldsig#'
const VICTIM = 'TINIT-RSSMRA80A01H501U'

/** The good answer with a signature on its Assertion only, made with these options. */
const assertionSigned = (options: SigningOptions = {}, context = contextOf()): string => {
  const unsigned = responseXml(valuesOf(context)).replace(RESPONSE_MARK, '')
  return signAt(unsigned, ASSERTION_MARK, '_assertion-1', SIGNING.own, options)
}
const responseSigned = (): string =>
  signAt(
    responseXml(valuesOf(contextOf())).replace(ASSERTION_MARK, ''),
    RESPONSE_MARK,
    '_response-1',
    SIGNING.own,
  )

const assertionOf = (xml: string): string =>
  xml.slice(xml.indexOf('<saml:Assertion'), xml.indexOf('</samlp:Response>'))
const signatureOf = (xml: string): string =>
  xml.slice(xml.indexOf('<ds:Signature '), xml.indexOf('</ds:Signature>') + '</ds:Signature>'.length)
const asVictim = (xml: string): string => xml.replace(/TINIT-[A-Z0-9]{16}/, VICTIM)
const renamed = (xml: string): string => xml.replace('ID="_assertion-1"', 'ID="_evil"')

describe('signature wrapping, with every namespace in place', () => {
  const signed = assertionSigned()
  const whole = responseSigned()
  const original = assertionOf(signed)
  const signature = signatureOf(original)
  const bare = original.replace(signature, '')
  const evil = renamed(asVictim(bare))
  const evilSigned = renamed(asVictim(original))
  const around = (inside: string) => signed.replace(original, () => inside)
  const wholeSignature = signatureOf(whole)
  const bareWhole = whole.replace(wholeSignature, '')
  const evilWhole = (inside: string) =>
    asVictim(whole)
      .replace('ID="_response-1"', 'ID="_evil-response"')
      .replace(wholeSignature, () => inside)
  const withObject = (from: string, object: string) =>
    from.replace('</ds:Signature>', () => `<ds:Object>${object}</ds:Object></ds:Signature>`)

  test.each([
    [
      '1, on the Response: the original inside the signature',
      evilWhole(withObject(wholeSignature, bareWhole)),
    ],
    ['2, on the Response: the original beside the signature', evilWhole(bareWhole + wholeSignature)],
    ['3: the evil Assertion before the original', around(evil + original)],
    [
      '4: the original inside the evil Assertion',
      around(evil.replace('</saml:Assertion>', () => `${original}</saml:Assertion>`)),
    ],
    ['5: the evil Assertion with the signature, the original at the end', around(evilSigned + bare)],
    [
      '6: the original inside the signature of the evil one',
      around(evilSigned.replace('</ds:SignatureValue>', () => `</ds:SignatureValue>${bare}`)),
    ],
    [
      '7: the evil Assertion in Extensions',
      around(`<samlp:Extensions>${evil}</samlp:Extensions>${original}`),
    ],
    ['8: the original in an Object of the evil one', around(withObject(evilSigned, bare))],
    ['the evil Assertion after the original', around(original + evil)],
    ['both with one ID', around(asVictim(bare) + original)],
  ])('%s is refused', (_, xml) => {
    expect(xml).toContain(VICTIM)
    expect(judge(xml)).toMatchObject({ ok: false, check: expect.stringMatching(/structure|signature/) })
  })

  test('an Assertion that was changed under its signature is refused', () => {
    expect(judge(asVictim(signed))).toMatchObject({ check: 'assertion-signature' })
    expect(judge(asVictim(whole))).toMatchObject({ check: 'response-signature' })
  })

  test('a signature of the Response vouches for no Assertion', () => {
    expect(judge(whole)).toMatchObject({ check: 'assertion-signature' })
  })

  test('a signature on the Assertion suffices, and one that is there on the Response must be good', () => {
    expect(judge(signed)).toMatchObject({ ok: true })
    expect(judge(goodXml().replace(' Version="2.0"', ' Version="2.0" Consent="x"'))).toMatchObject({
      check: 'response-signature',
    })
  })

  test('an ID in any spelling is there once', () => {
    for (const name of ['Id', 'id', 'ID'])
      expect(judge(signed.replace('<samlp:Status>', `<samlp:Status ${name}="_assertion-1">`))).toMatchObject({
        check: 'identifiers',
      })
  })
})

describe('XML that two readers may read in two ways', () => {
  const inValue = (mark: string) => text('<saml:AttributeValue', `<!-- -->${mark}<saml:AttributeValue`)

  test.each([
    ['a comment in the fiscal number', text('TINIT-', 'TINIT-<!--x-->')],
    ['a comment in the NameID', text('_transient', '<!--x-->_transient')],
    ['a comment in the Issuer', text(`>${PROVIDER}<`, `>${PROVIDER}<!-- --><`)],
    ['an instruction', text('TINIT-', '<?x y?>TINIT-')],
    ['a CDATA section', text('TINIT-', '<![CDATA[TINIT-]]>')],
    ['a comment between elements', inValue('')],
  ])('%s is refused, although the provider signed it', (_, edit) => {
    expect(judgeCase(tampered({ edit: () => edit }))).toMatchObject({ check: 'xml' })
  })

  test.each([
    ['a DOCTYPE', (xml: string) => `<!DOCTYPE a>${xml}`],
    [
      'an entity',
      (xml: string) => `<!DOCTYPE a [<!ENTITY b "${VICTIM}">]>${xml.replace(/TINIT-[A-Z0-9]{16}/, '&b;')}`,
    ],
    ['an entity without a DOCTYPE', (xml: string) => xml.replace('TINIT-', '&tinit;')],
    ['a comment after the document', (xml: string) => `${xml}<!-- -->`],
    ['a character of control', (xml: string) => xml.replace('TINIT-', 'TINIT-\u0000')],
    ['a prefix that nobody declares', (xml: string) => xml.replace('<saml:Subject>', '<other:Subject>')],
    ['an attribute twice', (xml: string) => xml.replace(' Version="2.0"', ' Version="2.0" Version="2.0"')],
    ['a mark of the byte order', (xml: string) => `\ufeff${xml}`],
    ['text after the document', (xml: string) => `${xml}x`],
  ])('%s is refused', (_, change) => {
    expect(judge(change(goodXml()))).toMatchObject({ check: 'xml' })
  })

  test('a type, or a prefix, does not make another element of one', () => {
    const typed = attribute(
      'saml:AuthnStatement',
      'AuthnInstant',
      `${saml(NOW.getTime())}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="saml:SubjectConfirmation`,
    )
    expect(judgeCase(tampered({ edit: () => typed }))).toMatchObject({ check: 'structure' })
    const foreign = text('<saml:Subject>', '<saml:Subject xmlns:saml="urn:evil">')
    expect(judgeCase(tampered({ edit: () => foreign }))).toMatchObject({ check: 'structure' })
  })

  test('an encrypted Assertion, advice or text between elements has no place', () => {
    for (const edit of [
      text('<saml:Conditions', '<saml:Advice></saml:Advice><saml:Conditions'),
      text('<samlp:Status>', '<saml:EncryptedAssertion></saml:EncryptedAssertion><samlp:Status>'),
      text('<saml:Subject>', 'text<saml:Subject>'),
    ])
      expect(judgeCase(tampered({ edit: () => edit }))).toMatchObject({ check: 'structure' })
  })
})

describe('a signature', () => {
  test.each<[string, SigningOptions]>([
    ['by SHA-512', { hash: 'sha512' }],
    ['by SHA-384', { hash: 'sha384' }],
    ['that keeps the prefix of a type, as Shibboleth writes it', { inclusivePrefixes: 'xs' }],
  ])('%s is taken', (_, options) => {
    expect(judge(assertionSigned(options))).toMatchObject({ ok: true })
  })

  const ENVELOPED = `${DS}enveloped-signature`
  test.each<[string, SigningOptions]>([
    ['by SHA-1', { hash: 'sha1' }],
    [
      'with the canonical form that is not exclusive',
      { canonicalization: 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315' },
    ],
    ['with the canonical form that keeps comments', { canonicalization: `${EXCLUSIVE}WithComments` }],
    ['without the enveloped transform', { transforms: [EXCLUSIVE] }],
    [
      'with a stylesheet',
      { transforms: [ENVELOPED, 'http://www.w3.org/TR/1999/REC-xslt-19991116', EXCLUSIVE] },
    ],
    ['with XPath', { transforms: [ENVELOPED, 'http://www.w3.org/TR/1999/REC-xpath-19991116'] }],
    ['with a transform too many', { transforms: [ENVELOPED, EXCLUSIVE, EXCLUSIVE] }],
    ['of another element', { uri: '#_response-1' }],
    ['of the whole document', { uri: '' }],
    ['of another place', { uri: 'https://evil.example/assertion.xml' }],
    ['by XPointer', { uri: '#xpointer(/)' }],
  ])('%s is refused', (_, options) => {
    expect(judge(assertionSigned(options))).toMatchObject({ check: 'assertion-signature' })
  })

  test('with two References is refused', () => {
    const moreInfo = `<ds:Reference URI="#_response-1"><ds:Transforms><ds:Transform Algorithm="${ENVELOPED}"></ds:Transform><ds:Transform Algorithm="${EXCLUSIVE}"></ds:Transform></ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod><ds:DigestValue>AA==</ds:DigestValue></ds:Reference>`
    expect(judge(assertionSigned({ moreInfo }))).toMatchObject({ check: 'structure' })
  })

  test('by HMAC, with two SignedInfo or two values is refused', () => {
    const good = assertionSigned()
    const info = /<ds:SignedInfo>.*<\/ds:SignedInfo>/s.exec(good)?.[0] ?? ''
    const value = /<ds:SignatureValue>.*<\/ds:SignatureValue>/s.exec(good)?.[0] ?? ''
    const hmac = good.replace('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', `${DS}hmac-sha1`)
    expect(judge(hmac)).toMatchObject({ check: 'assertion-signature' })
    for (const part of [info, value])
      expect(judge(good.replace(part, () => part + part))).toMatchObject({ check: 'structure' })
  })

  test('of a provider that changes its key is taken under both keys, and not after the old one is gone', () => {
    const next = newSigningKey(PROVIDER, NOW)
    const withKeys = (...certificates: string[]): AnswerContext => ({
      ...contextOf(),
      provider: readIdentityProvider(metadataXml(PROVIDER, SIGN_ON, certificates)),
    })
    const changing = withKeys(next.certificate, SIGNING.own.certificate)
    expect(judge(goodXml(), changing)).toMatchObject({ ok: true })
    expect(
      judge(answerOf(valuesOf(changing), caseOf('1'), { ...SIGNING, own: next }), changing),
    ).toMatchObject({ ok: true })
    expect(judge(goodXml(), withKeys(next.certificate))).toMatchObject({ check: 'response-signature' })
  })
})

describe('an answer to another question', () => {
  test('of another provider of the list, signed by it, is refused', () => {
    const other = {
      ...contextOf(),
      provider: readIdentityProvider(
        metadataXml('https://altro.example', SIGN_ON, [SIGNING.other.certificate]),
      ),
    }
    expect(judge(goodXml(), other)).toMatchObject({ check: 'response-signature' })
    // Two providers that share a key are two providers all the same.
    const sharing = {
      ...contextOf(),
      provider: { ...contextOf().provider, entityId: 'https://altro.example' },
    }
    expect(judge(goodXml(), sharing)).toMatchObject({ check: 'response-issuer' })
  })

  test('for another entity is refused, also where it arrives at that one’s address', () => {
    const ofCoop = { ...contextOf(), entityId: COOP.entityId, assertionConsumer: COOP.assertionConsumer }
    expect(judge(goodXml(), ofCoop)).toMatchObject({ check: 'response-destination' })
    expect(judge(goodXml(), { ...ofCoop, assertionConsumer: BORGO.assertionConsumer })).toMatchObject({
      check: 'audience',
    })
  })

  test('to another request is refused', () => {
    const { request } = contextOf()
    expect(judge(goodXml(), { ...contextOf(), request: { ...request, id: '_other' } })).toMatchObject({
      check: 'response-request',
    })
  })
})

describe('the clock', () => {
  const at = (seconds: number) => ({ ...contextOf(), now: new Date(NOW.getTime() + seconds * 1000) })

  test('may be a minute off, and not more', () => {
    // The answer is of the whole second half a second ago; it ends five minutes later.
    expect(judge(goodXml(), at(-60))).toMatchObject({ ok: true })
    expect(judge(goodXml(), at(-61))).toMatchObject({ check: 'response-instant' })
    expect(judge(goodXml(), at(359))).toMatchObject({ ok: true })
    expect(judge(goodXml(), at(360))).toMatchObject({ check: 'confirmation-end' })
  })

  test('takes a moment with an offset, and none without a zone or of a day that does not exist', () => {
    const written = (instant: string) =>
      judgeCase(tampered({ edit: () => attribute('samlp:Response', 'IssueInstant', instant) }))
    expect(written('2026-12-01T09:30:15+01:00')).toMatchObject({ ok: true })
    for (const instant of ['2026-12-01T08:30:15', '2026-02-30T08:30:15Z', '2026-12-01', 'T08:30:15Z'])
      expect(written(instant)).toMatchObject({ check: 'response-instant' })
  })
})

describe('the person', () => {
  const attributeXml = (name: string, value: string) =>
    `<saml:Attribute Name="${name}"><saml:AttributeValue>${value}</saml:AttributeValue></saml:Attribute>`
  const added = (xml: string) => text('</saml:AttributeStatement>', `${xml}</saml:AttributeStatement>`)
  const withValues = (change: Record<string, string | undefined>) => {
    const context = contextOf()
    const { attributes, ...values } = valuesOf(context)
    const given = Object.entries({ ...attributes, ...change }).filter(
      (pair): pair is [string, string] => pair[1] !== undefined,
    )
    return judge(
      answerOf({ ...values, attributes: Object.fromEntries(given) }, caseOf('1'), SIGNING),
      context,
    )
  }

  test('keeps every character of the name', () => {
    const name = 'Zoë Ñandú D’Àngela & Łukasiewicz <x>'
    expect(withValues({ name })).toMatchObject({ ok: true, value: { person: { name } } })
  })

  test('needs a fiscal number, once, with its country', () => {
    expect(withValues({ fiscalNumber: undefined })).toMatchObject({
      check: 'attribute-missing',
      code: 'dati-incompleti',
    })
    for (const fiscalNumber of ['RSSMRA80A01H501U', 'TINDE-12345678901', 'TINIT-', 'xTINIT-RSSMRA80A01H501U'])
      expect(withValues({ fiscalNumber })).toMatchObject({
        check: 'fiscal-number',
        code: 'codice-fiscale-non-valido',
      })
    const doubled = tampered({ edit: () => added(attributeXml('fiscalNumber', VICTIM)) })
    expect(judgeCase(doubled)).toMatchObject({ check: 'attributes' })
    const twoValues = text(
      '</saml:AttributeValue></saml:Attribute>',
      '</saml:AttributeValue><saml:AttributeValue>x</saml:AttributeValue></saml:Attribute>',
    )
    expect(judgeCase(tampered({ edit: () => twoValues }))).toMatchObject({ check: 'attributes' })
  })

  test('may have no e-mail, and is no organisation', () => {
    expect(withValues({ email: undefined })).toMatchObject({ ok: true, value: { person: { email: null } } })
    expect(withValues({ ivaCode: 'VATIT-00743110157' })).toMatchObject({ code: 'identita-professionale' })
  })
})

describe('a failure that the provider tells', () => {
  const failure = (message: string) =>
    `<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder"></samlp:StatusCode><samlp:StatusMessage>${message}</samlp:StatusMessage></samlp:Status>`
  const failed = (message: string, signers?: { response: null; assertion: null }) =>
    judgeCase(
      tampered({
        ...(signers ? { signers } : {}),
        edit: () => (xml) => without('samlp:Status', failure(message))(without('saml:Assertion')(xml)),
      }),
    )

  test('is told to the person by its number, signed or not', () => {
    expect(failed('ErrorCode nr30')).toMatchObject({ code: 'identita-professionale' })
    expect(failed('ErrorCode nr25', { response: null, assertion: null })).toMatchObject({ code: 'annullato' })
  })

  test('outside the table has the general words, whatever its message says', () => {
    for (const message of ['ErrorCode nr24', 'ErrorCode nr09', '&lt;b&gt;dettaglio&lt;/b&gt;', ''])
      expect(failed(message)).toMatchObject({ check: 'status-failure', code: 'errore-del-gestore' })
  })

  test('with a good Assertion beside it lets no person in', () => {
    const edit = () => (xml: string) => without('samlp:Status', failure('ErrorCode nr25'))(xml)
    expect(judgeCase(tampered({ edit }))).toMatchObject({ ok: false, code: 'annullato' })
  })
})

describe('what is no answer', () => {
  test.each([
    ['nothing', ''],
    ['blanks', '   '],
    ['no Base64', '<samlp:Response/>'],
    ['Base64 with noise in it', `${encode(goodXml()).slice(0, -8)}!*${encode(goodXml()).slice(-8)}`],
    ['Base64 of an address', encode(goodXml()).replaceAll('+', '-').replaceAll('/', '_').replace(/=*$/, '-')],
    ['text that is no UTF-8', Buffer.from([0x3c, 0xff, 0xfe, 0x3e, 0x3c, 0x3e]).toString('base64')],
    ['a megabyte', encode(`${goodXml()}${' '.repeat(1_000_000)}`)],
  ])('%s is refused before any XML is read', (_, encoded) => {
    expect(judgeAnswer(encoded, contextOf())).toMatchObject({ check: 'encoding' })
  })

  test('Base64 in lines is one', () => {
    const lines = (encode(goodXml()).match(/.{1,76}/g) ?? []).join('\r\n')
    expect(judgeAnswer(lines, contextOf())).toMatchObject({ ok: true })
  })

  test('another document is refused, and so is one without end', () => {
    expect(judge(SIGNING.metadata)).toMatchObject({ check: 'structure' })
    expect(judge('<a>'.repeat(5_000))).toMatchObject({ check: 'xml' })
    expect(judge(`<a>${'<b></b>'.repeat(5_000)}</a>`)).toMatchObject({ check: 'xml' })
  })

  test('content cannot be hidden in what is not signed', () => {
    const hidden = content('saml:Audience', `${BORGO.entityId}</saml:Audience><saml:Audience>x`)
    expect(judgeCase(tampered({ edit: () => hidden }))).toMatchObject({ check: 'structure' })
  })
})
