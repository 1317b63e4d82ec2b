import type { Level } from '#lib/identity/levels.ts'
import {
  type AnswerValues,
  ASSERTION_MARK,
  failedStatus,
  RESPONSE_MARK,
  responseXml,
  saml,
  TRANSIENT,
} from './answers.ts'
import { assertion, attribute, content, type Edit, response, text, without } from './edits.ts'
import { type SigningKey, signAt } from './signing.ts'

/** Who signs which half. `other` is a key that is in no registry. */
type Signers = { response: 'own' | 'other' | null; assertion: 'own' | 'other' | null }

/** How a case must end: accepted, refused, or accepted when its own level suffices. */
export type Expected = 'accepted' | 'refused' | 'by-level'

export type Case = {
  /** As AgID numbers it (spid-saml-check), `1-NS` included. */
  number: string
  title: string
  expected: Expected
  level?: Level
  edit?: (it: AnswerValues) => Edit
  signers?: Partial<Signers>
  /** Put around the signed answer, for what is changed after signing. */
  after?: (xml: string, it: AnswerValues, keys: Keys) => string
}
export type Keys = { own: SigningKey; other: SigningKey; metadata: string }

const RESPONSE = 'samlp:Response'
const ASSERTION = 'saml:Assertion'
const DATA = 'saml:SubjectConfirmationData'
const DAY = 86_400_000
/** A refused case whose change needs the moment or the addresses of the answer. */
const refusedBy = (number: string, title: string, edit: (it: AnswerValues) => Edit): Case => ({
  number,
  title,
  expected: 'refused',
  edit,
})
const refused = (number: string, title: string, edit: Edit): Case => refusedBy(number, title, () => edit)

/** Three cases of one attribute: empty, missing, another value. */
const attributeCases = (
  [empty, missing, other]: readonly [string, string, string?],
  half: typeof assertion,
  element: string,
  name: string,
  wrong = 'https://altro.example',
): Case[] => [
  refused(empty, `${name} di ${element} vuoto`, half.attribute(element, name, '')),
  refused(missing, `${name} di ${element} assente`, half.attribute(element, name, null)),
  ...(other ? [refused(other, `${name} di ${element} diverso`, half.attribute(element, name, wrong))] : []),
]

/** Two cases of one element: empty, missing. */
const elementCases = (
  [empty, missing]: readonly [string, string],
  half: typeof assertion,
  element: string,
): Case[] => [
  refused(empty, `${element} vuoto`, half.content(element, '')),
  refused(missing, `${element} assente`, half.without(element)),
]

/** Five cases of one moment: empty, missing, of a bad format, too early, too late. */
const instantCases = (
  [empty, missing, bad, early, late]: readonly [string, string, string, string?, string?],
  half: typeof assertion,
  element: string,
  name: string,
): Case[] => [
  ...attributeCases([empty, missing, bad], half, element, name, '2026-13-45 25:61'),
  ...(early
    ? [
        refusedBy(early, `${name} di ${element} nel passato`, ({ now }) =>
          half.attribute(element, name, saml(now - DAY)),
        ),
      ]
    : []),
  ...(late
    ? [
        refusedBy(late, `${name} di ${element} nel futuro`, ({ now }) =>
          half.attribute(element, name, saml(now + DAY)),
        ),
      ]
    : []),
]

const failed = (number: string, message: string, title: string): Case =>
  refused(number, title, (xml) =>
    response.without('samlp:Status', failedStatus(message))(without(ASSERTION)(xml)),
  )

