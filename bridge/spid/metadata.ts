import type { KeyObject } from 'node:crypto'
import { attributesOfEntity, type Entity } from './entity.input.ts'
import { BINDING_POST, FORMAT_TRANSIENT, NAMESPACES } from './names.ts'
import { signXml } from './signature.adapter.ts'
import { element, type XmlElement } from './xml.ts'

const ITALIAN = { 'xml:lang': 'it' }
const BASE64_OF_PEM = /-----[A-Z ]+-----|\s/g

const optional = <T>(value: T | undefined, made: (value: T) => XmlElement): XmlElement[] =>
  value === undefined ? [] : [made(value)]

const published = (certificate: string): XmlElement =>
  element('md:KeyDescriptor', { use: 'signing' }, [
    element('ds:KeyInfo', {}, [
      element('ds:X509Data', {}, [
        element('ds:X509Certificate', {}, [certificate.replace(BASE64_OF_PEM, '')]),
      ]),
    ]),
  ])

const serviceProvider = (entity: Entity, certificates: readonly string[]): XmlElement =>
  element(
    'md:SPSSODescriptor',
    {
      AuthnRequestsSigned: 'true',
      WantAssertionsSigned: 'true',
      protocolSupportEnumeration: NAMESPACES.samlp,
    },
    [
      ...certificates.map(published),
      element('md:SingleLogoutService', { Binding: BINDING_POST, Location: entity.singleLogout }),
      element('md:NameIDFormat', {}, [FORMAT_TRANSIENT]),
      element('md:AssertionConsumerService', {
        Binding: BINDING_POST,
        Location: entity.assertionConsumer,
        index: '0',
        isDefault: 'true',
      }),
      element('md:AttributeConsumingService', { index: '0' }, [
        element('md:ServiceName', ITALIAN, [entity.serviceName]),
        ...attributesOfEntity(entity).map((Name) => element('md:RequestedAttribute', { Name })),
      ]),
    ],
  )

const organization = ({ organization: { name, displayName, url } }: Entity): XmlElement =>
  element('md:Organization', {}, [
    element('md:OrganizationName', ITALIAN, [name]),
    element('md:OrganizationDisplayName', ITALIAN, [displayName]),
    element('md:OrganizationURL', ITALIAN, [url]),
  ])

/** Who answers for the body: with the code of the index of public administrations, or the numbers of a private one. */
function contactOf(entity: Entity): XmlElement {
  const { contact } = entity
  const extensions = [
    ...(entity.kind === 'public' ? [element('spid:IPACode', {}, [entity.contact.ipaCode])] : []),
    ...optional(contact.vatNumber, (number) => element('spid:VATNumber', {}, [number])),
    ...optional(contact.fiscalCode, (code) => element('spid:FiscalCode', {}, [code])),
    element(entity.kind === 'public' ? 'spid:Public' : 'spid:Private'),
  ]
  return element('md:ContactPerson', { contactType: 'other' }, [
    element('md:Extensions', {}, extensions),
    element('md:Company', {}, [entity.organization.name]),
    element('md:EmailAddress', {}, [contact.email]),
    element('md:TelephoneNumber', {}, [contact.telephone]),
  ])
}

/** Whom the identity providers invoice: only of private bodies, in AgID's namespace and not the tax agency's. */
function billingContact(entity: Entity): XmlElement[] {
  if (entity.kind !== 'private') return []
  const { billing } = entity
  const seat = element('fpa:Sede', {}, [
    element('fpa:Indirizzo', {}, [billing.address]),
    ...optional(billing.streetNumber, (number) => element('fpa:NumeroCivico', {}, [number])),
    element('fpa:CAP', {}, [billing.postCode]),
    element('fpa:Comune', {}, [billing.town]),
    ...optional(billing.province, (province) => element('fpa:Provincia', {}, [province])),
    element('fpa:Nazione', {}, ['IT']),
  ])
  const customer = element('fpa:CessionarioCommittente', {}, [
    element('fpa:DatiAnagrafici', {}, [
      element('fpa:IdFiscaleIVA', {}, [
        element('fpa:IdPaese', {}, [billing.vatNumber.slice(0, 2)]),
        element('fpa:IdCodice', {}, [billing.vatNumber.slice(2)]),
      ]),
      element('fpa:Anagrafica', {}, [element('fpa:Denominazione', {}, [billing.company])]),
    ]),
    seat,
  ])
  return [
    element('md:ContactPerson', { contactType: 'billing' }, [
      element('md:Extensions', {}, [customer]),
      element('md:Company', {}, [billing.company]),
      element('md:EmailAddress', {}, [billing.email]),
    ]),
  ]
}

/**
 * The signed metadata of an entity. It must be served byte for byte. Neither `validUntil` nor `cacheDuration`: some identity
 * providers refuse them.
 * @param id of the document, for its signature
 * @param certificates in PEM, the first one of the key that signs
 */
export function metadataOf(
  entity: Entity,
  id: string,
  { key, certificates }: { key: KeyObject; certificates: readonly [string, ...string[]] },
): string {
  const document = element('md:EntityDescriptor', { ID: id, entityID: entity.entityId }, [
    serviceProvider(entity, certificates),
    organization(entity),
    contactOf(entity),
    ...billingContact(entity),
  ])
  return signXml(document, 'first', { key, certificate: certificates[0] })
}
