const MOST = 100_000

/** The page that an address asks for, from 1; the first for anything that is no page. */
export function readPage(text: unknown): number {
  if (typeof text !== 'string' || !/^\d{1,6}$/.test(text)) return 1
  return Math.min(Math.max(Number(text), 1), MOST)
}
