/** The form of a slug in an address. */
export const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/

/**
 * Turns a text into a slug: "Chiusura per sciopero: venerdì 27" → "chiusura-per-sciopero-venerdi-27".
 * @param options.otherwise the slug of a text without any letter or digit
 */
export function slugOf(text: string, { otherwise = 'senza-titolo', longest = 70 } = {}): string {
  const slug = text
    .normalize('NFD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')
    .slice(0, longest)
    .replace(/-$/, '')
  return slug || otherwise
}

/** The slug, or the first of "slug-2", "slug-3"… that is not taken. */
export function freeSlug(slug: string, taken: ReadonlySet<string>): string {
  let free = slug
  for (let n = 2; taken.has(free); n += 1) free = `${slug}-${n}`
  return free
}
