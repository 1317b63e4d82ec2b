import type { JWK } from 'jose'
import { type AdmissionConditions, evaluateIdentity } from './admission.ts'
import {
  type ClaimProfileName,
  type Claims,
  claimProfiles,
  type LevelSource,
  readIdentity,
} from './claims.ts'
import { acrOfLevel, type Level } from './levels.ts'
import { signInErrors } from './sign-in-errors.ts'

/** One checked fact. `bad` stops sign-ins; `doubt` may stop them, or the operator of the bridge has to confirm it. */
export type Diagnosis = { verdict: 'good' | 'doubt' | 'bad'; words: string }

export type DoctorConfig = {
  issuer: string
  clientAuth: 'private_key_jwt' | 'client_secret_basic'
  claimProfile: ClaimProfileName
  levelSource: string
  minimumLevel: Level
  redirectUri: string
}

type Discovery = Readonly<Record<string, unknown>>

const good = (words: string): Diagnosis => ({ verdict: 'good', words })
const doubt = (words: string): Diagnosis => ({ verdict: 'doubt', words })
const bad = (words: string): Diagnosis => ({ verdict: 'bad', words })

const listOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []

const LOOPBACK = /^(localhost|127\.|\[::1\])/
const isSafe = (url: URL): boolean => url.protocol === 'https:' || LOOPBACK.test(url.hostname)

function issuerFinding(discovery: Discovery, issuer: string): Diagnosis {
  if (discovery.issuer === issuer) return good(`L’emittente dichiarato è quello configurato: ${issuer}`)
  const slash =
    typeof discovery.issuer === 'string' && discovery.issuer.replace(/\/$/, '') === issuer.replace(/\/$/, '')
  return bad(
    slash
      ? `IDENTITY_ISSUER deve essere scritto come lo dichiara il ponte, barra finale compresa: ${discovery.issuer}`
      : `Il ponte si dichiara «${String(discovery.issuer)}», ma IDENTITY_ISSUER è «${issuer}»: ogni accesso sarebbe rifiutato.`,
  )
}

const ENDPOINTS = [
  ['authorization_endpoint', 'bad', 'le persone non possono essere mandate ad accedere'],
  ['token_endpoint', 'bad', 'il codice dell’accesso non si può cambiare'],
  ['userinfo_endpoint', 'bad', 'non si possono leggere i dati della persona'],
  ['jwks_uri', 'bad', 'le firme non si possono controllare'],
  ['revocation_endpoint', 'doubt', 'i token restano validi fino alla scadenza'],
  ['end_session_endpoint', 'doubt', 'uscendo dal portale non si esce dal ponte'],
] as const

function endpointFindings(discovery: Discovery): Diagnosis[] {
  return ENDPOINTS.flatMap(([name, verdict, consequence]) => {
    const url = typeof discovery[name] === 'string' ? URL.parse(discovery[name]) : null
    if (!url) return [{ verdict, words: `Nel documento manca ${name}: ${consequence}.` }]
    return isSafe(url)
      ? []
      : [bad(`${name} non è https (${url.href}): dati e token viaggerebbero in chiaro.`)]
  })
}

/** Checks that a list of the discovery document has a value; a missing list is a doubt. */
function supports(discovery: Discovery, list: string, wanted: string, why: string): Diagnosis {
  const values = listOf(discovery[list])
  if (values.includes(wanted)) return good(`${list} contiene ${wanted}`)
  if (values.length === 0)
    return doubt(`Il documento non dice ${list}: chiedi se ${wanted} va bene (${why}).`)
  return bad(`${list} non contiene ${wanted} (c’è: ${values.join(', ')}): ${why}.`)
}

function levelFinding(discovery: Discovery, { levelSource, minimumLevel }: DoctorConfig): Diagnosis {
  if (levelSource === 'bridge-enforced')
    return doubt(
      'Il livello non si controlla qui (bridge-enforced): deve garantirlo il contratto con il ponte.',
    )
  if (levelSource !== 'acr')
    return doubt(
      `Il livello si legge da «${levelSource.slice('claim:'.length)}»: deve contenere gli indirizzi SpidL1–3.`,
    )
  const acr = acrOfLevel(minimumLevel)
  const values = listOf(discovery.acr_values_supported)
  if (values.includes(acr)) return good(`Il ponte conosce il livello chiesto, ${acr}`)
  return values.length === 0
    ? doubt(
        `Il documento non dice acr_values_supported: senza ${acr} nell’ID token ogni accesso è rifiutato.`,
      )
    : bad(
        `Il ponte non conosce ${acr} (conosce: ${values.join(', ')}). Se garantisce lui il livello, scrivi IDENTITY_LEVEL_SOURCE=bridge-enforced o claim:<nome>.`,
      )
}

