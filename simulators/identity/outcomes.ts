import type { SignInMethod } from '#lib/identity/claims.ts'
import { acrOfLevel } from '#lib/identity/levels.ts'
import type { SimulatedPerson } from './people.ts'

const FISCAL_NUMBER = 'https://attributes.eid.gov.it/fiscal_number'
const TEN_MINUTES = 600

/** What the provider says of one sign-in: the ID token's level and methods, and the claims of userinfo. */
export type Assertion = {
  acr: string
  amr: string[]
  /** Seconds since the person really authenticated. */
  age: number
  claims: Record<string, unknown>
}

type Failure = { label: string; error: string; description: string }
type Variant = { label: string; change: (assertion: Assertion) => Assertion }

/** Ends that send no identity, with the numbers of SPID's anomaly table as bridges pass them on. */
export const failures: Readonly<Record<string, Failure>> = {
  annulla: { label: 'Annulla (nr25)', error: 'access_denied', description: 'ErrorCode nr25' },
  tempo: { label: 'Tempo scaduto (nr21)', error: 'access_denied', description: 'ErrorCode nr21' },
  consenso: { label: 'Consenso negato (nr22)', error: 'access_denied', description: 'ErrorCode nr22' },
  sospesa: { label: 'Identità sospesa (nr23)', error: 'access_denied', description: 'ErrorCode nr23' },
  credenziali: { label: 'Credenziali errate (nr19)', error: 'access_denied', description: 'ErrorCode nr19' },
  livello: { label: 'Livello non disponibile (nr20)', error: 'access_denied', description: 'ErrorCode nr20' },
  tipo: { label: 'Tipo di identità errato (nr30)', error: 'access_denied', description: 'ErrorCode nr30' },
  guasto: {
    label: 'Guasto del gestore',
    error: 'temporarily_unavailable',
    description: '<b>dettaglio tecnico che non va mostrato</b>',
  },
}

const withClaims = (claims: Record<string, unknown>) => (assertion: Assertion) => ({
  ...assertion,
  claims: { ...assertion.claims, ...claims },
})
const without = (name: string) => (assertion: Assertion) => ({
  ...assertion,
  claims: Object.fromEntries(Object.entries(assertion.claims).filter(([key]) => key !== name)),
})

/** Identities that arrive, but are not as they should be (or, the first, as good as they can be). */
export const variants: Readonly<Record<string, Variant>> = {
  livello3: { label: 'Livello 3', change: (it) => ({ ...it, acr: acrOfLevel(3) }) },
  livello1: { label: 'Livello 1', change: (it) => ({ ...it, acr: acrOfLevel(1) }) },
  senzaEmail: { label: 'Senza e-mail', change: without('email') },
  senzaCodice: { label: 'Senza codice fiscale', change: without(FISCAL_NUMBER) },
  codiceErrato: {
    label: 'Codice fiscale errato',
    change: withClaims({ [FISCAL_NUMBER]: 'TINIT-AAABBB00A00A000A' }),
  },
  estero: { label: 'Codice di un altro Paese', change: withClaims({ [FISCAL_NUMBER]: 'TINDE-12345678901' }) },
  professionale: {
    label: 'Identità professionale',
    change: withClaims({ company_name: 'Esempio S.r.l.', company_fiscal_number: 'TINIT-00743110157' }),
  },
  altroMetodo: { label: 'Metodo diverso (CNS)', change: (it) => ({ ...it, amr: ['cns'] }) },
  vecchio: {
    label: 'Riconoscimento di dieci minuti fa',
    change: (it) => ({ ...it, age: TEN_MINUTES }),
  },
}

const ordinary = (person: SimulatedPerson, method: SignInMethod): Assertion => ({
  acr: acrOfLevel(2),
  amr: [method],
  age: 0,
  claims: {
    given_name: person.givenName,
    family_name: person.familyName,
    birthdate: person.birthDay,
    [FISCAL_NUMBER]: `TINIT-${person.fiscalCode}`,
    // In practice CIE gives no e-mail.
    ...(method === 'spid' ? { email: person.email } : {}),
  },
})

/** What is asserted of a person signing in with a method, changed as the chosen variant says. */
export function assertionFor(person: SimulatedPerson, method: SignInMethod, variant: string): Assertion {
  const assertion = ordinary(person, method)
  return Object.hasOwn(variants, variant) ? (variants[variant]?.change(assertion) ?? assertion) : assertion
}

/** Every claim that some assertion can carry; the provider must know their names beforehand. */
export const claimNames = [
  'given_name',
  'family_name',
  'birthdate',
  'email',
  'company_name',
  'company_fiscal_number',
  FISCAL_NUMBER,
] as const
