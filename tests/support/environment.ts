import { createHash } from 'node:crypto'
import { forgetEnv } from '#lib/kernel/env.ts'

/** A complete environment on which nothing listens: tests that need a simulator override its address. */
export const TEST_ENVIRONMENT = {
  NODE_ENV: 'test',
  PUBLIC_ORIGIN: 'http://localhost:3000',
  DATABASE_WEB_URL: 'postgres://refettorio_web@localhost/none?host=%2Fnowhere',
  NEXTAUTH_SECRET: 'only-for-tests-only-for-tests-only-for-tests',
  FISCAL_CODE_KEY: Buffer.alloc(32, 'f').toString('base64'),
  DATA_KEY: Buffer.alloc(32, 'd').toString('base64'),
  DEVICE_PEPPER: Buffer.alloc(32, 'p').toString('base64'),
  IDENTITY_ISSUER: 'http://localhost:1',
  IDENTITY_CLIENT_ID: 'refettorio',
  IDENTITY_CLIENT_AUTH: 'client_secret_basic',
  IDENTITY_CLIENT_SECRET_FILE: '/dev/null',
  PAYMENTS_BASE_URL: 'http://localhost:1/api',
  PAYMENTS_API_KEY: 'only-for-tests',
  SMTP_URL: 'smtp://localhost:1',
  MAIL_FROM: 'Mensa <mensa@example.it>',
  LOG_LEVEL: 'silent',
} as const

/** Bytes that look drawn at random and are the same in each run; another `name`, other bytes. */
export const keyNamed = (name: string): string => createHash('sha256').update(name).digest('base64')

/** A complete environment of the real service; nothing listens there. */
export const REAL_ENVIRONMENT = {
  NODE_ENV: 'production',
  DEMO: '',
  PUBLIC_ORIGIN: 'https://mensa.example.it',
  TRUSTED_PROXIES: '1',
  DATABASE_WEB_URL: 'postgres://refettorio_web@localhost/refettorio?host=%2Ftmp',
  NEXTAUTH_SECRET: keyNamed('session'),
  FISCAL_CODE_KEY: keyNamed('fiscal code'),
  DATA_KEY: keyNamed('data'),
  DEVICE_PEPPER: keyNamed('device'),
  IDENTITY_ISSUER: 'https://login.example.it',
  IDENTITY_CLIENT_ID: 'refettorio',
  IDENTITY_PRIVATE_JWKS_FILE: '/data/jwks.json',
  PAYMENTS_MODE: 'live',
  PAYMENTS_BASE_URL: 'https://xpay.nexigroup.com/api/phoenix-0.0/psp/api/v1',
  PAYMENTS_API_KEY: 'key',
  SMTP_URL: 'smtps://posta.example.it',
  MAIL_FROM: 'Mensa <mensa@example.it>',
} as const

/** Sets the whole environment of the tests, `changes` over it, and makes `env()` read it again. */
export function setEnvironment(changes: Readonly<Record<string, string>> = {}): void {
  Object.assign(process.env, TEST_ENVIRONMENT, changes)
  forgetEnv()
}
