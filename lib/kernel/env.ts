import { z } from 'zod'
import { BUDGETS } from './budgets.ts'
import { EUROPEAN_CALLING_CODES } from './calling-codes.ts'
import { namesSeveralComputers, ONE_COMPUTER } from './database-address.ts'
import { isWeakKey, isWeakText } from './key-strength.ts'
import { movesMoney, NEXI_LIVE_URL } from './nexi-address.ts'
import { KNOWN_PUSH_SERVICES } from './push-services.ts'
import type { KeyRing } from './sealed.ts'

/** Hosts that only this machine can reach: fine for the demonstration, never for the real service. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\]|0\.0\.0\.0)$/
const isLoopback = (url: string): boolean => LOOPBACK.test(new URL(url).hostname)
const isHttps = (url: string): boolean => new URL(url).protocol === 'https:'
/** A relay on this machine may speak in clear; nodemailer refuses to go on without TLS where the address says `requireTLS`. */
const isSealedMail = (url: string): boolean => {
  const address = URL.parse(url)
  if (!address || address.protocol === 'smtps:' || LOOPBACK.test(address.hostname)) return true
  return address.searchParams.get('requireTLS') === 'true'
}
/** Nexi's test hosts; keys and cards there move no money. */
const isPaymentSandbox = (url: string): boolean => /sandbox|^stg-/.test(new URL(url).hostname)

const PUSH_SERVICE = /^(\*\.)?([a-z0-9-]+\.)+[a-z]{2,}$/
const isLoopbackOrigin = (text: string): boolean => URL.parse(text)?.origin === text && isLoopback(text)

const integer = (min: number, max: number, preset?: number) => {
  const rule = z.string().regex(/^\d+$/, 'deve essere un numero intero').transform(Number)
  const bounded = rule.pipe(z.number().min(min, `minimo ${min}`).max(max, `massimo ${max}`))
  return preset === undefined ? bounded : bounded.default(preset)
}

const httpUrl = z.url({ protocol: /^https?$/, error: 'deve essere un indirizzo http:// o https://' })
const postgresUrl = z
  .string()
  .regex(/^postgres(ql)?:\/\/\S+$/, 'deve cominciare con postgres:// o postgresql://')
  .refine((url) => !namesSeveralComputers(url), { error: ONE_COMPUTER })
const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: `deve essere uno fra: ${values.join(', ')}` })

/** Base64 of at least `min` bytes (and no more than `max`). */
const secretBytes = (min: number, max = 1024) =>
  z.string().refine(
    (text) => {
      const size = Buffer.from(text, 'base64').length
      return /^[A-Za-z0-9+/_-]+={0,2}$/.test(text) && size >= min && size <= max
    },
    {
      error: `deve essere base64 di ${max === min ? min : `almeno ${min}`} byte (openssl rand -base64 ${min})`,
    },
  )

