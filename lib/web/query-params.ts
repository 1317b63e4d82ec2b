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

/** The parameters of an address that no page of Next has read, as Next would give them. */
export function paramsOf(query: URLSearchParams): SearchParams {
  const all = [...new Set(query.keys())].map((name) => [name, query.getAll(name)] as const)
  return Object.fromEntries(all.map(([name, values]) => [name, values.length === 1 ? values[0] : values]))
}
