import type { Day } from '#lib/kernel/day.ts'
import type { IdentityFacts, SignInMethod } from './claims.ts'
import {
  birthAgrees,
  birthFromFiscalCode,
  type FiscalCode,
  fiscalCodeFromClaim,
  isAdult,
} from './fiscal-code.ts'
import { atLeast, type Level } from './levels.ts'
import type { SignInErrorCode } from './sign-in-errors.ts'

/** An adult, natural person whom SPID or CIE vouches for well enough. */
export type Identity = {
  issuer: string
  subject: string
  method: SignInMethod
  level: Level
  fiscalCode: string
  givenName: string
  familyName: string
  birthDay: Day
  /** SPID gives one, CIE does not: where it is missing, the family gives its own later. */
  email: string | null
}

export type AdmissionConditions = {
  minimumLevel: Level
  /** Civil day in Italy, for coming of age. */
  today: Day
  /** Unix seconds, on the clock the ID token was checked against. */
  now: number
}

export type Judgement = { ok: true; identity: Identity } | { ok: false; code: SignInErrorCode }

/** At a shared computer another person could use a recognition older than this. The bridge is asked for the same (`max_age`). */
export const RECOGNITION_SECONDS = 5 * 60
const CLOCK_SKEW_SECONDS = 60

const no = (code: SignInErrorCode): Judgement => ({ ok: false, code })

const isMethod = (method: string | null): method is SignInMethod => method === 'spid' || method === 'cie'

/** A bridge that does not say when it recognised the person may not have asked: then a step-up would be a silent redirect. */
const isFresh = (authenticatedAt: number | null, now: number): boolean =>
  authenticatedAt !== null &&
  authenticatedAt <= now + CLOCK_SKEW_SECONDS &&
  authenticatedAt >= now - RECOGNITION_SECONDS

/** The birth day, stated or read in the code; null when neither tells it, or when they contradict each other. */
function birthOf(code: FiscalCode, stated: Day | null, today: Day): Day | null {
  if (stated) return stated <= today && birthAgrees(code, stated) ? stated : null
  return birthFromFiscalCode(code, today)?.birthDay ?? null
}

/** Judges who the person is: an adult citizen whose names and fiscal code hold together. */
function evaluatePerson(facts: IdentityFacts, method: SignInMethod, level: Level, today: Day): Judgement {
  if (facts.organisation) return no('identita-professionale')
  if (facts.fiscalNumber === undefined || facts.fiscalNumber === null || facts.fiscalNumber === '') {
    return no('codice-fiscale-mancante')
  }
  const code = fiscalCodeFromClaim(facts.fiscalNumber, facts.fiscalPrefix)
  if (!code) return no('codice-fiscale-non-valido')
  if (!facts.givenName || !facts.familyName) return no('dati-incompleti')
  // An eleven-digit code could be a company's: without a birth day nothing says it is a person.
  if (code.kind === 'temporary' && !facts.birthDay) return no('dati-incompleti')
  const birthDay = birthOf(code, facts.birthDay, today)
  if (!birthDay) return no('codice-fiscale-non-valido')
  if (!isAdult(birthDay, today)) return no('minorenne')
  const { issuer, subject, givenName, familyName, email } = facts
  return {
    ok: true,
    identity: {
      issuer,
      subject,
      method,
      level,
      fiscalCode: code.code,
      givenName,
      familyName,
      birthDay,
      email,
    },
  }
}

/**
 * Whether these facts open the portal. The OpenID library has already checked signature, issuer, audience, nonce and
 * times; it checks neither level, nor method, nor who the person is: that is done here, and what is not named is refused.
 */
export function evaluateIdentity(facts: IdentityFacts, conditions: AdmissionConditions): Judgement {
  if (!isMethod(facts.method)) return no('metodo-non-ammesso')
  if (facts.level === null || !atLeast(facts.level, conditions.minimumLevel))
    return no('livello-insufficiente')
  if (!isFresh(facts.authenticatedAt, conditions.now)) return no('accesso-non-recente')
  return evaluatePerson(facts, facts.method, facts.level, conditions.today)
}
