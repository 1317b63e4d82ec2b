import 'server-only'
import type { Viewer } from '#lib/access/viewer.ts'
import { BUDGETS } from '#lib/kernel/budgets.ts'
import { rateLimit } from '#lib/kernel/limits.ts'
import { searchOffice } from './search.queries.ts'
import { type FoundGroup, foundInWords } from './search.words.ts'

const { most, seconds } = BUDGETS['search:take']
const take = rateLimit(most, seconds * 1_000)

/** Counts a search of a person. False when this process has answered too many of theirs in ten minutes. */
export const takeSearch = ({ personId }: Viewer): boolean => take(personId)

const answer = (status: number, groups: readonly FoundGroup[]): Response =>
  Response.json({ groups }, { status, headers: { 'cache-control': 'private, no-store' } })

/** The answer to the office's dialog: what was found, in words. The same "not found" for who has no role and where nothing is asked. */
export async function answerSearch(
  viewer: Viewer | null,
  municipalitySlug: string,
  text: string | null,
): Promise<Response> {
  if (!viewer || viewer.staffRoles.length === 0) return answer(404, [])
  if (!takeSearch(viewer)) return answer(429, [])
  const found = await searchOffice(viewer, text)
  return found ? answer(200, foundInWords(found, municipalitySlug)) : answer(404, [])
}
