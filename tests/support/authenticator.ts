import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server'
import { isoCBOR } from '@simplewebauthn/server/helpers'

const PRESENT = 0x01
const VERIFIED = 0x04
const WITH_KEY = 0x40

const sha256 = (data: Buffer | string): Buffer => createHash('sha256').update(data).digest()
const base64url = (data: Buffer | string): string => Buffer.from(data).toString('base64url')

/** What an authenticator or a browser does wrong. */
export type Flaw = {
  origin?: string
  rpId?: string
  challenge?: string
  /** Nobody put a finger on it. */
  unverified?: boolean
  /** Signs with another key. */
  forged?: boolean
  counter?: number
}

/** A fingerprint reader in software: it makes one key and signs whatever it is asked, rightly or not. */
export class Authenticator {
  readonly id = base64url(randomBytes(16))
  private readonly keys = Authenticator.newKeys()
  private readonly origin: string
  private counter = 0

  constructor(origin: string) {
    this.origin = origin
  }

  private static newKeys(): { privateKey: KeyObject; publicKey: KeyObject } {
    return generateKeyPairSync('ec', { namedCurve: 'P-256' })
  }

  private authenticatorData({ rpId, unverified, counter }: Flaw, more: Buffer = Buffer.alloc(0)): Buffer {
    this.counter += 1
    const flags = PRESENT | (unverified ? 0 : VERIFIED) | (more.length > 0 ? WITH_KEY : 0)
    const count = Buffer.alloc(4)
    count.writeUInt32BE(counter ?? this.counter)
    const host = rpId ?? new URL(this.origin).hostname
    return Buffer.concat([sha256(host), Buffer.from([flags]), count, more])
  }

  private clientData(type: string, challenge: string, flaw: Flaw): string {
    const origin = flaw.origin ?? this.origin
    return JSON.stringify({ type, challenge: flaw.challenge ?? challenge, origin, crossOrigin: false })
  }

  private credential(): Buffer {
    const { x, y } = this.keys.publicKey.export({ format: 'jwk' })
    const bytes = (text: string | undefined) => new Uint8Array(Buffer.from(text ?? '', 'base64url'))
    const coordinates: [number, Uint8Array][] = [
      [-2, bytes(x)],
      [-3, bytes(y)],
    ]
    const key = new Map<number, number | Uint8Array>([[1, 2], [3, -7], [-1, 1], ...coordinates])
    const id = Buffer.from(this.id, 'base64url')
    const length = Buffer.from([0, id.length])
    return Buffer.concat([Buffer.alloc(16), length, id, isoCBOR.encode(key)])
  }

  create(options: PublicKeyCredentialCreationOptionsJSON, flaw: Flaw = {}): RegistrationResponseJSON {
    const attestation = new Map<string, unknown>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', new Uint8Array(this.authenticatorData(flaw, this.credential()))],
    ])
    const encoded = isoCBOR.encode(attestation as Parameters<typeof isoCBOR.encode>[0])
    return {
      id: this.id,
      rawId: this.id,
      type: 'public-key',
      clientExtensionResults: {},
      response: {
        clientDataJSON: base64url(this.clientData('webauthn.create', options.challenge, flaw)),
        attestationObject: base64url(Buffer.from(encoded)),
        transports: ['internal'],
      },
    }
  }

  get(options: PublicKeyCredentialRequestOptionsJSON, flaw: Flaw = {}): AuthenticationResponseJSON {
    const data = this.authenticatorData(flaw)
    const client = this.clientData('webauthn.get', options.challenge, flaw)
    const key = flaw.forged ? Authenticator.newKeys().privateKey : this.keys.privateKey
    return {
      id: this.id,
      rawId: this.id,
      type: 'public-key',
      clientExtensionResults: {},
      response: {
        clientDataJSON: base64url(client),
        authenticatorData: base64url(data),
        signature: base64url(sign('sha256', Buffer.concat([data, sha256(client)]), key)),
      },
    }
  }
}