function claimsFinding(discovery: Discovery, { claimProfile }: DoctorConfig): Diagnosis {
  const { fiscalNumber, method } = claimProfiles[claimProfile]
  const values = listOf(discovery.claims_supported)
  const missing = [fiscalNumber, method].filter((claim) => !values.includes(claim))
  if (missing.length === 0) return good(`Il profilo ${claimProfile} trova codice fiscale e metodo`)
  const others = (Object.keys(claimProfiles) as ClaimProfileName[]).filter((name) =>
    values.includes(claimProfiles[name].fiscalNumber),
  )
  const hint = others.length > 0 ? ` Sembra il profilo ${others.join(' o ')}.` : ''
  return doubt(
    `claims_supported non nomina ${missing.join(' e ')}: molti ponti non li elencano; prova un accesso con SPID e uno con CIE.${hint}`,
  )
}

/** Judges a discovery document against the configuration. */
export function diagnoseDiscovery(discovery: Discovery, config: DoctorConfig): Diagnosis[] {
  return [
    issuerFinding(discovery, config.issuer),
    ...endpointFindings(discovery),
    supports(discovery, 'response_types_supported', 'code', 'il portale usa solo il flusso con codice'),
    supports(discovery, 'code_challenge_methods_supported', 'S256', 'serve PKCE'),
    supports(discovery, 'id_token_signing_alg_values_supported', 'RS256', 'il portale accetta solo RS256'),
    supports(
      discovery,
      'token_endpoint_auth_methods_supported',
      config.clientAuth,
      'così il portale prova chi è (IDENTITY_CLIENT_AUTH)',
    ),
    supports(discovery, 'scopes_supported', 'openid', 'senza non è OpenID Connect'),
    levelFinding(discovery, config),
    claimsFinding(discovery, config),
  ]
}

/** Judges the attributes of a test sign-in as the portal would: a bridge's own names and shapes are where sign-ins fail. */
export function diagnoseClaims(
  claims: Claims,
  { claimProfile, levelSource, minimumLevel }: DoctorConfig,
  conditions: Pick<AdmissionConditions, 'today' | 'now'>,
): Diagnosis {
  const facts = readIdentity(claims, claims, claimProfiles[claimProfile], levelSource as LevelSource)
  const judgement = evaluateIdentity(facts, { ...conditions, minimumLevel })
  if (judgement.ok) return good('Con questi attributi la persona entra.')
  return bad(
    `Con questi attributi l’accesso è rifiutato: ${judgement.code} (${signInErrors[judgement.code].title}). Letti con il profilo ${claimProfile}.`,
  )
}

const LEAST_RSA_BITS = 2048

/** Length of an RSA modulus in bits, from its base64url text. */
const bitsOf = (modulus: string | undefined): number => Buffer.from(modulus ?? '', 'base64url').length * 8

/** Judges the keys with which the bridge signs. */
export function diagnoseKeys(keys: readonly JWK[]): Diagnosis[] {
  const leaked = keys.some((key) => key.d !== undefined)
  const signing = keys.filter(
    (key) => key.kty === 'RSA' && key.use !== 'enc' && (!key.alg || key.alg === 'RS256'),
  )
  const strong = signing.filter((key) => bitsOf(key.n) >= LEAST_RSA_BITS)
  return [
    ...(leaked
      ? [bad('Il ponte pubblica una chiave PRIVATA: avvisalo subito, chiunque può firmare per lui.')]
      : []),
    ...(signing.length === 0
      ? [bad('Fra le chiavi del ponte non ce n’è una RSA per firmare con RS256.')]
      : []),
    ...(signing.length > 0 && strong.length === 0
      ? [bad(`Le chiavi RSA del ponte sono sotto i ${LEAST_RSA_BITS} bit: non si accettano.`)]
      : []),
    ...(strong.length > 0 ? [good(`Chiavi di firma utilizzabili: ${strong.length}`)] : []),
    ...(strong.length > 1 && strong.some((key) => !key.kid)
      ? [
          doubt(
            'Ci sono più chiavi e qualcuna è senza kid: durante una rotazione le firme potrebbero non tornare.',
          ),
        ]
      : []),
  ]
}

