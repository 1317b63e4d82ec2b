import * as z from 'zod'
import { parseFiscalCode } from '#lib/identity/fiscal-code.ts'
import { isLatinReadable } from '../latin1.ts'
import { italianPlace } from '../postal-address.input.ts'
import { isTaxRegime } from '../tax-regime.ts'

/** As people copy it: "IT 01234567897". */
const plain = (text: string): string => text.replace(/\s/g, '').toUpperCase()

/** A VAT number has the form and the check digit of a fiscal code of eleven digits. */
const isVatNumber = (text: string): boolean => /^\d{11}$/.test(text) && parseFiscalCode(text) !== null

/** The form of the supplier's data: the first press shows what would happen, the second does it. */
export const supplierInput = z.object({
  ...italianPlace,
  name: z
    .string('Scrivi la denominazione.')
    .trim()
    .min(1, 'Scrivi la denominazione.')
    .max(80, 'Al massimo 80 caratteri.')
    .refine(isLatinReadable, 'Scrivila in lettere latine: la fattura elettronica non ne accetta altre.'),
  vatNumber: z
    .string('Scrivi la partita IVA.')
    .max(40, 'La partita IVA ha undici cifre.')
    .transform((text) => plain(text).replace(/^IT/, ''))
    .refine(isVatNumber, 'Controlla la partita IVA: undici cifre, e l’ultima non torna se una è sbagliata.'),
  fiscalCode: z
    .string('Scrivi il codice fiscale.')
    .max(40, 'Il codice fiscale ha undici cifre, o sedici lettere e cifre.')
    .transform(plain)
    .refine(
      (text) => parseFiscalCode(text) !== null,
      'Controlla il codice fiscale: undici cifre, o sedici lettere e cifre.',
    ),
  taxRegime: z.string().refine(isTaxRegime, 'Scegli il regime fiscale dall’elenco.'),
  email: z
    .email({ error: 'Scrivi un’e-mail, per esempio mensa@gestore.it' })
    .max(120, 'Al massimo 120 caratteri.'),
  phone: z
    .string('Scrivi il telefono.')
    .trim()
    .min(1, 'Scrivi il telefono.')
    .max(40, 'Al massimo 40 caratteri.'),
  revision: z.coerce.number().int().min(0).max(2_147_483_647),
  intent: z.enum(['preview', 'confirm']).default('preview'),
  fingerprint: z.string().max(60).default(''),
})
