import { type Day, parseDay } from '#lib/kernel/day.ts'
import { type Level, levelFromAcr } from './levels.ts'

/** The two methods of sign-in. */
export type SignInMethod = 'spid' | 'cie'
export type ClaimProfileName = 'agid' | 'satosa' | 'keycloak'
export type Claims = Readonly<Record<string, unknown>>

/**
 * Where a bridge puts what we need. Bridges are not uniform: the same fact has a different name in each.
 * A claim name of null means that the bridge has no such claim.
 */
export type ClaimProfile = {
  fiscalNumber: string
  /** `optional` where the bridge is known to strip `TINIT-`. */
  fiscalPrefix: 'required' | 'optional'
  /** Claim, text or list, in which `spid` or `cie` is written. */
  method: string
  /**
   * Claims that make an identity a company's. A VAT number does not: a parent who works on their own has one on the identity of
   * a citizen (italia/spid-regole-tecniche#44).
   */
  companyName: readonly string[]
  companyFiscalNumber: readonly string[]
}

const EIDAS = 'https://attributes.eid.gov.it'

export const claimProfiles: Readonly<Record<ClaimProfileName, ClaimProfile>> = {
  agid: {
    fiscalNumber: `${EIDAS}/fiscal_number`,
    fiscalPrefix: 'required',
    method: 'amr',
    companyName: ['company_name', `${EIDAS}/company_name`],
    companyFiscalNumber: ['company_fiscal_number', `${EIDAS}/company_fiscal_number`],
  },
  satosa: {
    fiscalNumber: 'fiscal_number',
    fiscalPrefix: 'optional',
    method: 'idp_type',
    companyName: ['company_name'],
    companyFiscalNumber: ['company_fiscal_number'],
  },
  keycloak: {
    fiscalNumber: 'fiscalNumber',
    fiscalPrefix: 'optional',
    method: 'identity_provider',
    companyName: ['companyName'],
    companyFiscalNumber: ['companyFiscalNumber'],
  },
}

/**
 * How the level is known: `acr` of the ID token, a claim of ours agreed with the bridge, or the bridge's own contract
 * (it lets no sign-in through below level 2), which an operator has to write in the configuration on purpose.
 */
export type LevelSource = 'acr' | 'bridge-enforced' | `claim:${string}`

/** What the identity provider says of a person, read but not yet judged. */
export type IdentityFacts = {
  issuer: string
  subject: string
  method: string | null
  level: Level | null
  fiscalNumber: unknown
  fiscalPrefix: 'required' | 'optional'
  givenName: string | null
  familyName: string | null
  birthDay: Day | null
  email: string | null
  organisation: boolean
  /** Unix seconds of the moment the person proved who they are; null when the bridge does not say. */
  authenticatedAt: number | null
}

const MAX_TEXT = 200

/**
 * What a claim says. Bridges behind SAML send lists, also of one text, and fill what they do not know with an empty text, a blank, a
 * dash or `false`: a list of one is that one, and what says nothing is absent.
 */
function said(claim: unknown): unknown {
  const value = Array.isArray(claim) ? claim.filter((one) => said(one) !== undefined) : claim
  if (Array.isArray(value)) return value.length > 1 ? value : said(value[0])
  if (value === null || value === false) return undefined
  return typeof value === 'string' && /^[\s-]*$/.test(value) ? undefined : value
}

/** Text worth keeping: composed, trimmed, of sane length, without control characters; null otherwise. */
function text(claim: unknown): string | null {
  const value = said(claim)
  if (typeof value !== 'string' || value.length > MAX_TEXT * 4) return null
  const clean = value.normalize('NFC').replace(/\s+/g, ' ').trim()
  return clean === '' || clean.length > MAX_TEXT || /\p{Cc}/u.test(clean) ? null : clean
}

/** One of the words in a claim that may be text or a list, in lower case. */
function methodIn(value: unknown): string | null {
  const words = (Array.isArray(value) ? value : [value]).flatMap((word) => text(word)?.toLowerCase() ?? [])
  return words.find((word) => word === 'spid' || word === 'cie') ?? words[0] ?? null
}

function levelIn(claims: Claims, source: LevelSource): Level | null {
  if (source === 'bridge-enforced') return 2
  return levelFromAcr(claims[source === 'acr' ? 'acr' : source.slice('claim:'.length)])
}

/** The bare number of a company or a person, to compare them. */
const bareNumber = (value: unknown): string =>
  String(value)
    .toUpperCase()
    .replace(/^(TIN|VAT)IT-|\s/g, '')

/** Whether the identity is a company's: a name of one, or a fiscal code that is not the person's own. */
function isCompany(
  claims: Claims,
  { companyName, companyFiscalNumber, fiscalNumber }: ClaimProfile,
): boolean {
  const own = bareNumber(said(claims[fiscalNumber]))
  return (
    companyName.some((name) => said(claims[name]) !== undefined) ||
    companyFiscalNumber.some((name) => {
      const number = said(claims[name])
      return number !== undefined && bareNumber(number) !== own
    })
  )
}

/**
 * Reads the verified ID token and the userinfo answer through a bridge's profile. Where both carry a claim the ID
 * token wins: it is signed.
 */
export function readIdentity(
  idToken: Claims,
  userinfo: Claims,
  profile: ClaimProfile,
  levelSource: LevelSource,
): IdentityFacts {
  const claims: Claims = { ...userinfo, ...idToken }
  return {
    issuer: String(idToken.iss),
    subject: String(idToken.sub),
    method: methodIn(claims[profile.method]),
    // Never from userinfo: the level is part of what the signature protects.
    level: levelIn(idToken, levelSource),
    fiscalNumber: said(claims[profile.fiscalNumber]),
    fiscalPrefix: profile.fiscalPrefix,
    givenName: text(claims.given_name),
    familyName: text(claims.family_name),
    birthDay: parseDay(said(claims.birthdate)),
    email: text(claims.email),
    organisation: isCompany(claims, profile),
    authenticatedAt: typeof idToken.auth_time === 'number' ? idToken.auth_time : null,
  }
}
