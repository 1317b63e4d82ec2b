/** A name as it stands in an address: "Scuola dell’infanzia Girotondo" → "scuola-dell-infanzia-girotondo". */
export const inAddress = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '') || 'scuola'

/** Things with names for addresses; of two names that look alike there, the second gets a number. */
export function withSlugs<T extends { name: string }>(things: readonly T[]): (T & { slug: string })[] {
  const used = new Map<string, number>()
  return things.map((thing) => {
    const slug = inAddress(thing.name)
    const times = (used.get(slug) ?? 0) + 1
    used.set(slug, times)
    return { ...thing, slug: times === 1 ? slug : `${slug}-${times}` }
  })
}
