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

const keyList = (key: ReturnType<typeof secretBytes>, error: string) =>
  z
    .string()
    .default('')
    .transform((text) => text.split(/\s+/).filter(Boolean))
    .refine((keys) => keys.every((text) => key.safeParse(text).success), { error })

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
  /** Keys under which a fiscal code may still be written, or may be already, while `FISCAL_CODE_KEY` is replaced. */
  FISCAL_CODE_KEY_ALSO: keyList(
    secretBytes(32),
    'deve essere un elenco di chiavi base64 di almeno 32 byte, separate da spazi',
  ),
  DATA_KEY: secretBytes(32, 32),
  /** Keys that open what they sealed and seal nothing more: the next and the past ones, while `DATA_KEY` is replaced. */
  DATA_KEY_ALSO: keyList(
    secretBytes(32, 32),
    'deve essere un elenco di chiavi base64 di 32 byte, separate da spazi',
  ),
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

  /** Who runs the installation, and is told by mail what is wrong with it. */
  ALERTS_TO: z
    .string()
    .regex(/^[^\s<>@]+@[^\s<>@]+$/, 'deve essere un indirizzo e-mail')
    .optional(),
  ALERTS_SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\/\S+$/, 'deve cominciare con smtp:// o smtps://')
    .optional(),

  LOG_LEVEL: oneOf(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
})

type Variables = z.infer<typeof variables>

/** What reads the environment: the two services, the command that moves what is sealed to another key, and the migrations. */
type Reader = 'web' | 'worker' | 'reseal' | 'migrate'

const SERVICES = ['web', 'worker'] as const
const EVERY = [...SERVICES, 'reseal', 'migrate'] as const
const WEB = ['web'] as const
const WORKER = ['worker'] as const

/**
 * Who reads each variable. A process knows only what is its own: one that answers strangers has no use for the password of the
 * mail server, nor the worker for the secret that signs sessions.
 */
const READERS: Record<keyof Variables, readonly Reader[]> = {
  NODE_ENV: EVERY,
  DEMO: EVERY,
  LOG_LEVEL: EVERY,
  PUBLIC_ORIGIN: SERVICES,
  BASE_DOMAIN: WEB,
  PORT: WEB,
  WEB_CONCURRENCY: WEB,
  COMPRESS: WEB,
  TRUSTED_PROXIES: WEB,
  SIGN_IN_LIMIT: WEB,
  DATABASE_URL: ['migrate', 'reseal'],
  DATABASE_WEB_URL: EVERY,
  DATABASE_POOL_SIZE: SERVICES,
  NEXTAUTH_SECRET: WEB,
  FISCAL_CODE_KEY: ['web', 'worker', 'reseal'],
  FISCAL_CODE_KEY_ALSO: ['web', 'worker', 'reseal'],
  DATA_KEY: ['web', 'worker', 'reseal'],
  DATA_KEY_ALSO: ['web', 'worker', 'reseal'],
  DEVICE_PEPPER: WEB,
  IDENTITY_ISSUER: SERVICES,
  IDENTITY_CLIENT_ID: SERVICES,
  IDENTITY_CLIENT_AUTH: SERVICES,
  IDENTITY_PRIVATE_JWKS_FILE: SERVICES,
  IDENTITY_CLIENT_SECRET_FILE: SERVICES,
  IDENTITY_CLAIM_PROFILE: WEB,
  IDENTITY_LEVEL_SOURCE: WEB,
  IDENTITY_MIN_LEVEL: SERVICES,
  SESSION_IDLE_MINUTES: WEB,
  SESSION_MAX_HOURS: WEB,
  PAYMENTS_MODE: SERVICES,
  PAYMENTS_BASE_URL: SERVICES,
  PAYMENTS_API_KEY: SERVICES,
  PAYMENTS_TIMEOUT_MS: SERVICES,
  FORM_ACTION_ORIGINS: WEB,
  SMTP_URL: WORKER,
  MAIL_FROM: SERVICES,
  ALERTS_TO: SERVICES,
  ALERTS_SMTP_URL: SERVICES,
  SMS_GATEWAY_URL: SERVICES,
  SMS_GATEWAY_TOKEN: WORKER,
  SMS_GATEWAY_TOKEN_FILE: WORKER,
  SMS_SENDER: WORKER,
  SMS_CALLING_CODES: WEB,
  SMS_DAILY_LIMIT: WEB,
  VAPID_PUBLIC_KEY: SERVICES,
  VAPID_PRIVATE_KEY: WORKER,
  PUSH_SERVICES: SERVICES,
  FILES_STORE: WEB,
  FILES_S3_ENDPOINT: WEB,
  FILES_S3_BUCKET: WEB,
  FILES_S3_REGION: WEB,
  FILES_S3_ACCESS_KEY_ID: WEB,
  FILES_S3_SECRET_ACCESS_KEY: WEB,
}

