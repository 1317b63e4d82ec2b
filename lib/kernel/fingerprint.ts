import { createHash } from 'node:crypto'

/** A short hash of what a preview showed: a confirmation is accepted only for what the person read. */
export const fingerprintOf = (plan: unknown): string =>
  createHash('sha256').update(JSON.stringify(plan)).digest('base64url').slice(0, 22)