const ofResponse: Case[] = [
  { number: '2', title: 'niente firmato', expected: 'refused', signers: { response: null, assertion: null } },
  { number: '3', title: 'solo la Response firmata', expected: 'refused', signers: { assertion: null } },
  {
    number: '4',
    title: 'Response firmata con un’altra chiave',
    expected: 'refused',
    signers: { response: 'other' },
  },
  {
    number: '5',
    title: 'tutto firmato con un’altra chiave, il cui certificato è in KeyInfo',
    expected: 'refused',
    signers: { response: 'other', assertion: 'other' },
  },
  ...attributeCases(['8', '9'], response, RESPONSE, 'ID'),
  refused('10', 'Version diversa da 2.0', response.attribute(RESPONSE, 'Version', '1.1')),
  ...instantCases(['11', '12', '13', '14', '15'], response, RESPONSE, 'IssueInstant'),
  ...attributeCases(['16', '17', '18'], response, RESPONSE, 'InResponseTo', '_altra'),
  ...attributeCases(['19', '20', '21'], response, RESPONSE, 'Destination'),
  ...elementCases(['22', '23'], response, 'samlp:Status'),
  refused('24', 'StatusCode vuoto', response.attribute('samlp:StatusCode', 'Value', '')),
  refused('25', 'StatusCode assente', response.without('samlp:StatusCode')),
  refused(
    '26',
    'StatusCode diverso da Success',
    response.attribute('samlp:StatusCode', 'Value', 'urn:oasis:names:tc:SAML:2.0:status:Requester'),
  ),
  ...elementCases(['27', '28'], response, 'saml:Issuer'),
  refused('29', 'Issuer della Response diverso', response.content('saml:Issuer', 'https://altro.example')),
  refused('30', 'Format dell’Issuer diverso', response.attribute('saml:Issuer', 'Format', TRANSIENT)),
  {
    number: '31',
    title: 'Issuer della Response senza Format',
    expected: 'accepted',
    edit: () => response.attribute('saml:Issuer', 'Format', null),
  },
  refused('32', 'Success senza Assertion', without(ASSERTION)),
]

const ofAssertion: Case[] = [
  ...attributeCases(['33', '34'], assertion, ASSERTION, 'ID'),
  refused('35', 'Version dell’Assertion diversa da 2.0', assertion.attribute(ASSERTION, 'Version', '1.1')),
  ...instantCases(['36', '37', '38', '39', '40'], assertion, ASSERTION, 'IssueInstant'),
  ...elementCases(['41', '42'], assertion, 'saml:Subject'),
  ...elementCases(['43', '44'], assertion, 'saml:NameID'),
  ...attributeCases(['45', '46', '47'], assertion, 'saml:NameID', 'Format'),
  ...attributeCases(['48', '49'], assertion, 'saml:NameID', 'NameQualifier'),
  ...elementCases(['51', '52'], assertion, 'saml:SubjectConfirmation'),
  ...attributeCases(['53', '54', '55'], assertion, 'saml:SubjectConfirmation', 'Method'),
  refused('56', 'SubjectConfirmationData assente', without(DATA)),
  ...attributeCases(['57', '58', '59'], assertion, DATA, 'Recipient'),
  ...attributeCases(['60', '61', '62'], assertion, DATA, 'InResponseTo', '_altra'),
  ...instantCases(['63', '64', '65', '66'], assertion, DATA, 'NotOnOrAfter'),
  ...elementCases(['67', '68'], assertion, 'saml:Issuer'),
  refused('69', 'Issuer dell’Assertion diverso', assertion.content('saml:Issuer', 'https://altro.example')),
  ...attributeCases(['70', '71', '72'], assertion, 'saml:Issuer', 'Format'),
  refused('73', 'Conditions vuoto', without('saml:Conditions', '<saml:Conditions></saml:Conditions>')),
  refused('74', 'Conditions assente', without('saml:Conditions')),
  ...instantCases(['75', '76', '77'], assertion, 'saml:Conditions', 'NotBefore'),
  refusedBy('78', 'NotBefore nel futuro', ({ now }) =>
    assertion.attribute('saml:Conditions', 'NotBefore', saml(now + DAY)),
  ),
  ...instantCases(['79', '80', '81', '82'], assertion, 'saml:Conditions', 'NotOnOrAfter'),
  ...elementCases(['83', '84'], assertion, 'saml:AudienceRestriction'),
  ...elementCases(['85', '86'], assertion, 'saml:Audience'),
  refused('87', 'Audience diversa', content('saml:Audience', 'https://altro.example')),
  ...elementCases(['88', '89'], assertion, 'saml:AuthnStatement'),
  ...elementCases(['90', '91'], assertion, 'saml:AuthnContext'),
  ...elementCases(['92', '93'], assertion, 'saml:AuthnContextClassRef'),
]

