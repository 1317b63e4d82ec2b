import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto'
import { type DerNode, der, oid, readDer, readOid, sequence } from './der.ts'

/**
 * The certificate of a service provider, made and checked by the rules (spid-regole-tecniche, metadata, «Certificati»): who, for
 * which use, under which policies.
 */
export type EntityKind = 'public' | 'private'

/** What the subject of the certificate says of the body. */
export type CertificateSubject = {
  commonName: string
  organizationName: string
  /** The entityID. */
  uri: string
  /** `PA:IT-<IPA code>`, `VATIT-<number>` or `CF:IT-<code>`. */
  organizationIdentifier: string
  countryName: 'IT'
  localityName: string
}

const SUBJECT_OIDS = {
  commonName: '2.5.4.3',
  organizationName: '2.5.4.10',
  uri: '2.5.4.83',
  organizationIdentifier: '2.5.4.97',
  countryName: '2.5.4.6',
  localityName: '2.5.4.7',
} as const satisfies Record<keyof CertificateSubject, string>

/** Names of a person have no place in it: name, surname, givenName, initials, pseudonym, emailAddress. */
const OF_PERSONS = ['2.5.4.41', '2.5.4.4', '2.5.4.42', '2.5.4.43', '2.5.4.65', '1.2.840.113549.1.9.1']
const KEY_USAGE = '2.5.29.15'
const BASIC_CONSTRAINTS = '2.5.29.19'
const POLICIES = '2.5.29.32'
const POLICY_OF_AGID = '1.3.76.16.6'
const POLICY_OF_KIND: Readonly<Record<EntityKind, string>> = {
  public: '1.3.76.16.4.2.1',
  private: '1.3.76.16.4.3.1',
}
/** digitalSignature and contentCommitment, and no other bit. */
const SIGN_AND_COMMIT = Buffer.from([0x03, 0x02, 0x06, 0xc0])
const RSA_SHA256 = '1.2.840.113549.1.1.11'
const SHA_256_OR_512 = [RSA_SHA256, '1.2.840.113549.1.1.13']
const KEY_SIZES = [2048, 3072, 4096]
const DAY_MS = 86_400_000
const OID_TAG = 0x06
const BOOLEAN_TAG = 0x01
const EXTENSIONS_TAG = 0xa3

type Extension = { isCritical: boolean; value: Buffer }
type Parts = { subject: Map<string, string>; extensions: Map<string, Extension>; algorithm: string }

function partsOf(certificate: X509Certificate): Parts {
  const [whole] = readDer(certificate.raw)
  const [tbs, algorithm] = whole?.children ?? []
  const fields = tbs?.children ?? []
  // [0] version, serial, algorithm, issuer, validity, subject, key, [3] extensions.
  const names = fields[5]?.children.flatMap(({ children }) => children) ?? []
  const listed = fields.find(({ tag }) => tag === EXTENSIONS_TAG)?.children[0]?.children ?? []
  return {
    algorithm: oidIn(algorithm),
    subject: new Map(names.map((node) => [oidIn(node), node.children[1]?.content.toString('utf8') ?? ''])),
    extensions: new Map(
      listed.map((node) => [
        oidIn(node),
        {
          isCritical: node.children[1]?.tag === BOOLEAN_TAG,
          value: node.children.at(-1)?.content ?? Buffer.alloc(0),
        },
      ]),
    ),
  }
}

const oidIn = (node: DerNode | undefined): string => {
  const first = node?.children[0]
  return first?.tag === OID_TAG ? readOid(first.content) : ''
}

function wrongInSubject({ subject }: Parts, expected: Omit<CertificateSubject, 'commonName'>): string[] {
  const wanted = Object.entries(expected).filter(([name]) => name !== 'localityName')
  const wrong = wanted
    .map(([name, value]) => {
      const found = subject.get(SUBJECT_OIDS[name as keyof CertificateSubject])
      return found === value ? '' : `${name} è «${found ?? 'assente'}», deve essere «${value}»`
    })
    .filter(Boolean)
  const missing = (['commonName', 'localityName'] as const)
    .filter((name) => !subject.get(SUBJECT_OIDS[name]))
    .map((name) => `${name} manca`)
  const personal = OF_PERSONS.filter((name) => subject.has(name)).map(
    (name) => `il soggetto ha il dato personale ${name}`,
  )
  return [...wrong, ...missing, ...personal]
}

