import type { Day } from '#lib/kernel/day.ts'
import type { Cents } from '#lib/kernel/money.ts'
import { instantInWords, longDate, longDay } from './format-day.ts'
import { formatEuro } from './format-money.ts'
import { formatDecimal, formatRatio, formatSize } from './format-number.ts'
import {
  italian,
  type Literal,
  type Phrase,
  type Plural,
  phrase,
  type Sentence,
  type Words,
} from './language.ts'
import { inARow, listInWords } from './list.ts'
import { asWritten } from './written.ts'

/** How each kind of value is said in the language of the reader. A rule hands out values, and here alone they become words. */
const KINDS = {
  count: (value: number): string | number => value,
  /** A number with decimals. */
  decimal: (value: number, t: Words) => formatDecimal(value, t.language),
  ratio: (value: number, t: Words) => formatRatio(value, t.language),
  /** Bytes. */
  size: (value: number, t: Words) => formatSize(value, t.language),
  cents: (value: Cents, t: Words) => formatEuro(value, t.language),
  /** "martedì 24 novembre" */
  day: (value: Day, t: Words) => longDay(value, t.language),
  /** "24 novembre 2026" */
  date: (value: Day, t: Words) => longDate(value, t.language),
  instant: (value: Date, t: Words) => instantInWords(value, t),
  /** What a person wrote: a name, a title, a code. */
  text: (value: string, t: Words) => asWritten(value, t.language),
  texts: (value: readonly string[], t: Words) =>
    listInWords(
      value.map((text) => asWritten(text, t.language)),
      t.language,
    ),
  /** The name of a person; null when it is not known. */
  person: (value: string | null, t: Words) =>
    value === null ? t(phrase('un’altra persona')) : asWritten(value, t.language),
  phrases: (value: readonly Phrase[], t: Words) =>
    inARow(
      value.map((one) => t(one)),
      t,
    ),
} as const

type NamedKind = keyof typeof KINDS
/** A kind of value by its name, or a closed table: the value is one of its keys, and its words are said. */
export type Kind = NamedKind | Readonly<Record<string, Phrase>>
type ValueOf<K> = K extends NamedKind ? Parameters<(typeof KINDS)[K]>[0] : keyof K

/** An Italian sentence, which is its key in every catalogue, with the kind of each value that it says. */
export type Wording<Kinds extends Readonly<Record<string, Kind>> = Readonly<Record<string, Kind>>> = {
  readonly text: Sentence
  readonly kinds: Kinds
}

/**
 * A sentence of a table: `says('Una ricarica va da {least} a {most}.', { least: 'cents', most: 'cents' })`. The number that
 * chooses among the forms of a `plural` is called `n`.
 */
export const says = <
  const S extends string,
  const Kinds extends Readonly<Record<string, Kind>> = Record<never, never>,
>(
  text: Literal<S> | Plural,
  kinds?: Kinds,
): Wording<Kinds> => ({ text: text as Sentence, kinds: kinds ?? ({} as Kinds) })

/** Code → its sentence: what one part of a room may say. */
export type Wordings = Readonly<Record<string, Wording>>

type ValuesOf<S extends Wording> = keyof S['kinds'] extends never
  ? null
  : { readonly [Name in keyof S['kinds']]: ValueOf<S['kinds'][Name]> }

/** Code → the values that its sentence says, null for none. */
export type DetailsOf<Table extends Wordings> = { [Code in keyof Table]: ValuesOf<Table[Code]> }

/** A code of a table together with the values that its sentence says: what a rule answers instead of words. */
export type Saying<Table extends Wordings> = {
  [Code in keyof Table]: { code: Code } & (ValuesOf<Table[Code]> extends null
    ? { details?: undefined }
    : { details: ValuesOf<Table[Code]> })
}[keyof Table]

/** Words for the codes of a table, in the language of the reader. */
export const sayer =
  <Table extends Wordings>(table: Table) =>
  ({ code, details }: Saying<Table>, t: Words = italian): string =>
    inWords(table[code] as Wording, details ?? {}, t)

function inWords({ text, kinds }: Wording, details: Readonly<Record<string, unknown>>, t: Words): string {
  const values = Object.entries(kinds).map(([name, kind]) => [name, valueInWords(kind, details[name], t)])
  return t(text, Object.fromEntries(values))
}

function valueInWords(kind: Kind, value: unknown, t: Words): string | number {
  if (typeof kind !== 'string') return t(kind[value as string] as Phrase)
  const say = KINDS[kind] as (value: unknown, t: Words) => string | number
  return say(value, t)
}

/** Whether a text from an address is a code of the table. */
export const isCodeOf = <Table extends Wordings>(table: Table, code: unknown): code is keyof Table & string =>
  typeof code === 'string' && Object.hasOwn(table, code)
