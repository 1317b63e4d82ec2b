'use client'

import type { ReactNode } from 'react'
import { type Catalogue, type Language, wordsFrom } from '#lib/words/language.ts'
import { WordsContext } from './use-words.ts'

/** Gives the components that run in the browser their words, on a page that is not Italian. */
export function ClientWords({
  language,
  catalogue,
  children,
}: {
  language: Language
  catalogue: Catalogue
  children: ReactNode
}) {
  return <WordsContext value={wordsFrom(language, catalogue)}>{children}</WordsContext>
}
