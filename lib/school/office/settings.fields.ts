import type { Fields } from '#lib/kernel/form-merge.ts'
import type { Municipality } from '../municipality.ts'
import type { MunicipalitySettings } from '../settings.ts'

/** What the office may change of its municipality. */
export type OwnData = Pick<Municipality, 'name' | 'street' | 'postcode' | 'email' | 'pec' | 'phone'> &
  Omit<MunicipalitySettings, 'coatOfArms'>

/** The colour of Italian public services, for the field that always holds one. */
export const USUAL_COLOUR = '#0066cc'

/** The settings as their form holds them. */
export const settingsFields = ({ colour, ...texts }: OwnData): Fields => ({
  ...texts,
  colour: colour ?? USUAL_COLOUR,
  usualColour: colour === null ? 'on' : '',
})
