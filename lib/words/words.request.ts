import 'server-only'
import { cookies, headers } from 'next/headers'
import { cache } from 'react'
import { PATH_HEADER } from '#lib/kernel/request-path.ts'
import { browserCatalogue, wordsNamed } from './catalogues.adapter.ts'
import { type Catalogue, italian, type Language, type Words } from './language.ts'
import { LANGUAGE_COOKIE } from './language-cookie.ts'
import { ORIGINAL } from './locales.ts'

/**
 * The words of this request: in the language chosen with the switch, Italian until then. The office is always Italian.
 * For async server components, actions and route handlers; sync components have `useWords` (#words).
 */
export const readWords = cache(async (): Promise<Words> => {
  if ((await headers()).get(PATH_HEADER)?.startsWith('/admin')) return italian
  return wordsNamed((await cookies()).get(LANGUAGE_COOKIE)?.value)
})

/**
 * What the components that run in the browser say in one part of the site, in the language of this request.
 * @param area the folder of the layout that gives it: `npm run words` finds the sentences of the pages in it
 * @returns null for Italian, whose sentences stand where they are said
 */
export async function browserWords(
  area: string,
): Promise<{ language: Language; catalogue: Catalogue } | null> {
  const { language } = await readWords()
  return language === ORIGINAL ? null : { language, catalogue: browserCatalogue(language, area) }
}
