import * as z from 'zod'
import { phrase } from '#lib/words/language.ts'
import { isLatinReadable } from './latin1.ts'
import { COUNTRIES, ITALY, isItalianPostalCode, isProvince } from './place-code.ts'

const line = (missing: string) =>
  z
    .string(missing)
    .trim()
    .min(1, missing)
    .max(60, phrase('Scrivi al massimo 60 caratteri.'))
    .refine(
      isLatinReadable,
      phrase('Scrivilo in lettere latine, come su una busta: la fattura elettronica non ne accetta altre.'),
    )

const place = {
  street: line(phrase('Scrivi la via e il numero civico.')),
  city: line(phrase('Scrivi il Comune.')),
}

/** The fields of an address in Italy. */
export const italianPlace = {
  ...place,
  postalCode: z
    .string(phrase('Scrivi il CAP.'))
    .trim()
    .refine(isItalianPostalCode, phrase('Il CAP ha cinque cifre, per esempio 37060.')),
  province: z
    .string(phrase('Scrivi la sigla della provincia.'))
    .trim()
    .toUpperCase()
    .refine(isProvince, phrase('La sigla della provincia ha due lettere, per esempio VR.')),
}

const italian = z.object({ ...italianPlace, country: z.literal(ITALY) })

/** Abroad a postal code may have letters, or not exist at all, and there is no Italian province. */
const abroad = z.object({
  ...place,
  country: z.enum(COUNTRIES.filter((code) => code !== ITALY)),
  postalCode: z
    .string(phrase('Scrivi il codice postale.'))
    .trim()
    .max(12, phrase('Scrivi al massimo 12 caratteri.')),
  province: z.unknown().transform(() => null),
})

const countryOf = (typed: unknown): unknown =>
  typed !== null && typeof typed === 'object' && 'country' in typed ? typed.country : ITALY

/**
 * A postal address as the holder types it, good enough for the electronic invoice. A form without a country is an Italian
 * one: it was opened before the field existed.
 */
export const postalAddressInput = z
  .unknown()
  .transform((typed) => ({ ...(typed as object), country: countryOf(typed) }))
  .pipe(
    z.discriminatedUnion('country', [italian, abroad], {
      error: (issue) => (issue.code === 'invalid_union' ? phrase('Scegli il Paese dall’elenco.') : undefined),
    }),
  )
