import { fingerprintOf } from '#lib/kernel/fingerprint.ts'

/** The newest frozen count of a school, and whether its kitchen said to have seen this very version. */
export type FrozenCount = {
  countId: string
  schoolId: string
  schoolName: string
  serviceName: string
  /** Null where no kitchen serves the school. */
  kitchenId: string | null
  kitchenName: string | null
  version: number
  frozenAt: Date
  reason: string
  seenAt: Date | null
  /** The cook who said so first. */
  seenBy: string | null
  /** The reader cooks for the school. */
  isOwn: boolean
}

/** The counts of one kitchen; of a school that no kitchen serves, its own. */
export type KitchenSeen = {
  key: string
  name: string
  seen: FrozenCount[]
  unseen: FrozenCount[]
  /** Of what was seen, the latest. */
  last: { at: Date; by: string } | null
}

/** What a cook confirms: the versions that stood on the page, and no other. */
export const seenMark = (counts: readonly Pick<FrozenCount, 'countId'>[]): string =>
  fingerprintOf(counts.map(({ countId }) => countId).toSorted())

function kitchenSeen(counts: readonly FrozenCount[]): KitchenSeen {
  const [{ kitchenId, kitchenName, schoolId, schoolName }] = counts as [FrozenCount]
  const seen = counts.filter(({ seenAt }) => seenAt !== null)
  const last = seen.toSorted((a, b) => Number(b.seenAt) - Number(a.seenAt))[0]
  return {
    key: kitchenId ?? schoolId,
    name: kitchenName ?? schoolName,
    seen,
    unseen: counts.filter(({ seenAt }) => seenAt === null),
    last: last?.seenAt ? { at: last.seenAt, by: last.seenBy ?? '' } : null,
  }
}

/** By kitchen: first those that did not see something. */
export const seenByKitchen = (counts: readonly FrozenCount[]): KitchenSeen[] =>
  [...Map.groupBy(counts, ({ kitchenId, schoolId }) => kitchenId ?? schoolId).values()]
    .map(kitchenSeen)
    .toSorted((a, b) => Number(a.unseen.length === 0) - Number(b.unseen.length === 0))
