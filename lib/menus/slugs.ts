import { freeSlug, slugOf } from '#lib/kernel/slug.ts'

/** Things with names for addresses; of two names that look alike there, the second gets a number. */
export function withSlugs<T extends { name: string }>(things: readonly T[]): (T & { slug: string })[] {
  const taken = new Set<string>()
  return things.map((thing) => {
    const slug = freeSlug(slugOf(thing.name, { otherwise: 'scuola' }), taken)
    taken.add(slug)
    return { ...thing, slug }
  })
}