/** What opens something. A service of the real installation that is given another's refuses to start. */
const OPENS: readonly (keyof Variables)[] = [
  'DATABASE_URL',
  'NEXTAUTH_SECRET',
  'DEVICE_PEPPER',
  'SMTP_URL',
  'SMS_GATEWAY_TOKEN',
  'SMS_GATEWAY_TOKEN_FILE',
  'VAPID_PRIVATE_KEY',
  'FILES_S3_SECRET_ACCESS_KEY',
]

const isService = (reader: Reader): boolean => reader === 'web' || reader === 'worker'
const isReadBy = (variable: keyof Variables, reader: Reader | 'any'): boolean =>
  reader === 'any' || READERS[variable].includes(reader)

const NAMES = Object.keys(READERS) as (keyof Variables)[]

/** The file that a variable is written in: that of its only reader among the services, or the one that all read. */
export function fileNaming(variable: keyof Variables): string {
  const services = READERS[variable].filter(isService)
  if (services.length === 0) return '.env.migrate'
  return services.length === 1 ? `.env.${services[0]}` : '.env'
}

/** An environment without what another process reads; what is no variable of ours stays. */
export const environmentFor = <T extends Readonly<Record<string, string | undefined>>>(
  source: T,
  reader: Reader,
): T =>
  Object.fromEntries(
    Object.entries(source).filter(
      ([name]) => !(name in READERS) || isReadBy(name as keyof Variables, reader),
    ),
  ) as T

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

