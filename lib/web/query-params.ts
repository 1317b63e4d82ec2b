/** One value of an address's query, as Next gives it: repeated, single or missing. */
export type QueryValue = string | string[] | undefined

/** All values of an address's query. */
export type SearchParams = Readonly<Record<string, QueryValue>>

/** The first value of a parameter that may be repeated or missing. */
export const readFirst = (value: QueryValue): string | undefined => (Array.isArray(value) ? value[0] : value)

/** Every value of a parameter. */
export const readEvery = (value: QueryValue): string[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value]

/** The value of a field that a form sends once, without spaces at its ends; empty when it is missing or repeated. */
export const readText = (value: QueryValue): string => (typeof value === 'string' ? value.trim() : '')
