import type { ReactNode } from 'react'
import { browserWords } from '#lib/words/words.request.ts'
import { ClientWords } from './client-words.tsx'

/**
 * Gives the components that the browser runs in this part of the site their words; an Italian page carries none.
 * @param area the folder of the layout that draws this
 */
export async function AreaWords({ area, children }: { area: string; children: ReactNode }) {
  const given = await browserWords(area)
  return given ? <ClientWords {...given}>{children}</ClientWords> : children
}
