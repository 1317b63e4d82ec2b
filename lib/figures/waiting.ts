/** What waits for the office of a municipality, as far as the viewer's roles open it. */
export type Waiting = { submissions: number; undecidedDiets: number; payments: number }
