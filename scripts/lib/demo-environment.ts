import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import webPush from 'web-push'

/** The callback that next-auth serves for our one provider; the bridge must know it beforehand. */
export const CALLBACK_PATH = '/api/auth/callback/bridge'
/** Where Nexi's API begins on its hosts, and on the simulator. */
const PAYMENTS_API_PATH = '/api/phoenix-0.0/psp/api/v1'

export type Environment = Record<string, string>

/** The demonstration's processes stand on neighbouring ports. */
export const demoPorts = (port: number) => ({
  web: port,
  identity: port + 1,
  payments: port + 2,
  smtp: port + 3,
  mail: port + 4,
})

type Secrets = {
  environment: Environment
  clientKey: Record<string, unknown> & { n: string; e: string; kid: string }
}

function inventSecrets(): Secrets {
  const push = webPush.generateVAPIDKeys()
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })
  return {
    environment: {
      NEXTAUTH_SECRET: randomBytes(32).toString('base64'),
      FISCAL_CODE_KEY: randomBytes(32).toString('base64'),
      DATA_KEY: randomBytes(32).toString('base64'),
      DEVICE_PEPPER: randomBytes(32).toString('base64'),
      PAYMENTS_API_KEY: randomUUID(),
      SMS_GATEWAY_TOKEN: randomBytes(24).toString('base64url'),
      VAPID_PUBLIC_KEY: push.publicKey,
      VAPID_PRIVATE_KEY: push.privateKey,
    },
    clientKey: { ...key, n: String(key.n), e: String(key.e), kid: randomUUID(), alg: 'RS256', use: 'sig' },
  }
}

/** Writes beside and renames: a start killed half-way leaves no half file. */
function writePrivately(file: string, value: unknown): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

/** A folder from before a secret existed gets it now, and keeps the others. */
function keepingUp(kept: Secrets, file: string): Secrets {
  const invented = inventSecrets().environment
  if (Object.keys(invented).every((name) => name in kept.environment)) return kept
  const complete = { ...kept, environment: { ...invented, ...kept.environment } }
  writePrivately(file, complete)
  return complete
}

function secretsIn(folder: string): Secrets {
  const file = path.join(folder, 'secrets.json')
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true })
    writePrivately(file, inventSecrets())
  }
  const kept = JSON.parse(readFileSync(file, 'utf8')) as Secrets
  return keepingUp(kept, file)
}

/**
 * The demonstration's environment: secrets invented once and kept in `folder`, addresses of the simulators on this machine.
 * @param database addresses of the owner and of the runtime role
 */
export function demoEnvironment(
  folder: string,
  port: number,
  database: { ownerUrl: string; webUrl: string },
): Environment {
  const { environment, clientKey } = secretsIn(folder)
  const jwks = path.join(folder, 'identity-client.jwks.json')
  if (!existsSync(jwks)) writePrivately(jwks, { keys: [clientKey] })
  const ports = demoPorts(port)
  return {
    NODE_ENV: 'production',
    DEMO: '1',
    PORT: String(port),
    COMPRESS: '1',
    PUBLIC_ORIGIN: `http://localhost:${port}`,
    DATABASE_URL: database.ownerUrl,
    DATABASE_WEB_URL: database.webUrl,
    ...environment,
    IDENTITY_ISSUER: `http://localhost:${ports.identity}`,
    IDENTITY_CLIENT_ID: 'refettorio',
    IDENTITY_CLIENT_AUTH: 'private_key_jwt',
    IDENTITY_PRIVATE_JWKS_FILE: jwks,
    IDENTITY_CLAIM_PROFILE: 'agid',
    IDENTITY_LEVEL_SOURCE: 'acr',
    PAYMENTS_MODE: 'test',
    PAYMENTS_BASE_URL: `http://localhost:${ports.payments}${PAYMENTS_API_PATH}`,
    SMTP_URL: `smtp://localhost:${ports.smtp}`,
    MAIL_FROM: 'Refezione Scolastica Mozzecane <mensa@mozzecane.example.it>',
    SMS_GATEWAY_URL: `http://localhost:${ports.mail}/sms`,
    SMS_SENDER: 'Mensa',
    NEXT_TELEMETRY_DISABLED: '1',
  }
}

/** The environments of the three simulators, matching `demoEnvironment` on the same port. */
export function simulatorEnvironments(
  folder: string,
  port: number,
): Record<'identity' | 'payments' | 'mail', Environment> {
  const { environment, clientKey } = secretsIn(folder)
  const ports = demoPorts(port)
  const { kid, n, e } = clientKey
  const shared = { NODE_ENV: 'production', DEMO: '1', HOST: '127.0.0.1' }
  return {
    identity: {
      ...shared,
      PORT: String(ports.identity),
      ISSUER: `http://localhost:${ports.identity}`,
      IDENTITY_CLIENT_ID: 'refettorio',
      IDENTITY_CLIENT_JWKS: JSON.stringify({ keys: [{ kty: 'RSA', alg: 'RS256', use: 'sig', kid, n, e }] }),
      IDENTITY_REDIRECT_URI: `http://localhost:${port}${CALLBACK_PATH}`,
    },
    payments: {
      ...shared,
      PORT: String(ports.payments),
      API_KEY: environment.PAYMENTS_API_KEY ?? '',
      PUBLIC_URL: `http://localhost:${ports.payments}`,
      STATE_FILE: path.join(folder, 'payments-simulator.json'),
    },
    mail: {
      ...shared,
      PORT: String(ports.mail),
      SMTP_PORT: String(ports.smtp),
      SMS_TOKEN: environment.SMS_GATEWAY_TOKEN ?? '',
    },
  }
}
