import { createHash, generateKeyPairSync, type JsonWebKey, randomBytes } from 'node:crypto'
import { Provider } from 'oidc-provider'
import type { SignInMethod } from '#lib/identity/claims.ts'
import type { SimulatorConfig } from './config.ts'
import { assertionFor, claimNames } from './outcomes.ts'
import { personByKey } from './people.ts'

/** The account that a sign-in asserts: who, how, and with which variant of the data. */
export type Account = { person: string; method: SignInMethod; variant: string }

export const accountId = ({ person, method, variant }: Account): string => `${person}.${method}.${variant}`

export function readAccountId(id: string): Account {
  const [person = '', method, variant = ''] = id.split('.')
  return { person, method: method === 'cie' ? 'cie' : 'spid', variant }
}

/** New keys at every start: a client that cached the old ones has to fetch them again, as after a real rotation. */
function signingKey(): JsonWebKey {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    ...privateKey.export({ format: 'jwk' }),
    use: 'sig',
    alg: 'RS256',
    kid: randomBytes(8).toString('hex'),
  }
}

/** SPID and CIE never share a subject, nor do two services: people meet by fiscal code, not by subject. */
const pairwise = (account: Account, clientId: string): string =>
  createHash('sha256').update(`${account.person}.${account.method}.${clientId}`).digest('hex')

const findAccount = (_context: unknown, id: string) => {
  const { person: key, method, variant } = readAccountId(id)
  const person = personByKey(key)
  if (!person) return undefined
  return { accountId: id, claims: () => ({ sub: id, ...assertionFor(person, method, variant).claims }) }
}

type GrantContext = {
  oidc: { session: { accountId: string }; client: { clientId: string }; provider: Provider }
}

/** Consent is asked on the people page itself, so every request finds its grant ready. */
async function loadExistingGrant({ oidc }: GrantContext) {
  const grant = new oidc.provider.Grant({
    accountId: oidc.session.accountId,
    clientId: oidc.client.clientId,
  })
  grant.addOIDCScope('openid profile email')
  grant.addOIDCClaims([...claimNames])
  await grant.save()
  return grant
}

/** The certified provider, configured as the SPID/CIE rules ask of a bridge: code flow, PKCE S256, signed client. */
export function createProvider(config: Omit<SimulatorConfig, 'port' | 'host'>): Provider {
  return new Provider(config.issuer, {
    clients: [
      {
        client_id: config.clientId,
        client_name: 'Refettorio',
        redirect_uris: [config.redirectUri],
        grant_types: ['authorization_code'],
        response_types: ['code'],
        token_endpoint_auth_method: 'private_key_jwt',
        id_token_signed_response_alg: 'RS256',
        subject_type: 'pairwise',
        jwks: config.clientJwks,
      },
    ],
    jwks: { keys: [signingKey()] },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    acrValues: [1, 2, 3].map((level) => `https://www.spid.gov.it/SpidL${level}`),
    claims: {
      openid: ['sub', 'acr', 'amr', 'auth_time'],
      profile: claimNames.filter((name) => name !== 'email'),
      email: ['email'],
    },
    scopes: ['openid', 'profile', 'email'],
    subjectTypes: ['pairwise'],
    pairwiseIdentifier: (_context: unknown, id: string, client: { clientId: string }) =>
      pairwise(readAccountId(id), client.clientId),
    responseTypes: ['code'],
    clientAuthMethods: ['private_key_jwt'],
    enabledJWA: { clientAuthSigningAlgValues: ['RS256'], idTokenSigningAlgValues: ['RS256'] },
    pkce: { required: () => true },
    extraParams: ['idp_hint'],
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      revocation: { enabled: true },
      claimsParameter: { enabled: true },
    },
    interactions: { url: (_context: unknown, interaction: { uid: string }) => `/accesso/${interaction.uid}` },
    ttl: {
      AccessToken: 300,
      AuthorizationCode: 60,
      IdToken: 180,
      Interaction: 900,
      Session: 900,
      Grant: 900,
    },
    findAccount,
    loadExistingGrant,
    renderError: (
      context: { type: string; body: string },
      out: { error: string; error_description?: string },
    ) => {
      context.type = 'text/plain'
      context.body = `Simulatore di identità: ${out.error}${out.error_description ? ` (${out.error_description})` : ''}\n`
    },
  })
}
