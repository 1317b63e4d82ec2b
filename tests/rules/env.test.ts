import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  EnvironmentError,
  environmentFor,
  fileNaming,
  keepAlertsFromChildren,
  parseEnv,
} from '#lib/kernel/env.ts'
import { filesFor } from '#scripts/lib/run-script.ts'
import { keyNamed, REAL_ENVIRONMENT } from '#tests/support/environment.ts'

const demo = {
  NODE_ENV: 'production',
  DEMO: '1',
  PUBLIC_ORIGIN: 'http://localhost:3000',
  DATABASE_WEB_URL: 'postgres://refettorio_web@localhost/refettorio?host=%2Ftmp',
  NEXTAUTH_SECRET: 's'.repeat(32),
  FISCAL_CODE_KEY: Buffer.alloc(32, 1).toString('base64'),
  DATA_KEY: Buffer.alloc(32, 2).toString('base64'),
  DEVICE_PEPPER: Buffer.alloc(32, 3).toString('base64'),
  IDENTITY_ISSUER: 'http://localhost:3001',
  IDENTITY_CLIENT_ID: 'refettorio',
  IDENTITY_PRIVATE_JWKS_FILE: '/data/jwks.json',
  PAYMENTS_BASE_URL: 'http://localhost:3002/api',
  PAYMENTS_API_KEY: 'key',
  SMTP_URL: 'smtp://localhost:3003',
  MAIL_FROM: 'Mensa <mensa@example.it>',
}
const real = REAL_ENVIRONMENT

const keyBytes = Buffer.from(keyNamed('half'), 'base64').subarray(0, 16)

function problemsOf(
  source: Record<string, string>,
  reader: Parameters<typeof parseEnv>[1] = 'any',
): string[] {
  try {
    parseEnv(source, reader)
  } catch (error) {
    if (error instanceof EnvironmentError) return error.problems.map((line) => line.split(':')[0] as string)
    throw error
  }
  return []
}

