import { phrase } from '#lib/words/language.ts'

/**
 * The fourteen allergens of Annex II of Regulation (EU) No 1169/2011, in the order of the annex, in the words of its Italian
 * text made short. Families read the words: a number or a drawing alone would have to be looked up.
 */
export const ALLERGENS = {
  gluten: phrase('cereali contenenti glutine'),
  crustaceans: phrase('crostacei'),
  eggs: phrase('uova'),
  fish: phrase('pesce'),
  peanuts: phrase('arachidi'),
  soy: phrase('soia'),
  milk: phrase('latte e lattosio'),
  nuts: phrase('frutta a guscio'),
  celery: phrase('sedano'),
  mustard: phrase('senape'),
  sesame: phrase('semi di sesamo'),
  sulphites: phrase('anidride solforosa e solfiti'),
  lupin: phrase('lupini'),
  molluscs: phrase('molluschi'),
} as const

export type Allergen = keyof typeof ALLERGENS

export const ALLERGEN_CODES = Object.keys(ALLERGENS) as Allergen[]

/** The allergens of a list that are of the annex, each once, in its order; what is not of it is dropped. */
export const inAnnexOrder = (codes: readonly string[]): Allergen[] =>
  ALLERGEN_CODES.filter((code) => codes.includes(code))

/** The allergens by name, in the order of the annex. */
export const allergenNames = (codes: readonly string[]): string[] =>
  inAnnexOrder(codes).map((code) => ALLERGENS[code])

/** How offices write them in their own files, besides the names of the annex. */
const ALSO = new Map<string, Allergen>(
  Object.entries({
    glutine: 'gluten',
    latte: 'milk',
    lattosio: 'milk',
    uovo: 'eggs',
    noci: 'nuts',
    sesamo: 'sesame',
    solfiti: 'sulphites',
  }),
)

const comparable = (text: string): string => text.normalize('NFC').trim().toLowerCase()

/** An allergen as it may be written: its name, a usual short form, or its number in the annex (1–14). Null for anything else. */
export function allergenFrom(text: string): Allergen | null {
  const word = comparable(text)
  const number = /^\d{1,2}$/.test(word) ? Number(word) : 0
  if (number > 0) return ALLERGEN_CODES[number - 1] ?? null
  return ALSO.get(word) ?? ALLERGEN_CODES.find((code) => ALLERGENS[code] === word) ?? null
}
