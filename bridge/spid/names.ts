/** The namespaces of SAML 2.0 in SPID, each under the one prefix that our own documents write. */
export const NAMESPACES = {
  ds: 'http://www.w3.org/2000/09/xmldsig#',
  ec: 'http://www.w3.org/2001/10/xml-exc-c14n#',
  fpa: 'https://spid.gov.it/invoicing-extensions',
  md: 'urn:oasis:names:tc:SAML:2.0:metadata',
  saml: 'urn:oasis:names:tc:SAML:2.0:assertion',
  samlp: 'urn:oasis:names:tc:SAML:2.0:protocol',
  spid: 'https://spid.gov.it/saml-extensions',
} as const
export type Prefix = keyof typeof NAMESPACES

/** The values that SPID fixes (spid-regole-tecniche, single-sign-on and metadata). */
export const BINDING_POST = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST'
export const BINDING_REDIRECT = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect'
export const FORMAT_ENTITY = 'urn:oasis:names:tc:SAML:2.0:nameid-format:entity'
export const FORMAT_TRANSIENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient'
export const METHOD_BEARER = 'urn:oasis:names:tc:SAML:2.0:cm:bearer'
export const STATUS_SUCCESS = 'urn:oasis:names:tc:SAML:2.0:status:Success'
