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

/** Sets the whole environment of the tests, `changes` over it, and makes `env()` read it again. */
export function setEnvironment(changes: Readonly<Record<string, string>> = {}): void {
  Object.assign(process.env, TEST_ENVIRONMENT, changes)
  forgetEnv()
}