/**
 * Judges the portal's own private key.
 * @param mode permissions of its file
 */
export function diagnoseOwnKey(jwks: unknown, mode: number): Diagnosis[] {
  const [key] = (jwks as { keys?: JWK[] } | null)?.keys ?? []
  if (!key) return [bad('Il file delle chiavi del portale non contiene nessuna chiave ({"keys":[…]}).')]
  return [
    ...(key.d === undefined
      ? [bad('La chiave del portale è solo la parte pubblica: serve quella privata.')]
      : []),
    ...(key.kty !== 'RSA' || bitsOf(key.n) < LEAST_RSA_BITS
      ? [bad(`La chiave del portale deve essere RSA di almeno ${LEAST_RSA_BITS} bit.`)]
      : []),
    ...(key.kid ? [] : [doubt('La chiave del portale è senza kid: qualche ponte la rifiuta.')]),
    ...(mode & 0o077
      ? [doubt('Il file della chiave del portale si legge anche da altri utenti: chmod 600.')]
      : []),
  ]
}

/** The public half of the portal's key, to hand over. */
export const publicHalf = ({ kty, n, e, kid, alg = 'RS256' }: JWK): JWK => ({
  kty,
  ...(n ? { n } : {}),
  ...(e ? { e } : {}),
  ...(kid ? { kid } : {}),
  alg,
  use: 'sig',
})

/** The authorization endpoint's answer to a request without interaction (`prompt=none`). */
export type ProbeAnswer = { status: number; location: string | null; body: string }

/** Does the bridge know this portal and its return address? */
export function diagnoseRedirect({ status, location, body }: ProbeAnswer, redirectUri: string): Diagnosis {
  const back = location ? URL.parse(location) : null
  if (back && location?.startsWith(redirectUri)) {
    const error = back.searchParams.get('error') ?? ''
    return [
      'login_required',
      'interaction_required',
      'consent_required',
      'account_selection_required',
    ].includes(error) || error === ''
      ? good(`Il ponte conosce il portale e il suo indirizzo di ritorno: ${redirectUri}`)
      : doubt(`Il ponte conosce l’indirizzo di ritorno, ma risponde ${error} a una richiesta di prova.`)
  }
  if (/redirect/i.test(body))
    return bad(`Il ponte non accetta l’indirizzo di ritorno: va registrato esattamente ${redirectUri}`)
  if (/client/i.test(body) && status >= 400) return bad('Il ponte non conosce IDENTITY_CLIENT_ID.')
  if (status >= 400)
    return bad(
      `La richiesta di prova riceve ${status}: controlla client e indirizzo di ritorno ${redirectUri}`,
    )
  return doubt(
    `Il ponte mostra una sua pagina anche alla richiesta di prova: prova un accesso vero. Ritorno: ${redirectUri}`,
  )
}

/** The token endpoint's answer to a code that does not exist. */
export function diagnoseClient(error: string | null): Diagnosis {
  if (error === 'invalid_grant')
    return good('Il ponte riconosce il portale (la sua prova di identità è valida)')
  if (error === 'invalid_client' || error === 'unauthorized_client')
    return bad(
      'Il ponte rifiuta la prova di identità del portale: chiave o segreto non sono quelli registrati.',
    )
  return doubt(
    `Il ponte risponde ${error ?? 'senza un errore conosciuto'} a un codice di prova: prova un accesso vero.`,
  )
}

const MOST_SKEW_SECONDS = 10

/** Clocks that differ make fresh sign-ins look old or future. */
export const diagnoseClock = (skewSeconds: number): Diagnosis =>
  Math.abs(skewSeconds) <= MOST_SKEW_SECONDS
    ? good('Gli orologi vanno d’accordo')
    : bad(
        `L’orologio di questa macchina e quello del ponte differiscono di ${Math.round(skewSeconds)} secondi.`,
      )
