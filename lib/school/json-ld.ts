import type { Municipality } from './municipality.ts'

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

const ESCAPES: Record<string, string> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
}

/** JSON that can stand inside a `<script>` of a page: nothing in it ends the element or begins a comment. */
export const jsonForPage = (value: Json): string =>
  JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (letter) => ESCAPES[letter] ?? letter)

const CONTEXT = 'https://schema.org'

export const organisation = (municipality: Municipality, origin: string): Json => ({
  '@type': 'GovernmentOrganization',
  name: `Comune di ${municipality.name}`,
  url: municipality.settings.siteUrl || `${origin}/${municipality.slug}`,
  telephone: municipality.phone,
  email: municipality.email,
  address: {
    '@type': 'PostalAddress',
    streetAddress: municipality.street,
    postalCode: municipality.postcode,
    addressLocality: municipality.name,
    addressRegion: municipality.province,
    addressCountry: 'IT',
  },
})

/** The canteen as search engines and assistants understand a public service. */
export const canteenService = (
  municipality: Municipality,
  service: { name: string },
  origin: string,
): Json => ({
  '@context': CONTEXT,
  '@type': 'GovernmentService',
  name: service.name,
  serviceType: 'Refezione scolastica',
  url: `${origin}/${municipality.slug}/servizio`,
  areaServed: municipality.name,
  provider: organisation(municipality, origin),
  serviceOperator: {
    '@type': 'Organization',
    name: municipality.operator.name,
    telephone: municipality.operator.phone,
    email: municipality.operator.email,
  },
  availableChannel: {
    '@type': 'ServiceChannel',
    serviceUrl: `${origin}/${municipality.slug}/accesso`,
    availableLanguage: 'it',
  },
})

export const newsArticle = (
  municipality: Municipality,
  item: { title: string; summary: string; publishAt: Date; updatedAt: Date },
  url: string,
  origin: string,
): Json => ({
  '@context': CONTEXT,
  '@type': 'NewsArticle',
  headline: item.title,
  description: item.summary,
  datePublished: item.publishAt.toISOString(),
  dateModified: item.updatedAt.toISOString(),
  inLanguage: 'it',
  mainEntityOfPage: url,
  publisher: organisation(municipality, origin),
})
