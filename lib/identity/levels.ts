/** Assurance of an electronic identity: 1 password, 2 second factor, 3 certificate or card with PIN. */
export type Level = 1 | 2 | 3

/** SPID and CIE share these URIs (SPID/CIE OpenID Connect rules, authorization endpoint, `acr_values`). */
const LEVEL_OF_ACR: ReadonlyMap<unknown, Level> = new Map([
  ['https://www.spid.gov.it/SpidL1', 1],
  ['https://www.spid.gov.it/SpidL2', 2],
  ['https://www.spid.gov.it/SpidL3', 3],
])

/** The level that an `acr` states; null for any value other than the three URIs, a bridge's own codes included. */
export const levelFromAcr = (acr: unknown): Level | null => LEVEL_OF_ACR.get(acr) ?? null

/** The `acr` that asks for a level. */
export const acrOfLevel = (level: Level): string => `https://www.spid.gov.it/SpidL${level}`

/** Identity providers may authenticate above what was asked: higher is always good. */
export const atLeast = (level: Level, minimum: Level): boolean => level >= minimum
