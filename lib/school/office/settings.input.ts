import * as z from 'zod'
import { HEX_COLOUR } from '../settings.ts'

const words = (max: number) => z.string().trim().max(max)

const needed = (max: number, error: string) => words(max).min(1, error)

const address = z.union([
  z.literal(''),
  z
    .url({ protocol: /^https?$/, error: 'Scrivi un indirizzo completo, che comincia con https://' })
    .max(500, 'Scrivi un indirizzo più corto: al massimo 500 caratteri'),
])

const email = z
  .email({ error: 'Scrivi un’e-mail, per esempio scuola@comune.it' })
  .max(120, 'Al massimo 120 caratteri')

const contact = z.union([
  z.literal(''),
  z
    .string()
    .max(300, 'Al massimo 300 caratteri')
    .regex(
      /^(mailto:[^\s@]+@[^\s@]+|https:\/\/\S+)$/,
      'Scrivi mailto: con un’e-mail, oppure un indirizzo https://',
    ),
])

export const settingsInput = z.object({
  revision: z.coerce.number().int().min(0),
  name: needed(80, 'Scrivi il nome del Comune'),
  street: needed(120, 'Scrivi la via'),
  postcode: z.string().regex(/^\d{5}$/, 'Il CAP ha cinque cifre'),
  phone: needed(40, 'Scrivi il telefono'),
  email,
  pec: email,
  officeHours: words(200),
  dpoName: words(120),
  dpoEmail: z.union([z.literal(''), email]),
  securityContact: contact,
  siteUrl: address,
  transparencyUrl: address,
  accessibilityDeclarationUrl: address,
  accessibilityGoalsUrl: address,
  appointmentUrl: address,
  reportUrl: address,
  usualColour: z.literal('on').optional(),
  colour: z.string().toLowerCase().regex(HEX_COLOUR, 'Scegli un colore'),
  coatOfArms: z.file().optional(),
  removeCoatOfArms: z.literal('on').optional(),
})