const variables = z.object({
  NODE_ENV: oneOf(['development', 'test', 'production']),
  PUBLIC_ORIGIN: httpUrl.refine((url) => URL.canParse(url) && new URL(url).origin === url, {
    error: 'deve essere solo l’origine, per esempio https://mensa.comune.it, senza barra finale',
  }),
  BASE_DOMAIN: z
    .string()
    .regex(/^([a-z0-9-]+\.)*[a-z0-9-]+(:\d+)?$/, 'deve essere un dominio, per esempio mensa.example.it')
    .optional(),
  PORT: integer(1, 65_535, 3000),
  WEB_CONCURRENCY: integer(1, 128).optional(),
  /** Read by next.config.mjs. */
  COMPRESS: oneOf(['0', '1']).default('0'),
  /** How many proxies of ours add themselves to X-Forwarded-For; 0: the header is not believed. */
  TRUSTED_PROXIES: integer(0, 5, 0),
  /** Sign-in attempts that one network address has in ten minutes. */
  SIGN_IN_LIMIT: integer(10, 100_000, 300),
  DEMO: z
    .enum(['0', '1'], { error: 'deve essere 0 o 1' })
    .default('0')
    .transform((text) => text === '1'),

  DATABASE_URL: postgresUrl.optional(),
  DATABASE_WEB_URL: postgresUrl,
  DATABASE_POOL_SIZE: integer(1, 100, 6),

  NEXTAUTH_SECRET: z.string().min(32, 'deve avere almeno 32 caratteri (openssl rand -base64 32)'),
  FISCAL_CODE_KEY: secretBytes(32),
  DATA_KEY: secretBytes(32, 32),
  /** Keys that open what they sealed and seal nothing more: the next and the past ones, while `DATA_KEY` is replaced. */
  DATA_KEY_ALSO: z
    .string()
    .default('')
    .transform((text) => text.split(/\s+/).filter(Boolean))
    .refine((keys) => keys.every((key) => secretBytes(32, 32).safeParse(key).success), {
      error: 'deve essere un elenco di chiavi base64 di 32 byte, separate da spazi',
    }),
  DEVICE_PEPPER: secretBytes(32),

  IDENTITY_ISSUER: httpUrl,
  IDENTITY_CLIENT_ID: z.string().min(1, 'manca'),
  IDENTITY_CLIENT_AUTH: oneOf(['private_key_jwt', 'client_secret_basic']).default('private_key_jwt'),
  IDENTITY_PRIVATE_JWKS_FILE: z.string().min(1).optional(),
  IDENTITY_CLIENT_SECRET_FILE: z.string().min(1).optional(),
  IDENTITY_CLAIM_PROFILE: oneOf(['agid', 'satosa', 'keycloak']).default('agid'),
  IDENTITY_LEVEL_SOURCE: z
    .string()
    .regex(/^(acr|bridge-enforced|claim:[\w.:/-]+)$/, 'deve essere acr, claim:<nome> o bridge-enforced')
    .default('acr'),
  IDENTITY_MIN_LEVEL: integer(2, 3, 2),
  SESSION_IDLE_MINUTES: integer(5, 120, 30),
  SESSION_MAX_HOURS: integer(1, 24, 8),

  PAYMENTS_MODE: oneOf(['test', 'live']).default('test'),
  PAYMENTS_BASE_URL: httpUrl,
  PAYMENTS_API_KEY: z.string().min(1, 'manca'),
  PAYMENTS_TIMEOUT_MS: integer(50, 30_000, 8_000),

  FORM_ACTION_ORIGINS: z
    .string()
    .default('')
    .transform((text) => text.split(/\s+/).filter(Boolean))
    .refine((origins) => origins.every((origin) => URL.parse(origin)?.origin === origin), {
      error: 'deve essere un elenco di origini separate da spazi, per esempio https://login.example.it',
    }),

  SMTP_URL: z.string().regex(/^smtps?:\/\/\S+$/, 'deve cominciare con smtp:// o smtps://'),
  MAIL_FROM: z
    .string()
    .regex(
      /^(?:[^<>\r\n]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/,
      'deve essere un mittente, per esempio Mensa <mensa@comune.it>',
    ),

  SMS_GATEWAY_URL: httpUrl.optional(),
  SMS_GATEWAY_TOKEN: z.string().min(1).optional(),
  SMS_GATEWAY_TOKEN_FILE: z.string().min(1).optional(),
  SMS_SENDER: z
    .string()
    .regex(
      /^(\+\d{7,15}|[A-Za-z0-9 ]{3,11})$/,
      'deve essere un nome di 3-11 lettere e cifre, oppure un numero che comincia con +',
    )
    .optional(),
  /** Where texts go: abroad they cost many times as much, and numbers that share the price with their caller are sold to bots. */
  SMS_CALLING_CODES: z
    .string()
    .default(EUROPEAN_CALLING_CODES)
    .transform((text) => text.split(/\s+/).filter(Boolean))
    .refine((codes) => codes.every((code) => /^[1-9]\d{0,4}$/.test(code)), {
      error: 'deve essere un elenco di prefissi senza +, separati da spazi, per esempio 39 41',
    }),
  /** Texts of one municipality in a day. */
  SMS_DAILY_LIMIT: integer(1, 100_000, BUDGETS['contacts:municipality-day'].most),

  VAPID_PUBLIC_KEY: z
    .string()
    .regex(/^[\w-]{87}$/, 'deve essere una chiave pubblica VAPID (npx web-push generate-vapid-keys)')
    .optional(),
  VAPID_PRIVATE_KEY: z
    .string()
    .regex(/^[\w-]{43}$/, 'deve essere una chiave privata VAPID (npx web-push generate-vapid-keys)')
    .optional(),
  PUSH_SERVICES: z
    .string()
    .default(KNOWN_PUSH_SERVICES)
    .transform((text) => text.split(/\s+/).filter(Boolean))
    .refine((names) => names.every((name) => PUSH_SERVICE.test(name) || isLoopbackOrigin(name)), {
      error: 'deve essere un elenco di nomi separati da spazi, per esempio *.push.apple.com',
    }),

  FILES_STORE: oneOf(['database', 's3']).default('database'),
  FILES_S3_ENDPOINT: httpUrl.optional(),
  FILES_S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,62}$/, 'non è il nome di un bucket')
    .optional(),
  FILES_S3_REGION: z.string().min(1).default('auto'),
  FILES_S3_ACCESS_KEY_ID: z.string().min(1).optional(),
  FILES_S3_SECRET_ACCESS_KEY: z.string().min(1).optional(),

  LOG_LEVEL: oneOf(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
})

