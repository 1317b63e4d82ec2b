import 'server-only'
import { cookies, headers } from 'next/headers'
import { cache } from 'react'
import { PATH_HEADER } from '#lib/kernel/request-path.ts'
import { wordsIn } from './english.ts'
import { isLanguage, italian, type Words } from './language.ts'
import { LANGUAGE_COOKIE } from './language-cookie.ts'

/**
 * The words of this request: in the language chosen with the switch, Italian until then. The office is always Italian.
 * For async server components, actions and route handlers; sync components have `useWords` (#words).
 */
export const words = cache(async (): Promise<Words> => {
  if ((await headers()).get(PATH_HEADER)?.startsWith('/admin')) return italian
  const chosen = (await cookies()).get(LANGUAGE_COOKIE)?.value
  return isLanguage(chosen) ? wordsIn(chosen) : italian
})
