/**
 * A text in the alphabet of telephones (GSM 03.38, 160 characters a message): one typographic apostrophe would make the
 * whole text go in another alphabet, with 70.
 */
export const inSmsAlphabet = (text: string): string =>
  text
    .replace(/[’‘]/g, "'")
    .replace(/[“”]/g, '"')
    .replace(/\u00a0/g, ' ')
