import { createHash, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { exportJWK, type JWK, type JWTHeaderParameters, jwtVerify, SignJWT } from 'jose'
import { type Listening, listen } from './http.ts'

export type Claims = Record<string, unknown>
type Reply = { status?: number; type?: string; body: unknown; location?: string; hang?: boolean }

/** What the provider does wrong, each a change to what it would rightly do. */
export type Misbehaviour = {
  /** Changes the claims of the ID token. */
  claims?: (claims: Claims) => Claims
  /** Signs the ID token in another way, or makes no token at all. */
  sign?: (claims: Claims, keys: ProviderKeys) => Promise<string | undefined> | string | undefined
  token?: (body: Claims) => Reply
  userinfo?: (claims: Claims) => Reply
  discovery?: (document: Claims) => Reply
  revocation?: () => Reply
  jwks?: (keys: JWK[]) => JWK[]
}

export type ProviderKeys = { privateKey: KeyObject; publicKey: KeyObject; kid: string }

export type Person = {
  fiscalNumber?: unknown
  givenName?: unknown
  familyName?: unknown
  birthdate?: unknown
  email?: unknown
  method?: unknown
  sub?: string
  more?: Claims
}

type Grant = { challenge: string; nonce: string; redirectUri: string; person: Person; used: boolean }

export const rsaKeys = (kid: string, bits = 2048): ProviderKeys => ({
  ...generateKeyPairSync('rsa', { modulusLength: bits }),
  kid,
})

export const signed = (
  claims: Claims,
  key: KeyObject | Uint8Array,
  header: JWTHeaderParameters,
): Promise<string> => new SignJWT(claims).setProtectedHeader(header).sign(key)

export const publicJwk = async ({ publicKey, kid }: ProviderKeys, more: Partial<JWK> = {}): Promise<JWK> => ({
  ...(await exportJWK(publicKey)),
  kid,
  use: 'sig',
  alg: 'RS256',
  ...more,
})

/** A little OpenID provider written against the rules, so that it can break each of them on purpose. */
export class MisbehavingProvider {
  misbehaviour: Misbehaviour = {}
  readonly keys = rsaKeys('op-1')
  /** Access tokens that the portal gave back. */
  readonly revoked: string[] = []
  readonly requests: string[] = []
  private readonly grants = new Map<string, Grant>()
  private readonly tokens = new Map<string, Grant>()
  private listening: Listening | undefined

  private readonly clientKey: KeyObject

  constructor(clientKey: KeyObject) {
    this.clientKey = clientKey
  }

  get issuer(): string {
    if (!this.listening) throw new Error('the provider is not listening')
    return this.listening.origin
  }

  async start(): Promise<void> {
    this.listening = await listen(
      createServer((request, response) => {
        this.serve(request).then(
          (reply) => this.send(response, reply),
          (error: Error) =>
            this.send(response, {
              status: 400,
              body: { error: 'invalid_request', error_description: error.message },
            }),
        )
      }),
    )
  }

  async stop(): Promise<void> {
    await this.listening?.close()
  }

  /** The person consents at the provider: the answer's parameters, as they come back with the browser. */
  authorize(authorizationUrl: string, person: Person): Record<string, string> {
    const params = new URL(authorizationUrl).searchParams
    const code = randomBytes(16).toString('hex')
    this.grants.set(code, {
      challenge: params.get('code_challenge') ?? '',
      nonce: params.get('nonce') ?? '',
      redirectUri: params.get('redirect_uri') ?? '',
      person,
      used: false,
    })
    return { code, state: params.get('state') ?? '', iss: this.issuer }
  }

  private send(
    response: ServerResponse,
    { status = 200, type = 'application/json', body, location, hang }: Reply,
  ): void {
    if (hang) return
    response.writeHead(status, { 'content-type': type, ...(location ? { location } : {}) })
    response.end(type === 'application/json' ? JSON.stringify(body) : String(body))
  }

  private async serve(request: IncomingMessage): Promise<Reply> {
    const path = (request.url ?? '').split('?')[0] as string
    this.requests.push(path)
    const { misbehaviour } = this
    if (path === '/.well-known/openid-configuration') {
      return misbehaviour.discovery?.(this.document()) ?? { body: this.document() }
    }
    if (path === '/jwks') {
      const keys = [await publicJwk(this.keys)]
      return { body: { keys: misbehaviour.jwks?.(keys) ?? keys } }
    }
    if (path === '/me') return this.userinfo(request)
    const form = new URLSearchParams(await text(request))
    await this.checkClient(form)
    if (path === '/revoke') {
      this.revoked.push(form.get('token') ?? '')
      return misbehaviour.revocation?.() ?? { body: {} }
    }
    return path === '/token' ? this.token(form) : { status: 404, body: {} }
  }

  private document(): Claims {
    return {
      issuer: this.issuer,
      authorization_endpoint: `${this.issuer}/auth`,
      token_endpoint: `${this.issuer}/token`,
      userinfo_endpoint: `${this.issuer}/me`,
      revocation_endpoint: `${this.issuer}/revoke`,
      jwks_uri: `${this.issuer}/jwks`,
      authorization_response_iss_parameter_supported: true,
      response_types_supported: ['code'],
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
      token_endpoint_auth_signing_alg_values_supported: ['RS256'],
      code_challenge_methods_supported: ['S256'],
    }
  }

  /** The portal must prove itself with a signed assertion at every server-to-server call. */
  private async checkClient(form: URLSearchParams): Promise<void> {
    const { payload } = await jwtVerify(form.get('client_assertion') ?? '', this.clientKey, {
      algorithms: ['RS256'],
    })
    if (payload.iss !== 'refettorio' || payload.sub !== 'refettorio' || !payload.jti || !payload.exp) {
      throw new Error('client assertion')
    }
  }

  private async token(form: URLSearchParams): Promise<Reply> {
    const grant = this.grants.get(form.get('code') ?? '')
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    const valid =
      grant && !grant.used && grant.challenge === challenge && grant.redirectUri === form.get('redirect_uri')
    if (!valid) return { status: 400, body: { error: 'invalid_grant' } }
    grant.used = true
    const accessToken = randomBytes(16).toString('hex')
    this.tokens.set(accessToken, grant)
    const body = {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: 300,
      id_token: await this.idToken(grant, accessToken),
    }
    return this.misbehaviour.token?.(body) ?? { body }
  }

  private async idToken({ nonce, person }: Grant, accessToken: string): Promise<string | undefined> {
    const now = Math.floor(Date.now() / 1000)
    const half = createHash('sha256').update(accessToken).digest().subarray(0, 16).toString('base64url')
    const right: Claims = {
      iss: this.issuer,
      sub: person.sub ?? 'subject-1',
      aud: 'refettorio',
      acr: 'https://www.spid.gov.it/SpidL2',
      amr: [person.method ?? 'spid'],
      nonce,
      at_hash: half,
      iat: now,
      exp: now + 180,
      auth_time: now,
    }
    const claims = this.misbehaviour.claims?.(right) ?? right
    if (this.misbehaviour.sign) return this.misbehaviour.sign(claims, this.keys)
    return signed(claims, this.keys.privateKey, { alg: 'RS256', kid: this.keys.kid })
  }

  private userinfo(request: IncomingMessage): Reply {
    const grant = this.tokens.get((request.headers.authorization ?? '').replace('Bearer ', ''))
    if (!grant) return { status: 401, body: { error: 'invalid_token' } }
    const { person } = grant
    const claims: Claims = {
      sub: person.sub ?? 'subject-1',
      given_name: person.givenName ?? 'Laura',
      family_name: person.familyName ?? 'Conti',
      birthdate: person.birthdate ?? '1986-04-12',
      'https://attributes.eid.gov.it/fiscal_number': person.fiscalNumber,
      ...(person.email === undefined ? {} : { email: person.email }),
      ...person.more,
    }
    return this.misbehaviour.userinfo?.(claims) ?? { body: claims }
  }
}