type Variables = z.infer<typeof variables>
type Problem = { variable: keyof Variables; words: string }

const S3_NEEDS = [
  'FILES_S3_ENDPOINT',
  'FILES_S3_BUCKET',
  'FILES_S3_ACCESS_KEY_ID',
  'FILES_S3_SECRET_ACCESS_KEY',
] as const

/** The variables that are well formed. */
type Known = Partial<Variables>
type Claim = (holds: boolean, variable: keyof Variables, words: string) => void

/** Whether real people are served: production, and no demonstration. */
const isRealService = ({ NODE_ENV, DEMO }: Known): boolean => NODE_ENV === 'production' && DEMO === false

function judgeIdentity(env: Known, claim: Claim): void {
  if (!env.IDENTITY_CLIENT_AUTH) return
  const byKey = env.IDENTITY_CLIENT_AUTH === 'private_key_jwt'
  claim(!byKey || !!env.IDENTITY_PRIVATE_JWKS_FILE, 'IDENTITY_PRIVATE_JWKS_FILE', 'serve con private_key_jwt')
  claim(
    byKey || !!env.IDENTITY_CLIENT_SECRET_FILE,
    'IDENTITY_CLIENT_SECRET_FILE',
    'serve con client_secret_basic',
  )
}

function judgePayments({ PAYMENTS_BASE_URL: url, PAYMENTS_MODE: mode, DEMO }: Known, claim: Claim): void {
  if (mode === 'live') {
    claim(DEMO !== true, 'PAYMENTS_MODE', 'non può essere live in una dimostrazione (DEMO=1)')
    claim(
      !url || movesMoney(url),
      'PAYMENTS_BASE_URL',
      `con PAYMENTS_MODE=live deve essere ${NEXI_LIVE_URL}: nessun altro indirizzo muove denaro vero`,
    )
  } else if (mode === 'test' && url) {
    claim(
      isLoopback(url) || isPaymentSandbox(url),
      'PAYMENTS_BASE_URL',
      `con PAYMENTS_MODE=test deve essere un ambiente di prova, non ${new URL(url).hostname}`,
    )
  }
}

function judgeMessages(env: Known, claim: Claim): void {
  claim(
    !env.VAPID_PUBLIC_KEY === !env.VAPID_PRIVATE_KEY,
    env.VAPID_PUBLIC_KEY ? 'VAPID_PRIVATE_KEY' : 'VAPID_PUBLIC_KEY',
    'le due chiavi VAPID vanno insieme: tutte e due o nessuna',
  )
  if (!env.SMS_GATEWAY_URL) return
  claim(
    !env.SMS_GATEWAY_TOKEN !== !env.SMS_GATEWAY_TOKEN_FILE,
    'SMS_GATEWAY_TOKEN',
    'con SMS_GATEWAY_URL serve una fra SMS_GATEWAY_TOKEN e SMS_GATEWAY_TOKEN_FILE, non tutte e due',
  )
  claim(!!env.SMS_SENDER, 'SMS_SENDER', 'serve con SMS_GATEWAY_URL')
}

const KEYS = ['FISCAL_CODE_KEY', 'DATA_KEY', 'DEVICE_PEPPER'] as const
const SECRETS = ['NEXTAUTH_SECRET', ...KEYS] as const

