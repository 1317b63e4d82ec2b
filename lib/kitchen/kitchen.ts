/** To these the count of a day goes. */
export type KitchenAddresses = { emails: readonly string[]; phone: string }

/** A kitchen as the office writes it. */
export type KitchenWords = KitchenAddresses & { name: string }

/** Whether a count reaches a kitchen at all, by mail or by a call. */
export const isReachable = ({ emails, phone }: KitchenAddresses): boolean => emails.length > 0 || phone !== ''

/** "cucina@esempio.it, 045 555 0102" */
export const addressesInWords = ({ emails, phone }: KitchenAddresses): string =>
  [...emails, ...(phone ? [phone] : [])].join(', ')