function wrongInExtensions({ extensions }: Parts, kind: EntityKind): string[] {
  const usage = extensions.get(KEY_USAGE)
  const constraints = extensions.get(BASIC_CONSTRAINTS)
  const policies = extensions.get(POLICIES)
  const named = policies ? (readDer(policies.value)[0]?.children ?? []).map(oidIn) : []
  const needed = [POLICY_OF_AGID, POLICY_OF_KIND[kind]].filter((policy) => !named.includes(policy))
  const isLeaf = constraints && readDer(constraints.value)[0]?.children.length === 0
  return [
    ...(usage?.isCritical && usage.value.equals(SIGN_AND_COMMIT)
      ? []
      : ['keyUsage deve essere critico, con digitalSignature e contentCommitment soltanto']),
    ...(isLeaf && !constraints.isCritical ? [] : ['basicConstraints deve essere CA:FALSE, non critico']),
    ...needed.map((policy) => `certificatePolicies non ha ${policy}`),
    ...(policies?.isCritical ? ['certificatePolicies non deve essere critico'] : []),
  ]
}

/** What the rules do not allow in a certificate, each in one Italian sentence; none where it is good. */
export function wrongInCertificate(
  pem: string,
  kind: EntityKind,
  expected: Omit<CertificateSubject, 'commonName'>,
): string[] {
  const certificate = new X509Certificate(pem)
  const parts = partsOf(certificate)
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey
  const size = asymmetricKeyDetails?.modulusLength ?? 0
  return [
    ...(asymmetricKeyType === 'rsa' && KEY_SIZES.includes(size)
      ? []
      : ['la chiave deve essere RSA di 2048, 3072 o 4096 bit']),
    ...(SHA_256_OR_512.includes(parts.algorithm) ? [] : ['deve essere firmato con SHA-256 o SHA-512']),
    ...wrongInSubject(parts, expected),
    ...wrongInExtensions(parts, kind),
  ]
}

/** Whole days until a certificate ends; negative after its end. */
export const daysUntilEnd = (pem: string, now: Date): number =>
  Math.floor((Date.parse(new X509Certificate(pem).validTo) - now.getTime()) / DAY_MS)

/** Whether a private key is the one of a certificate. */
export const isKeyOf = (pem: string, privateKey: string): boolean =>
  new X509Certificate(pem).checkPrivateKey(createPrivateKey(privateKey))

const utf8 = (text: string): Buffer => der(0x0c, Buffer.from(text, 'utf8'))
const printable = (text: string): Buffer => der(0x13, Buffer.from(text, 'ascii'))
const utcTime = (instant: Date): Buffer =>
  der(0x17, Buffer.from(`${instant.toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`))

const nameOf = (subject: CertificateSubject): Buffer =>
  sequence(
    ...Object.entries(subject).map(([name, value]) =>
      der(
        0x31,
        sequence(
          oid(SUBJECT_OIDS[name as keyof CertificateSubject]),
          name === 'countryName' ? printable(value) : utf8(value),
        ),
      ),
    ),
  )

const extension = (id: string, value: Buffer, isCritical = false): Buffer =>
  sequence(oid(id), ...(isCritical ? [der(BOOLEAN_TAG, Buffer.from([0xff]))] : []), der(0x04, value))

/** A certificate in PEM, in lines of 64 characters. */
const pemOf = (bytes: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${(bytes.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`

/**
 * A new RSA key of 3072 bits with a certificate that it signs itself, as a public body may (spid-regole-tecniche, metadata).
 * @param days how long it lasts, from now
 */
export function newCertificate(
  kind: EntityKind,
  subject: CertificateSubject,
  { now, days, bits = 3072 }: { now: Date; days: number; bits?: 2048 | 3072 | 4096 },
): { certificate: string; privateKey: string } {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: bits })
  const algorithm = sequence(oid(RSA_SHA256), der(0x05))
  const serial = randomBytes(16)
  serial.writeUInt8((serial.readUInt8(0) & 0x7f) | 0x40)
  const policies = [POLICY_OF_AGID, POLICY_OF_KIND[kind]].map((policy) => sequence(oid(policy)))
  const tbs = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serial),
    algorithm,
    nameOf(subject),
    sequence(utcTime(now), utcTime(new Date(now.getTime() + days * DAY_MS))),
    nameOf(subject),
    createPublicKey(privateKey).export({ type: 'spki', format: 'der' }),
    der(
      EXTENSIONS_TAG,
      sequence(
        extension(BASIC_CONSTRAINTS, sequence()),
        extension(KEY_USAGE, SIGN_AND_COMMIT, true),
        extension(POLICIES, sequence(...policies)),
      ),
    ),
  )
  const signature = der(0x03, Buffer.from([0]), sign('sha256', tbs, privateKey))
  return {
    certificate: pemOf(sequence(tbs, algorithm, signature)),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}
