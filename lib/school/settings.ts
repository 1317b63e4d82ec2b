/** What a municipality says of itself beyond its name and address. An empty text is something not given yet. */
export type MunicipalitySettings = {
  /** Address of the picture on our own origin, or null. */
  coatOfArms: string | null
  /** `#rrggbb`, or null for the colour of Italian public services. */
  colour: string | null
  officeHours: string
  dpoName: string
  dpoEmail: string
  securityContact: string
  siteUrl: string
  transparencyUrl: string
  accessibilityDeclarationUrl: string
  accessibilityGoalsUrl: string
  appointmentUrl: string
  reportUrl: string
}

export const NO_SETTINGS: MunicipalitySettings = {
  coatOfArms: null,
  colour: null,
  officeHours: '',
  dpoName: '',
  dpoEmail: '',
  securityContact: '',
  siteUrl: '',
  transparencyUrl: '',
  accessibilityDeclarationUrl: '',
  accessibilityGoalsUrl: '',
  appointmentUrl: '',
  reportUrl: '',
}

/** What the law or the rules for municipal sites want to find, and the field that gives it. */
export const STATUTORY = {
  accessibilityDeclarationUrl: 'Dichiarazione di accessibilità (AgID)',
  accessibilityGoalsUrl: 'Obiettivi di accessibilità (entro il 31 marzo)',
  transparencyUrl: 'Amministrazione trasparente',
  dpoEmail: 'Responsabile della protezione dei dati (DPO)',
  appointmentUrl: 'Prenotazione di un appuntamento',
  reportUrl: 'Segnalazione di un disservizio',
} as const satisfies Partial<Record<keyof MunicipalitySettings, string>>

/** The statutory links that are still missing, in words. */
export const missingStatutory = (settings: Pick<MunicipalitySettings, keyof typeof STATUTORY>): string[] =>
  (Object.keys(STATUTORY) as (keyof typeof STATUTORY)[])
    .filter((field) => !settings[field])
    .map((field) => STATUTORY[field])

export const HEX_COLOUR = /^#[0-9a-f]{6}$/

type Rgb = [number, number, number]

const rgbOf = (hex: string): Rgb => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as Rgb
const hexOf = (rgb: Rgb): string =>
  `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`
const mix = (a: string, b: string, share: number): string => {
  const [from, to] = [rgbOf(a), rgbOf(b)]
  return hexOf(from.map((part, index) => part * (1 - share) + (to[index] as number) * share) as Rgb)
}

function luminance(hex: string): number {
  const [r, g, b] = rgbOf(hex).map((part) => {
    const channel = part / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  }) as Rgb
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** WCAG 2.2 contrast ratio of two `#rrggbb` colours, 1 to 21. */
export function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)]
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05)
}

/** WCAG 2.2 AA for text. */
export const LEAST_CONTRAST = 4.5
const WHITE = '#ffffff'
/** The page's own background, `--color-canvas`. */
const CANVAS = '#f2f7fc'

/** A municipality's colour in the four steps that the portal draws with. */
export type Palette = { primary: string; dark: string; deep: string; light: string }

export const paletteOf = (colour: string): Palette => ({
  primary: colour,
  dark: mix(colour, '#000000', 0.25),
  deep: mix(colour, '#000000', 0.5),
  light: mix(colour, WHITE, 0.82),
})

/** The lowest contrast among the pairs that the portal draws in this colour. */
export function weakestContrast(colour: string): number {
  const { primary, dark, deep, light } = paletteOf(colour)
  const pairs: [string, string][] = [
    [primary, WHITE],
    [primary, CANVAS],
    [dark, WHITE],
    [dark, light],
    [deep, light],
  ]
  return Math.min(...pairs.map(([a, b]) => contrast(a, b)))
}

/** Whether everybody can read what is written on, and in, this colour. */
export const isReadableColour = (colour: string): boolean => weakestContrast(colour) >= LEAST_CONTRAST

/** Custom properties that put the municipality's colour in place of the usual blue. */
export function paletteStyle(colour: string): string {
  if (!HEX_COLOUR.test(colour)) throw new Error('not a colour')
  const { primary, dark, deep, light } = paletteOf(colour)
  return `:root{--it-color-blue-40:${primary};--it-color-blue-30:${dark};--it-color-blue-20:${deep};--it-color-blue-87:${light}}`
}