describe('the environment', () => {
  it('accepts the demonstration and the real service, and derives what next-auth wants', () => {
    expect(parseEnv(demo)).toMatchObject({ DEMO: true, PORT: 3000, NEXTAUTH_URL: 'http://localhost:3000' })
    expect(parseEnv(real)).toMatchObject({ DEMO: false, PAYMENTS_MODE: 'live', SESSION_IDLE_MINUTES: 30 })
  })

  it('reports all its problems together', () => {
    const { NEXTAUTH_SECRET: _absent, ...rest } = demo
    expect(problemsOf({ ...rest, DATA_KEY: 'short', PORT: 'tremila', MAIL_FROM: 'nobody' }).sort()).toEqual([
      'DATA_KEY',
      'MAIL_FROM',
      'NEXTAUTH_SECRET',
      'PORT',
    ])
  })

  it.each([
    ['a simulator', { PAYMENTS_BASE_URL: 'http://127.0.0.1:3002/api' }],
    ['a simulator over https', { PAYMENTS_BASE_URL: 'https://localhost/api' }],
    ['a sandbox', { PAYMENTS_BASE_URL: 'https://xpaysandbox.nexigroup.com/api' }],
    ['plain http', { PAYMENTS_BASE_URL: 'http://xpay.nexigroup.com/api' }],
    ['a demonstration', { DEMO: '1' }],
  ])('refuses live payments with %s', (_name, change) => {
    expect(problemsOf({ ...real, ...change })).not.toEqual([])
  })

  it('refuses a real payment host while payments are only a test', () => {
    expect(problemsOf({ ...demo, PAYMENTS_BASE_URL: real.PAYMENTS_BASE_URL })).toEqual(['PAYMENTS_BASE_URL'])
  })

  it('refuses simulators and plain http in production, unless it is the demonstration', () => {
    const { PUBLIC_ORIGIN, IDENTITY_ISSUER, PAYMENTS_BASE_URL } = demo
    const simulated = { PUBLIC_ORIGIN, IDENTITY_ISSUER, PAYMENTS_BASE_URL, PAYMENTS_MODE: 'test' }
    expect(problemsOf({ ...real, ...simulated }).sort()).toEqual([
      'IDENTITY_ISSUER',
      'IDENTITY_ISSUER',
      'PAYMENTS_BASE_URL',
      'PAYMENTS_MODE',
      'PUBLIC_ORIGIN',
    ])
  })

  it('refuses live payments at an address that the code will not use', () => {
    const old = 'https://xpay.nexigroup.com/api/phoenix-1.0/psp/api/v1'
    expect(problemsOf({ ...real, PAYMENTS_BASE_URL: old })).toEqual(['PAYMENTS_BASE_URL'])
    expect(problemsOf({ ...real, PAYMENTS_BASE_URL: `${real.PAYMENTS_BASE_URL}/` })).toEqual([])
  })

  it('of the real service says whether payments are real and how many proxies stand in front', () => {
    const { PAYMENTS_MODE: _mode, TRUSTED_PROXIES: _proxies, ...unsaid } = real
    expect(problemsOf(unsaid)).toEqual(['PAYMENTS_MODE', 'TRUSTED_PROXIES'])
    expect(problemsOf({ ...real, TRUSTED_PROXIES: '0' })).toEqual([])
    expect(parseEnv(demo)).toMatchObject({ PAYMENTS_MODE: 'test', TRUSTED_PROXIES: 0 })
  })

  it('has no test till in production: it takes no pretended money for real meals and invoices', () => {
    const sandbox = {
      PAYMENTS_MODE: 'test',
      PAYMENTS_BASE_URL: 'https://xpaysandbox.nexigroup.com/api/phoenix-0.0/psp/api/v1',
    }
    expect(problemsOf({ ...real, ...sandbox })).toEqual(['PAYMENTS_MODE'])
    expect(problemsOf({ ...real, ...sandbox, DEMO: '1' })).toEqual([])
  })

  it('says in which mode it runs, and a public https address runs in production', () => {
    const { NODE_ENV: _mode, ...unsaid } = real
    expect(problemsOf(unsaid)).toEqual(['NODE_ENV'])
    expect(problemsOf({ ...real, NODE_ENV: 'development' })).toEqual(['NODE_ENV'])
  })

  it.each([
    ['zero bytes', Buffer.alloc(32).toString('base64')],
    ['one byte repeated', Buffer.alloc(32, 7).toString('base64')],
    ['sixteen bytes twice', Buffer.concat([keyBytes, keyBytes]).toString('base64')],
    [
      'a few different bytes',
      Buffer.from(Array.from({ length: 32 }, (_, n) => (n * n) % 11)).toString('base64'),
    ],
  ])('refuses a key of %s in the real service', (_name, key) => {
    for (const variable of ['FISCAL_CODE_KEY', 'DATA_KEY', 'DEVICE_PEPPER'])
      expect(problemsOf({ ...real, [variable]: key })).toEqual([variable])
    expect(problemsOf({ ...demo, DATA_KEY: key })).toEqual([])
  })

  it('refuses a session secret that is one letter, or a word several times', () => {
    for (const secret of ['a'.repeat(32), 'refettorio-'.repeat(4)])
      expect(problemsOf({ ...real, NEXTAUTH_SECRET: secret })).toEqual(['NEXTAUTH_SECRET'])
  })

  it('refuses one key under several names', () => {
    const key = keyNamed('one')
    const equal = { NEXTAUTH_SECRET: key, FISCAL_CODE_KEY: key, DATA_KEY: key, DEVICE_PEPPER: key }
    expect(problemsOf({ ...real, ...equal })).toEqual(['FISCAL_CODE_KEY', 'DATA_KEY', 'DEVICE_PEPPER'])
  })

  it('refuses mail and storage in clear, unless they are on this machine', () => {
    const storage = {
      FILES_STORE: 's3',
      FILES_S3_BUCKET: 'mensa',
      FILES_S3_ACCESS_KEY_ID: 'id',
      FILES_S3_SECRET_ACCESS_KEY: 'secret',
    }
    const clear = { SMTP_URL: 'smtp://posta.example.it:587', FILES_S3_ENDPOINT: 'http://s3.example.it' }
    expect(problemsOf({ ...real, ...storage, ...clear }).sort()).toEqual(['FILES_S3_ENDPOINT', 'SMTP_URL'])
    const sealed = {
      SMTP_URL: 'smtp://posta.example.it:587/?requireTLS=true',
      FILES_S3_ENDPOINT: 'https://s3.example.it',
    }
    expect(problemsOf({ ...real, ...storage, ...sealed })).toEqual([])
    const local = { SMTP_URL: 'smtp://localhost:25', FILES_S3_ENDPOINT: 'http://127.0.0.1:9000' }
    expect(problemsOf({ ...real, ...storage, ...local })).toEqual([])
  })

  it('lists contradictions beside what is malformed, each line with its variable', () => {
    const zero = Buffer.alloc(32).toString('base64')
    const wrong = {
      PORT: 'tremila',
      MAIL_FROM: 'nobody',
      DATA_KEY: zero,
      SMTP_URL: 'smtp://posta.example.it',
    }
    expect(problemsOf({ ...real, ...wrong })).toEqual(['PORT', 'MAIL_FROM', 'DATA_KEY', 'SMTP_URL'])
  })

  it.each(['web', 'worker'] as const)(
    'of the %s has no address of the database owner in the real service',
    (service) => {
      const owner = 'postgres://refettorio:segreto@db.example.it/refettorio'
      const own = environmentFor(real, service)
      expect(() => parseEnv({ ...own, DATABASE_URL: owner }, service)).toThrow(
        /DATABASE_URL: .*\.env\.migrate/,
      )
      expect(() => parseEnv({ ...own, DATABASE_URL: owner }, service)).not.toThrow(/segreto/)
      expect(parseEnv({ ...real, DATABASE_URL: owner })).toMatchObject({ DATABASE_URL: owner })
      expect(parseEnv({ ...demo, DATABASE_URL: owner }, service)).toMatchObject({ DEMO: true })
    },
  )

  it('of each service is complete without what only the other reads, and refuses what opens something of the other', () => {
    const others = {
      web: { SMTP_URL: '.env.worker' },
      worker: { NEXTAUTH_SECRET: '.env.web', DEVICE_PEPPER: '.env.web' },
    }
    for (const service of ['web', 'worker'] as const) {
      expect(parseEnv(environmentFor(real, service), service)).toMatchObject({ DEMO: false })
      expect(problemsOf(real, service).sort()).toEqual(Object.keys(others[service]).sort())
      for (const [variable, file] of Object.entries(others[service])) {
        const given = { ...environmentFor(real, service), [variable]: real[variable as keyof typeof real] }
        expect(() => parseEnv(given, service)).toThrow(`scrivila soltanto in ${file}`)
      }
      expect(parseEnv(demo, service)).toMatchObject({ DEMO: true })
    }
  })

  it('of one service does not show what belongs to the other, whatever it was given', () => {
    expect(() => parseEnv(demo, 'worker').NEXTAUTH_SECRET).toThrow(
      'NEXTAUTH_SECRET is not of this process (worker)',
    )
    expect(() => parseEnv(demo, 'web').SMTP_URL).toThrow('SMTP_URL is not of this process (web)')
    expect(Object.keys(parseEnv(demo, 'worker'))).not.toContain('DEVICE_PEPPER')
  })

  it('of the command that moves keys needs the keys and the databases alone', () => {
    const { FISCAL_CODE_KEY, DATA_KEY, DATABASE_WEB_URL } = real
    const keys = {
      NODE_ENV: 'production',
      FISCAL_CODE_KEY,
      DATA_KEY,
      DATABASE_WEB_URL,
      FISCAL_CODE_KEY_ALSO: keyNamed('next'),
    }
    expect(parseEnv(keys, 'reseal')).toMatchObject({
      FISCAL_CODE_KEY,
      FISCAL_CODE_KEY_ALSO: [keyNamed('next')],
    })
    const weak = Buffer.alloc(32).toString('base64')
    expect(problemsOf({ ...real, FISCAL_CODE_KEY_ALSO: weak })).toEqual(['FISCAL_CODE_KEY_ALSO'])
    expect(problemsOf({ ...real, FISCAL_CODE_KEY_ALSO: 'corta' })).toEqual(['FISCAL_CODE_KEY_ALSO'])
  })

  it.each(['DATABASE_URL', 'DATABASE_WEB_URL'])(
    'refuses several computers in %s, and says what to give',
    (name) => {
      const list = { ...real, [name]: 'postgres://u@h1:5432,h2:5432/db' }
      expect(() => parseEnv(list)).toThrow(new RegExp(`${name}: nomina più computer.*PgBouncer`))
    },
  )

  it('needs the file of the chosen client authentication', () => {
    expect(problemsOf({ ...real, IDENTITY_PRIVATE_JWKS_FILE: '' })).toEqual(['IDENTITY_PRIVATE_JWKS_FILE'])
    expect(problemsOf({ ...real, IDENTITY_CLIENT_AUTH: 'client_secret_basic' })).toEqual([
      'IDENTITY_CLIENT_SECRET_FILE',
    ])
  })

  it.each(['https://mensa.example.it/', 'https://mensa.example.it/mozzecane', 'mensa.example.it'])(
    'refuses %s as public origin',
    (origin) => {
      expect(problemsOf({ ...real, PUBLIC_ORIGIN: origin })).toEqual(['PUBLIC_ORIGIN'])
    },
  )

  it('accepts a gateway for texts whole or not at all, over https or from this machine', () => {
    const texts = {
      SMS_GATEWAY_URL: 'https://sms.example.it/v1',
      SMS_GATEWAY_TOKEN: 't',
      SMS_SENDER: 'Mensa',
    }
    expect(problemsOf({ ...real, ...texts })).toEqual([])
    expect(problemsOf({ ...real, ...texts, SMS_GATEWAY_URL: 'http://127.0.0.1:8080/' })).toEqual([])
    expect(problemsOf({ ...real, ...texts, SMS_GATEWAY_URL: 'http://sms.example.it/' })).toEqual([
      'SMS_GATEWAY_URL',
    ])
    expect(problemsOf({ ...real, ...texts, SMS_GATEWAY_TOKEN: '' })).toEqual(['SMS_GATEWAY_TOKEN'])
    expect(problemsOf({ ...real, ...texts, SMS_GATEWAY_TOKEN: '', SMS_GATEWAY_TOKEN_FILE: '/t' })).toEqual([])
    expect(problemsOf({ ...real, ...texts, SMS_GATEWAY_TOKEN_FILE: '/t' })).toEqual(['SMS_GATEWAY_TOKEN'])
    expect(problemsOf({ ...real, ...texts, SMS_SENDER: '' })).toEqual(['SMS_SENDER'])
    expect(problemsOf({ ...real, ...texts, SMS_SENDER: 'Refezione Scolastica' })).toEqual(['SMS_SENDER'])
    expect(problemsOf({ ...real, ...texts, SMS_SENDER: '+393331234567' })).toEqual([])
  })

  it('names an address for alerts and its mail server together, and keeps both from the processes that answer strangers', () => {
    const alerts = { ALERTS_TO: 'operatore@example.it', ALERTS_SMTP_URL: 'smtps://posta.example.it' }
    expect(problemsOf({ ...real, ...alerts })).toEqual([])
    expect(problemsOf({ ...real, ALERTS_TO: alerts.ALERTS_TO })).toEqual(['ALERTS_SMTP_URL'])
    expect(problemsOf({ ...real, ...alerts, ALERTS_SMTP_URL: 'smtp://posta.example.it' })).toEqual([
      'ALERTS_SMTP_URL',
    ])
    Object.assign(process.env, alerts)
    keepAlertsFromChildren()
    expect([process.env.ALERTS_TO, process.env.ALERTS_SMTP_URL]).toEqual([undefined, undefined])
  })

  it('is described, every variable, in the example of the file that it is written in', () => {
    const described = globSync('.env*.example').flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/^#.+\n([A-Z0-9_]+)=/gm)].map(
        ([, variable]) => `${variable} ${file}`,
      ),
    )
    const known = Object.keys(
      parseEnv({
        ...real,
        DATABASE_URL: 'postgres://o@h/d',
        WEB_CONCURRENCY: '2',
        IDENTITY_CLIENT_SECRET_FILE: '/s',
        FILES_STORE: 's3',
        BASE_DOMAIN: 'mensa.example.it',
        FILES_S3_ENDPOINT: 'https://s3.example.it',
        FILES_S3_BUCKET: 'mensa',
        FILES_S3_ACCESS_KEY_ID: 'id',
        FILES_S3_SECRET_ACCESS_KEY: 'secret',
        VAPID_PUBLIC_KEY: 'p'.repeat(87),
        VAPID_PRIVATE_KEY: 'k'.repeat(43),
        SMS_GATEWAY_URL: 'https://sms.example.it/v1',
        SMS_GATEWAY_TOKEN: 't',
        SMS_SENDER: 'Mensa',
        ALERTS_TO: 'operatore@example.it',
        ALERTS_SMTP_URL: 'smtps://posta.example.it',
      }),
    )
    // Only one of a token and its file may be there.
    known.push('SMS_GATEWAY_TOKEN_FILE')
    const written = known
      .filter((name) => name !== 'NEXTAUTH_URL')
      .map((name) => `${name} ${fileNaming(name as Parameters<typeof fileNaming>[0])}.example`)
    expect(described.sort()).toEqual(written.sort())
  })

  it('is read by each script from the shared file and from the own one', () => {
    expect(filesFor('web')).toEqual(['.env.web', '.env'])
    expect(filesFor('worker')).toEqual(['.env.worker', '.env'])
    expect(filesFor('database')).toEqual(['.env.migrate', '.env'])
    expect(filesFor('town')).toEqual(['.env.migrate', '.env'])
    expect(filesFor('check')).toEqual(['.env'])
  })
})