/** Keys that a person made up, and keys that are the same one under two names. */
function judgeKeys(env: Known, claim: Claim): void {
  const weak = 'non è a caso: scrivi quello che dice openssl rand -base64 32'
  claim(!env.NEXTAUTH_SECRET || !isWeakText(env.NEXTAUTH_SECRET), 'NEXTAUTH_SECRET', weak)
  for (const variable of KEYS) claim(!env[variable] || !isWeakKey(env[variable]), variable, weak)
  claim(!env.DATA_KEY_ALSO?.some(isWeakKey), 'DATA_KEY_ALSO', weak)
  for (const [index, variable] of SECRETS.entries()) {
    const twin = SECRETS.slice(0, index).find((other) => env[other] && env[other] === env[variable])
    claim(!twin, variable, `è uguale a ${twin}: ogni chiave ha il suo scopo, fanne un’altra`)
  }
}

/** What travels to other machines in clear. A bridge or a relay on this machine may. */
function judgeClearText(env: Known, claim: Claim): void {
  const https = (variable: 'SMS_GATEWAY_URL' | 'FILES_S3_ENDPOINT') => {
    const url = env[variable]
    claim(
      !url || isHttps(url) || isLoopback(url),
      variable,
      'in produzione deve essere https, se non è su questa macchina',
    )
  }
  https('SMS_GATEWAY_URL')
  https('FILES_S3_ENDPOINT')
  claim(
    !env.SMTP_URL || isSealedMail(env.SMTP_URL),
    'SMTP_URL',
    'in produzione deve essere smtps://, o smtp:// con ?requireTLS=true, se non è su questa macchina',
  )
}

function judgeRealService(env: Known, present: Readonly<Record<string, unknown>>, claim: Claim): void {
  // A till that takes pretended money would credit real meals and number real invoices.
  claim(
    env.PAYMENTS_MODE !== 'test' || present.PAYMENTS_MODE === undefined,
    'PAYMENTS_MODE',
    'in produzione deve essere live: i pagamenti di prova si fanno in un’installazione a parte, con DEMO=1',
  )
  judgeKeys(env, claim)
  judgeClearText(env, claim)
  claim(
    !env.PUSH_SERVICES?.some(isLoopbackOrigin),
    'PUSH_SERVICES',
    'non può essere questa macchina, se non con DEMO=1',
  )
  const real = 'non può essere un simulatore su questa macchina, se non con DEMO=1'
  const { PUBLIC_ORIGIN: origin, IDENTITY_ISSUER: issuer, PAYMENTS_BASE_URL: payments } = env
  claim(!origin || isHttps(origin), 'PUBLIC_ORIGIN', 'in produzione deve essere https')
  claim(!issuer || isHttps(issuer), 'IDENTITY_ISSUER', 'in produzione deve essere https')
  claim(!issuer || !isLoopback(issuer), 'IDENTITY_ISSUER', real)
  claim(!payments || !isLoopback(payments), 'PAYMENTS_BASE_URL', real)
}

/** What the real service must say, because the preset would be wrong for most and dangerous for some. */
const SAID_IN_PRODUCTION = {
  PAYMENTS_MODE: 'manca: in produzione va scritto live',
  TRUSTED_PROXIES: 'manca: in produzione va scritto quanti proxy nostri stanno davanti, 0 se nessuno',
} as const

/** Rules between variables. Each looks at the variables that are well formed, so that all problems come together. */
function contradictions(env: Known, present: Readonly<Record<string, unknown>>): Problem[] {
  const problems: Problem[] = []
  const claim: Claim = (holds, variable, words) => {
    if (!holds) problems.push({ variable, words })
  }
  judgeIdentity(env, claim)
  for (const variable of S3_NEEDS) {
    claim(env.FILES_STORE !== 's3' || present[variable] !== undefined, variable, 'serve con FILES_STORE=s3')
  }
  const isModeSaid = present.PAYMENTS_MODE !== undefined || !isRealService(env)
  if (isModeSaid) judgePayments(env, claim)
  judgeMessages(env, claim)
  if (isRealService(env)) {
    for (const [variable, words] of Object.entries(SAID_IN_PRODUCTION)) {
      claim(present[variable] !== undefined, variable as keyof Variables, words)
    }
    judgeRealService(env, present, claim)
  }
  // A public address of the real service, and the rules of production switched off.
  claim(
    env.NODE_ENV !== 'development' || !env.PUBLIC_ORIGIN || !isHttps(env.PUBLIC_ORIGIN),
    'NODE_ENV',
    'con PUBLIC_ORIGIN https deve essere production',
  )
  return problems
}

