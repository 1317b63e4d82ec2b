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
  /** Claims that only identities of companies and professionals carry. */
  organisation: readonly string[]
}

const EIDAS = 'https://attributes.eid.gov.it'

export const claimProfiles: Readonly<Record<ClaimProfileName, ClaimProfile>> = {
  agid: {
    fiscalNumber: `${EIDAS}/fiscal_number`,
    fiscalPrefix: 'required',
    method: 'amr',
    organisation: [
      'company_name',
      'company_fiscal_number',
      'vat_number',
      `${EIDAS}/company_name`,
      `${EIDAS}/company_fiscal_number`,
      `${EIDAS}/vat_number`,
    ],
  },
  satosa: {
    fiscalNumber: 'fiscal_number',
    fiscalPrefix: 'optional',
    method: 'idp_type',
    organisation: ['company_name', 'company_fiscal_number', 'vat_number'],
  },
  keycloak: {
    fiscalNumber: 'fiscalNumber',
    fiscalPrefix: 'optional',
    method: 'identity_provider',
    organisation: ['companyName', 'companyFiscalNumber', 'ivaCode'],
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

/** Text worth keeping: composed, trimmed, of sane length, without control characters; null otherwise. */
function text(value: unknown): string | null {
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

const isFilled = (value: unknown): boolean => value !== undefined && value !== null && value !== ''

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
    fiscalNumber: claims[profile.fiscalNumber],
    fiscalPrefix: profile.fiscalPrefix,
    givenName: text(claims.given_name),
    familyName: text(claims.family_name),
    birthDay: parseDay(claims.birthdate),
    email: text(claims.email),
    organisation: profile.organisation.some((name) => isFilled(claims[name])),
    authenticatedAt: typeof idToken.auth_time === 'number' ? idToken.auth_time : null,
  }
}
