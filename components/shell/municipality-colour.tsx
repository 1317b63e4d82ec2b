import { paletteStyle } from '#lib/school/settings.ts'

/** Draws the page in the municipality's own colour, which has passed the contrast gate; nothing when it chose none. */
export function MunicipalityColour({ colour, nonce }: { colour: string | null; nonce: string }) {
  return colour ? <style nonce={nonce}>{paletteStyle(colour)}</style> : null
}
