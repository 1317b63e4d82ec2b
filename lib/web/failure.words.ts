import { directionOf, type Language, type Words } from '#lib/words/language.ts'

/** What the page of a failure below everything says, in one language. */
export type FailureWords = {
  lang: Language
  dir: ReturnType<typeof directionOf>
  title: string
  again: string
}

export const failureWords = (t: Words): FailureWords => ({
  lang: t.language,
  dir: directionOf(t.language),
  title: t('Errore'),
  again: t('Riprova'),
})
