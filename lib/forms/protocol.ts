/** The number under which the office registers a request: consecutive in each year of each municipality, without holes. */
export type Protocol = { year: number; number: number }

/** "12/2026", as offices write it. */
export const protocolInWords = ({ year, number }: Protocol): string => `${number}/${year}`
