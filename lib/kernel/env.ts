import { z } from 'zod'
import { namesSeveralComputers, ONE_COMPUTER } from './database-address.ts'
import { KNOWN_PUSH_SERVICES } from './push-services.ts'

/** Hosts that only this machine can reach: fine for the demonstration, never for the real service. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\]|0\.0\.0\.0)$/
const isLoopback = (url: string): boolean => LOOPBACK.test(new URL(url).hostname)
const isHttps = (url: string): boolean => new URL(url).protocol === 'https:'
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
  NODE_ENV: oneOf(['development', 'test', 'production']).default('development'),
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

/** Rules between variables; each runs only when all variables are well formed. */
function contradictions(env: Variables): Problem[] {
  const problems: Problem[] = []
  const claim = (holds: boolean, variable: keyof Variables, words: string) => {
    if (!holds) problems.push({ variable, words })
  }
  const byKey = env.IDENTITY_CLIENT_AUTH === 'private_key_jwt'
  claim(!byKey || !!env.IDENTITY_PRIVATE_JWKS_FILE, 'IDENTITY_PRIVATE_JWKS_FILE', 'serve con private_key_jwt')
  claim(
    byKey || !!env.IDENTITY_CLIENT_SECRET_FILE,
    'IDENTITY_CLIENT_SECRET_FILE',
    'serve con client_secret_basic',
  )

  for (const variable of S3_NEEDS) {
    claim(env.FILES_STORE !== 's3' || !!env[variable], variable, 'serve con FILES_STORE=s3')
  }

  const paymentHost = new URL(env.PAYMENTS_BASE_URL).hostname
  const simulated = isLoopback(env.PAYMENTS_BASE_URL)
  if (env.PAYMENTS_MODE === 'live') {
    claim(!env.DEMO, 'PAYMENTS_MODE', 'non può essere live in una dimostrazione (DEMO=1)')
    claim(
      !simulated && !isPaymentSandbox(env.PAYMENTS_BASE_URL),
      'PAYMENTS_BASE_URL',
      `${paymentHost} non muove denaro vero: non va con PAYMENTS_MODE=live`,
    )
    claim(isHttps(env.PAYMENTS_BASE_URL), 'PAYMENTS_BASE_URL', 'con PAYMENTS_MODE=live deve essere https')
  } else {
    claim(
      simulated || isPaymentSandbox(env.PAYMENTS_BASE_URL),
      'PAYMENTS_BASE_URL',
      `con PAYMENTS_MODE=test deve essere un ambiente di prova, non ${paymentHost}`,
    )
  }
  claim(
    !env.VAPID_PUBLIC_KEY === !env.VAPID_PRIVATE_KEY,
    env.VAPID_PUBLIC_KEY ? 'VAPID_PRIVATE_KEY' : 'VAPID_PUBLIC_KEY',
    'le due chiavi VAPID vanno insieme: tutte e due o nessuna',
  )
  if (env.SMS_GATEWAY_URL) {
    claim(
      !env.SMS_GATEWAY_TOKEN !== !env.SMS_GATEWAY_TOKEN_FILE,
      'SMS_GATEWAY_TOKEN',
      'con SMS_GATEWAY_URL serve una fra SMS_GATEWAY_TOKEN e SMS_GATEWAY_TOKEN_FILE, non tutte e due',
    )
    claim(!!env.SMS_SENDER, 'SMS_SENDER', 'serve con SMS_GATEWAY_URL')
  }
  if (env.NODE_ENV === 'production' && !env.DEMO) {
    // A bridge to the provider may run on this machine; on any other, numbers and codes would travel in clear text.
    claim(
      !env.SMS_GATEWAY_URL || isHttps(env.SMS_GATEWAY_URL) || isLoopback(env.SMS_GATEWAY_URL),
      'SMS_GATEWAY_URL',
      'in produzione deve essere https, se non è su questa macchina',
    )
    claim(
      !env.PUSH_SERVICES.some(isLoopbackOrigin),
      'PUSH_SERVICES',
      'non può essere questa macchina, se non con DEMO=1',
    )
    const real = 'non può essere un simulatore su questa macchina, se non con DEMO=1'
    claim(isHttps(env.PUBLIC_ORIGIN), 'PUBLIC_ORIGIN', 'in produzione deve essere https')
    claim(isHttps(env.IDENTITY_ISSUER), 'IDENTITY_ISSUER', 'in produzione deve essere https')
    claim(!isLoopback(env.IDENTITY_ISSUER), 'IDENTITY_ISSUER', real)
    claim(!simulated, 'PAYMENTS_BASE_URL', real)
  }
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

/**
 * Parses an environment. Empty strings count as absent, as `.env` files leave them.
 * @throws EnvironmentError with every problem.
 */
export function parseEnv(source: Readonly<Record<string, string | undefined>>): Env {
  const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''))
  const parsed = variables.safeParse(present)
  if (!parsed.success) {
    const first = new Map<string, string>()
    for (const issue of parsed.error.issues) {
      const name = String(issue.path[0])
      if (!first.has(name)) first.set(name, present[name] === undefined ? 'manca' : issue.message)
    }
    throw new EnvironmentError([...first].map(([name, words]) => `${name}: ${words}`))
  }
  const problems = contradictions(parsed.data)
  if (problems.length > 0) throw new EnvironmentError(problems.map((p) => `${p.variable}: ${p.words}`))
  return Object.freeze({ ...parsed.data, NEXTAUTH_URL: parsed.data.PUBLIC_ORIGIN })
}

let cached: Env | undefined

/** The environment of this process, parsed at the first call. */
export function env(): Env {
  cached ??= parseEnv(process.env)
  return cached
}

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
