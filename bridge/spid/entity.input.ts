import { z } from 'zod'
import type { CertificateSubject } from './certificate.ts'

/**
 * The file of entities: each body that signs in people through this bridge, with the data that AgID registers of it. What a kind
 * must or must not say (spid-regole-tecniche, metadata) is refused here, before a document is made of it.
 */
const address = z.url({ protocol: /^https$/, message: 'deve essere un indirizzo https' }).refine((text) => {
  const url = URL.parse(text)
  return url?.port === '' && url.search === '' && url.hash === '' && url.username === ''
}, 'non può avere porta, parametri o credenziali')
const words = z.string().trim().min(1, 'manca').max(250)
/** What an invoice may say: the letters of Latin-1, as AgID's schema of the invoiced body has them. */
const latin = (most: number) =>
  z
    .string()
    .trim()
    .regex(/^[\u0020-\u007e\u00a0-\u00ff]+$/, 'manca, o ha lettere che le fatture non ammettono')
    .max(most, `può avere al massimo ${most} caratteri`)
const vatNumber = z.string().regex(/^IT\d{11}$/, 'deve essere IT e undici cifre')
const fiscalCode = z.string().regex(/^(?:\d{11}|[A-Z0-9]{16})$/, 'deve avere undici cifre o sedici caratteri')

const contact = z.strictObject({
  email: z.email('deve essere un indirizzo e-mail, non di una persona'),
  telephone: z.string().regex(/^\+39\d{6,11}$/, 'deve cominciare con +39, senza spazi'),
})

const common = {
  /** The name of the entity in commands and in addresses of the bridge. */
  name: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'solo lettere minuscole, cifre e trattini'),
  entityId: address,
  organization: z.strictObject({ name: words, displayName: words, url: address, locality: words }),
  serviceName: words,
  assertionConsumer: address,
  singleLogout: address,
  /** Keys in the order of use: the first signs, all are published. */
  keys: z
    .array(z.strictObject({ certificateFile: words, privateKeyFile: words }))
    .min(1, 'serve almeno una chiave'),
}

const publicEntity = z.strictObject({
  ...common,
  kind: z.literal('public'),
  contact: contact.extend({
    ipaCode: z.string().regex(/^[A-Za-z0-9_]{3,30}$/, 'deve essere il codice IPA'),
    vatNumber: vatNumber.optional(),
    fiscalCode: fiscalCode.optional(),
  }),
})

const billing = z.strictObject({
  email: z.email('deve essere un indirizzo e-mail'),
  company: latin(80),
  vatNumber,
  address: latin(60),
  streetNumber: z
    .string()
    .regex(/^[\u0020-\u007e]{1,8}$/, 'può avere al massimo 8 caratteri')
    .optional(),
  postCode: z.string().regex(/^\d{5}$/, 'deve avere cinque cifre'),
  town: latin(60),
  province: z
    .string()
    .regex(/^[A-Z]{2}$/, 'deve avere due lettere')
    .optional(),
})

const privateEntity = z.strictObject({
  ...common,
  kind: z.literal('private'),
  contact: contact
    .extend({ vatNumber: vatNumber.optional(), fiscalCode: fiscalCode.optional() })
    .refine((given) => given.vatNumber || given.fiscalCode, 'serve la partita IVA o il codice fiscale'),
  billing,
})

const entity = z.discriminatedUnion('kind', [publicEntity, privateEntity])
export type Entity = z.infer<typeof entity>

const entities = z
  .strictObject({ entities: z.array(entity).min(1, 'non c’è nessun ente') })
  .refine(
    ({ entities: all }) => new Set(all.map(({ name }) => name)).size === all.length,
    'due enti hanno lo stesso nome',
  )
  .refine(
    ({ entities: all }) => new Set(all.map(({ entityId }) => entityId)).size === all.length,
    'due enti hanno lo stesso entityID',
  )

/** The entities of a file, or what is wrong in it: one line per field, with the way to it. */
export function readEntities(json: unknown): { entities: Entity[] } | { wrong: string[] } {
  const parsed = entities.safeParse(json)
  return parsed.success
    ? { entities: parsed.data.entities }
    : { wrong: parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'file'}: ${message}`) }
}

/**
 * The attributes that we ask for. A private body pays more for any beyond the data of the registry office, so the e-mail address
 * is asked for by public ones only.
 */
export const attributesOfEntity = ({ kind }: Entity): readonly string[] => [
  'spidCode',
  'name',
  'familyName',
  'fiscalNumber',
  'dateOfBirth',
  ...(kind === 'public' ? ['email'] : []),
]

/** What the certificate of an entity must say of it. */
export function subjectOf(body: Entity): CertificateSubject {
  const { organization, contact: given } = body
  const organizationIdentifier =
    body.kind === 'public'
      ? `PA:IT-${body.contact.ipaCode}`
      : given.vatNumber
        ? `VATIT-${given.vatNumber.slice(2)}`
        : `CF:IT-${given.fiscalCode}`
  return {
    commonName: organization.displayName,
    organizationName: organization.name,
    uri: body.entityId,
    organizationIdentifier,
    countryName: 'IT',
    localityName: organization.locality,
  }
}