/** All problems of the environment together: the message is printed as it is. */
export class EnvironmentError extends Error {
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(
      `La configurazione non va bene. Correggi queste variabili d’ambiente (elenco e spiegazioni in .env.example):\n${problems.map((line) => `  - ${line}`).join('\n')}`,
    )
    this.name = 'EnvironmentError'
    this.problems = problems
  }
}

/** The whole configuration of web and worker, parsed. NEXTAUTH_URL is always the public origin. */
export type Env = Readonly<Variables & { NEXTAUTH_URL: string }>

/** Each variable by itself: its value, or its problem. */
function readVariables(present: Readonly<Record<string, string | undefined>>): {
  known: Known
  malformed: Problem[]
} {
  const known: Record<string, unknown> = {}
  const malformed: Problem[] = []
  for (const [name, rule] of Object.entries(variables.shape)) {
    const parsed = rule.safeParse(present[name])
    if (parsed.success && parsed.data !== undefined) known[name] = parsed.data
    if (!parsed.success) {
      const words = present[name] === undefined ? 'manca' : (parsed.error.issues[0]?.message ?? 'non va bene')
      malformed.push({ variable: name as keyof Variables, words })
    }
  }
  return { known: known as Known, malformed }
}

const OWNER_IN_SERVICE =
  'è del proprietario del database, e sito e lavori non la usano: togli la riga da .env e scrivila in .env.migrate'

/**
 * Parses an environment. Empty strings count as absent, as `.env` files leave them.
 * @param reader `service`: web or worker of the real service, which must not know the address of the database's owner. A
 * process that answers strangers has no use for the password that changes the schema and reads past row-level security.
 * @throws EnvironmentError with every problem.
 */
export function parseEnv(
  source: Readonly<Record<string, string | undefined>>,
  reader: 'any' | 'service' = 'any',
): Env {
  const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''))
  const { known, malformed } = readVariables(present)
  const isMalformed = ({ variable }: Problem) => malformed.some((problem) => problem.variable === variable)
  const problems = [
    ...malformed,
    ...contradictions(known, present).filter((problem) => !isMalformed(problem)),
  ]
  if (reader === 'service' && isRealService(known) && present.DATABASE_URL !== undefined)
    problems.push({ variable: 'DATABASE_URL', words: OWNER_IN_SERVICE })
  if (problems.length > 0) throw new EnvironmentError(problems.map((p) => `${p.variable}: ${p.words}`))
  const complete = known as Variables
  return Object.freeze({ ...complete, NEXTAUTH_URL: complete.PUBLIC_ORIGIN })
}

let cached: Env | undefined

/** The environment of this process, parsed at the first call. */
export function env(): Env {
  cached ??= parseEnv(process.env)
  return cached
}

/** The same, at the start of web and worker. */
export function serviceEnv(): Env {
  cached = parseEnv(process.env, 'service')
  return cached
}

/** The keys that seal and open what is encrypted in the database. */
export const dataKeys = (): KeyRing => ({ current: env().DATA_KEY, earlier: env().DATA_KEY_ALSO })

/** How the portal proves itself to push services; null where push is not offered. */
export function pushKeys(): { subject: string; publicKey: string; privateKey: string } | null {
  const { VAPID_PUBLIC_KEY: publicKey, VAPID_PRIVATE_KEY: privateKey, MAIL_FROM } = env()
  if (!publicKey || !privateKey) return null
  const address = MAIL_FROM.split(/[\s<>]/).find((part) => part.includes('@')) ?? ''
  return { subject: `mailto:${address}`, publicKey, privateKey }
}

/** Whether text messages can be sent: without a gateway no telephone number can be verified. */
export const hasSms = (): boolean => env().SMS_GATEWAY_URL !== undefined

/** Tests change the environment between suites; nothing else may. */
export function forgetEnv(): void {
  cached = undefined
}
