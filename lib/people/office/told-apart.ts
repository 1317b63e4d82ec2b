/** What may be in the registry twice. */
export const DOUBLE_KINDS = ['pupil', 'person', 'household'] as const
export type DoubleKind = (typeof DOUBLE_KINDS)[number]

/** Two who look like one and are two, as a colleague said. */
export type ToldApart = {
  id: string
  kind: DoubleKind
  names: readonly [string, string]
  toldAt: Date
  toldBy: string
  reason: string
}
