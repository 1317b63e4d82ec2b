/** What decides whether a meal may still change: the day's own cutoff, and whether the kitchen has its count. */
export type CutoffFacts = {
  /** The database's time when the request arrived (`app_now()`), never the browser's or this process's. */
  arrivedAt: Date
  /** Changes are accepted strictly before this instant. */
  cutoffAt: Date
  status: 'open' | 'closed' | 'suspended'
}

export type CutoffAnswer = 'accepted' | 'too-late' | 'day-closed' | 'no-service'

/**
 * May this day still change?
 *
 * | day       | arrived         | answer     |
 * |-----------|-----------------|------------|
 * | suspended | any time        | no-service |
 * | open      | before 09:30:00 | accepted   |
 * | open      | 09:30:00.000 on | too-late   |
 * | closed    | before 09:30:00 | day-closed |
 * | closed    | 09:30:00.000 on | too-late   |
 *
 * "Closed, arrived before" is a request that waited longer than the grace between the cutoff and the close.
 * The same rule in SQL is `status = 'open' and app_now() < cutoff_at` under a lock of the day's row.
 */
export function mayChange({ arrivedAt, cutoffAt, status }: CutoffFacts): CutoffAnswer {
  if (status === 'suspended') return 'no-service'
  if (arrivedAt.getTime() >= cutoffAt.getTime()) return 'too-late'
  return status === 'open' ? 'accepted' : 'day-closed'
}