const ofPerson: Case[] = [
  { number: '94', title: 'livello 1', expected: 'by-level', level: 1 },
  { number: '95', title: 'livello 2', expected: 'by-level', level: 2 },
  { number: '96', title: 'livello 3', expected: 'by-level', level: 3 },
  refused(
    '97',
    'livello fuori dall’elenco',
    content('saml:AuthnContextClassRef', 'urn:oasis:names:tc:SAML:2.0:ac:classes:SpidL2'),
  ),
  refused('98', 'AttributeStatement senza Attribute', content('saml:AttributeStatement', '')),
  refused('99', 'Attribute senza contenuto', content('saml:Attribute', '')),
  {
    number: '100',
    title: 'Assertion firmata con un’altra chiave',
    expected: 'refused',
    signers: { assertion: 'other' },
  },
  {
    number: '103',
    title: 'attributi in più di quelli chiesti',
    expected: 'accepted',
    edit: () =>
      text(
        '</saml:AttributeStatement>',
        '<saml:Attribute Name="placeOfBirth"><saml:AttributeValue>F205</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>',
      ),
  },
  failed('104', 'ErrorCode nr19', 'nr19: troppe credenziali sbagliate'),
  failed('105', 'ErrorCode nr20', 'nr20: nessuna credenziale del livello'),
  failed('106', 'ErrorCode nr21', 'nr21: tempo scaduto'),
  failed('107', 'ErrorCode nr22', 'nr22: consenso negato'),
  failed('108', 'ErrorCode nr23', 'nr23: identità sospesa'),
  {
    number: '109',
    title: 'attributi senza NameFormat',
    expected: 'accepted',
    edit: () => (xml) => xml.replace(/ NameFormat="[^"]*"/g, ''),
  },
  {
    number: '110',
    title: 'IssueInstant con i millisecondi',
    expected: 'accepted',
    edit: ({ now }) => {
      const exact = `${saml(now).slice(0, -1)}.123Z`
      return (xml) =>
        assertion.attribute(ASSERTION, 'IssueInstant', exact)(attribute(RESPONSE, 'IssueInstant', exact)(xml))
    },
  },
  failed('111', 'ErrorCode nr25', 'nr25: annullato dalla persona'),
]

/** A document that the provider really signed, put where the answer begins, so that a careless reader finds a good signature. */
const afterForeign =
  (rest: Edit) =>
  (xml: string, _: AnswerValues, { metadata }: Keys): string =>
    rest(xml).replace(/(<samlp:Response\b[^>]*>)/, (start) => start + metadata)

export const CASES: readonly Case[] = [
  { number: '1', title: 'buona', expected: 'accepted' },
  {
    number: '1-NS',
    title: 'buona, senza SessionIndex',
    expected: 'accepted',
    edit: () => attribute('saml:AuthnStatement', 'SessionIndex', null),
  },
  ...ofResponse,
  ...ofAssertion,
  ...ofPerson,
  {
    number: '112',
    title: 'firma di un altro documento, Assertion non firmata',
    expected: 'refused',
    signers: { response: null, assertion: null },
    after: afterForeign((xml) => xml),
  },
  {
    number: '113',
    title: 'firma di un altro documento, Assertion alterata',
    expected: 'refused',
    signers: { response: null },
    after: afterForeign((xml) => xml.replace(/TINIT-[A-Z0-9]{16}/, 'TINIT-AAAAAA00A00A000A')),
  },
]

/** The answer of a case: edited, then signed, then changed as an attacker would. */
export function answerOf(it: AnswerValues, one: Case, keys: Keys): string {
  const values = { ...it, level: one.level ?? it.level }
  const signers: Signers = { response: 'own', assertion: 'own', ...one.signers }
  const edited = one.edit?.(values)(responseXml(values)) ?? responseXml(values)
  const idIn = (element: string) => new RegExp(`<${element}\\b[^>]* ID="([^"]+)"`).exec(edited)?.[1]
  const signed = (xml: string, mark: string, id: string | undefined, signer: 'own' | 'other' | null) =>
    signer && id ? signAt(xml, mark, id, keys[signer]) : xml.replace(mark, '')
  const inside = signed(edited, ASSERTION_MARK, idIn(ASSERTION), signers.assertion)
  const whole = signed(inside, RESPONSE_MARK, idIn(RESPONSE), signers.response)
  return one.after?.(whole, values, keys) ?? whole
}
