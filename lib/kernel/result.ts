import type { SavedNow } from './form-merge.ts'

/**
 * The code of each refusal with the values that its sentence says; null: it says none. A room adds its own from the table
 * of its sentences (`<noun>.refusals.ts`): the kernel knows no room, and a code without a sentence does not exist.
 */
// biome-ignore lint/suspicious/noEmptyInterface: the rooms fill it.
export interface RefusalDetails {}

export type RefusalCode = keyof RefusalDetails

/** The codes whose details are of a type: `CodeSaying<null>` are those that say no value. */
type CodeSaying<Details> = {
  [Code in RefusalCode]: RefusalDetails[Code] extends Details ? Code : never
}[RefusalCode]

/** Code → the refusal with it. One type for each code, made once: the compiler compares hundreds of them at every function. */
type RefusedBy = {
  [Code in RefusalCode]: RefusalDetails[Code] extends null
    ? Refusal<Code> & { details?: undefined }
    : Refusal<Code> & { details: RefusalDetails[Code] }
}

interface Refusal<Code> {
  ok: false
  code: Code
  /** Field → what is wrong with it, for checks that the shape alone cannot make. */
  fields?: Readonly<Record<string, RefusalCode>>
  /** The record as another person saved it meanwhile, in the shape of its form. */
  savedNow?: SavedNow
}

/** A refusal is an expected answer with words for people; bugs throw instead. */
export type Refused<Code extends RefusalCode = RefusalCode> = RefusedBy[Code]

export type Result<T, Code extends RefusalCode = RefusalCode> = { ok: true; value: T } | Refused<Code>

export const ok = <T>(value: T): { ok: true; value: T } => ({ ok: true, value })

/** Exactly the values that the sentence of the code says; nothing where it says none. Codes that differ in that do not mix. */
type DetailsArgument<Code extends RefusalCode> = [RefusalDetails[Code]] extends [null]
  ? []
  : null extends RefusalDetails[Code]
    ? [never]
    : [details: RefusalDetails[Code]]

export const refused = <Code extends RefusalCode>(
  code: Code,
  ...[details]: DetailsArgument<Code>
): Refused<Code> => ({ ok: false, code, ...(details ? { details } : {}) }) as unknown as Refused<Code>

/** A refusal of the value of one field: the sentence is shown at that field. */
export const refusedField = <Code extends RefusalCode>(
  field: string,
  code: Code,
  ...details: DetailsArgument<Code>
): Refused<Code> => ({ ...refused(code, ...details), fields: { [field]: code } })

/** The same refusal, its sentence shown at a field. */
export function refusalAt(field: string, refusal: Refused): Refused {
  // As a plain object: where a union of hundreds of refusals is spread, the compiler makes and compares each of them again.
  const plain: object = refusal
  return { ...plain, fields: { [field]: refusal.code } } as unknown as Refused
}

/** A refusal with what is wrong at each of several fields. */
export const refusedFields = <Code extends RefusalCode>(
  refusal: Refused<Code>,
  fields: Readonly<Record<string, CodeSaying<null>>>,
): Refused<Code> => ({ ...refusal, fields })

/** Another person saved meanwhile: nothing is written, and the form can show what is different. */
export const changedByOther = <Code extends CodeSaying<{ who: string | null }>>(
  code: Code,
  savedNow: SavedNow,
): Refused<Code> =>
  ({ ok: false, code, details: { who: savedNow.who }, savedNow }) as unknown as Refused<Code>
