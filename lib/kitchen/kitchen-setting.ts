/** What a municipality expects of its kitchens. `revision` 0: it never said, and the usual holds. */
export type KitchenSetting = {
  /** Minutes after which the office is told of a count that its kitchen has not said to have seen; null: never. */
  seenMinutes: number | null
  /** Labels of special diets carry the first name beside the code. */
  namesOnLabels: boolean
  revision: number
}

/** What holds until a municipality says something: that of `unseen_counts()` in the database. */
export const USUAL_SETTING: KitchenSetting = { seenMinutes: 30, namesOnLabels: false, revision: 0 }

/** The minutes that can be chosen. */
export const SEEN_CHOICES = [10, 15, 20, 30, 45, 60, 90, 120] as const
