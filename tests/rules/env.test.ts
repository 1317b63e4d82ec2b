import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { EnvironmentError, parseEnv } from '#lib/kernel/env.ts'

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
const real = {
  ...demo,
  DEMO: '',
  PUBLIC_ORIGIN: 'https://mensa.example.it',
  IDENTITY_ISSUER: 'https://login.example.it',
  PAYMENTS_MODE: 'live',
  PAYMENTS_BASE_URL: 'https://xpay.nexigroup.com/api/phoenix-0.0/psp/api/v1',
}

function problemsOf(source: Record<string, string>): string[] {
  try {
    parseEnv(source)
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
    expect(problemsOf({ ...real, PAYMENTS_MODE: 'test' })).toEqual(['PAYMENTS_BASE_URL'])
  })

  it('refuses simulators and plain http in production, unless it is the demonstration', () => {
    expect(problemsOf({ ...demo, DEMO: '0' }).sort()).toEqual([
      'IDENTITY_ISSUER',
      'IDENTITY_ISSUER',
      'PAYMENTS_BASE_URL',
      'PUBLIC_ORIGIN',
    ])
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

  it('is described, every variable, in .env.example', () => {
    const example = readFileSync('.env.example', 'utf8')
    const described = [...example.matchAll(/^#.+\n([A-Z0-9_]+)=/gm)].map((match) => match[1])
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
      }),
    )
    // Only one of a token and its file may be there.
    known.push('SMS_GATEWAY_TOKEN_FILE')
    expect(described.sort()).toEqual(known.filter((name) => name !== 'NEXTAUTH_URL').sort())
  })
})
