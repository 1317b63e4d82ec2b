import { createHash } from 'node:crypto'

/** What a preview announced, as a short mark: a confirmation holds for what was read and for nothing else. */
export const markOf = (plan: unknown): string =>
  createHash('sha256').update(JSON.stringify(plan)).digest('base64url').slice(0, 22)
