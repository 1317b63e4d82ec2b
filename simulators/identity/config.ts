import type { JWK } from 'jose'

export type SimulatorConfig = {
  port: number
  /** Address to listen on; every one of the machine when not given. */
  host: string | undefined
  issuer: string
  clientId: string
  /** Public keys of the portal, against which its client assertions are checked. */
  clientJwks: { keys: JWK[] }
  redirectUri: string
}

/**
 * Reads the simulator's own environment.
 * @throws Error with a sentence to print, also when an identity simulator is started in production.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): SimulatorConfig {
  if (env.NODE_ENV === 'production' && env.DEMO !== '1') {
    throw new Error(
      'Il simulatore di identità fa entrare chiunque: con NODE_ENV=production parte solo nella dimostrazione (DEMO=1).',
    )
  }
  const need = (name: string): string => {
    const value = env[name]
    if (!value) throw new Error(`Simulatore di identità: manca la variabile ${name}.`)
    return value
  }
  const port = Number(need('PORT'))
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error('Simulatore di identità: PORT deve essere un numero di porta.')
  }
  const clientJwks = JSON.parse(need('IDENTITY_CLIENT_JWKS')) as { keys: JWK[] }
  if (clientJwks.keys.some((key) => 'd' in key)) {
    throw new Error('Simulatore di identità: IDENTITY_CLIENT_JWKS deve contenere solo chiavi pubbliche.')
  }
  return {
    port,
    host: env.HOST,
    issuer: need('ISSUER'),
    clientId: need('IDENTITY_CLIENT_ID'),
    clientJwks,
    redirectUri: need('IDENTITY_REDIRECT_URI'),
  }
}