/** What belongs to the process that sends. */
function judgeSender(env: Known, claim: Claim): void {
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
const KEY_LISTS = ['FISCAL_CODE_KEY_ALSO', 'DATA_KEY_ALSO'] as const
const SECRETS = ['NEXTAUTH_SECRET', ...KEYS] as const

/** Keys that a person made up, and keys that are the same one under two names. */
function judgeKeys(env: Known, claim: Claim): void {
  const weak = 'non è a caso: scrivi quello che dice openssl rand -base64 32'
  claim(!env.NEXTAUTH_SECRET || !isWeakText(env.NEXTAUTH_SECRET), 'NEXTAUTH_SECRET', weak)
  for (const variable of KEYS) claim(!env[variable] || !isWeakKey(env[variable]), variable, weak)
  for (const variable of KEY_LISTS) claim(!env[variable]?.some(isWeakKey), variable, weak)
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
  for (const variable of ['SMTP_URL', 'ALERTS_SMTP_URL'] as const) {
    const url = env[variable]
    claim(
      !url || isSealedMail(url),
      variable,
      'in produzione deve essere smtps://, o smtp:// con ?requireTLS=true, se non è su questa macchina',
    )
  }
}

function judgeRealService(env: Known, present: Readonly<Record<string, unknown>>, claim: Claim): void {
  // A till that takes pretended money would credit real meals and number real invoices.
  claim(
    env.PAYMENTS_MODE !== 'test' || present.PAYMENTS_MODE === undefined,
    'PAYMENTS_MODE',
    'in produzione deve essere live: la cassa si prova con npm run payments:try, e tutto il portale in un’installazione a parte con DEMO=1',
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
function contradictions(
  env: Known,
  present: Readonly<Record<string, unknown>>,
  reader: Reader | 'any',
): Problem[] {
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
  if (reader === 'any' || reader === 'worker') judgeSender(env, claim)
  claim(
    !env.ALERTS_TO === !env.ALERTS_SMTP_URL,
    env.ALERTS_TO ? 'ALERTS_SMTP_URL' : 'ALERTS_TO',
    'ALERTS_TO e ALERTS_SMTP_URL vanno insieme: tutte e due o nessuna',
  )
  if (isRealService(env)) {
    for (const variable of ['PAYMENTS_MODE', 'TRUSTED_PROXIES'] as const) {
      const isSaid = present[variable] !== undefined || !isReadBy(variable, reader)
      claim(isSaid, variable, SAID_IN_PRODUCTION[variable])
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
      `La configurazione non va bene. Correggi queste variabili d’ambiente (elenco e spiegazioni nei file .env*.example):\n${problems.map((line) => `  - ${line}`).join('\n')}`,
    )
    this.name = 'EnvironmentError'
    this.problems = problems
  }
}

/** The whole configuration of web and worker, parsed. NEXTAUTH_URL is always the public origin. */
export type Env = Readonly<Variables & { NEXTAUTH_URL: string }>

/** Each variable of a reader by itself: its value, or its problem. */
function readVariables(
  present: Readonly<Record<string, string | undefined>>,
  reader: Reader | 'any',
): {
  known: Known
  malformed: Problem[]
} {
  const known: Record<string, unknown> = {}
  const malformed: Problem[] = []
  for (const [name, rule] of Object.entries(variables.shape)) {
    if (!isReadBy(name as keyof Variables, reader)) continue
    const parsed = rule.safeParse(present[name])
    if (parsed.success && parsed.data !== undefined) known[name] = parsed.data
    if (!parsed.success) {
      const words = present[name] === undefined ? 'manca' : (parsed.error.issues[0]?.message ?? 'non va bene')
      malformed.push({ variable: name as keyof Variables, words })
    }
  }
  return { known: known as Known, malformed }
}

const SERVICE_WORDS = { web: 'il sito', worker: 'chi fa i lavori' } as const

/** What a service was given that opens something of another's. */
const foreign = (present: Readonly<Record<string, unknown>>, service: 'web' | 'worker'): Problem[] =>
  OPENS.filter((variable) => present[variable] !== undefined && !isReadBy(variable, service)).map(
    (variable) => ({
      variable,
      words: `non serve a questo processo (${SERVICE_WORDS[service]}), che non deve averla: scrivila soltanto in ${fileNaming(variable)}`,
    }),
  )

/** The same values, of which those of other readers cannot be read: who reads one by mistake learns it in the first test. */
function hidden<T extends object>(values: T, reader: Reader): T {
  for (const name of NAMES.filter((variable) => !isReadBy(variable, reader))) {
    const get = () => {
      throw new Error(`${name} is not of this process (${reader}): see READERS in lib/kernel/env.ts`)
    }
    Object.defineProperty(values, name, { get, enumerable: false })
  }
  return values
}

/**
 * Parses an environment. Empty strings count as absent, as `.env` files leave them.
 * @param reader who reads: the variables of others are not asked for and cannot be read, and a service of the real installation
 * refuses those that open something. `any` reads all of them.
 * @throws EnvironmentError with every problem.
 */
export function parseEnv(
  source: Readonly<Record<string, string | undefined>>,
  reader: Reader | 'any' = 'any',
): Env {
  const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''))
  const { known, malformed } = readVariables(present, reader)
  const isMalformed = ({ variable }: Problem) => malformed.some((problem) => problem.variable === variable)
  const problems = [
    ...malformed,
    ...contradictions(known, present, reader).filter(
      (problem) => !isMalformed(problem) && isReadBy(problem.variable, reader),
    ),
  ]
  if ((reader === 'web' || reader === 'worker') && isRealService(known))
    problems.push(...foreign(present, reader))
  if (problems.length > 0) throw new EnvironmentError(problems.map((p) => `${p.variable}: ${p.words}`))
  const complete = { ...(known as Variables), NEXTAUTH_URL: known.PUBLIC_ORIGIN ?? '' }
  return Object.freeze(reader === 'any' ? complete : hidden(complete, reader))
}

let cached: Env | undefined
/** Of the whole process: Next has a copy of this file of its own. */
const shared = globalThis as { refettorioReader?: Reader }

/** The environment of this process, parsed at the first call. */
export function env(): Env {
  cached ??= parseEnv(process.env, shared.refettorioReader ?? 'any')
  return cached
}

/** The same, for what a process is: said once, when it starts. */
export function envAs(reader: Reader): Env {
  shared.refettorioReader = reader
  cached = parseEnv(process.env, reader)
  return cached
}

/** Of the primary web process: its children answer strangers, and have no use for where alerts go. */
export function keepAlertsFromChildren(): void {
  delete process.env.ALERTS_TO
  delete process.env.ALERTS_SMTP_URL
}

/** How much the log says; known also where the rest of the environment is refused. */
export function logLevel(): Variables['LOG_LEVEL'] {
  const { data } = variables.shape.LOG_LEVEL.safeParse(process.env.LOG_LEVEL || undefined)
  return data ?? 'info'
}

/** The keys that seal and open what is encrypted in the database. */
export const dataKeys = (): KeyRing => ({ current: env().DATA_KEY, earlier: env().DATA_KEY_ALSO })

/** The keys of the hashes by which people are found. */
export const hashKeys = (): KeyRing => ({
  current: env().FISCAL_CODE_KEY,
  earlier: env().FISCAL_CODE_KEY_ALSO.filter((key) => key !== env().FISCAL_CODE_KEY),
})

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
  delete shared.refettorioReader
}
