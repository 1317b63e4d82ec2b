'use client'

import { type ReactNode, use } from 'react'
import { type Catalogue, type Language, wordsFrom } from '#lib/words/language.ts'
import { WordsContext } from './use-words.ts'

/** Gives the components that run in the browser their words, on a page that is not Italian: these, and those given around it. */
export function ClientWords({
  language,
  catalogue,
  children,
}: {
  language: Language
  catalogue: Catalogue
  children: ReactNode
}) {
  const around = use(WordsContext).catalogue
  return <WordsContext value={wordsFrom(language, { ...around, ...catalogue })}>{children}</WordsContext>
}
