import { offlineWords } from '#lib/web/offline.words.ts'
import { wordsIn } from '#lib/words/catalogues.adapter.ts'
import { isLanguage } from '#lib/words/language.ts'
import { readWords } from '#lib/words/words.request.ts'

/** What the service worker says without a network, in the language that a page names (`?in=ar`), else in that of this browser. */
export async function GET(request: Request): Promise<Response> {
  const asked = new URL(request.url).searchParams.get('in')
  const t = isLanguage(asked) ? wordsIn(asked) : await readWords()
  return Response.json(offlineWords(t), { headers: { 'cache-control': 'private, no-cache' } })
}
